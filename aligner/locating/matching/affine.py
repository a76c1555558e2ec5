"""Global alignment of runs of letters, with gaps that cost by their length and holes that cost by their edges.

A gap is a letter or some that were misheard. A hole is a passage that one side lacks, and may be of any length; what it
costs depends on where it begins and ends, since people leave out sentences sooner than halves of words.

Gotoh, "An improved algorithm for matching biological sequences", J. Mol. Biol. 162 (1982). Rows are vectorised, of many
alignments at a time; gaps and holes that run along a row are running maxima.

Conventions
-----------
- Ranges are half-open. A *shift* is by how many places a second copy is after the first.
- A *hole* is such a passage. Costs are in letters that it must gain. A *leap* is a hole that is one or more copies
  whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aligner.spans import runs

Letters = NDArray[np.int32]
Costs = NDArray[np.float32]

_MATCH, _MISMATCH, _GAP = np.float32(1.0), np.float32(-1.1), np.float32(-1.1)
_LEAST = 4.5  # what two copies must score together
_SHIFTS = 400  # letters of a copy with what is before the next, at most: 30 s
_BETWEEN = 12  # letters between two copies, at most: a hesitation; and as many at an edge that are misheard,
_MISHEARD = 16  # ... and one of so many of a copy
_PART = 0.3  # of a copy may be missing, of more than two
_MOST = 20  # copies in a chunk, of worst inputs
_CHUNK, _OVERLAP = 3000, 1000  # letters that are looked at as one, and that two of these share
_BATCH = 2  # chunks at a time

_LONGEST_WORDS = 120  # of a copy, 30 s of fast speech


@dataclass(frozen=True, slots=True)
class Copies:
    """Copies that follow each other: where each begins, and where the last one ends; ``slack`` is by how many places
    these may be wrong."""

    edges: tuple[int, ...]
    slack: int = 0

    def moved(self, places: int) -> Copies:
        return Copies(tuple(edge + places for edge in self.edges), self.slack)

    @property
    def start(self) -> int:
        return self.edges[0]

    @property
    def stop(self) -> int:
        return self.edges[-1]

    @property
    def shift(self) -> int:
        return self.edges[1] - self.edges[0]


def copied_words(words: NDArray[np.int64], breaks: NDArray[np.int64]) -> list[Copies]:
    """Runs of ``words``, numbered by their letters, that come again at once, twice or more.

    ``breaks`` tell how much ends with each word: of the places where such a run may be said to begin, it is the one
    after the most.
    """
    found: list[Copies] = []
    before = np.append(2, breaks)  # what ends before each word
    run = np.full(len(words), -1)  # the shortest that each word is in, by its place in ``found``
    for shift in range(1, min(_LONGEST_WORDS, len(words) // 2) + 1):
        for alike in runs(words[:-shift] == words[shift:]):
            start, stop = alike.start, alike.stop + shift
            count, turns = divmod(stop - start, shift)
            if count < 2 or 0 <= run[start] == run[stop - 1]:
                continue
            inside = run[start:stop]
            inside[inside < 0] = len(found)
            first = start + int(before[start : start + turns + 1].argmax())
            found.append(Copies(tuple(range(first, first + count * shift + 1, shift))))
    return found


def copied_letters(letters: Letters) -> list[Copies]:
    """Stretches of misheard letters that come again at once or after a hesitation, twice or more.

    Smith and Waterman, "Identification of common molecular subsequences", J. Mol. Biol. 147 (1981), of a sequence with
    itself, above the diagonal. Time is O(n), since copies are near each other.
    """
    firsts = range(0, max(1, len(letters) - _OVERLAP), _CHUNK - _OVERLAP)
    found: list[Copies] = []
    for low in range(0, len(firsts), _BATCH):
        chunks = [letters[first : first + _CHUNK] for first in firsts[low : low + _BATCH]]
        scores = _scores(chunks)
        for b, chunk in enumerate(chunks):
            first = firsts[low + b]
            for one in _runs(chunk, scores[:, b]):
                moved = one.moved(first)
                whole = one.start < _CHUNK - _OVERLAP or first == firsts[-1]
                if whole and (not found or found[-1].stop <= moved.start):
                    found.append(moved)
    return found


def _runs(letters: Letters, scores: Costs) -> list[Copies]:
    """The copies in a chunk, in order; where two overlap, the likest."""
    ends = _at_pairs(letters, scores)
    found: list[Copies] = []
    for _ in range(_MOST):
        stop, shift = divmod(int(ends.argmax()), ends.shape[1])
        if ends[stop, shift] < _LEAST:
            break
        start, before = _traced(letters, scores, stop, shift)
        ends[start + 1 : stop + 1] = 0
        length = stop - start
        ends[stop : stop + length, max(0, shift - length) : shift + length] = 0  # it goes on after its end
        count = max(2, int((stop + shift - start) / before + _PART))
        most = _BETWEEN + before // _MISHEARD
        one = Copies((*(start + k * before for k in range(count)), stop + shift), min(most, before // 2))
        if before - length <= 2 * most - _BETWEEN and not any(one.start < o.stop and o.start < one.stop for o in found):
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def _at_pairs(letters: Letters, scores: Costs) -> Costs:
    """The scores of alignments that end with equal letters, 0 elsewhere."""
    padded = np.concatenate([letters, np.full(scores.shape[1], -1, np.int32)])
    later = np.lib.stride_tricks.sliding_window_view(padded, scores.shape[1])[: len(letters)]
    ends = np.zeros_like(scores)
    ends[1 : len(letters) + 1] = np.where(later == letters[:, None], scores[1 : len(letters) + 1], 0)
    return ends


def _scores(chunks: Sequence[Letters]) -> Costs:
    """The best score of an alignment of a chunk with itself that ends with its letters ``i - 1`` and ``i - 1 + shift``,
    shape (n + 1, chunks, shifts)."""
    n = max(map(len, chunks))
    reach = min(_SHIFTS, max(1, n))
    padded = np.full((len(chunks), n + reach + 1), -1, np.int32)
    for into, chunk in zip(padded, chunks, strict=True):
        into[: len(chunk)] = chunk
    scores = np.zeros((n + 1, len(chunks), reach + 2), np.float32)
    ramp = -_GAP * np.arange(reach + 1, dtype=np.float32)
    for i in range(n):
        later = slice(i + 1, i + reach + 1)
        alike = np.where(padded[:, later] == padded[:, i : i + 1], _MATCH, _MISMATCH)
        row = scores[i + 1, :, :-1]
        np.maximum(scores[i, :, 1:-1] + alike, scores[i, :, 2:] + _GAP, out=row[:, 1:])
        np.maximum(row, 0, out=row)
        np.subtract(np.maximum.accumulate(row + ramp, axis=1), ramp, out=row)
    return scores


def _traced(letters: Letters, scores: Costs, row: int, shift: int) -> tuple[int, int]:
    """Where the alignment that ends there begins, and with which shift."""
    while scores[row, shift] > 0:
        alike = _MATCH if letters[row - 1] == letters[row - 1 + shift] else _MISMATCH
        ways = (scores[row - 1, shift] + alike, scores[row - 1, shift + 1] + _GAP, scores[row, shift - 1] + _GAP)
        way = int(np.argmax(ways))
        row, shift = (row - 1, shift) if way == 0 else (row - 1, shift + 1) if way == 1 else (row, shift - 1)
    return row, shift


# People say and write again whole passages, wherever in a sentence these begin: a leap costs less than another hole
# there, and a hole that tears a copy more than chance may gain by taking of each copy what is heard best.
_LEAP, _TORN = 1.0, 14.0
_BESIDE = 4.0  # more for another hole where uncertain copies meet, and
_AWAY = 0.15  # for each letter that an edge of a hole is away from there
_BETWEEN_WORDS = np.float32(4.0)  # the most that an edge between words costs,
_ENDED = 1.0  # and one where a sentence ends
# Copies differ by what of each is misheard, the longer the more. So what the text tells must count for more: so many
# times, for each letter of a copy and at most; and more for a later copy, which leads on where the sentence goes on.
_ACROSS, _MOST_ACROSS, _LATER = 0.08, 3.0, 1.4


class Leap(NamedTuple):
    """A hole ``[start, stop)`` that is as long as copies are; what it costs, and ``across`` how many times the other
    side's ``where_leapt`` besides, where the hypothesis is leapt over."""

    start: int
    stop: int
    cost: float
    across: float


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """The letters of one side, what an edge of a hole costs before each of them and after the last, and what stands
    there twice or more in a row."""

    letters: Letters
    tears: Costs
    copies: tuple[Copies, ...] = ()

    def cut(self, start: int, stop: int) -> Side:
        inside = (one for one in self.copies if start <= one.start and one.stop <= stop)
        return Side(self.letters[start:stop], self.tears[start : stop + 1], tuple(one.moved(-start) for one in inside))

    def holes(self) -> Costs:
        """What an edge of a hole that is no leap costs: none that tears copies is cheap, nor one where uncertain copies
        meet, for that is where leaps are."""
        tears = self.tears.copy()
        for one in self.copies:
            inside = tears[one.start : one.stop + 1]
            beside = _BESIDE if one.slack else 0.0
            meet = np.array([one.start, one.stop] if one.slack else one.edges)
            away = np.abs(np.arange(one.start, one.start + len(inside))[:, None] - meet).min(axis=1)
            inside[:] = np.where(away > one.slack, np.maximum(inside, _TORN), inside + beside + _AWAY * away)
        return tears

    def where_leapt(self) -> Costs:
        """What a leap of the other side costs more at each place of this one: little where a sentence has ended, which
        is whole then, much within a word or a copy."""
        tears = self.holes()
        tears = np.where(tears > _ENDED, np.maximum(tears, _BETWEEN_WORDS), tears)
        more: Costs = tears + 4 * np.maximum(tears - _BETWEEN_WORDS, 0)
        return more

    def leaps(self) -> Iterator[Leap]:
        """Leaps from the first copy to any other, and from each one to the next."""
        for one in self.copies:
            last = len(one.edges) - 1
            across = min(_ACROSS * one.shift, _MOST_ACROSS)
            spans = [(0, to) for to in range(1, last)] + [(k, k + 1) for k in range(1, last)]
            for first, to in spans:
                for off in range(-one.slack, one.slack + 1):
                    start, stop = one.edges[first] + off, one.edges[to] + off
                    if start >= 0 and stop < len(self.tears):
                        edges = float(self.tears[start] + self.tears[stop])
                        edges += _AWAY * (2 * off if off > 0 else -off)  # what is late tears two copies
                        yield Leap(start, stop, _LEAP + edges, across * (_LATER if first and one.slack else 1.0))


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
RowScores = Sequence[NDArray[np.float32]]


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


def _fill(runs: Sequence[Run]) -> RowScores:
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

    def over_reference(self, scores: RowScores, i: int) -> None:
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


def _trace(reference: Side, hypothesis: Side, scores: RowScores) -> list[tuple[int, int]]:
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


def _before_hole_ref(reference: Side, hypothesis: Side, scores: RowScores, i: int, j: int) -> int:
    """Where the hole in the reference starts that stops at ``i``."""
    best = np.maximum.reduce([score[:i, j] for score in scores])
    tears = reference.holes()
    before = best - (tears[:i] + LATER_REF * np.arange(1, i + 1, dtype=np.float32))
    score = float(before.max() - tears[i] - 2 * hypothesis.holes()[j])
    leaps = [(float(best[leap.start]) - leap.cost, leap.start) for leap in reference.leaps() if leap.stop == i]
    return max([(score, i - 1 - int(before[::-1].argmax())), *leaps])[1]


def _before_hole_hyp(reference: Side, hypothesis: Side, scores: RowScores, i: int, j: int) -> int:
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


def _best_of(scores: RowScores, i: int, j: int) -> int:
    """The last step of the best path to a cell."""
    last = [float(score[i, j]) for score in scores]
    return last.index(max(last))
