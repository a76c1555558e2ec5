"""Matching the letters of a transcript with the letters that an ear heard, a whole episode at once.

Rare n-grams seed the match; between seeds, rarer ones do at that place; what is left is short and is aligned letter by
letter with affine gaps. Last, pairs that stand in a passage where little else matches are dropped: two unrelated
passages have nearly half their letters in common order by chance.

Time grows near-linearly with the episode, since only unmatched stretches of bounded size are aligned exhaustively.

Conventions
-----------
The reference is the transcript's spoken letters, the hypothesis the heard ones, both as spelled by
``aligner.spelling``; the result is, for each reference letter, the index of the hypothesis letter that it is, or -1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aligner.matching.affine import align_letters
from aligner.matching.seeds import Letters, Pairs, seed_pairs

__all__ = ["MatchOptions", "match_letters"]


@dataclass(frozen=True, slots=True)
class MatchOptions:
    """How to match; the defaults hold for any language written in letters."""

    # Letters of a seed, about 4, 2 and 1 words, each sought only between longer seeds; and in how many ways the places
    # of a repeated one may be paired, eight teasers with eight: short repeats are too common to be told apart.
    seeds: tuple[tuple[int, int], ...] = ((16, 64), (10, 1), (6, 1))
    small_cells: int = 1_500  # up to here letter alignment is as cheap as looking for seeds
    large_cells: int = 2_000_000  # past this the passages have no seed in common and are taken as unrelated
    corner: int = 200  # letters at each end of such passages that are still aligned with each other
    trust_pairs: int = 20  # a pair is believed if, of the letters that this many pairs around it span, enough are
    trust_ref: float = 0.7  # ... paired in the reference, which says little that the voices do not,
    trust_hyp: float = 0.5  # ... and in the hypothesis, which has the voices' hesitations besides


def match_letters(reference: str, hypothesis: str, options: MatchOptions | None = None) -> NDArray[np.int64]:
    """For each letter of ``reference``, the index in ``hypothesis`` of the same letter said there, or -1.

    The indices that are not -1 increase strictly, and both letters of a pair are equal.
    """
    options = options or MatchOptions()
    ref, hyp = _code_points(reference), _code_points(hypothesis)
    pairs = _trusted(_pairs_between(ref, hyp, options.seeds, options), options)
    matched = np.full(len(ref), -1, np.int64)
    matched[pairs[:, 0]] = pairs[:, 1]
    return matched


def _code_points(text: str) -> Letters:
    return np.frombuffer(text.encode("utf-32-le"), np.int32)


def _pairs_between(ref: Letters, hyp: Letters, seeds: tuple[tuple[int, int], ...], options: MatchOptions) -> Pairs:
    """All pairs of two stretches, seeds first and then each gap between them, by ever shorter seeds."""
    if not len(ref) or not len(hyp):
        return np.empty((0, 2), np.int64)
    if len(ref) * len(hyp) <= options.small_cells or not seeds:
        return _aligned(ref, hyp, options)
    found = [seed_pairs(ref, hyp, *seeds[0])]
    edges = np.vstack([[[-1, -1]], found[0], [[len(ref), len(hyp)]]])
    gaps = np.flatnonzero((np.diff(edges, axis=0) > 1).all(axis=1))
    for gap in gaps:
        (i, j), (i_end, j_end) = edges[gap] + 1, edges[gap + 1]
        found.append(_pairs_between(ref[i:i_end], hyp[j:j_end], seeds[1:], options) + np.array([i, j]))
    pairs = np.concatenate(found)
    return pairs[np.argsort(pairs[:, 0], kind="stable")]


def _aligned(ref: Letters, hyp: Letters, options: MatchOptions) -> Pairs:
    """Letter by letter; of passages too large for that, only the ends that adjoin matched text."""
    if len(ref) == len(hyp) == 1:  # the commonest gap, one letter for another: seeds stop only where letters differ
        return np.array([[0, 0]], np.int64) if ref[0] == hyp[0] else np.empty((0, 2), np.int64)
    if len(ref) * len(hyp) <= options.large_cells:
        return np.array(align_letters(ref, hyp), np.int64).reshape(-1, 2)
    n, m = min(options.corner, len(ref) // 2), min(options.corner, len(hyp) // 2)
    head = np.array(align_letters(ref[:n], hyp[:m]), np.int64).reshape(-1, 2)
    tail = np.array(align_letters(ref[-n:], hyp[-m:]), np.int64).reshape(-1, 2)
    return np.concatenate([head, tail + np.array([len(ref) - n, len(hyp) - m])])


def _trusted(pairs: Pairs, options: MatchOptions) -> Pairs:
    """The pairs with a dense enough stretch of pairs before, after or around them."""
    width = min(options.trust_pairs, len(pairs))
    if not width:
        return pairs
    spans = pairs[width - 1 :] - pairs[: len(pairs) - width + 1] + 1
    starts = np.flatnonzero((width / spans >= (options.trust_ref, options.trust_hyp)).all(axis=1))
    covered = np.zeros(len(pairs) + 1, np.int64)
    np.add.at(covered, starts, 1)
    np.add.at(covered, starts + width, -1)
    return pairs[np.cumsum(covered[:-1]) > 0]
