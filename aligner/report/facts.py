"""The facts of a report, gathered once: the terminal, the page and JSON all show this record.

Conventions
-----------
- Coverage is the share of the words of speech that were matched, as alignment.json has it: with 4 decimals.
- A strip has ``COLUMNS`` equal columns; narrower ones are made of it by taking as many together as are needed.
- Seconds of the episode.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate, islice
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from aligner.captions import Cue, CueBuilder, CueReport, Norm, judge_cues
from aligner.locating.quality import UNSURE, lacks_text, span_of
from aligner.model import Alignment, EpisodeDetails, Kind, LostPin, Span, Status, Untranscribed, Verdict
from aligner.normalization import spell, unaccented
from aligner.outputs import OutputOptions
from aligner.pins import is_unreviewed, open_untranscribed, review_status
from aligner.report.doubt import Doubt, Hearing, doubts, hearing_of, unspoken_runs
from aligner.storage.file_names import printable
from media.decode import is_cut_short
from media.errors import Message

CAPTION_FORMATS = ("vtt", "srt")
_PLACES = 3  # of a norm that are pointed out


@dataclass(frozen=True, slots=True)
class Counts:
    """How many words of speech a transcript has, of each status, and how many seconds of speech it lacks; ``pinned`` is
    how many words, of whatever kind, a person has set right."""

    words: int
    by_status: Mapping[Status, int]
    pinned: int
    untranscribed: float


@dataclass(frozen=True, slots=True)
class MissedNorm:
    """How many cues miss a norm, and when the first ones begin."""

    norm: Norm
    count: int
    first: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class CaptionFigures:
    """How many cues the captions of a format have, and which norms how many of them miss."""

    format: str
    cues: int
    outside: int
    missed: tuple[MissedNorm, ...]


def counted(alignment: Alignment) -> Counts:
    """The counts of an alignment; words of headings, notes and stage directions are none of speech."""
    kinds = [segment.segment.kind for segment in alignment.segments]
    found = Counter(word.status for word in alignment.words if kinds[word.word.segment] is Kind.SPEECH)
    lacks = sum(passage.end - passage.start for passage in open_untranscribed(alignment))
    pinned = sum(word.pinned for word in alignment.words)
    return Counts(found.total(), {status: found[status] for status in Status}, pinned, lacks)


def percent(share: float) -> float:
    """A share as it is told: in per cent, with one decimal.

    >>> percent(0.98449), percent(1)
    (98.5, 100.0)
    """
    return round(100 * round(share, 4), 1)


def is_below(coverage: float, least_percent: float) -> bool:
    """Whether a coverage is less than so many per cent: of the coverage itself, not of what is told of it."""
    return round(100 * round(coverage, 4), 2) < least_percent


def caption_figures(alignment: Alignment) -> tuple[CaptionFigures, ...]:
    """The figures of the captions that ``quotecast align`` writes of the alignment, nothing else being asked for."""
    return tuple(figures_of_cues(*judged) for judged in judged_captions(alignment))


def judged_captions(
    alignment: Alignment, formats: Sequence[str] = CAPTION_FORMATS
) -> Iterator[tuple[str, list[Cue], CueReport]]:
    """Those captions by format, and the norms that they miss."""
    options = OutputOptions()
    builder = CueBuilder(alignment, options.rules_for(CAPTION_FORMATS[0]))
    for format in formats:
        cues = builder.cues(options.names_for(format))
        yield format, cues, judge_cues(cues)


def figures_of_cues(format: str, cues: Sequence[Cue], report: CueReport) -> CaptionFigures:
    """The figures of some cues that were judged."""
    missed = []
    for norm, count in report.counts.items():
        if count:
            starts = [cue.start for cue, each in zip(cues, report.missed, strict=True) if norm in each]
            missed.append(MissedNorm(norm, count, tuple(starts[:_PLACES])))
    return CaptionFigures(format, len(cues), sum(map(bool, report.missed)), tuple(missed))


@dataclass(frozen=True, slots=True)
class WordRange:
    """Indices into ``Alignment.words`` and characters of ``Transcript.text``, both half-open."""

    first: int
    stop: int
    char_start: int
    char_end: int

    def __len__(self) -> int:
        return self.stop - self.first


def word_range(alignment: Alignment, words: range) -> WordRange:
    """The words with the characters that they take."""
    first, last = alignment.words[words.start].word, alignment.words[words.stop - 1].word
    return WordRange(words.start, words.stop, first.char_start, last.char_end)


COLUMNS = 912
"""Divisible by 76, the columns of a terminal with room at its edges."""

SURE = 0.9
"""Confidence from which hardly a word is wrong."""

_LEAST_VOICED = 0.05  # of a column that words take; below it is a pause or music
_LEAST_LACKING = 0.25  # ... that speech takes of which the text has nothing


class Shade(StrEnum):
    """What a stretch of the episode is."""

    SURE = "sure"
    FAIR = "fair"
    DOUBTFUL = "doubtful"
    LACKING = "lacking"  # speech that the text lacks
    SILENT = "silent"  # no words: a pause, music


@dataclass(frozen=True, slots=True)
class Column:
    """The shares of a column's time that timed words and untranscribed speech take, and the words' mean confidence."""

    voiced: float
    confidence: float
    lacking: float

    @property
    def shade(self) -> Shade:
        if self.lacking >= max(_LEAST_LACKING, self.voiced):
            return Shade.LACKING
        if self.voiced < _LEAST_VOICED:
            return Shade.SILENT
        return Shade.SURE if self.confidence >= SURE else Shade.FAIR if self.confidence >= UNSURE else Shade.DOUBTFUL


def strip_of(alignment: Alignment) -> tuple[Column, ...]:
    """The columns of an episode."""
    edges = np.linspace(0.0, max(alignment.audio.duration, 0.001), COLUMNS + 1)
    said = [(word.span, word.confidence) for word in alignment.words if word.span]
    spans, confidence = [span for span, _ in said], np.array([each for _, each in said])
    missing = [Span(passage.start, passage.end) for passage in open_untranscribed(alignment)]
    width = edges[1]
    time = _seconds(spans, np.ones(len(spans)), edges)
    sure = _seconds(spans, confidence, edges) / np.maximum(time, 1e-9)
    foreign = _seconds(missing, np.ones(len(missing)), edges) / width
    shares = zip((time / width).tolist(), sure.tolist(), foreign.tolist(), strict=True)
    return tuple(Column(min(v, 1.0), min(max(c, 0.0), 1.0), min(f, 1.0)) for v, c, f in shares)


def narrowed(strip: Sequence[Column], count: int) -> list[Column]:
    """The strip in ``count`` columns, which divides the number that it has."""
    values = np.array([(each.voiced, each.voiced * each.confidence, each.lacking) for each in strip])
    means = values.reshape(count, -1, 3).mean(axis=1)
    return [Column(v, c / max(v, 1e-9), f) for v, c, f in means.tolist()]


def bands(strip: Sequence[Column]) -> list[tuple[int, int, Shade]]:
    """Runs of columns of one shade, half-open."""
    found: list[tuple[int, int, Shade]] = []
    for index, column in enumerate(strip):
        if found and found[-1][2] is column.shade:
            found[-1] = (found[-1][0], index + 1, column.shade)
        else:
            found.append((index, index + 1, column.shade))
    return found


def _seconds(spans: Sequence[Span], weights: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weighted seconds that spans take between edges that follow each other, (edges - 1,): the area under the sum
    of their weights, which changes at their ends alone."""
    if not spans:
        return np.zeros(len(edges) - 1)
    times = np.array([(span.start, span.end) for span in spans])
    order = np.argsort(times, axis=None, kind="stable")
    moments, height = times.ravel()[order], np.cumsum(np.column_stack([weights, -weights]).ravel()[order])
    area = np.concatenate([[0.0], np.cumsum(height[:-1] * np.diff(moments))])
    seconds: NDArray[np.float64] = np.diff(np.interp(edges, moments, area))
    return np.maximum(seconds, 0.0)


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, printed or heard, and whether the other side has it too."""

    text: str
    matches: bool


@dataclass(frozen=True, slots=True)
class DoubtfulPassage:
    """A run of words in doubt; ``doubtful`` of its words are, ``cost`` is how many of them may be at a wrong time.

    ``heard`` is what was heard there, None where nobody knows any more; both texts may be cut short, as ``shortened``
    says.
    """

    words: WordRange
    start: float
    end: float
    speaker: str | None
    doubtful: int
    cost: float
    printed: tuple[Piece, ...]
    heard: tuple[Piece, ...] | None
    shortened: bool


@dataclass(frozen=True, slots=True)
class UnspokenPassage:
    """A run of words of speech that nobody says; ``after`` is when the word before it ends, None before the first."""

    words: WordRange
    after: float | None
    speaker: str | None
    text: str


@dataclass(frozen=True, slots=True)
class HeadingPlace:
    """A heading and when it is reached."""

    text: str
    start: float


_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Listed(Generic[_T]):
    """The ``first`` of many, and how many there are."""

    count: int
    first: tuple[_T, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """What was aligned, and how it was recognised."""

    duration: float
    audio_file: str
    transcript_file: str
    transcript_sha256: str
    language: str
    method: str
    model: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """How well a transcript was matched: ``is_unreviewed`` for an automatic transcript that nobody reviewed;
    ``standing`` says who reviewed the alignment."""

    verdict: Verdict
    lacks_text: bool
    is_cut_short: bool
    is_unreviewed: bool
    warnings: tuple[str, ...]
    standing: Message
    coverage: float


@dataclass(frozen=True, slots=True)
class Report:
    """How well an episode's transcript was found in its audio.

    ``doubtful`` passages are listed by their cost, ``unspoken`` ones by their length, ``lacking`` ones in order.
    ``was_heard`` is whether this machine still knows what was recognised; ``lost`` are the corrections that have no
    words in the text any more, or others against them.
    """

    episode: EpisodeDetails
    source: Source
    judgement: Judgement
    counts: Counts
    strip: tuple[Column, ...]
    headings: tuple[HeadingPlace, ...]
    was_heard: bool
    doubtful: Listed[DoubtfulPassage]
    lacking: Listed[Untranscribed]
    unspoken: Listed[UnspokenPassage]
    lost: Listed[LostPin]
    captions: tuple[CaptionFigures, ...]

    def count(self, status: Status) -> int:
        """Return how many words of speech have that status."""
        return self.counts.by_status[status]


_MOST_LISTED = 50  # of a kind
_MOST_WORDS = 60  # of a passage; more is a matter for the page
_MOST_CHARS, _MOST_WORD_CHARS = 500, 50
_MOST_HEADINGS = 200
_MET = 0.6  # share of a word's letters that the other side must have in their order


def report_of(alignment: Alignment) -> Report:
    """Return the report of an alignment, with what was recognised as far as the user's cache still has that."""
    hearing = hearing_of(alignment)
    doubtful = doubts(alignment, hearing.emissions if hearing else None)
    unspoken = sorted(unspoken_runs(alignment), key=len, reverse=True)
    missing, lost = open_untranscribed(alignment), alignment.lost_pins
    return Report(
        alignment.episode,
        _source(alignment),
        judgement_of(alignment),
        counted(alignment),
        strip_of(alignment),
        tuple(islice(_headings(alignment), _MOST_HEADINGS)),
        hearing is not None,
        Listed(len(doubtful), tuple(_doubtful(alignment, doubt, hearing) for doubt in doubtful[:_MOST_LISTED])),
        Listed(len(missing), tuple(replace(each, text=_cut(each.text)) for each in missing[:_MOST_LISTED])),
        Listed(len(unspoken), tuple(_unspoken(alignment, run) for run in unspoken[:_MOST_LISTED])),
        Listed(len(lost), tuple(replace(pin, text=_cut(pin.text)) for pin in lost[:_MOST_LISTED])),
        caption_figures(alignment),
    )


