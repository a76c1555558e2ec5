"""The facts of a report, gathered once: the terminal, the page, the picture and JSON all show this record.

Conventions
-----------
- Coverage is the share of the transcript's words of speech that were heard, as alignment.json has it: with 4 decimals.
- A strip has ``COLUMNS`` equal columns; narrower ones are made of it by taking as many together as are needed.
- Seconds of the episode. Of lists that can be long the record holds the first, in the order said, and how many there
  are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from aligner.captions import Cue, CueBuilder, CueReport, Norm, judge_cues
from aligner.locating.quality import UNSURE, span_of
from aligner.model import Alignment, EpisodeDetails, Kind, PinKind, Span, Status, Verdict
from aligner.normalization import spell, unaccented
from aligner.outputs import OutputOptions
from aligner.pins import lacking
from aligner.pins import lacking as speech_lacking
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
    lacks = sum(passage.end - passage.start for passage in lacking(alignment))
    pinned = sum(word.pinned for word in alignment.words)
    return Counts(found.total(), {status: found[status] for status in Status}, pinned, lacks)


def percent(share: float) -> float:
    """A share as it is told: in per cent, with one decimal.

    Examples
    --------
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


_LEAST_WORDS = 6  # fewer are a turn of phrase
_LEAST_LETTERS = 20
_LISTED = 10  # copies of a passage
_NONE = -1


@dataclass(frozen=True, slots=True)
class Copy:
    """One of the places of a passage: ``start`` and ``end`` are when it is said, None where it is not.

    ``words`` is None where the text lacks the copy; its times are then those of all speech that is lacking there.
    """

    words: WordRange | None
    start: float | None
    end: float | None


@dataclass(frozen=True, slots=True)
class Repeat:
    """A passage of ``length`` words with the first of its copies: those of the text in order, then those that the sound
    alone has; ``count`` is how many there are."""

    text: str
    length: int
    count: int
    copies: tuple[Copy, ...]


@dataclass(frozen=True, slots=True)
class _Token:
    """A word's letters, and which it is: of the transcript, or of an untranscribed passage."""

    letters: str
    word: int = _NONE
    passage: int = _NONE


def repeats_of(alignment: Alignment) -> list[Repeat]:
    """The passages of six words or more that occur again, the longest first."""
    tokens = [*_of_text(alignment), *_of_sound(alignment)]
    found = [_repeat(alignment, tokens, starts, length) for starts, length in _copies(tokens)]
    return sorted(found, key=lambda repeat: -repeat.length)


def _of_text(alignment: Alignment) -> Iterator[_Token]:
    segments = alignment.segments
    speech = [k for k, w in enumerate(alignment.words) if segments[w.word.segment].segment.kind is Kind.SPEECH]
    letters = spell([alignment.words[k].word.text for k in speech], alignment.language)
    yield from (_Token(unaccented(each), word=k) for k, each in zip(speech, letters, strict=True) if each)


def _of_sound(alignment: Alignment) -> Iterator[_Token]:
    """The words heard in speech that the text lacks, something between one passage and the next."""
    for number, passage in enumerate(alignment.untranscribed):
        yield _Token("")
        letters = spell(passage.text.split(), alignment.language)
        yield from (_Token(unaccented(each), passage=number) for each in letters if each)


def _copies(tokens: Sequence[_Token]) -> Iterator[tuple[list[int], int]]:
    """Where the copies of each passage begin, and how many tokens it has.

    A place that belongs to a passage begins no other, so that of long texts that repeat themselves the work stays
    small, too.
    """
    letters = [token.letters for token in tokens]
    places: dict[tuple[str, ...], list[int]] = {}
    for start in range(len(letters) - _LEAST_WORDS + 1):
        window = tuple(letters[start : start + _LEAST_WORDS])
        if all(window) and sum(map(len, window)) >= _LEAST_LETTERS:
            places.setdefault(window, []).append(start)
    taken = [False] * len(letters)
    for window_places in places.values():
        if taken[window_places[0]]:
            continue
        starts = _apart(window_places)
        if len(starts) > 1:
            length = _length(letters, starts)
            yield starts, length
            for start in starts:
                taken[start : start + length] = [True] * length


