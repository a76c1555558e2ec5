"""Ways of reading the parts of a token, put together to ways of reading it whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import nsmallest

MOST = 6  # readings that are kept of one token


def combined(parts: Iterable[Sequence[str]]) -> list[str]:
    """The likeliest readings of parts said one after the other, each with its own ways, likeliest first.

    A reading costs the sum of the ranks of its parts' ways. Costs only add up, so that keeping the ``MOST`` cheapest
    after each part loses none of the cheapest whole ones.
    """
    kept = [(0, "")]
    for ways in parts:
        distinct = list(dict.fromkeys(ways))[:MOST]
        longer = [(cost + rank, f"{text} {way}") for cost, text in kept for rank, way in enumerate(distinct)]
        kept = nsmallest(MOST, longer, key=lambda reading: reading[0])
    return [text.strip() for _, text in kept]
