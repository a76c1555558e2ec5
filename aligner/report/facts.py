"""Collect the facts of a report, for the terminal, the page and JSON.

Times are seconds of the episode. Coverage is the share of words of speech that were matched, with 4 decimals. A *strip*
is a bar that shows the confidence over the whole episode, in ``COLUMNS`` columns of equal duration.
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
from aligner.locating.quality import UNSURE, span_of, text_is_missing
from aligner.model import Alignment, EpisodeDetails, Kind, LostPin, Span, Status, Untranscribed, Verdict
from aligner.outputs import OutputOptions
from aligner.pins import is_unreviewed, open_untranscribed, review_status
from aligner.quotes.find import spelled
from aligner.report.doubt import Doubt, RecognisedText, find_doubtful, recognised_text_of, unspoken_runs
from aligner.storage.file_names import printable
from media.decode import is_cut_short
from media.errors import Message

CAPTION_FORMATS = ("vtt", "srt")
_EXAMPLES = 3  # cues that miss a norm


@dataclass(frozen=True, slots=True)
class Counts:
    """The number of words of speech, in total and by status, and the seconds of untranscribed speech. ``pinned`` is
    the number of words that a person corrected or accepted, and includes words of headings and notes. ``uncertain`` is
    the number of words of speech with a low confidence."""

    words: int
    by_status: Mapping[Status, int]
    pinned: int
    untranscribed: float
    uncertain: int


@dataclass(frozen=True, slots=True)
class MissedNorm:
    """A norm for captions, the ``count`` of cues that break the norm, and the start times of the ``first`` few cues."""

    norm: Norm
    count: int
    first: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class CaptionFigures:
    """Counts for captions in one format: all ``cues``, and the cues that break a norm (``outside``). ``missed`` has the
    norms that are broken, each with its own count."""

    format: str
    cues: int
    outside: int
    missed: tuple[MissedNorm, ...]


def counted(alignment: Alignment) -> Counts:
    """Count the words of speech of an alignment; words of headings, notes and stage directions do not count."""
    kinds = [segment.segment.kind for segment in alignment.segments]
    speech = [word for word in alignment.words if kinds[word.word.segment] is Kind.SPEECH]
    found, uncertain = Counter(word.status for word in speech), sum(word.confidence < UNSURE for word in speech)
    untranscribed = sum(passage.end - passage.start for passage in open_untranscribed(alignment))
    pinned = sum(word.pinned for word in alignment.words)
    return Counts(found.total(), {status: found[status] for status in Status}, pinned, untranscribed, uncertain)


def percent(share: float) -> float:
    """Convert a share from 0 to 1 to per cent, rounded to one decimal.

    >>> percent(0.98449), percent(1.0)
    (98.5, 100.0)
    """
    return round(100 * round(share, 4), 1)


def is_below(coverage: float, least_percent: float) -> bool:
    """Return whether a coverage (0 to 1), converted to per cent with two decimals, is below ``least_percent``."""
    return round(100 * round(coverage, 4), 2) < least_percent


def caption_figures(alignment: Alignment) -> tuple[CaptionFigures, ...]:
    """Count the cues and broken norms in each caption file that ``quotecast align`` writes by default."""
    return tuple(figures_of_cues(*judged) for judged in judged_captions(alignment))


def judged_captions(
    alignment: Alignment, formats: Sequence[str] = CAPTION_FORMATS
) -> Iterator[tuple[str, list[Cue], CueReport]]:
    """Yield each format, its captions (made with default options), and a report on the norms that the cues break."""
    options = OutputOptions()
    builder = CueBuilder(alignment, options.rules_for(CAPTION_FORMATS[0]))
    for format in formats:
        cues = builder.cues(options.names_for(format))
        yield format, cues, judge_cues(cues)


def figures_of_cues(format: str, cues: Sequence[Cue], report: CueReport) -> CaptionFigures:
    """Return statistics of captions in ``format``; ``report`` lists the norms that each cue breaks."""
    missed = []
    for norm, count in report.counts.items():
        if count:
            starts = [cue.start for cue, each in zip(cues, report.missed, strict=True) if norm in each]
            missed.append(MissedNorm(norm, count, tuple(starts[:_EXAMPLES])))
    return CaptionFigures(format, len(cues), sum(map(bool, report.missed)), tuple(missed))


@dataclass(frozen=True, slots=True)
class WordRange:
    """A range of words, as indices into ``Alignment.words`` and as offsets into ``Transcript.text``, both half-open."""

    first: int
    stop: int
    char_start: int
    char_end: int

    def __len__(self) -> int:
        return self.stop - self.first


def word_range(alignment: Alignment, words: range) -> WordRange:
    """Convert a range of word indices to a ``WordRange``, which also has the offsets of the words in the transcript."""
    first, last = alignment.words[words.start].word, alignment.words[words.stop - 1].word
    return WordRange(words.start, words.stop, first.char_start, last.char_end)


COLUMNS = 912
"""A multiple of 76, the columns that fit a terminal."""

SURE = 0.9
"""Confidence from which almost no word is wrong."""

_LEAST_VOICED = 0.05  # share of a column with words; less is a pause or music
_LEAST_UNTRANSCRIBED = 0.25  # share of a column with untranscribed speech


class Shade(StrEnum):
    """How well the words in a column of the strip matched, which determines the colour of the column."""

    SURE = "sure"
    FAIR = "fair"
    DOUBTFUL = "doubtful"
    UNTRANSCRIBED = "untranscribed"  # speech missing from the transcript
    SILENT = "silent"  # no words: a pause, music


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a strip (a bar of confidence over time): the shares (0 to 1) of its time with words (``voiced``)
    and with untranscribed speech, and the mean confidence of the words."""

    voiced: float
    confidence: float
    untranscribed: float

    @property
    def shade(self) -> Shade:
        if self.untranscribed >= max(_LEAST_UNTRANSCRIBED, self.voiced):
            return Shade.UNTRANSCRIBED
        if self.voiced < _LEAST_VOICED:
            return Shade.SILENT
        return Shade.SURE if self.confidence >= SURE else Shade.FAIR if self.confidence >= UNSURE else Shade.DOUBTFUL