def _apart(places: Sequence[int]) -> list[int]:
    """Those of the places, in order, that do not overlap the one before."""
    starts: list[int] = []
    for place in places:
        if not starts or place - starts[-1] >= _LEAST_WORDS:
            starts.append(place)
    return starts


def _length(letters: Sequence[str], starts: Sequence[int]) -> int:
    """For how many tokens all copies agree, none of them running into the next."""
    room = min(after - before for before, after in pairwise(starts))
    length = _LEAST_WORDS
    while length < room and starts[-1] + length < len(letters):
        following = {letters[start + length] for start in starts}
        if len(following) > 1 or "" in following:
            break
        length += 1
    return length


def _repeat(alignment: Alignment, tokens: Sequence[_Token], starts: Sequence[int], length: int) -> Repeat:
    text = " ".join(_written(alignment, token) for token in tokens[starts[0] : starts[0] + length])
    copies = (_copy(alignment, tokens[start : start + length]) for start in starts[:_LISTED])
    return Repeat(text, length, len(starts), tuple(copies))


def _written(alignment: Alignment, token: _Token) -> str:
    return alignment.words[token.word].word.text if token.word != _NONE else token.letters


def _copy(alignment: Alignment, tokens: Sequence[_Token]) -> Copy:
    if tokens[0].passage != _NONE:
        passage = alignment.untranscribed[tokens[0].passage]
        return Copy(None, passage.start, passage.end)
    run = range(tokens[0].word, tokens[-1].word + 1)
    words, span = word_range(alignment, run), span_of(alignment, run)
    return Copy(words, span.start, span.end) if span else Copy(words, None, None)


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
    lacking = [Span(passage.start, passage.end) for passage in speech_lacking(alignment)]
    width = edges[1]
    time = _seconds(spans, np.ones(len(spans)), edges)
    sure = _seconds(spans, confidence, edges) / np.maximum(time, 1e-9)
    foreign = _seconds(lacking, np.ones(len(lacking)), edges) / width
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
class LackingPassage:
    """Speech that the text lacks, and what was heard there."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class LostCorrection:
    """What a person had set right, and holds no more: of which words, and where it had them; None where they are not
    said."""

    kind: PinKind
    text: str
    start: float | None
    end: float | None


@dataclass(frozen=True, slots=True)
class HeadingPlace:
    """A heading and when it is reached."""

    text: str
    start: float


@dataclass(frozen=True, slots=True)
class Report:
    """How well an episode's transcript was found in its sound.

    ``doubtful``, ``lacking``, ``unspoken`` and ``repeats`` are how many there are; of the first the costliest are
    listed first, of the last two the longest. ``is_unread`` is whether the text is a machine's for which nobody stands;
    ``standing`` says who stands for the alignment, ``was_heard`` whether
    this machine still knows what was heard, and ``lost_pins`` how many corrections have no words in the text any more,
    or others against them.
    """

    episode: EpisodeDetails
    duration: float
    audio_file: str
    transcript_file: str
    transcript_sha256: str
    language: str
    ear: str
    model: str
    verdict: Verdict
    lacks_text: bool
    is_cut_short: bool
    is_unread: bool
    warnings: tuple[str, ...]
    standing: Message
    coverage: float
    counts: Counts
    lost_pins: int
    strip: tuple[Column, ...]
    headings: tuple[HeadingPlace, ...]
    was_heard: bool
    doubtful: int
    doubtful_passages: tuple[DoubtfulPassage, ...]
    lacking: int
    lacking_passages: tuple[LackingPassage, ...]
    unspoken: int
    unspoken_passages: tuple[UnspokenPassage, ...]
    repeats: int
    repeated_passages: tuple[Repeat, ...]
    lost_corrections: tuple[LostCorrection, ...]
    captions: tuple[CaptionFigures, ...]

    def count(self, status: Status) -> int:
        """How many words of speech have that status."""
        return self.counts.by_status[status]
