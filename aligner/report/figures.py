"""The figures that every account of an alignment gives, worked out once, so that all of them say the same to the digit.

Conventions
-----------
Coverage is the share of the transcript's words of speech that were heard, as alignment.json has it: with 4 decimals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from aligner.captions import Cue, CueBuilder, CueReport, Norm, judge_cues
from aligner.model import Alignment, Kind, Status
from aligner.outputs import OutputOptions
from aligner.settled import lacking

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
