"""Seeds: stretches of letters so rare that where they occur on both sides, they are the same passage.

Conventions
-----------
Reference and hypothesis are int32 arrays of code points. A *pair* ``(i, j)`` says that reference letter ``i`` is
hypothesis letter ``j``; arrays of pairs have shape (n, 2).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aligner.locating.matching.chains import best_chain

Letters = NDArray[np.int32]
Pairs = NDArray[np.int64]

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
