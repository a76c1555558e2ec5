"""Arithmetic on spans of speech, and runs of flags.

Conventions
-----------
Seconds; spans are half-open, disjoint and in order of time.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from aligner.model import Span


class SpeechSpans:
    """Speech spans of an episode, with quick answers to what lies between two times."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans
        self._starts = [span.start for span in spans]
        self._ends = [span.end for span in spans]

    def between(self, start: float, end: float) -> list[Span]:
        """The speech inside ``[start, end)``."""
        first, last = bisect_right(self._ends, start), bisect_left(self._starts, end)
        inside = ((max(span.start, start), min(span.end, end)) for span in self._spans[first:last])
        return [Span(low, high) for low, high in inside if low < high]

    def touching(self, start: float, end: float) -> Sequence[Span]:
        """The whole spans that have a part in ``[start, end)``."""
        return self._spans[bisect_right(self._ends, start) : bisect_left(self._starts, end)]


def total(spans: Sequence[Span]) -> float:
    """Seconds of all ``spans`` together."""
    return sum(span.duration for span in spans)


class JoinedSpans:
    """Spans laid end to end from zero, so that words can be spread over them as over one stretch."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans
        self._offsets = [0.0, *accumulate(span.duration for span in spans)]

    @property
    def size(self) -> float:
        """Seconds of all spans together."""
        return self._offsets[-1]

    def part(self, start: float, end: float) -> list[Span]:
        """What ``[start, end)`` of the stretch covers."""
        parts = []
        first = max(0, bisect_right(self._offsets, start) - 1)
        for span, offset in zip(self._spans[first:], self._offsets[first:], strict=False):
            if offset >= end:
                break
            low, high = max(start - offset, 0.0), min(end - offset, span.duration)
            if high > low:
                parts.append(Span(span.start + low, span.start + high))
        return parts

    def share_out(self, lengths: Sequence[float]) -> list[Span]:
        """A place for each of several words, the stretch shared out by their lengths.

        A word that would lie across a pause gets the larger side of it.
        """
        scale, now, places = self.size / sum(lengths), 0.0, []
        for length in lengths:
            pieces = self.part(now, now + length * scale)  # none where rounding leaves nothing of the last span
            places.append(max(pieces, key=lambda span: span.duration, default=self._spans[-1]))
            now += length * scale
        return places


def runs(flags: NDArray[np.bool_]) -> list[slice]:
    """The runs of flags that are set, in order: of the indices, not of seconds."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [slice(start, stop) for start, stop in edges.reshape(-1, 2).tolist()]
