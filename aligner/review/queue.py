"""The queue of a review: the passages that a person should check, by kind of problem, costliest first.

Passages that a person has corrected, accepted or annotated are left out; corrected or accepted words are *pinned*.
Reports use the same functions to find passages. Times are seconds of the episode; ranges are word indices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate

from aligner.captions import Cue, CueReport, Norm
from aligner.model import Alignment, AnnotationKind, Kind, Span, Status
from aligner.normalization import fold
from aligner.pins import is_annotated_as, is_unreviewed, open_untranscribed
from aligner.report.doubt import RecognisedText, find_doubtful, unspoken_runs
from aligner.report.facts import CAPTION_FORMATS, judged_captions
from aligner.spans import runs_of

MOST_LISTED = 2000
"""Items; an episode with more has the text of another."""

# The keystroke-level model of Card, Moran and Newell (1980): seconds to decide, and to press a key.
_DECIDE, _KEY = 1.35, 0.28
_CHARACTER = 0.065  # seconds that a character takes to be said
_EDITED = 2.0  # speech is at most this many times longer or shorter than its edited text
# Words that matched only roughly and of which clearly more was recognised than is printed ("superposition" for
# "supposition"). Their times may be right, so no confidence shows them.
_LEAST_PRINTED = 5  # characters; a shorter word may be an abbreviation
_LEAST_MORE = 2  # additional characters in a row within the word: a syllable
_BESIDE = 0.5  # seconds played on either side of a passage


class ItemKind(StrEnum):
    """A kind of problem, which is the reason to review a passage. The kinds are in the order of the queue: the worst
    for a reader comes first."""

    MISPLACED = "misplaced"  # words that may be at a wrong time
    MISRECOGNISED = "misrecognised"  # words of an automatic transcript that may be wrong
    REPLACED = "otherwise"  # unspoken words where something else is said
    UNFOUND = "unfound"  # unspoken words within a paragraph
    UNTRANSCRIBED = "untranscribed"  # speech that is missing from the transcript
    UNSPOKEN = "unsaid"  # a whole unspoken paragraph or more
    DRAFT = "draft"  # a paragraph of an automatic transcript that nobody has reviewed
    NORM = "norm"  # a caption that misses a norm


@dataclass(frozen=True, slots=True)
class Item:
    """A passage to review.

    ``words`` is None for speech missing from the transcript. For unspoken words, ``span`` is the gap between the spoken
    words around them. ``cost`` orders items of one kind. ``cue`` is a caption that breaks the ``norms``. If
    ``dissimilar``, the words may not be said here. If a word was recognised with an extra syllable, ``recognised`` is
    the recognised text. ``shown`` is the number of unspoken words that captions show.
    """

    kind: ItemKind
    span: Span
    words: range | None
    cost: float
    cue: Cue | None = None
    norms: frozenset[Norm] = frozenset()
    dissimilar: bool = False
    recognised: str | None = None
    shown: int = 0

    @property
    def work(self) -> float:
        """Estimated seconds that a person needs to read the reason, play the passage, decide, and correct it."""
        is_doubtful = self.kind in (ItemKind.MISPLACED, ItemKind.MISRECOGNISED)
        again = min(1.0, self.cost / len(self.words)) if is_doubtful and self.words else 0.0
        return (1 + again) * (self.span.duration + 2 * _BESIDE + _DECIDE + _KEY) + _DECIDE + _KEY


def queue_of(alignment: Alignment, recognised: RecognisedText | None = None) -> list[Item]:
    """Return all passages to review, sorted by kind and cost. With the ``recognised`` text, they include words that
    differ from this text."""
    [(_, cues, report)] = judged_captions(alignment, CAPTION_FORMATS[:1])
    shown = {word.word for cue in cues for word in cue.words}
    unspoken = [replace(item, shown=len(shown.intersection(item.words or ()))) for item in _unspoken(alignment)]
    spans = [Span(passage.start, passage.end) for passage in open_untranscribed(alignment)]
    missing = [Item(ItemKind.UNTRANSCRIBED, span, None, span.duration) for span in spans]
    found = [
        *_doubtful(alignment, recognised),
        *_paired(alignment, unspoken, missing),
        *_unreviewed(alignment),
        *_outside_norms(alignment, cues, report),
    ]
    order = list(ItemKind)
    return sorted(found, key=lambda item: (order.index(item.kind), -item.cost, item.span.start))


def words_of_speech(alignment: Alignment) -> list[range]:
    """Return the ranges of words that are speech. Only these words count for coverage, the share of matched words."""
    kinds = [timed.segment.kind for timed in alignment.segments]
    return runs_of(k for k, word in enumerate(alignment.words) if kinds[word.word.segment] is Kind.SPEECH)


def pinned_words(alignment: Alignment) -> list[range]:
    """Return the ranges of words that a person has corrected or accepted."""
    return runs_of(k for k, word in enumerate(alignment.words) if word.pinned)


def _doubtful(alignment: Alignment, recognised: RecognisedText | None) -> Iterator[Item]:
    found = find_doubtful(alignment, recognised.emissions if recognised else None)
    kind = ItemKind.MISRECOGNISED if alignment.machine_text else ItemKind.MISPLACED
    for doubt in found:
        yield Item(kind, doubt.span, doubt.words, round(doubt.cost, 1), dissimilar=doubt.dissimilar)
    for k, text in _mismatched_words(alignment, recognised) if recognised else ():
        span = alignment.words[k].span
        if span and not any(k in doubt.words for doubt in found):
            yield Item(ItemKind.MISPLACED, span, range(k, k + 1), 0.0, recognised=text)


def _mismatched_words(alignment: Alignment, recognised: RecognisedText) -> Iterator[tuple[int, str]]:
    """Yield the index of each word that was recognised with an extra syllable, and the recognised text."""
    for k, timed in enumerate(alignment.words):
        if timed.status is not Status.FUZZY or timed.pinned or timed.span is None:
            continue
        if alignment.segments[timed.word.segment].segment.kind is not Kind.SPEECH:
            continue
        printed, text = fold(timed.word.text), fold("".join(recognised.within(timed.span)))
        if printed.isalpha() and has_more(printed, text):
            yield k, text


def has_more(printed: str, recognised: str) -> bool:
    """Return whether ``recognised`` is the word ``printed`` with at least one extra syllable inside.

    >>> has_more("supposition", "superposition"), has_more("atelier", "atelye")
    (True, False)
    """
    from rapidfuzz.distance import Indel

    if len(printed) < _LEAST_PRINTED:
        return False
    more = [code for code in Indel.opcodes(printed, recognised) if code.tag != "equal"]
    if any(code.tag == "delete" for code in more):  # replaced characters may be misheard
        return False
    return any(0 < code.src_start < len(printed) and code.dest_end - code.dest_start >= _LEAST_MORE for code in more)


def _unspoken(alignment: Alignment) -> Iterator[Item]:
    ends = _ends_of_paragraphs(alignment)
    duration, spans = alignment.audio.duration, [word.span for word in alignment.words]
    ended = list(accumulate((span.end if span else 0.0 for span in spans), max, initial=0.0))
    starts = (span.start if span else duration for span in reversed(spans))
    started = list(accumulate(starts, min, initial=duration))[::-1]
    for run in unspoken_runs(alignment):
        if alignment.words[run.start].pinned:
            continue
        touched = {alignment.words[k].word.segment for k in run} & ends.keys()
        is_whole = any(run.start <= ends[k][0] and ends[k][1] < run.stop for k in touched)
        span = Span(ended[run.start], max(ended[run.start], started[run.stop]))
        yield Item(ItemKind.UNSPOKEN if is_whole else ItemKind.UNFOUND, span, run, float(len(run)))


def _unreviewed(alignment: Alignment) -> Iterator[Item]:
    """Yield each paragraph of an automatic transcript that nobody has reviewed.

    A comparison with the recognised text would find no mistake, because the transcript is this text.
    """
    if not is_unreviewed(alignment.review, alignment.machine_text):
        return
    for first, last in _ends_of_paragraphs(alignment).values():
        words = range(first, last + 1)
        spans = [span for k in words if (span := alignment.words[k].span)]
        if spans and not all(alignment.words[k].pinned for k in words):
            yield Item(ItemKind.DRAFT, Span(spans[0].start, max(span.end for span in spans)), words, 0.0)


def _ends_of_paragraphs(alignment: Alignment) -> dict[int, tuple[int, int]]:
    """Return the indices of the first and the last word of each segment of speech, by the index of the segment."""
    found: dict[int, tuple[int, int]] = {}
    for k, word in enumerate(alignment.words):
        segment = word.word.segment
        if alignment.segments[segment].segment.kind is Kind.SPEECH:
            found[segment] = found.get(segment, (k, k))[0], k
    return found


def _paired(alignment: Alignment, unspoken: Sequence[Item], untranscribed: Sequence[Item]) -> Iterator[Item]:
    """Yield all items. If unspoken words and untranscribed speech of similar length are in the same gap, yield one item
    for both, because the words may be an edited text of this speech."""
    left = list(untranscribed)
    for item in unspoken:
        there = [each for each in left if item.span.start <= each.span.middle <= item.span.end]
        speech = max(there, key=lambda each: each.span.duration, default=None)
        if item.words and speech and _is_as_long(alignment, item.words, speech.span):
            left.remove(speech)
            yield replace(item, kind=ItemKind.REPLACED, span=speech.span)
        else:
            yield item
    yield from left


def _is_as_long(alignment: Alignment, words: range, speech: Span) -> bool:
    """Return whether ``words`` take about as long to say as ``speech`` lasts."""
    seconds = _CHARACTER * sum(len(alignment.words[k].word.text) for k in words)
    return speech.duration <= _EDITED * seconds and seconds <= _EDITED * speech.duration


def _outside_norms(alignment: Alignment, cues: Sequence[Cue], report: CueReport) -> Iterator[Item]:
    for cue, missed in zip(cues, report.missed, strict=True):
        if missed and not is_annotated_as(alignment.annotations, AnnotationKind.NORM, cue.start, cue.end):
            words = [word.word for word in cue.words if word.word is not None]
            run = range(min(words), max(words) + 1) if words else None
            yield Item(ItemKind.NORM, Span(cue.start, cue.end), run, float(len(missed)), cue, missed)
