"""The best chain of seeds: of all that rise on both sides, the one that pairs most letters with the fewest jumps.

Conventions
-----------
A *run* is a stretch of letters that is alike on both sides, made of seeds one after the other. A *jump* between two
runs is by how much more lies between them on one side than on the other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Pairs = NDArray[np.int64]

# Letters that a jump must gain, per factor 2 in its length: so that repeats are paired in order, and a stray likeness
# is passed over. Minimap2's measure and value (Li 2018).
_JUMP = 0.5

_MOST_RUNS = 20_000  # the longest ones, of worst inputs
_LOOK_BACK = 1000  # runs that may come before one


def best_chain(seeds: Pairs, length: int) -> Pairs:
    """The pairs of letters of the best chain of ``seeds``, the starts of n-grams of ``length`` on either side."""
    runs = _runs(seeds, length)
    if not len(runs):
        return np.empty((0, 2), np.int64)
    chain = _chained(runs)
    starts, stops = runs[chain, :2], runs[chain, 2:]
    # Of letters in two runs the first one has them.
    overlap = np.maximum(0, (stops[:-1] - starts[1:]).max(axis=1, initial=0))
    starts[1:] += overlap[:, None]
    lengths = stops[:, 0] - starts[:, 0]
    owner = np.repeat(np.arange(len(chain)), lengths)
    within = np.arange(len(owner)) - (np.cumsum(lengths) - lengths)[owner]
    pairs: Pairs = starts[owner] + within[:, None]
    return pairs


def _runs(seeds: Pairs, length: int) -> NDArray[np.int64]:
    """Runs as rows of first and last place on either side, (i, j, i_stop, j_stop), by where they stop."""
    diagonal = seeds[:, 1] - seeds[:, 0]
    order = np.lexsort((seeds[:, 0], diagonal))
    i, diagonal = seeds[order, 0], diagonal[order]
    new = np.append(True, (np.diff(diagonal) != 0) | (np.diff(i) > length))[: len(i)]
    first = np.flatnonzero(new)
    start, stop = i[first], i[np.append(first[1:], len(i))[: len(first)] - 1] + length
    runs = np.column_stack([start, start + diagonal[first], stop, stop + diagonal[first]])
    if len(runs) > _MOST_RUNS:
        runs = runs[np.argsort(start - stop, kind="stable")[:_MOST_RUNS]]
    return runs[np.lexsort((runs[:, 3], runs[:, 2]))]


def _chained(runs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Which runs make the best chain, in order."""
    i, j, i_stop, j_stop = runs.astype(np.float64).T.copy()
    lengths, diagonal = i_stop - i, j - i
    score, before = lengths.copy(), np.full(len(runs), -1, np.int64)
    for k in range(1, len(runs)):
        first = max(0, k - _LOOK_BACK)
        risen = (i[first:k] < i[k]) & (j[first:k] < j[k])
        risen &= (i_stop[first:k] < i_stop[k]) & (j_stop[first:k] < j_stop[k])
        earlier = np.flatnonzero(risen) + first
        if not len(earlier):
            continue
        free = np.minimum(i_stop[k] - i_stop[earlier], j_stop[k] - j_stop[earlier])
        jump = _JUMP * np.log2(1 + np.abs(diagonal[k] - diagonal[earlier]))
        total = score[earlier] + np.minimum(free, lengths[k]) - jump
        best = int(total.argmax())
        if total[best] > score[k]:
            score[k], before[k] = total[best], earlier[best]
    chain = [int(score.argmax())]
    while before[chain[-1]] >= 0:
        chain.append(int(before[chain[-1]]))
    return np.array(chain[::-1])
