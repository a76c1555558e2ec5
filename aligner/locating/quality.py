"""How far an alignment can be believed: confidence per word and segment, coverage, missing speech, the verdict.

Conventions
-----------
Confidence runs from 0 to 1, surer being higher: of words at 0.9 and over, 98 % start within 0.2 s of the truth.
Coverage is the share of the transcript's speech words that were heard.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from aligner.model import (
    Kind,
    Located,
    Span,
    Status,
    TimedSegment,
    TimedWord,
    Transcript,
    Untranscribed,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class QualityOptions:
    """Where to draw the lines."""

    good_coverage: float = 0.85  # edited transcripts of good recordings lie above; a person need not look
    poor_coverage: float = 0.40  # another episode's transcript lies far below


@dataclass(frozen=True, slots=True)
class Judgement:
    """Timed words and segments, and what is to be thought of them."""

    words: tuple[TimedWord, ...]
    segments: tuple[TimedSegment, ...]
    untranscribed: tuple[Untranscribed, ...]
    coverage: float
    verdict: Verdict


def judge(transcript: Transcript, located: Located, options: QualityOptions | None = None) -> Judgement:
    """Turn placements into words with confidence, and judge the whole."""
    options = options or QualityOptions()
    words = tuple(
        TimedWord(word, placement.span, placement.status, round(placement.confidence, 3))
        for word, placement in zip(transcript.words, located.placements, strict=True)
    )
    spoken = [w for w in words if transcript.segments[w.word.segment].kind is Kind.SPEECH]
    coverage = sum(w.status in (Status.EXACT, Status.FUZZY) for w in spoken) / max(1, len(spoken))
    return Judgement(
        words,
        _timed_segments(transcript, words),
        located.untranscribed,
        coverage,
        _verdict(coverage, options),
    )


def _verdict(coverage: float, options: QualityOptions) -> Verdict:
    if coverage < options.poor_coverage:
        return Verdict.POOR
    return Verdict.GOOD if coverage >= options.good_coverage else Verdict.REVIEW


def _timed_segments(transcript: Transcript, words: Sequence[TimedWord]) -> tuple[TimedSegment, ...]:
    """Segments from their words' times; what is not speech and not said starts with the next word that is said."""
    spans: dict[int, list[Span]] = {}
    confidences: dict[int, list[float]] = {}
    for word in words:
        if word.span:
            spans.setdefault(word.word.segment, []).append(word.span)
            confidences.setdefault(word.word.segment, []).append(word.confidence)
    starts = [(word.word.char_start, word.span.start) for word in words if word.span]
    timed = []
    for index, segment in enumerate(transcript.segments):
        said = spans.get(index, [])
        chance = sum(confidences[index]) / len(said) if said else 0.0
        start, end = (said[0].start, max(span.end for span in said)) if said else (None, None)
        if not said and segment.kind is not Kind.SPEECH:
            following = bisect_left(starts, (segment.char_end,))
            start = starts[following][1] if following < len(starts) else None
        timed.append(TimedSegment(f"s{index}", segment, start, end, round(chance, 3)))
    return tuple(timed)