def _source(alignment: Alignment) -> Source:
    return Source(
        duration=alignment.audio.duration,
        audio_file=printable(alignment.audio.file),
        transcript_file=printable(alignment.transcript.file),
        transcript_sha256=alignment.transcript.sha256,
        language=alignment.language,
        method=alignment.engine.method,
        model=alignment.engine.model,
    )


def judgement_of(alignment: Alignment) -> Judgement:
    """Return how well the transcript of an alignment was found."""
    return Judgement(
        verdict=alignment.verdict,
        lacks_text=lacks_text(alignment.verdict, alignment.coverage),
        is_cut_short=any(map(is_cut_short, alignment.warnings)),
        is_unreviewed=is_unreviewed(alignment.review, alignment.machine_text),
        warnings=alignment.warnings,
        standing=review_status(alignment.review, alignment.machine_text),
        coverage=round(alignment.coverage, 4),
    )


def _doubtful(alignment: Alignment, doubt: Doubt, hearing: Hearing | None) -> DoubtfulPassage:
    run, span = doubt.words, doubt.span
    words = alignment.words[run.start : run.stop]
    shown = range(run.start, min(run.stop, run.start + _MOST_WORDS))
    heard = hearing.within(span_of(alignment, shown) or span)[: 2 * _MOST_WORDS] if hearing else None
    texts = (alignment.words[index].word.text for index in shown)
    printed, matched = compared(
        [_cut(text, _MOST_WORD_CHARS) for text in texts],
        None if heard is None else [_cut(word, _MOST_WORD_CHARS) for word in heard],
        alignment.language,
    )
    return DoubtfulPassage(
        words=word_range(alignment, run),
        start=span.start,
        end=span.end,
        speaker=_speaker(alignment, run.start),
        doubtful=sum(word.span is not None and word.confidence < UNSURE for word in words),
        cost=round(doubt.cost, 1),
        printed=printed,
        heard=matched,
        shortened=len(shown) < len(run),
    )


