"""Match two fingerprints, and describe each match as a straight line from times of the old audio to times of the new.

A fingerprint has 32 bits per *hop*, a short step of time. A *run* is a sequence of old hops that match new hops in the
same order. The search extends seeds, as BLAST does. A *seed* is a pair of hops with at most one wrong bit and similar
neighbours, which is extended in both directions while the score grows. Where runs overlap, the audio is assigned to the
best run. So a jingle that occurs twice stays with the audio around it, and a passage that was moved is found in its new
place.

``k`` counts hops of the old audio, ``i`` hops of the new audio, which are ``FINER`` times shorter; positions are
fractional hops. ``pace`` is the number of new hops per old hop; it equals ``FINER`` if the speed is unchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from media.fingerprint import FINE_MS, HOP_MS, Fingerprint

FINER = HOP_MS // FINE_MS
BITS = 32

_BATCH = 1 << 10  # new hops looked up together: with their neighbours 150 MB at most
_FLIPS = np.append(0, 1 << np.arange(BITS)).astype(np.uint32)  # a seed may have one wrong bit
_MOST_EQUAL = 8  # old hops with the same bits; more are hum or a tone, and carry no information
_NEIGHBOURS = 8  # hops on either side of a seed that must agree with it: half a second
_LEAST_COMPARED = 8  # of these, with sound in both recordings
_MOST_WRONG = 0.33  # share of wrong bits; in unrelated audio it is 0.5, with a deviation of 0.03 over a second

_PAIR = 2000 // FINE_MS, 8000 // FINE_MS  # new hops between two seeds from which a pace is estimated
_MOST_OFF, _SAME_PACE = 0.1, 0.002  # deviation from the expected pace, and between paces that agree

_GAIN = 0.3  # the score of a hop is this minus the share of its wrong bits
_ONE_SIDED = -0.1  # score of a hop with sound in one recording only
_MOST_LOST = 3.0  # a run ends where its score drops by more than this: a second of other audio
_LEAST_GAIN, _LEAST_MOVED = 2.5, 4.0  # of a run in order: 9 equal hops, 0.6 s; of a passage that was moved
_JUMP = 2.0  # what a run must add to follow another one in a chain
_MOST_CHAINED = 1000  # runs
_STEP = 128  # hops by which a run is extended at a time
_DRIFT = 2  # new hops by which a run may leave its pace in one step
_NOTICEABLE = 0.01  # by which the share of wrong bits must drop to accept a drift
_NEAR = 4  # new hops within which a seed belongs to a run

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Consecutive hops of the old audio that match the new audio. Hop ``first + n`` matches the new audio at
    ``positions[n]``, in fractional hops, with the score ``gains[n]``."""

    first: int
    positions: Floats
    gains: Floats

    @property
    def last(self) -> int:
        """The index of the hop after the last hop of the run."""
        return self.first + len(self.positions)

    @property
    def gain(self) -> float:
        """The sum of the scores of all hops."""
        return float(self.gains.sum())

    def part(self, first: int, last: int) -> Run:
        """Return the part of the run from old hop ``first`` up to but excluding ``last``."""
        shared = slice(max(0, first - self.first), max(0, last - self.first))
        return Run(max(first, self.first), self.positions[shared], self.gains[shared])


def wrong_bits(old: Fingerprint, new: Fingerprint, k: Ints, i: Ints) -> tuple[NDArray[np.uint8], NDArray[np.int8]]:
    """Compare each old hop ``k[n]`` with the new hop ``i[n]``. Return how many bits of each such pair differ, and how
    many hops of the pair (0 to 2) have sound. Hops beyond the end of a recording count as silent."""
    within_old, within_new = (k >= 0) & (k < len(old.bits)), (i >= 0) & (i < len(new.bits))
    k, i = np.where(within_old, k, 0), np.where(within_new, i, 0)
    wrong = np.bitwise_count(old.bits[k] ^ new.bits[i])
    return wrong, (old.is_informative[k] & within_old).astype(np.int8) + (new.is_informative[i] & within_new)


def _wrong_shares(old: Fingerprint, new: Fingerprint, k: Ints, i: Ints) -> tuple[Floats, Ints]:
    wrong, sides = wrong_bits(old, new, k, i)
    compared = (sides == 2).sum(axis=1)
    return (wrong * (sides == 2)).sum(axis=1) / (BITS * np.maximum(compared, 1)), compared


