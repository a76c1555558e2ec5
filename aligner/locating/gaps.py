"""Gaps: words that were not found between words that were, and what is common to filling them.

Conventions
-----------
Seconds. A gap's *room* is the speech between the end of the found word before it and the start of the one after. Its
words get times only where the room can hold them, and no word lies across a pause.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from aligner.model import Kind, Placement, Span, Status, Transcript
from aligner.spans import JoinedSpans

_LEAST_WORD = 0.02  # seconds; ends come after starts
_LONGEST_COMPARED = 5_000  # letters, some six minutes of speech; more would have been found


@dataclass(frozen=True, slots=True)
class Gap:
    """Speech words that were not found, and the found ones around them: all indices into ``Transcript.words``."""

    words: tuple[int, ...]
    before: int | None
    after: int | None


def find_gaps(transcript: Transcript, placements: Sequence[Placement]) -> list[Gap]:
    """Maximal runs of speech words without a time, in order; words of other kinds neither break a run nor join it.

    There are none where no word was found.
    """
    gaps: list[Gap] = []
    words: list[int] = []
    before: int | None = None
    for k, (word, placement) in enumerate(zip(transcript.words, placements, strict=True)):
        if placement.span:
            if words:
                gaps.append(Gap(tuple(words), before, k))
            words, before = [], k
        elif transcript.segments[word.segment].kind is Kind.SPEECH:
            words.append(k)
    if words and before is not None:
        gaps.append(Gap(tuple(words), before, None))
    return gaps


def share_out(
    room: Sequence[Span], words: Sequence[int], lengths: Sequence[float], confidence: float = 0.0
) -> Iterator[tuple[int, Placement]]:
    """Words by index with their placements: ``room`` shared out by their natural lengths."""
    if not words:
        return
    for word, place in zip(words, JoinedSpans(room).share_out(lengths), strict=True):
        yield word, Placement(place, Status.INTERPOLATED, confidence)


def similarity(letters: str, heard: str) -> float:
    """The share of letters that two strings have in common order, of the longer one; none of very long ones, which
    would have been matched."""
    from rapidfuzz.distance import LCSseq

    if max(len(letters), len(heard)) > _LONGEST_COMPARED:
        return 0.0
    return float(LCSseq.normalized_similarity(letters, heard))


def in_order(placements: Sequence[Placement], duration: float) -> tuple[Placement, ...]:
    """Make starts never decrease, ends come after starts, and no word last into the next where both have room."""
    latest, starts = max(0.0, duration - _LEAST_WORD), []
    previous = 0.0
    for placement in placements:
        if placement.span:
            previous = min(max(placement.span.start, previous), latest)
            starts.append(previous)
    edges = iter(zip(starts, [*starts[1:], duration], strict=True))
    ordered = []
    for placement in placements:
        if placement.span is None:
            ordered.append(placement)
            continue
        start, following = next(edges)
        span = Span(start, max(min(placement.span.end, following), start + _LEAST_WORD))
        ordered.append(placement if span == placement.span else replace(placement, span=span))
    return tuple(ordered)