def _unspoken(alignment: Alignment, run: range) -> UnspokenPassage:
    before = (span for k in range(run.start - 1, -1, -1) if (span := alignment.words[k].span))
    earlier = next(before, None)
    words = word_range(alignment, run)
    text = _cut(alignment.transcript.text[words.char_start : words.char_end])
    return UnspokenPassage(words, earlier.end if earlier else None, _speaker(alignment, run.start), text)


def compared(
    printed: Sequence[str], heard: Sequence[str] | None, language: str
) -> tuple[tuple[Piece, ...], tuple[Piece, ...] | None]:
    """Both sides in pieces; where nobody knows what was heard, all that is printed counts as matched.

    >>> [piece.matches for piece in compared(["le", "port", "dort"], ["lepor"], "fr")[0]]
    [True, True, False]
    """
    if heard is None:
        return tuple(Piece(word, True) for word in printed), None
    sides = [[unaccented(letters) for letters in spell(words, language)] for words in (printed, heard)]
    met = _letters_met("".join(sides[0]), "".join(sides[1]))
    first, second = (
        tuple(Piece(word, share) for word, share in zip(words, _words_met(letters, flags), strict=True))
        for words, letters, flags in zip((printed, heard), sides, met, strict=True)
    )
    return first, second


def _letters_met(printed: str, heard: str) -> tuple[list[bool], list[bool]]:
    """Return which letters of either side are in the longest common subsequence."""
    from rapidfuzz.distance import LCSseq

    flags = [False] * len(printed), [False] * len(heard)
    for block in LCSseq.opcodes(printed, heard).as_matching_blocks():
        flags[0][block.a : block.a + block.size] = flags[1][block.b : block.b + block.size] = [True] * block.size
    return flags


def _words_met(words: Sequence[str], letters: Sequence[bool]) -> list[bool]:
    """Of each word whether enough of its letters are met; one without letters is."""
    ends = accumulate(map(len, words))
    return [sum(letters[end - len(word) : end]) >= _MET * len(word) for word, end in zip(words, ends, strict=True)]


def _headings(alignment: Alignment) -> Iterator[HeadingPlace]:
    text = alignment.transcript.text
    for timed in alignment.segments:
        segment = timed.segment
        if segment.kind is Kind.HEADING and timed.start is not None:
            yield HeadingPlace(_cut(text[segment.char_start : segment.char_end]), timed.start)


def _speaker(alignment: Alignment, word: int) -> str | None:
    return alignment.segments[alignment.words[word].word.segment].segment.speaker


def _cut(text: str, most: int = _MOST_CHARS) -> str:
    """The text on one line, its end left out where it is long."""
    line = " ".join(text[: 2 * most].split())
    return line if len(line) <= most and len(text) <= 2 * most else f"{line[:most].rstrip()}…"
