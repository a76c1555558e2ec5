"""Matching the letters of a transcript with the letters that an ear heard, a whole episode at once.

Rare n-grams seed the match; between seeds, rarer ones do at that place; what is left is short and is aligned letter by
letter with affine gaps. Last, pairs that stand in a passage where little else matches are dropped: two unrelated
passages have nearly half their letters in common order by chance.

Time grows near-linearly with the episode, since only unmatched stretches of bounded size are aligned exhaustively.

Conventions
-----------
The reference is the transcript's spoken letters, the hypothesis the heard ones, both as spelled by
``aligner.normalization``; the result is, for each reference letter, the index of the hypothesis letter that it is, or
-1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aligner.locating.matching.affine import align_letters
from aligner.locating.matching.seeds import Letters, Pairs, seed_pairs

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


@dataclass(frozen=True, slots=True, eq=False)
class _Gap:
    """A stretch of either side, which start at reference letter ``i`` and hypothesis letter ``j``."""

    ref: Letters
    hyp: Letters
    i: int
    j: int

    def part(self, i: int, i_end: int, j: int, j_end: int) -> _Gap:
        return _Gap(self.ref[i:i_end], self.hyp[j:j_end], self.i + int(i), self.j + int(j))


def match_letters(reference: str, hypothesis: str, options: MatchOptions | None = None) -> NDArray[np.int64]:
    """For each letter of ``reference``, the index in ``hypothesis`` of the same letter said there, or -1.

    The indices that are not -1 increase strictly, and both letters of a pair are equal.
    """
    options = options or MatchOptions()
    ref, hyp = _code_points(reference), _code_points(hypothesis)
    seeded, gaps = _seeded(ref, hyp, options)
    pairs = np.concatenate([*seeded, *_aligned(gaps)])
    pairs = _trusted(pairs[np.argsort(pairs[:, 0], kind="stable")], options)
    matched = np.full(len(ref), -1, np.int64)
    matched[pairs[:, 0]] = pairs[:, 1]
    return matched


def _code_points(text: str) -> Letters:
    return np.frombuffer(text.encode("utf-32-le"), np.int32)


def _seeded(ref: Letters, hyp: Letters, options: MatchOptions) -> tuple[list[Pairs], list[_Gap]]:
    """Pairs of seeds, ever shorter ones in each gap that longer ones leave; and the gaps that are left at last."""
    pairs, gaps = [np.empty((0, 2), np.int64)], []
    open_gaps = [(_Gap(ref, hyp, 0, 0), options.seeds)]
    while open_gaps:
        gap, seeds = open_gaps.pop()
        if len(gap.ref) * len(gap.hyp) <= options.small_cells or not seeds:
            gaps += _parts(gap, options)
            continue
        found = seed_pairs(gap.ref, gap.hyp, *seeds[0])
        pairs.append(found + np.array([gap.i, gap.j]))
        edges = np.vstack([[[-1, -1]], found, [[len(gap.ref), len(gap.hyp)]]])
        for at in np.flatnonzero((np.diff(edges, axis=0) > 1).all(axis=1)):
            (i, j), (i_end, j_end) = edges[at] + 1, edges[at + 1]
            open_gaps.append((gap.part(i, i_end, j, j_end), seeds[1:]))
    return pairs, gaps


def _parts(gap: _Gap, options: MatchOptions) -> list[_Gap]:
    """What of a gap is aligned letter by letter: all, or of passages too large for that the ends at matched text."""
    n, m = len(gap.ref), len(gap.hyp)
    if not n or not m:
        return []
    if n * m <= options.large_cells:
        return [gap]
    a, b = min(options.corner, n // 2), min(options.corner, m // 2)
    return [gap.part(0, a, 0, b), gap.part(n - a, n, m - b, m)]


def _aligned(gaps: Sequence[_Gap]) -> list[Pairs]:
    """The pairs of each gap."""
    found = align_letters([(gap.ref, gap.hyp) for gap in gaps])
    return [
        np.array(pairs, np.int64) + np.array([gap.i, gap.j]) for gap, pairs in zip(gaps, found, strict=True) if pairs
    ]


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
