"""Seeds: runs of letters so rare that they mark the same passage on both sides, and their best chain.

Conventions
-----------
- A *run* is a stretch of letters that is alike on both sides, made of seeds one after the other. A *jump* between two
  runs is by how much more lies between them on one side than on the other.
- Reference and hypothesis are int32 arrays of code points. A *pair* ``(i, j)`` says that reference letter ``i`` is
  hypothesis letter ``j``; arrays of pairs have shape (n, 2).
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


Letters = NDArray[np.int32]

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # golden ratio times 2**64: spreads neighbouring values (Knuth, TAOCP 6.4)


def seed_pairs(reference: Letters, hypothesis: Letters, length: int, crossings: int) -> Pairs:
    """Pairs of letters inside rare n-grams of ``length`` that both sides hold.

    An n-gram that occurs ``a`` times here and ``b`` times there is a candidate in all ``a b`` ways if these are at most
    ``crossings``, and in order of occurrence if the counts are equal. The longest chain of candidates that increases on
    both sides is kept, so that a passage said and written twice meets itself at both places, and one that was only
    written twice meets its sound where the passages around it do.
    """
    ref_keys, hyp_keys = _ngram_keys(reference, length), _ngram_keys(hypothesis, length)
    if not len(ref_keys) or not len(hyp_keys):
        return np.empty((0, 2), np.int64)
    ref_order, ref_unique, ref_first, ref_count = _occurrences(ref_keys)
    hyp_order, hyp_unique, hyp_first, hyp_count = _occurrences(hyp_keys)
    _, in_ref, in_hyp = np.intersect1d(ref_unique, hyp_unique, assume_unique=True, return_indices=True)
    a, b = ref_count[in_ref], hyp_count[in_hyp]
    rare, even = a * b <= crossings, (a * b > crossings) & (a == b)
    ngram, within = _enumerated(np.where(rare, a * b, np.where(even, a, 0)))
    nth_ref = np.where(even[ngram], within, within // b[ngram])
    nth_hyp = np.where(even[ngram], within, within % b[ngram])
    i = ref_order[ref_first[in_ref[ngram]] + nth_ref]
    j = hyp_order[hyp_first[in_hyp[ngram]] + nth_hyp]
    order = np.lexsort((-j, i))  # of the candidates of one place, the chain takes at most one
    return best_chain(np.column_stack([i[order], j[order]]), length)


def _enumerated(counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For ``counts`` [2, 0, 3]: the owners [0, 0, 2, 2, 2] and the places within each [0, 1, 0, 1, 2]."""
    owner = np.repeat(np.arange(len(counts)), counts)
    return owner, np.arange(len(owner)) - (np.cumsum(counts) - counts)[owner]


def _ngram_keys(letters: Letters, length: int) -> NDArray[np.uint64]:
    """A 64-bit key of each n-gram, shape (n - length + 1,)."""
    count = len(letters) - length + 1
    if count <= 0:
        return np.empty(0, np.uint64)
    keys = np.zeros(count, np.uint64)
    for k in range(length):
        keys = keys * _MULTIPLIER + letters[k : k + count].astype(np.uint64) + np.uint64(1)
        keys ^= keys >> np.uint64(29)
    return keys


def _occurrences(
    keys: NDArray[np.uint64],
) -> tuple[NDArray[np.int64], NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]:
    """Positions sorted by key, then each key with the index of its first position there and its count."""
    order = np.argsort(keys, kind="stable")
    in_order = keys[order]
    first = np.flatnonzero(np.append(True, in_order[1:] != in_order[:-1]))
    return order, in_order[first], first, np.diff(np.append(first, len(keys)))
