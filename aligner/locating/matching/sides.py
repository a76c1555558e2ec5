"""The two sides of a match: letters, where a passage that the other side lacks may begin and end, and what of it may be
a copy of what stands beside it.

Conventions
-----------
A *hole* is such a passage. Costs are in letters that it must gain. A *leap* is a hole that is one or more copies whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aligner.locating.matching.copies import Copies, Letters

Costs = NDArray[np.float32]

# People say and write again whole passages, wherever in a sentence these begin: a leap costs less than another hole
# there, and a hole that tears a copy more than chance may gain by taking of each copy what is heard best.
_LEAP, _TORN = 1.0, 14.0
_BESIDE = 4.0  # more for another hole where uncertain copies meet, and
_AWAY = 0.15  # for each letter that an edge of a hole is away from there
_BETWEEN_WORDS = np.float32(4.0)  # the most that an edge between words costs,
_ENDED = 1.0  # and one where a sentence ends
# Copies differ by what of each is misheard, the longer the more. So what the text tells must count for more: so many
# times, for each letter of a copy and at most; and more for a later copy, which leads on where the sentence goes on.
_ACROSS, _MOST_ACROSS, _LATER = 0.08, 3.0, 1.4


class Leap(NamedTuple):
    """A hole ``[start, stop)`` that is as long as copies are; what it costs, and ``across`` how many times the other
    side's ``where_leapt`` besides, where the hypothesis is leapt over."""

    start: int
    stop: int
    cost: float
    across: float


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """The letters of one side, what an edge of a hole costs before each of them and after the last, and what stands
    there twice or more in a row."""

    letters: Letters
    tears: Costs
    copies: tuple[Copies, ...] = ()

    def cut(self, start: int, stop: int) -> Side:
        inside = (one for one in self.copies if start <= one.start and one.stop <= stop)
        return Side(self.letters[start:stop], self.tears[start : stop + 1], tuple(one.moved(-start) for one in inside))

    def holes(self) -> Costs:
        """What an edge of a hole that is no leap costs: none that tears copies is cheap, nor one where uncertain copies
        meet, for that is where leaps are."""
        tears = self.tears.copy()
        for one in self.copies:
            inside = tears[one.start : one.stop + 1]
            beside = _BESIDE if one.slack else 0.0
            meet = np.array([one.start, one.stop] if one.slack else one.edges)
            away = np.abs(np.arange(one.start, one.start + len(inside))[:, None] - meet).min(axis=1)
            inside[:] = np.where(away > one.slack, np.maximum(inside, _TORN), inside + beside + _AWAY * away)
        return tears

    def where_leapt(self) -> Costs:
        """What a leap of the other side costs more at each place of this one: little where a sentence has ended, which
        is whole then, much within a word or a copy."""
        tears = self.holes()
        tears = np.where(tears > _ENDED, np.maximum(tears, _BETWEEN_WORDS), tears)
        more: Costs = tears + 4 * np.maximum(tears - _BETWEEN_WORDS, 0)
        return more

    def leaps(self) -> Iterator[Leap]:
        """Leaps from the first copy to any other, and from each one to the next."""
        for one in self.copies:
            last = len(one.edges) - 1
            across = min(_ACROSS * one.shift, _MOST_ACROSS)
            spans = [(0, to) for to in range(1, last)] + [(k, k + 1) for k in range(1, last)]
            for first, to in spans:
                for off in range(-one.slack, one.slack + 1):
                    start, stop = one.edges[first] + off, one.edges[to] + off
                    if start >= 0 and stop < len(self.tears):
                        edges = float(self.tears[start] + self.tears[stop])
                        edges += _AWAY * (2 * off if off > 0 else -off)  # what is late tears two copies
                        yield Leap(start, stop, _LEAP + edges, across * (_LATER if first and one.slack else 1.0))
