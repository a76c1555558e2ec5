"""Global alignment of runs of letters, with gaps that cost by their length and holes that cost by their edges.

A gap is a letter or some that were misheard. A hole is a passage that one side lacks, and may be of any length; what it
costs depends on where it begins and ends, since people leave out sentences sooner than halves of words.

Gotoh, "An improved algorithm for matching biological sequences", J. Mol. Biol. 162 (1982). Rows are vectorised, of many
alignments at a time; gaps and holes that run along a row are running maxima.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aligner.locating.matching.seeds import Letters

Costs = NDArray[np.float32]

MATCH, MISMATCH = 1.0, -0.9
GAP_OPEN, GAP_EXTEND = -1.1, -0.6

# Of two copies that are alike the last one in the hypothesis is taken, for it leads on: what a pair earns more for each
# letter of the hypothesis before it, and at most over a whole run; far less than a letter is worth. Of two in the
# reference too: what a hole in it costs more for each letter before it, which decides between equals alone.
LATER, LATER_MOST = 0.001, 0.25
LATER_REF = 0.005

_ROUNDING = 1e-3  # of 32-bit scores of a few thousand letters
_NEVER = np.float32(-1e9)
_BATCH_CELLS = 100_000  # more at a time leave the processor's cache
_STATES = _PAIR, _SKIP_REF, _SKIP_HYP, _HOLE_REF, _HOLE_HYP = range(5)
_BEFORE_HOLE_HYP = _PAIR, _SKIP_REF, _HOLE_REF


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """The letters of one side, and what an edge of a hole costs before each of them and after the last."""

    letters: Letters
    tears: Costs

    def cut(self, start: int, stop: int) -> Side:
        return Side(self.letters[start:stop], self.tears[start : stop + 1])


Run = tuple[Side, Side]


def align_letters(runs: Sequence[Run]) -> list[list[tuple[int, int]]]:
    """For each reference and hypothesis, the pairs ``(i, j)`` of equal letters on a best path through both, in order.

    Time and memory of each are O(n m).
    """
    found: list[list[tuple[int, int]]] = [[] for _ in runs]
    for batch in _batches(runs):
        scores = _fill([runs[k] for k in batch])
        for b, k in enumerate(batch):
            found[k] = _trace(*runs[k], [score[b] for score in scores])
    return found


def _batches(runs: Sequence[Run]) -> Iterator[list[int]]:
    """Indices of runs that are filled together: alike in size, and not too many cells in all."""
    batch: list[int] = []
    longest = 0
    sizes = [tuple(len(side.letters) for side in run) for run in runs]
    for k in sorted(range(len(runs)), key=lambda k: sizes[k][::-1]):
        n, m = sizes[k]
        longest = max(longest, n)
        if batch and (len(batch) + 1) * (longest + 1) * (m + 1) > _BATCH_CELLS:
            yield batch
            batch, longest = [], n
        batch.append(k)
    if batch:
        yield batch


def _fill(runs: Sequence[Run]) -> list[NDArray[np.float32]]:
    """Best score of each prefix pair by the last step: both letters paired, or one of either side in a gap or a hole.

    Five arrays of shape (runs, n + 1, m + 1) for the longest runs; cells beyond a run's own say nothing.
    """
    reference, hypothesis = (_padded([run[side].letters for run in runs]) for side in (0, 1))
    across, along = (_padded([run[side].tears for run in runs]).astype(np.float32) for side in (0, 1))
    n, m = reference.shape[1], hypothesis.shape[1]
    scores = [np.full((len(runs), n + 1, m + 1), _NEVER, np.float32) for _ in _STATES]
    paired, skip_ref, skip_hyp, hole_ref, hole_hyp = scores
    later = np.outer([min(LATER, LATER_MOST / max(1, len(run[1].letters))) for run in runs], np.arange(m))
    ramp = GAP_EXTEND * np.arange(m + 1, dtype=np.float32)
    paired[:, 0, 0] = 0
    torn = np.full((len(runs), m + 1), _NEVER, np.float32)
    for i in range(n + 1):
        if i:
            best = np.maximum.reduce([score[:, i - 1] for score in scores])
            # In 64 bits, so that ties are broken alike whatever else is in the batch.
            alike = np.where(hypothesis == reference[:, i - 1 : i], MATCH, MISMATCH)
            paired[:, i, 1:] = best[:, :-1] + (alike + later)
            skip_ref[:, i] = np.maximum(best + GAP_OPEN, skip_ref[:, i - 1] + GAP_EXTEND)
            np.maximum(torn, best - (across[:, i - 1 : i] + np.float32(LATER_REF * i)), out=torn)
            hole_ref[:, i] = torn - across[:, i : i + 1] - 2 * along
        entered = np.maximum.reduce([scores[k][:, i] for k in _BEFORE_HOLE_HYP])
        opened = np.maximum.accumulate((entered - along)[:, :-1], axis=1) - along[:, 1:]
        hole_hyp[:, i, 1:] = opened - 2 * across[:, i : i + 1]
        entered = np.maximum(entered, hole_hyp[:, i]) - ramp
        skip_hyp[:, i, 1:] = np.maximum.accumulate(entered[:, :-1], axis=1) + ramp[:-1] + GAP_OPEN
    return scores


def _padded(rows: Sequence[NDArray[np.generic]]) -> NDArray[np.generic]:
    """One a row, filled up with what is no letter and costs nothing."""
    padded = np.zeros((len(rows), max(map(len, rows))), rows[0].dtype)
    for into, row in zip(padded, rows, strict=True):
        into[: len(row)] = row
    return padded


def _trace(reference: Side, hypothesis: Side, scores: Sequence[NDArray[np.float32]]) -> list[tuple[int, int]]:
    """Walk back from the end; where paths tie, pairs come as late as they can."""
    i, j = len(reference.letters), len(hypothesis.letters)
    state = _best_of(scores, i, j)
    pairs = []
    while i or j:
        here = scores[state][i, j]
        if state == _PAIR:
            i, j = i - 1, j - 1
            if reference.letters[i] == hypothesis.letters[j]:
                pairs.append((i, j))
            state = _best_of(scores, i, j)
        elif state == _HOLE_REF:
            before = np.maximum.reduce([score[:i, j] for score in scores]) - (
                reference.tears[:i] + LATER_REF * np.arange(1, i + 1, dtype=np.float32)
            )
            i = i - 1 - int(before[::-1].argmax())
            state = _best_of(scores, i, j)
        elif state == _HOLE_HYP:
            entered = [scores[k][i, :j] for k in _BEFORE_HOLE_HYP]
            before = np.maximum.reduce(entered) - hypothesis.tears[:j]
            j = j - 1 - int(before[::-1].argmax())
            state = (_PAIR, _SKIP_REF, _HOLE_REF)[
                int(np.argmax([scores[k][i, j] for k in (_PAIR, _SKIP_REF, _HOLE_REF)]))
            ]
        else:
            i, j = (i - 1, j) if state == _SKIP_REF else (i, j - 1)
            if abs(scores[state][i, j] + GAP_EXTEND - here) > _ROUNDING:  # the gap was opened here, not extended
                state = _best_of(scores, i, j)
    return pairs[::-1]


def _best_of(scores: Sequence[NDArray[np.float32]], i: int, j: int) -> int:
    """The last step of the best path to a cell."""
    last = [float(score[i, j]) for score in scores]
    return last.index(max(last))