def strip_of(alignment: Alignment) -> tuple[Column, ...]:
    """Return the columns of an episode's strip, the bar that shows the confidence over time."""
    edges = np.linspace(0.0, max(alignment.audio.duration, 0.001), COLUMNS + 1)
    spoken = [(word.span, word.confidence) for word in alignment.words if word.span]
    spans, confidence = [span for span, _ in spoken], np.array([each for _, each in spoken])
    missing = [Span(passage.start, passage.end) for passage in open_untranscribed(alignment)]
    time = _seconds(spans, np.ones(len(spans)), edges)
    mean = _seconds(spans, confidence, edges) / np.maximum(time, 1e-9)
    untranscribed = _seconds(missing, np.ones(len(missing)), edges)
    shares = zip((time / edges[1]).tolist(), mean.tolist(), (untranscribed / edges[1]).tolist(), strict=True)
    return tuple(Column(min(v, 1.0), min(max(c, 0.0), 1.0), min(f, 1.0)) for v, c, f in shares)


def narrowed(strip: Sequence[Column], count: int) -> list[Column]:
    """Return ``count`` columns: averages of adjacent columns of ``strip``, whose length is a multiple of ``count``."""
    values = np.array([(each.voiced, each.voiced * each.confidence, each.untranscribed) for each in strip])
    means = values.reshape(count, -1, 3).mean(axis=1)
    return [Column(v, c / max(v, 1e-9), f) for v, c, f in means.tolist()]


def bands(strip: Sequence[Column]) -> list[tuple[int, int, Shade]]:
    """Group adjacent columns of equal shade; return each group as (first column, stop column, shade), half-open."""
    found: list[tuple[int, int, Shade]] = []
    for index, column in enumerate(strip):
        if found and found[-1][2] is column.shade:
            found[-1] = (found[-1][0], index + 1, column.shade)
        else:
            found.append((index, index + 1, column.shade))
    return found


