"""The queue of a review: the passages that deserve a look, those first that cost a reader most.

What a person has pinned or annotated is not asked again. All figures are those of the report: what is in doubt, what
nobody says, what the text lacks and which captions miss a norm is found by the same functions.

Conventions
-----------
Seconds of the episode; words are indices into ``Alignment.words``, half-open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate, groupby

from aligner.captions import Cue, CueReport, Norm
from aligner.model import Alignment, AnnotationKind, Kind, Span, Status
from aligner.normalization import fold
from aligner.pins import is_annotated_as, is_unreviewed, open_untranscribed
from aligner.report.doubt import Hearing, Why, doubts, unspoken_runs
from aligner.report.facts import CAPTION_FORMATS, judged_captions

MOST_LISTED = 2000
"""Items; who has more has the text of another episode."""

# The keystroke-level model of Card, Moran and Newell (1980): seconds to prepare an act in mind, and to press a key for
# who does not type for a living.
_MIND, _KEY = 1.35, 0.28
_LETTER = 0.065  # seconds that a letter takes to be said
_EDITED = 2.0  # times as long as what is printed, or as short, is what was said of which that was made
# Words that were only roughly recognised, and of which clearly more was heard than is printed ("supposition" where
# "superposition" is said): nothing says that their times are wrong, so no confidence shows them.
_LEAST_LETTERS = 5  # of what is printed: less may stand for more, as an abbreviation does
_MORE = 2  # letters in a row, within the word, that are heard and not printed: a syllable
_BESIDE = 0.5  # seconds of sound heard on either side of a passage, to know where it begins and ends


class ItemKind(StrEnum):
    """Why a passage deserves a look, in the order of what it costs a reader."""

    MISPLACED = "misplaced"  # words that may be shown at a wrong time
    OTHERWISE = "otherwise"  # words that were not found, where something else is said
    UNFOUND = "unfound"  # words within a paragraph that were not found
    LACKING = "lacking"  # speech that the text lacks
    UNSAID = "unsaid"  # a whole paragraph, or more, that the sound lacks
    DRAFT = "draft"  # a paragraph that a machine wrote, and nobody has looked at
    NORM = "norm"  # a caption that misses a norm


@dataclass(frozen=True, slots=True)
class Item:
    """A passage to look at: where it is, the ``words`` that it is about, and what it costs among those of its kind.

    ``words`` is None where the text has none there. What nobody says lies where it would be said, between its
    neighbours, which may touch. ``cue`` is the caption that misses ``norms``; ``why`` is why words may be misplaced;
    ``heard`` is what was recognised in the place of a word that sounds unlike its text; ``shown`` is how many of the
    words that nobody says captions show, so that a sentence reads whole.
    """

    kind: ItemKind
    span: Span
    words: range | None
    cost: float
    cue: Cue | None = None
    norms: frozenset[Norm] = frozenset()
    why: Why | None = None
    heard: str | None = None
    shown: int = 0

    @property
    def work(self) -> float:
        """Seconds that a person needs to decide: to read why, hear the passage once with what is beside it, decide, and
        press a key for each. Where words may be misplaced it is heard once more as often as they are."""
        once = self.span.duration + 2 * _BESIDE
        again = min(1.0, self.cost / len(self.words)) if self.kind is ItemKind.MISPLACED and self.words else 0.0
        return (1 + again) * (once + _MIND + _KEY) + _MIND + _KEY


def queue_of(alignment: Alignment, hearing: Hearing | None = None) -> list[Item]:
    """Return all that is to be looked at, in order. By what was recognised words are asked, too, that are called heard
    where other letters were, and those that sound much unlike their text."""
    [(_, cues, report)] = judged_captions(alignment, CAPTION_FORMATS[:1])
    shown = {word.word for cue in cues for word in cue.words}
    unspoken = [replace(item, shown=len(shown.intersection(item.words or ()))) for item in _unspoken(alignment)]
    spans = [Span(passage.start, passage.end) for passage in open_untranscribed(alignment)]
    missing = [Item(ItemKind.LACKING, span, None, span.duration) for span in spans]
    found = [
        *_misplaced(alignment, hearing),
        *_one_at_a_place(alignment, unspoken, missing),
        *_unread(alignment),
        *_outside_norms(alignment, cues, report),
    ]
    order = list(ItemKind)
    return sorted(found, key=lambda item: (order.index(item.kind), -item.cost, item.span.start))


def words_of_speech(alignment: Alignment) -> list[range]:
    """The runs of the words that coverage counts."""
    kinds = [timed.segment.kind for timed in alignment.segments]
    return runs_of(k for k, word in enumerate(alignment.words) if kinds[word.word.segment] is Kind.SPEECH)


def pinned_words(alignment: Alignment) -> list[range]:
    """The runs of the words that a person has set right or accepted."""
    return runs_of(k for k, word in enumerate(alignment.words) if word.pinned)


def runs_of(indices: Iterable[int]) -> list[range]:
    """Ascending numbers as ranges.

    >>> runs_of([1, 2, 5])
    [range(1, 3), range(5, 6)]
    """
    grouped = groupby(enumerate(indices), key=lambda each: each[1] - each[0])
    runs = ([index for _, index in group] for _, group in grouped)
    return [range(run[0], run[-1] + 1) for run in runs]


def _misplaced(alignment: Alignment, hearing: Hearing | None) -> Iterator[Item]:
    found = doubts(alignment, hearing.emissions if hearing else None)
    for doubt in found:
        yield Item(ItemKind.MISPLACED, doubt.span, doubt.words, round(doubt.cost, 1), why=doubt.why)
    for k, heard in _mismatched_words(alignment, hearing) if hearing else ():
        span = alignment.words[k].span
        if span and not any(k in doubt.words for doubt in found):
            yield Item(ItemKind.MISPLACED, span, range(k, k + 1), 0.0, heard=heard)


def _mismatched_words(alignment: Alignment, hearing: Hearing) -> Iterator[tuple[int, str]]:
    """Yield each word of speech that sounds much unlike its text, with what was heard; none of them pinned."""
    for k, timed in enumerate(alignment.words):
        if timed.status is not Status.FUZZY or timed.pinned or timed.span is None:
            continue
        if alignment.segments[timed.word.segment].segment.kind is not Kind.SPEECH:
            continue
        printed, heard = fold(timed.word.text), fold("".join(hearing.within(timed.span)))
        if printed.isalpha() and has_more(printed, heard):
            yield k, heard


def has_more(printed: str, heard: str) -> bool:
    """Return whether a syllable was heard within a word that is not printed.

    >>> has_more("supposition", "superposition"), has_more("atelier", "atelye")
    (True, False)
    """
    from rapidfuzz.distance import Indel

    if len(printed) < _LEAST_LETTERS:
        return False
    # All that is printed must be heard: where other letters are, the recogniser may have misheard them.
    more = [code for code in Indel.opcodes(printed, heard) if code.tag != "equal"]
    if any(code.tag == "delete" for code in more):
        return False
    return any(0 < code.src_start < len(printed) and code.dest_end - code.dest_start >= _MORE for code in more)


def _unspoken(alignment: Alignment) -> Iterator[Item]:
    ends = _ends_of_paragraphs(alignment)
    starts = [(word.span.start, word.span.end) if word.span else None for word in alignment.words]
    before = list(accumulate((each[1] if each else 0.0 for each in starts), max, initial=0.0))
    later = (each[0] if each else alignment.audio.duration for each in reversed(starts))
    after = list(accumulate(later, min, initial=alignment.audio.duration))[::-1]
    for run in unspoken_runs(alignment):
        if alignment.words[run.start].pinned:
            continue
        touched = {alignment.words[k].word.segment for k in run} & ends.keys()
        is_whole = any(run.start <= ends[k][0] and ends[k][1] < run.stop for k in touched)
        kind = ItemKind.UNSAID if is_whole else ItemKind.UNFOUND
        start = before[run.start]
        yield Item(kind, Span(start, max(start, after[run.stop])), run, float(len(run)))


def _unread(alignment: Alignment) -> Iterator[Item]:
    """The paragraphs of a machine's text that nobody has signed, nor accepted: nothing that is heard tells of a
    word that it is wrong, for the text is what was heard."""
    if not is_unreviewed(alignment.review, alignment.machine_text):
        return
    for first, last in _ends_of_paragraphs(alignment).values():
        words = range(first, last + 1)
        said = [span for k in words if (span := alignment.words[k].span)]
        if said and not all(alignment.words[k].pinned for k in words):
            yield Item(ItemKind.DRAFT, Span(said[0].start, max(span.end for span in said)), words, 0.0)


def _ends_of_paragraphs(alignment: Alignment) -> dict[int, tuple[int, int]]:
    """The first and the last word of each segment of speech, by its number."""
    found: dict[int, tuple[int, int]] = {}
    for k, word in enumerate(alignment.words):
        segment = word.word.segment
        if alignment.segments[segment].segment.kind is Kind.SPEECH:
            found[segment] = found.get(segment, (k, k))[0], k
    return found


def _one_at_a_place(alignment: Alignment, unspoken: Sequence[Item], lacking: Sequence[Item]) -> Iterator[Item]:
    """What nobody says and speech that the text lacks; both as one where they are at one place and of like length."""
    left = list(lacking)
    for item in unspoken:
        there = [each for each in left if item.span.start <= each.span.middle <= item.span.end]
        said = max(there, key=lambda each: each.span.duration, default=None)
        if item.words and said and _is_like(alignment, item.words, said.span):
            left.remove(said)
            yield replace(item, kind=ItemKind.OTHERWISE, span=said.span)
        else:
            yield item
    yield from left


def _is_like(alignment: Alignment, words: range, said: Span) -> bool:
    """Whether words are as long as what is said there, as far as an editor makes that longer or shorter."""
    seconds = _LETTER * sum(len(alignment.words[k].word.text) for k in words)
    return said.duration <= _EDITED * seconds and seconds <= _EDITED * said.duration


def _outside_norms(alignment: Alignment, cues: Sequence[Cue], report: CueReport) -> Iterator[Item]:
    """The captions in WebVTT that miss a norm."""
    for cue, missed in zip(cues, report.missed, strict=True):
        if missed and not is_annotated_as(alignment.annotations, AnnotationKind.NORM, cue.start, cue.end):
            span = Span(cue.start, cue.end)
            words = [word.word for word in cue.words if word.word is not None]
            run = range(min(words), max(words) + 1) if words else None
            yield Item(ItemKind.NORM, span, run, float(len(missed)), cue, missed)