def seeds(old: Fingerprint, new: Fingerprint) -> tuple[Ints, Ints]:
    """Return pairs of old and new hops with at most one wrong bit and similar neighbours, as two arrays in order of the
    new audio.

    Fewer pairs are found if the speed of the new audio is different.
    """
    known = np.flatnonzero(old.is_informative)
    known = known[np.argsort(old.bits[known], kind="stable")]
    values, wanted = old.bits[known], np.flatnonzero(new.is_informative)
    around = np.arange(-_NEIGHBOURS, _NEIGHBOURS + 1)
    found_k, found_i = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for at in range(0, len(wanted), _BATCH):
        batch = np.repeat(wanted[at : at + _BATCH], len(_FLIPS))
        sought = (new.bits[wanted[at : at + _BATCH], None] ^ _FLIPS).ravel()
        low = np.searchsorted(values, sought, "left")
        counts = np.searchsorted(values, sought, "right") - low
        counts[counts > _MOST_EQUAL] = 0
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        k, i = known[np.repeat(low, counts) + within], np.repeat(batch, counts)
        share, compared = _wrong_shares(old, new, k[:, None] + around, i[:, None] + around * FINER)
        similar = (compared >= _LEAST_COMPARED) & (share < _MOST_WRONG)
        found_k.append(k[similar])
        found_i.append(i[similar])
    return np.concatenate(found_k), np.concatenate(found_i)


def _pace_of(k: Ints, i: Ints, likely: float) -> float:
    """Estimate the pace (new hops per old hop) from seeds: old hop ``k[n]`` equals new hop ``i[n]``. Two seeds that are
    2 to 8 seconds apart give an estimate; between seeds further apart, there may be a cut. Return the value on which
    most estimates agree, or the ``likely`` one if there are too few."""
    slopes = []
    for apart in (1, 2, 4, 8, 16, 32, 64, 128):
        across, along = i[apart:] - i[:-apart], (k[apart:] - k[:-apart]) * FINER
        far = (along >= _PAIR[0]) & (along <= _PAIR[1]) & (np.abs(across - along) < _MOST_OFF * along)
        slopes.append(across[far] / along[far])
    found = np.sort(np.concatenate(slopes))
    if len(found) < _LEAST_COMPARED:
        return likely
    counts = np.searchsorted(found, found + _SAME_PACE, "right") - np.arange(len(found))
    best = int(np.argmax(counts))
    return FINER * float(np.median(found[best : best + counts[best]]))


def matched_runs(old: Fingerprint, new: Fingerprint, likely: float) -> tuple[float, list[Run]]:
    """Extend each seed to a run. Return the pace of the new audio as a share of the usual one, and the runs, which do
    not overlap, in order of the new audio. ``likely`` is the pace if too few seeds are found to tell."""
    k, i = seeds(old, new)
    is_equal = old.bits[k] == new.bits[i]
    pace = _pace_of(k[is_equal], i[is_equal], likely)
    _, diagonals = np.unique(np.rint(i - k * pace), return_inverse=True)
    counts = np.bincount(diagonals, is_equal)
    # Indices of seeds: first those without a wrong bit, of the fullest diagonals first.
    left = np.lexsort((k, diagonals, -counts[diagonals], ~is_equal))
    found: list[Run] = []
    while len(left):
        seed, left = left[0], left[1:]
        run = _run_through(old, new, int(k[seed]), int(i[seed]), pace)
        if run.gain >= _LEAST_GAIN:
            found.append(run)
            at = np.clip(k[left] - run.first, 0, len(run.positions) - 1)
            left = left[(run.first + at != k[left]) | (np.abs(run.positions[at] - i[left]) > _NEAR)]
    return pace / FINER, _without_overlaps(sorted(found, key=lambda run: -run.gain))


def _run_through(old: Fingerprint, new: Fingerprint, k: int, i: int, pace: float) -> Run:
    later, gains = _extended(old, new, k, i, pace, 1)
    earlier, gains_before = _extended(old, new, k - 1, i - pace, pace, -1)
    return Run(k - len(earlier), np.concatenate([earlier[::-1], later]), np.concatenate([gains_before[::-1], gains]))


