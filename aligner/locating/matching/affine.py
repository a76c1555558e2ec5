"""Global alignment of short runs of letters with affine gaps: a long gap costs little more than a short one.

Gotoh, "An improved algorithm for matching biological sequences", J. Mol. Biol. 162 (1982). Rows are vectorised, of many
alignments at a time; the gap that runs along a row is a running maximum.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from aligner.locating.matching.seeds import Letters

MATCH, MISMATCH = 1.0, -0.9
GAP_OPEN, GAP_EXTEND = -1.1, -0.05  # opening dear, so that matches do not scatter along a gap; extending nearly free

_ROUNDING = 1e-3  # of 32-bit scores of a few thousand letters
_NEVER = np.float32(-1e9)
_BATCH_CELLS = 100_000  # more at a time leave the processor's cache
_PAIR, _SKIP_REF, _SKIP_HYP = 0, 1, 2


def align_letters(runs: Sequence[tuple[Letters, Letters]]) -> list[list[tuple[int, int]]]:
    """For each reference and hypothesis, the pairs ``(i, j)`` of equal letters on a best path through both, in order.

    Time and memory of each are O(n m).
    """
    found: list[list[tuple[int, int]]] = [[] for _ in runs]
    for batch in _batches(runs):
        scores = _fill([runs[k] for k in batch])
        for b, k in enumerate(batch):
            found[k] = _trace(*runs[k], (scores[_PAIR][b], scores[_SKIP_REF][b], scores[_SKIP_HYP][b]))
    return found


def _batches(runs: Sequence[tuple[Letters, Letters]]) -> Iterator[list[int]]:
    """Indices of runs that are filled together: alike in size, and not too many cells in all."""
    batch: list[int] = []
    longest = 0
    for k in sorted(range(len(runs)), key=lambda k: (len(runs[k][1]), len(runs[k][0]))):
        n, m = len(runs[k][0]), len(runs[k][1])
        longest = max(longest, n)
        if batch and (len(batch) + 1) * (longest + 1) * (m + 1) > _BATCH_CELLS:
            yield batch
            batch, longest = [], n
        batch.append(k)
    if batch:
        yield batch


def _fill(runs: Sequence[tuple[Letters, Letters]]) -> tuple[NDArray[np.float32], ...]:
    """Best score of each prefix pair by the last step: both letters paired, a reference or a hypothesis letter skipped.

    Three arrays of shape (runs, n + 1, m + 1) for the longest runs; cells beyond a run's own say nothing.
    """
    reference, hypothesis = (_padded([run[side] for run in runs]) for side in (0, 1))
    n, m = reference.shape[1], hypothesis.shape[1]
    paired, skip_ref, skip_hyp = (np.full((len(runs), n + 1, m + 1), _NEVER, np.float32) for _ in range(3))
    columns = np.arange(m + 1, dtype=np.float32)
    paired[:, 0, 0] = 0
    skip_hyp[:, 0, 1:] = GAP_OPEN + GAP_EXTEND * columns[:-1]
    ramp = GAP_EXTEND * columns
    for i in range(1, n + 1):
        best = np.maximum(np.maximum(paired[:, i - 1], skip_ref[:, i - 1]), skip_hyp[:, i - 1])
        # In 64 bits, so that ties are broken alike whatever else is in the batch.
        alike = np.where(hypothesis == reference[:, i - 1 : i], MATCH, MISMATCH)
        paired[:, i, 1:] = best[:, :-1] + alike
        skip_ref[:, i] = np.maximum(best + GAP_OPEN, skip_ref[:, i - 1] + GAP_EXTEND)
        open_from = np.maximum(paired[:, i], skip_ref[:, i]) - ramp
        skip_hyp[:, i, 1:] = np.maximum.accumulate(open_from[:, :-1], axis=1) + ramp[:-1] + GAP_OPEN
    return paired, skip_ref, skip_hyp


def _padded(letters: Sequence[Letters]) -> Letters:
    """One run a row, filled up with what is no letter."""
    rows = np.zeros((len(letters), max(map(len, letters))), np.int32)
    for row, run in zip(rows, letters, strict=True):
        row[: len(run)] = run
    return rows


def _trace(reference: Letters, hypothesis: Letters, scores: tuple[NDArray[np.float32], ...]) -> list[tuple[int, int]]:
    """Walk back from the end; where paths tie, pairs come as late as they can."""
    i, j = len(reference), len(hypothesis)
    state = _best_of(scores, i, j)
    pairs = []
    while i or j:
        here = scores[state][i, j]
        if state == _PAIR:
            i, j = i - 1, j - 1
            if reference[i] == hypothesis[j]:
                pairs.append((i, j))
            state = _best_of(scores, i, j)
            continue
        i, j = (i - 1, j) if state == _SKIP_REF else (i, j - 1)
        if abs(scores[state][i, j] + GAP_EXTEND - here) > _ROUNDING:  # the gap was opened here, not extended
            state = _best_of(scores, i, j)
    return pairs[::-1]


def _best_of(scores: tuple[NDArray[np.float32], ...], i: int, j: int) -> int:
    """The last step of the best path to a cell."""
    last = (scores[_PAIR][i, j], scores[_SKIP_REF][i, j], scores[_SKIP_HYP][i, j])
    return last.index(max(last))