def _seconds(spans: Sequence[Span], weights: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how many seconds of the spans lie in each interval between neighbouring ``edges``. The seconds of each
    span are multiplied by the span's weight."""
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
    """A word of the printed or the recognised text. ``matches``: the other text has the word too."""

    text: str
    matches: bool


@dataclass(frozen=True, slots=True)
class DoubtfulPassage:
    """Consecutive words in doubt: ``doubtful`` of them have low confidence, and about ``cost`` of them a wrong time.
    ``recognised`` is None if this machine has no recognised text. If ``shortened``, both texts are incomplete."""

    words: WordRange
    start: float
    end: float
    speaker: str | None
    doubtful: int
    cost: float
    printed: tuple[Piece, ...]
    recognised: tuple[Piece, ...] | None
    shortened: bool


@dataclass(frozen=True, slots=True)
class UnspokenPassage:
    """Consecutive unspoken words; ``after`` is the end of the spoken word before them, None if there is none."""

    words: WordRange
    after: float | None
    speaker: str | None
    text: str


@dataclass(frozen=True, slots=True)
class TimedHeading:
    """A heading and its start in seconds."""

    text: str
    start: float


_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Listed(Generic[_T]):
    """The ``first`` items of a long list, and the number (``count``) of all its items."""

    count: int
    first: tuple[_T, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """The files that were aligned, the audio's duration in seconds, and how the audio was recognised."""

    duration: float
    audio_file: str
    transcript_file: str
    transcript_sha256: str
    language: str
    method: str
    model: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """How well a transcript matches its audio, and who reviewed the alignment. If ``text_is_missing``, much speech is
    missing from the transcript. If ``is_cut_short``, the audio file is incomplete: it ends early. If ``is_draft``, the
    transcript is automatic; if ``is_unreviewed``, nobody has reviewed it either."""

    verdict: Verdict
    text_is_missing: bool
    is_cut_short: bool
    is_draft: bool
    is_unreviewed: bool
    warnings: tuple[str, ...]
    review_status: Message
    coverage: float


@dataclass(frozen=True, slots=True)
class Report:
    """How well an episode's transcript matches its audio.

    ``strip`` has the columns of the chart of confidence over time. ``doubtful`` has the passages with most mistimed
    words first, ``unspoken`` the longest passages first. If ``was_recognised``, this machine's cache has the recognised
    text. ``lost`` are corrections whose words no longer exist or that contradict other corrections.
    """

    episode: EpisodeDetails
    source: Source
    judgement: Judgement
    counts: Counts
    strip: tuple[Column, ...]
    headings: tuple[TimedHeading, ...]
    was_recognised: bool
    doubtful: Listed[DoubtfulPassage]
    untranscribed: Listed[Untranscribed]
    unspoken: Listed[UnspokenPassage]
    lost: Listed[LostPin]
    captions: tuple[CaptionFigures, ...]

    def count(self, status: Status) -> int:
        """Return the number of words of speech with this status."""
        return self.counts.by_status[status]


_MOST_LISTED = 50  # passages of a kind
_MOST_WORDS = 60  # of a passage
_MOST_CHARS, _MOST_WORD_CHARS = 500, 50
_MOST_HEADINGS = 200
_COMMON = 0.6  # share of a word's characters, in order, that the other side must have


def report_of(alignment: Alignment) -> Report:
    """Return the report of an alignment, with the recognised text if the user's cache has it."""
    recognised = recognised_text_of(alignment)
    doubtful = find_doubtful(alignment, recognised.emissions if recognised else None)
    unspoken = sorted(unspoken_runs(alignment), key=len, reverse=True)
    missing, lost = open_untranscribed(alignment), alignment.lost_pins
    return Report(
        alignment.episode,
        _source(alignment),
        judgement_of(alignment),
        counted(alignment),
        strip_of(alignment),
        tuple(islice(_headings(alignment), _MOST_HEADINGS)),
        recognised is not None,
        Listed(len(doubtful), tuple(_doubtful(alignment, doubt, recognised) for doubt in doubtful[:_MOST_LISTED])),
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
    """Judge how well the transcript of an alignment matched its audio."""
    return Judgement(
        verdict=alignment.verdict,
        text_is_missing=text_is_missing(alignment.verdict, alignment.coverage),
        is_cut_short=any(map(is_cut_short, alignment.warnings)),
        is_draft=alignment.machine_text,
        is_unreviewed=is_unreviewed(alignment.review, alignment.machine_text),
        warnings=alignment.warnings,
        review_status=review_status(alignment.review, alignment.machine_text),
        coverage=round(alignment.coverage, 4),
    )


def _doubtful(alignment: Alignment, doubt: Doubt, recognised: RecognisedText | None) -> DoubtfulPassage:
    run, span = doubt.words, doubt.span
    shown = range(run.start, min(run.stop, run.start + _MOST_WORDS))
    heard = recognised.within(span_of(alignment, shown) or span)[: 2 * _MOST_WORDS] if recognised else None
    printed, matched = compared(
        [_cut(alignment.words[k].word.text, _MOST_WORD_CHARS) for k in shown],
        None if heard is None else [_cut(word, _MOST_WORD_CHARS) for word in heard],
        alignment.language,
    )
    words = alignment.words[run.start : run.stop]
    return DoubtfulPassage(
        words=word_range(alignment, run),
        start=span.start,
        end=span.end,
        speaker=_speaker(alignment, run.start),
        doubtful=sum(word.span is not None and word.confidence < UNSURE for word in words),
        cost=round(doubt.cost, 1),
        printed=printed,
        recognised=matched,
        shortened=len(shown) < len(run),
    )


def _unspoken(alignment: Alignment, run: range) -> UnspokenPassage:
    after = next((word.span.end for word in reversed(alignment.words[: run.start]) if word.span), None)
    words = word_range(alignment, run)
    text = _cut(alignment.transcript.text[words.char_start : words.char_end])
    return UnspokenPassage(words, after, _speaker(alignment, run.start), text)


def compared(
    printed: Sequence[str], recognised: Sequence[str] | None, language: str
) -> tuple[tuple[Piece, ...], tuple[Piece, ...] | None]:
    """Compare printed and recognised words; return a ``Piece`` for each. If ``recognised`` is None, all printed match.

    >>> [piece.matches for piece in compared(["le", "port", "dort"], ["lepor"], "fr")[0]]
    [True, True, False]
    """
    if recognised is None:
        return tuple(Piece(word, True) for word in printed), None
    from rapidfuzz.distance import LCSseq

    sides = spelled(printed, language), spelled(recognised, language)
    blocks = LCSseq.opcodes("".join(sides[0]), "".join(sides[1])).as_matching_blocks()
    pairs = [(block.a + k, block.b + k) for block in blocks for k in range(block.size)]
    return _pieces(printed, sides[0], {a for a, _ in pairs}), _pieces(recognised, sides[1], {b for _, b in pairs})


def _pieces(words: Sequence[str], side: Sequence[str], common: set[int]) -> tuple[Piece, ...]:
    """Return a ``Piece`` for each word of a text. ``side`` has the words as read aloud, and ``common`` the offsets in
    the joined ``side`` of characters that the other text has too. A word with enough such characters matches."""
    starts = accumulate(map(len, side), initial=0)
    return tuple(
        Piece(word, sum(k in common for k in range(start, start + len(own))) >= _COMMON * len(own))
        for word, own, start in zip(words, side, starts, strict=False)
    )


def _headings(alignment: Alignment) -> Iterator[TimedHeading]:
    text = alignment.transcript.text
    for timed in alignment.segments:
        segment = timed.segment
        if segment.kind is Kind.HEADING and timed.start is not None:
            yield TimedHeading(_cut(text[segment.char_start : segment.char_end]), timed.start)


def _speaker(alignment: Alignment, word: int) -> str | None:
    return alignment.segments[alignment.words[word].word.segment].segment.speaker


def _cut(text: str, most: int = _MOST_CHARS) -> str:
    line = " ".join(text[: 2 * most].split())
    return line if len(line) <= most and len(text) <= 2 * most else f"{line[:most].rstrip()}…"