def _extended(old: Fingerprint, new: Fingerprint, k: int, i: float, pace: float, way: int) -> tuple[Floats, Floats]:
    """Extend a run from hop ``k``, at position ``i`` of the new audio, forwards (``way`` is 1) or backwards (-1).

    Return the positions and scores of the added hops, up to the hop at which the total score is highest.
    """
    positions, gains = [np.zeros(0)], [np.zeros(0)]
    total, best, length, best_length = 0.0, 0.0, 0, 0
    while 0 <= k < len(old.bits) and -1 < i < len(new.bits):
        hops = k + way * np.arange(min(_STEP, k + 1 if way < 0 else len(old.bits) - k))
        steps: Floats = i + (hops - k).astype(np.float64) * pace
        gained, off = _followed(old, new, hops, steps)
        # The drift is spread over the step, since audio at another speed leaves its pace little by little.
        steps = steps + off * np.minimum(1, (np.arange(len(hops)) + 1) / _STEP)
        positions.append(steps)
        gains.append(gained)
        sums = total + np.cumsum(gained)
        lost = np.maximum.accumulate(np.maximum(sums, best)) - sums > _MOST_LOST
        stop = int(np.argmax(lost)) if lost.any() else len(sums)
        if stop and sums[:stop].max() > best:
            best, best_length = float(sums[:stop].max()), length + int(np.argmax(sums[:stop])) + 1
        if stop < len(sums):
            break
        total, length = float(sums[-1]), length + len(hops)
        k, i = int(hops[-1]) + way, float(steps[-1]) + way * pace
    return np.concatenate(positions)[:best_length], np.concatenate(gains)[:best_length]


def _followed(old: Fingerprint, new: Fingerprint, hops: Ints, steps: Floats) -> tuple[Floats, int]:
    """Score each of the old ``hops`` by its match with the new hop at the expected position in ``steps``. If a slightly
    higher or lower pace fits clearly better, that pace is used. Return the scores, and the change of pace: the number
    of new hops added per ``_STEP`` old hops (-2 to 2; 0 for the expected pace)."""
    shares, gained = {}, {}
    for off in sorted(range(-_DRIFT, _DRIFT + 1), key=abs):
        spread = off * (np.arange(len(hops)) + 1) / _STEP
        wrong, sides = wrong_bits(old, new, hops, np.rint(steps + spread).astype(np.int64))
        gained[off] = np.where(sides == 2, _GAIN - wrong / BITS, np.where(sides == 1, _ONE_SIDED, 0.0))
        shares[off] = (wrong[sides == 2] / BITS).mean() if (sides == 2).any() else 0.0
    best = min(shares, key=lambda off: shares[off])
    off = best if shares[best] < shares[0] - _NOTICEABLE else 0
    return gained[off], off


def _without_overlaps(found: list[Run]) -> list[Run]:
    """Return runs that do not overlap in the old or the new audio, in order of the new audio.

    Audio is assigned first to the best chain: runs in the same order in both recordings, so that repeated audio is
    matched in order. Other runs are passages that were moved; they are cut down to the remaining audio, and omitted if
    this audio also matches elsewhere, as a jingle does. In ``found``, the best run is first.
    """
    chain = _chain(found[:_MOST_CHAINED])
    taken: list[Run] = []
    for run in [*(found[k] for k in sorted(chain)), *(run for k, run in enumerate(found) if k not in chain)]:
        free = np.ones(len(run.positions), bool)
        for other in taken:
            free[max(0, other.first - run.first) : max(0, other.last - run.first)] = False
            free[(run.positions > other.positions[0] - FINER) & (run.positions < other.positions[-1] + FINER)] = False
        edges = np.flatnonzero(np.diff(np.concatenate([[False], free, [False]]).astype(np.int8)))
        parts = [run.part(run.first + int(a), run.first + int(b)) for a, b in edges.reshape(-1, 2)]
        taken += [part for part in parts if part.gain >= _LEAST_GAIN]
    taken.sort(key=lambda run: run.positions[0])
    ordered = _chain(taken)
    return [
        run
        for index, run in enumerate(taken)
        if index in ordered or (run.gain >= _LEAST_MOVED and not _is_elsewhere(run, found))
    ]


