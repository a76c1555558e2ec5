"""Times in whole steps of a format, where none may be empty and none may meet the next."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from aligner.model import Span

MILLISECONDS = 1000


def steps(seconds: float, per_second: int) -> int:
    """The nearest step, half rounded up."""
    return math.floor(seconds * per_second + 0.5)


def disjoint(spans: Sequence[Span], per_second: int = MILLISECONDS) -> list[tuple[int, int]]:
    """Spans, which are in order of their starts, as first step and the one after the last: each at least one step, and
    ended where the next begins."""
    ends = [min(one.end, other.start) for one, other in pairwise(spans)] + [span.end for span in spans[-1:]]
    found: list[tuple[int, int]] = []
    last = 0
    for span, end in zip(spans, ends, strict=True):
        start = max(last, steps(span.start, per_second))
        last = max(start + 1, steps(end, per_second))
        found.append((start, last))
    return found
