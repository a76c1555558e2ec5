"""Round times to a format's whole steps, such as milliseconds or frames, without empty or overlapping intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from aligner.model import Span

MILLISECONDS = 1000


def steps(seconds: float, per_second: int) -> int:
    """Convert seconds to a whole number of steps, with halves rounded up."""
    return math.floor(seconds * per_second + 0.5)


def disjoint(spans: Sequence[Span], per_second: int = MILLISECONDS) -> list[tuple[int, int]]:
    """Return each span as a half-open range of steps. A span has at least one step, and is cut where the next span
    starts. ``spans`` must be sorted by start."""
    ends = [min(one.end, other.start) for one, other in pairwise(spans)] + [span.end for span in spans[-1:]]
    found: list[tuple[int, int]] = []
    last = 0
    for span, end in zip(spans, ends, strict=True):
        start = max(last, steps(span.start, per_second))
        last = max(start + 1, steps(end, per_second))
        found.append((start, last))
    return found