def _chain(found: list[Run]) -> set[int]:
    """Return the indices of the best chain: runs in the same order in both recordings, with the highest total score.
    Audio that a run shares with the run before it adds no score."""
    order = sorted(range(len(found)), key=lambda k: found[k].first)
    best: dict[int, tuple[float, int]] = {}
    for at, later in enumerate(order):
        run = found[later]
        rest = np.concatenate([np.cumsum(run.gains[::-1])[::-1], [0.0]])  # the score from each hop on
        best[later] = float(rest[0]), -1
        for earlier in order[:at]:
            other = found[earlier]
            is_before = other.positions[0] < run.positions[0] and other.positions[-1] < run.positions[-1]
            if other.last < run.last and is_before:
                shared = max(other.last - run.first, int(np.searchsorted(run.positions, other.positions[-1] + 1)), 0)
                gain = best[earlier][0] + float(rest[min(shared, len(run.positions))]) - _JUMP
                best[later] = max(best[later], (gain, earlier))
    at = max(best, key=lambda k: best[k][0], default=-1)
    chain = set()
    while at >= 0:
        chain.add(at)
        at = best[at][1]
    return chain


def _is_elsewhere(run: Run, found: list[Run]) -> bool:
    """Return whether more than half of a run's old or new audio also matches elsewhere, in another run of ``found``."""
    extent = run.positions[-1] - run.positions[0]
    for other in found:
        both = range(max(run.first, other.first), min(run.last, other.last))
        at = len(both) // 2 + both.start
        aside = len(both) and abs(run.positions[at - run.first] - other.positions[at - other.first]) > _NEAR * FINER
        new = min(run.positions[-1], other.positions[-1]) - max(run.positions[0], other.positions[0])
        if (aside and len(both) > len(run.positions) / 2) or ((aside or not len(both)) and new > extent / 2):
            return True
    return False


_WINDOW = 64  # hops that give one point of a line: 4 s
_REACH = 3  # new hops on either side of a run's position that are tried
_LEAST_IN_WINDOW = 8  # hops with sound in both recordings

_ROUNDS, _STRAY, _LEAST_STRAY = 4, 3.0, 0.15  # a point is dropped if it is this many median errors, and 1.2 ms, off
_LONG = 1000  # hops, 64 s: a run long enough to determine its own pace
_SURE = 4.0  # standard errors by which a pace must differ from ``FINER``
_SHIFT = 0.25  # new hops, 2 ms, by which it must move the run's ends

# A hop's bits depend on its frame and on the hop before. So near a cut they become wrong, or right again, gradually:
# over these hops around the cut, as measured at 60 cuts of recordings.
_FAILING, _RETURNING = (-1.1, 1.3), (-0.6, 1.6)
_EDGE_REACH, _EDGE_STEPS = 3, 16  # hops by which an edge may be off, and steps per hop that are tried
_SAME_CUT = 2.0  # hops: edges no further apart are one cut
_MOST_ROOM = 32.0  # hops, 2 s, between two lines that meet
_LIKE, _UNLIKE = 0.4, -0.05  # the score of a hop is the first minus its wrong bits; on average other audio has less
_TO_THE_END = 16.0  # hops, 1 s, at the start and end of a recording that a run is assumed to cover


@dataclass(frozen=True, slots=True)
class Line:
    """A linear mapping: hop ``k`` of the old audio, between ``first`` and ``last``, lies at the position ``start + k *
    pace`` of the new audio."""

    first: float
    last: float
    start: float
    pace: float

    def at(self, k: float) -> float:
        """Return the position in the new audio of hop ``k`` of the old audio."""
        return self.start + k * self.pace

    def back(self, i: float) -> float:
        """Return the hop of the old audio at position ``i`` of the new audio."""
        return (i - self.start) / self.pace


