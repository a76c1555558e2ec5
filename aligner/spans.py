"""Calculate with spans of speech (disjoint, in order of time, in seconds); find ranges of numbers and of True flags."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, groupby

import numpy as np
from numpy.typing import NDArray

from aligner.model import Span


class SpeechSpans:
    """The spans of speech in an episode, with fast look-up by time."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans
        self._starts = [span.start for span in spans]
        self._ends = [span.end for span in spans]

    def between(self, start: float, end: float) -> list[Span]:
        """Return the spans of speech within ``[start, end)``, cut at these times."""
        first, last = bisect_right(self._ends, start), bisect_left(self._starts, end)
        inside = ((max(span.start, start), min(span.end, end)) for span in self._spans[first:last])
        return [Span(low, high) for low, high in inside if low < high]

    def touching(self, start: float, end: float) -> Sequence[Span]:
        """Return the whole spans of speech that overlap ``[start, end)``."""
        return self._spans[bisect_right(self._ends, start) : bisect_left(self._starts, end)]


def total(spans: Sequence[Span]) -> float:
    """Return the sum of the spans' durations in seconds."""
    return sum(span.duration for span in spans)


class JoinedSpans:
    """Several spans regarded as one continuous span, over which words can be distributed."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans
        self._offsets = [0.0, *accumulate(span.duration for span in spans)]

    @property
    def size(self) -> float:
        """The sum of the spans' durations in seconds."""
        return self._offsets[-1]

    def part(self, start: float, end: float) -> list[Span]:
        """Return the spans, or parts of spans, from ``start`` to ``end``. These times count seconds from the start of
        the joined spans, as if there were no pauses."""
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
        """Return a span for each word, with durations in proportion to ``lengths``, one per word. A word that would
        cross a pause gets only the longest part of its time."""
        scale, now, shares = self.size / sum(lengths), 0.0, []
        for length in lengths:
            pieces = self.part(now, now + length * scale)  # may be empty at the very end, by rounding
            shares.append(max(pieces, key=lambda span: span.duration, default=self._spans[-1]))
            now += length * scale
        return shares


def runs_of(indices: Iterable[int]) -> list[range]:
    """Group ascending numbers into ranges.

    >>> runs_of([1, 2, 5])
    [range(1, 3), range(5, 6)]
    """
    grouped = groupby(enumerate(indices), key=lambda each: each[1] - each[0])
    found = ([index for _, index in group] for _, group in grouped)
    return [range(run[0], run[-1] + 1) for run in found]


def runs(flags: NDArray[np.bool_]) -> list[slice]:
    """Return a slice for each range of consecutive flags that are True, in order."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [slice(start, stop) for start, stop in edges.reshape(-1, 2).tolist()]
