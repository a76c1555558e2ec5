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

from aligner.locating.matching.sides import Costs, Side

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

Run = tuple[Side, Side]
Scores = Sequence[NDArray[np.float32]]


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


def _fill(runs: Sequence[Run]) -> Scores:
    """Best score of each prefix pair by the last step: both letters paired, or one of either side in a gap or a hole.

    Five arrays of shape (runs, n + 1, m + 1) for the longest runs; cells beyond a run's own say nothing.
    """
    reference, hypothesis = (_padded([run[side].letters for run in runs]) for side in (0, 1))
    across, along = (_padded([run[side].holes() for run in runs]).astype(np.float32) for side in (0, 1))
    n, m = reference.shape[1], hypothesis.shape[1]
    scores = [np.full((len(runs), n + 1, m + 1), _NEVER, np.float32) for _ in _STATES]
    paired, skip_ref, skip_hyp, hole_ref, hole_hyp = scores
    later = np.outer([min(LATER, LATER_MOST / max(1, len(run[1].letters))) for run in runs], np.arange(m))
    ramp = GAP_EXTEND * np.arange(m + 1, dtype=np.float32)
    leaps = _Leaps.of(runs)
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
            leaps.over_reference(scores, i)
        entered = np.maximum.reduce([scores[k][:, i] for k in _BEFORE_HOLE_HYP])
        opened = np.maximum.accumulate((entered - along)[:, :-1], axis=1) - along[:, 1:]
        hole_hyp[:, i, 1:] = opened - 2 * across[:, i : i + 1]
        leaps.over_hypothesis(entered, hole_hyp[:, i], i)
        entered = np.maximum(entered, hole_hyp[:, i]) - ramp
        skip_hyp[:, i, 1:] = np.maximum.accumulate(entered[:, :-1], axis=1) + ramp[:-1] + GAP_OPEN
    return scores


@dataclass(frozen=True, slots=True, eq=False)
class _Leaps:
    """The leaps of a batch: those of the reference as run, start and cost, by where they stop; those of the hypothesis
    as columns; and what these cost more at each place of the reference, shape (runs, n + 1)."""

    reference: dict[int, list[tuple[int, int, np.float32]]]
    run: NDArray[np.int64]
    start: NDArray[np.int64]
    stop: NDArray[np.int64]
    cost: Costs
    across: Costs
    within: Costs

    @classmethod
    def of(cls, runs: Sequence[Run]) -> _Leaps:
        by_stop: dict[int, list[tuple[int, int, np.float32]]] = {}
        for b, (reference, _) in enumerate(runs):
            for leap in reference.leaps():
                by_stop.setdefault(leap.stop, []).append((b, leap.start, np.float32(leap.cost)))
        rows = np.array([(b, *leap) for b, run in enumerate(runs) for leap in run[1].leaps()]).reshape(-1, 5)
        places = rows[:, :3].astype(np.int64)
        within = _padded([run[0].where_leapt() for run in runs]).astype(np.float32)
        run, start, stop = places.T
        cost, across = rows[:, 3:].astype(np.float32).T
        return cls(by_stop, run, start, stop, cost, across, within)

    def over_reference(self, scores: Scores, i: int) -> None:
        """Let holes in the reference that stop at ``i`` be leaps, where that is better."""
        for b, start, cost in self.reference.get(i, ()):
            before = np.maximum.reduce([score[b, start] for score in scores])
            np.maximum(scores[_HOLE_REF][b, i], before - cost, out=scores[_HOLE_REF][b, i])

    def over_hypothesis(self, entered: NDArray[np.float32], holes: NDArray[np.float32], i: int) -> None:
        """Let holes in the hypothesis be leaps, entered at ``i`` letters of the reference."""
        if len(self.run):
            reached = entered[self.run, self.start] - self.cost - self.across * self.within[self.run, i]
            np.maximum.at(holes, (self.run, self.stop), reached)


def _padded(rows: Sequence[NDArray[np.generic]]) -> NDArray[np.generic]:
    """One a row, filled up with what is no letter and costs nothing."""
    padded = np.zeros((len(rows), max(map(len, rows))), rows[0].dtype)
    for into, row in zip(padded, rows, strict=True):
        into[: len(row)] = row
    return padded


def _trace(reference: Side, hypothesis: Side, scores: Scores) -> list[tuple[int, int]]:
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
            i = _before_hole_ref(reference, hypothesis, scores, i, j)
            state = _best_of(scores, i, j)
        elif state == _HOLE_HYP:
            j = _before_hole_hyp(reference, hypothesis, scores, i, j)
            state = _BEFORE_HOLE_HYP[int(np.argmax([scores[k][i, j] for k in _BEFORE_HOLE_HYP]))]
        else:
            i, j = (i - 1, j) if state == _SKIP_REF else (i, j - 1)
            if abs(scores[state][i, j] + GAP_EXTEND - here) > _ROUNDING:  # the gap was opened here, not extended
                state = _best_of(scores, i, j)
    return pairs[::-1]


def _before_hole_ref(reference: Side, hypothesis: Side, scores: Scores, i: int, j: int) -> int:
    """Where the hole in the reference starts that stops at ``i``."""
    best = np.maximum.reduce([score[:i, j] for score in scores])
    tears = reference.holes()
    before = best - (tears[:i] + LATER_REF * np.arange(1, i + 1, dtype=np.float32))
    score = float(before.max() - tears[i] - 2 * hypothesis.holes()[j])
    leaps = [(float(best[leap.start]) - leap.cost, leap.start) for leap in reference.leaps() if leap.stop == i]
    return max([(score, i - 1 - int(before[::-1].argmax())), *leaps])[1]


def _before_hole_hyp(reference: Side, hypothesis: Side, scores: Scores, i: int, j: int) -> int:
    """Where the hole in the hypothesis starts that stops at ``j``."""
    best = np.maximum.reduce([scores[k][i, :j] for k in _BEFORE_HOLE_HYP])
    tears = hypothesis.holes()
    before = best - tears[:j]
    score = float(before.max() - tears[j] - 2 * reference.holes()[i])
    within = float(reference.where_leapt()[i])
    leaps = [
        (float(best[leap.start]) - leap.cost - leap.across * within, leap.start)
        for leap in hypothesis.leaps()
        if leap.stop == j
    ]
    return max([(score, j - 1 - int(before[::-1].argmax())), *leaps])[1]


def _best_of(scores: Scores, i: int, j: int) -> int:
    """The last step of the best path to a cell."""
    last = [float(score[i, j]) for score in scores]
    return last.index(max(last))