def lines(old: Fingerprint, new: Fingerprint, runs: Sequence[Run]) -> list[Line]:
    """Return a line, which maps old to new times, for each run, in order of the new audio. Lines do not overlap."""
    fits = [_fit(old, new, run) for run in runs]
    paces = [
        pace for (_, pace, sure), run in zip(fits, runs, strict=True) if sure for _ in range(len(run.positions) // 100)
    ]
    common = float(np.median(paces)) if paces else None
    found = []
    for run, (points, pace, sure) in zip(runs, fits, strict=True):
        if not len(points):
            continue
        if not sure and common is not None:
            pace = common
        start = float(np.median(points[:, 1] - points[:, 0] * pace))
        found.append(_with_own_edges(old, new, run, Line(run.first, run.last, start, pace)))
    return _with_edges(old, new, found)


def _fit(old: Fingerprint, new: Fingerprint, run: Run) -> tuple[Floats, float, bool]:
    """Return three values: an array (n, 2) of a run's old hops and their new positions, the run's pace, and whether
    the run is long enough to determine the pace."""
    points, length = _points(old, new, run), len(run.positions)
    slope = FINER if length < 2 else float((run.positions[-1] - run.positions[0]) / (length - 1))
    if len(points) < 3:
        return points, _rounded(slope, 0.0, length), False
    error = 0.0
    for _ in range(_ROUNDS):
        slope, start = np.polyfit(points[:, 0], points[:, 1], 1)
        off = np.abs(points[:, 1] - start - slope * points[:, 0])
        near = off <= max(_STRAY * float(np.median(off)), _LEAST_STRAY)
        spread = float(points[near, 0].std()) * near.sum() ** 0.5
        error = float(off[near].std()) / spread if spread else 0.0
        if near.all() or near.sum() < 3:
            break
        points = points[near]
    return points, _rounded(float(slope), error, length), length >= _LONG


def _rounded(pace: float, error: float, length: int) -> float:
    off = abs(pace - FINER)
    return pace if off > _SURE * error and off * length > _SHIFT else FINER


def _points(old: Fingerprint, new: Fingerprint, run: Run) -> Floats:
    """Divide a run into windows; return two numbers for each, as an array (n, 2): the middle hop, and the position in
    the new audio where the window fits best, interpolated between new hops."""
    offs = np.arange(-_REACH, _REACH + 1)
    points = []
    count = max(1, len(run.positions) // _WINDOW)
    for here in np.array_split(np.arange(len(run.positions)), count):
        k, positions = run.first + here, run.positions[here]
        tried = np.rint(positions + offs[:, None]).astype(np.int64)
        shares, compared = _wrong_shares(old, new, np.tile(k, (len(offs), 1)), tried)
        if compared.min() < min(_LEAST_IN_WINDOW, len(here)) or not compared.min():
            continue
        best = int(np.clip(np.argmin(shares), 1, len(offs) - 2))
        left, middle, right = shares[best - 1 : best + 2]
        deep = max(left, right) - middle
        shift = float(np.clip((left - right) / (2 * deep), -1, 1)) if deep > 0 else 0.0
        points.append((k.mean(), positions.mean() + offs[best] + shift))
    return np.array(points).reshape(-1, 2)


def _with_own_edges(old: Fingerprint, new: Fingerprint, run: Run, line: Line) -> Line:
    """Return ``line`` with its ends moved to the hops, near the ends of ``run``, at which the two recordings begin and
    cease to be similar."""
    positive = run.gains[run.gains > 0]
    wrong_inside = float(np.clip(_GAIN - positive.mean(), 0, _GAIN)) if len(positive) else 0.0

    def edge(around: int, ramp: tuple[float, float], way: int) -> float:
        k = np.arange(around - 2 * _EDGE_REACH, around + 2 * _EDGE_REACH + 1)
        wrong, sides = wrong_bits(old, new, k, np.rint(line.start + k * line.pace).astype(np.int64))
        if (sides[(k - around) * way >= 0][::way][: _EDGE_REACH + 1] == 0).any():
            return float(around)  # silence follows, which ``_met`` and ``_reaches`` handle
        k, shares = k[sides == 2], wrong[sides == 2] / BITS
        cuts = around + np.arange(-_EDGE_REACH * _EDGE_STEPS, _EDGE_REACH * _EDGE_STEPS + 1) / _EDGE_STEPS
        ramps = np.clip((k - cuts[:, None] - ramp[0]) / (ramp[1] - ramp[0]), 0, 1)
        expected = wrong_inside + (0.5 - wrong_inside) * (ramps if way > 0 else 1 - ramps)
        return float(cuts[np.argmin(((shares - expected) ** 2).sum(axis=1))])

    first, last = edge(run.first, _RETURNING, -1), edge(run.last - 1, _FAILING, 1)
    return replace(line, first=first, last=max(last, first + 1))


def _with_edges(old: Fingerprint, new: Fingerprint, found: list[Line]) -> list[Line]:
    """Return the lines, extended to each other, over similar and silent hops and to the ends of the recordings. Where
    two lines overlap or nearly meet, at a cut, their edges are moved to one point in the middle."""
    last_old, last_new = old.duration / old.hop, new.duration / new.hop
    by_old = _met(old, new, sorted(found, key=lambda line: line.first))
    for index, line in enumerate(by_old):
        lowest, highest = max(0.0, line.back(0.0)), min(last_old, line.back(last_new))
        first = lowest if _reaches(old, new, line, lowest, line.first) else line.first
        last = highest if _reaches(old, new, line, line.last, highest) else line.last
        by_old[index] = replace(line, first=max(first, lowest), last=min(last, highest))
    for index in range(len(by_old) - 1):
        one, other = by_old[index : index + 2]
        if other.first - one.last < _SAME_CUT:
            cut = (one.last + other.first) / 2
            by_old[index : index + 2] = replace(one, last=cut), replace(other, first=cut)
    by_new = sorted(by_old, key=lambda line: line.at(line.first))
    for index in range(len(by_new) - 1):
        one, other = by_new[index : index + 2]
        gap = other.at(other.first) - one.at(one.last)
        is_cut_out = gap < _SAME_CUT * FINER and abs(other.first - one.last) > _SAME_CUT
        if gap < 0 or is_cut_out:
            cut = one.at(one.last) + gap / 2
            by_new[index : index + 2] = replace(one, last=one.back(cut)), replace(other, first=other.back(cut))
    return [line for line in by_new if line.last - line.first > 1]


def _reaches(old: Fingerprint, new: Fingerprint, line: Line, first: float, last: float) -> bool:
    """Return whether a line may be extended over the few hops that an end of a recording is away."""
    scores = _likeness(old, new, line, np.arange(np.ceil(first), last).astype(np.int64))
    return last - first < _TO_THE_END and scores.sum() >= _UNLIKE * len(scores)


def _met(old: Fingerprint, new: Fingerprint, by_old: list[Line]) -> list[Line]:
    """Return the lines with their ends moved to each other where little lies between them in one of the recordings,
    for audio is inserted or cut out more often than exchanged for as much. The hops between go to the line that they
    fit better."""
    found = list(by_old)
    order = {id(line): index for index, line in enumerate(sorted(by_old, key=lambda line: line.at(line.first)))}
    for index in range(len(found) - 1):
        one, other = found[index : index + 2]
        room = min(other.first - one.last, (other.at(other.first) - one.at(one.last)) / one.pace)
        if not _SAME_CUT < room < _MOST_ROOM or order[id(by_old[index + 1])] != order[id(by_old[index])] + 1:
            continue
        hops = np.arange(int(room))
        mine = _likeness(old, new, one, np.rint(one.last + hops).astype(np.int64))
        yours = _likeness(old, new, other, np.rint(other.first - 1 - hops).astype(np.int64))[::-1]
        totals = np.append(0.0, np.cumsum(mine)) + np.append(np.cumsum(yours[::-1])[::-1], 0.0)
        is_one_line = abs(other.at(other.first) - one.at(other.first)) < FINER
        if is_one_line or totals.max() > _UNLIKE * len(hops):
            mine_too = room * float(np.flatnonzero(totals == totals.max()).mean()) / len(hops)
            found[index] = replace(one, last=one.last + mine_too)
            found[index + 1] = replace(other, first=other.first - room + mine_too)
    return found


def _likeness(old: Fingerprint, new: Fingerprint, line: Line, k: Ints) -> Floats:
    """Score hops near the end of a line: above 0 if they rather belong to it. Unlike the score in a run this counts
    what is silent in both recordings, and quiet audio that a codec has changed."""
    wrong, sides = wrong_bits(old, new, k, np.rint(line.at(0.0) + k * line.pace).astype(np.int64))
    return np.where(sides == 2, _LIKE - wrong / BITS, np.where(sides == 1, _ONE_SIDED, -_ONE_SIDED))
