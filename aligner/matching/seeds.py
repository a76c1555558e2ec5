"""Seeds: stretches of letters so rare that where they occur on both sides, they are the same passage.

Conventions
-----------
Reference and hypothesis are int32 arrays of code points. A *pair* ``(i, j)`` says that reference letter ``i`` is
hypothesis letter ``j``; arrays of pairs have shape (n, 2).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Letters = NDArray[np.int32]
Pairs = NDArray[np.int64]

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # golden ratio times 2**64: spreads neighbouring values (Knuth, TAOCP 6.4)


def seed_pairs(reference: Letters, hypothesis: Letters, length: int, repeats: int) -> Pairs:
    """Pairs of letters inside n-grams of ``length`` that both sides hold equally often, at most ``repeats`` times.

    Equal occurrences are paired in order, so that a passage said twice and written twice meets itself at both places.
    The pairs increase on both sides: of those that cross, the longest chain is kept.
    """
    ref_keys, hyp_keys = _ngram_keys(reference, length), _ngram_keys(hypothesis, length)
    if not len(ref_keys) or not len(hyp_keys):
        return np.empty((0, 2), np.int64)
    ref_order, ref_unique, ref_first, ref_count = _occurrences(ref_keys)
    hyp_order, hyp_unique, hyp_first, hyp_count = _occurrences(hyp_keys)
    _, in_ref, in_hyp = np.intersect1d(ref_unique, hyp_unique, assume_unique=True, return_indices=True)
    rare = (ref_count[in_ref] == hyp_count[in_hyp]) & (ref_count[in_ref] <= repeats)
    in_ref, in_hyp = in_ref[rare], in_hyp[rare]
    found = [np.empty((0, 2), np.int64)]
    for occurrence in range(repeats):
        enough = ref_count[in_ref] > occurrence
        i = ref_order[ref_first[in_ref[enough]] + occurrence]
        j = hyp_order[hyp_first[in_hyp[enough]] + occurrence]
        found.append(np.column_stack([i, j]))
    seeds = np.concatenate(found)
    chain = longest_chain(seeds[np.argsort(seeds[:, 0], kind="stable")])
    return _letters_of_seeds(chain, length)


def longest_chain(pairs: Pairs) -> Pairs:
    """The longest subset of ``pairs``, given in order of ``i``, that increases strictly on both sides.

    Longest increasing subsequence by patience sorting (Schensted 1961), O(n log n).
    """
    from bisect import bisect_left

    tails: list[int] = []
    tail_at: list[int] = []
    previous = np.full(len(pairs), -1, np.int64)
    for k, j in enumerate(pairs[:, 1].tolist()):
        place = bisect_left(tails, j)
        previous[k] = tail_at[place - 1] if place else -1
        if place == len(tails):
            tails.append(j)
            tail_at.append(k)
        else:
            tails[place], tail_at[place] = j, k
    chain, k = [], tail_at[-1] if tail_at else -1
    while k >= 0:
        chain.append(k)
        k = int(previous[k])
    return pairs[chain[::-1]]


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
    unique, first, count = np.unique(keys[order], return_index=True, return_counts=True)
    return order, unique, first, count


def _letters_of_seeds(seeds: Pairs, length: int) -> Pairs:
    """The letter pairs that the n-grams starting at ``seeds`` cover, without those that would cross the next seed."""
    if not len(seeds):
        return seeds
    steps = np.arange(length)
    limit = np.append(np.minimum(np.diff(seeds[:, 0]), np.diff(seeds[:, 1])), length)
    keep = steps[None, :] < limit[:, None]
    i = (seeds[:, 0][:, None] + steps)[keep]
    j = (seeds[:, 1][:, None] + steps)[keep]
    return np.column_stack([i, j])
