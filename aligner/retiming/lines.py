"""Runs of hops alike in two fingerprints, as straight lines: where each moment of the old audio is in the new.

A run is found as BLAST finds one: hops with equal bits are seeds, a seed that its surroundings bear out is extended to
both sides for as long as that gains, and the best runs take their sound before others may have it. So a jingle that
is heard twice stays in the passage around it, and a passage that was moved is found where it now is.

Where a run lies is told by hundreds of hops of which each is 128 ms of sound; where it ends, by two or three of them.

Conventions
-----------
- ``k`` counts hops of the old sound, ``i`` those of the new one, which are finer: ``FINER`` of them are one.
- ``pace`` is how many hops of the new sound pass in one of the old: ``FINER`` where both run alike.
- A place on a line is in hops too, and seldom a whole one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from media.fingerprint import FINE_MS, HOP_MS, Fingerprint

FINER = HOP_MS // FINE_MS
BITS = 32

_AT_A_TIME = 1 << 13  # hops of the new sound that are looked up together: with their surroundings some 50 MB at most
_MOST_ALIKE = 8  # hops of the old sound with the same bits: more are a hum or a tone, and tell nothing
_AROUND = 16  # hops on either side of a seed that bear it out: a second
_LEAST_TOLD_IN_RUN = 12  # of these, with sound on both sides
_BORNE_OUT = 0.33  # share of wrong bits; of other sound half are wrong, give or take 0.03 over two seconds

_PAIR = 2000 // FINE_MS, 8000 // FINE_MS  # hops of the new sound between two seeds that tell a pace
_MOST_OFF, _AGREEING = 0.1, 0.002  # how far it may be from the one that is expected, and paces that are the same

GAIN = 0.3  # a hop gains this, less the share of its bits that are wrong
_ONE_SIDED = -0.1  # gain of a hop that has sound on one side alone
_MOST_LOST = 3.0  # a run ends where it loses more than this: a second of other sound
LEAST_GAIN = 4.0  # of a run, as much as 20 hops that are alike, 1.3 s
_JUMP = 2.0  # what a run must gain to come after another one
_MOST_CHAINED = 1000  # runs
_LEAP = 128  # hops extended at a time
_DRIFT = 2  # hops of the new sound by which a run may go off its pace in one leap
_NOTICED = 0.01  # share of wrong bits by which it must be better there
_NEAR = 4  # hops of the new sound: a seed so near to a run is of it

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Hops ``first`` and on of the old sound, of each its ``places`` in the new one (not whole) and its ``gains``."""

    first: int
    places: Floats
    gains: Floats

    @property
    def last(self) -> int:
        """The hop after the last one."""
        return self.first + len(self.places)

    @property
    def gain(self) -> float:
        """How much speaks for it: the share of right bits above seven tenths, over its hops."""
        return float(self.gains.sum())

    def part(self, first: int, last: int) -> Run:
        """What of it lies in hops ``[first, last)``."""
        kept = slice(max(0, first - self.first), max(0, last - self.first))
        return Run(max(first, self.first), self.places[kept], self.gains[kept])


def wrong_bits(old: Fingerprint, new: Fingerprint, k: Ints, i: Ints) -> tuple[NDArray[np.uint8], NDArray[np.int8]]:
    """Of pairs of hops, how many bits differ, and on how many of the two sides there is sound that tells something; a
    hop beyond a sound's end is silent."""
    within_old, within_new = (k >= 0) & (k < len(old.bits)), (i >= 0) & (i < len(new.bits))
    k, i = np.where(within_old, k, 0), np.where(within_new, i, 0)
    wrong = np.bitwise_count(old.bits[k] ^ new.bits[i])
    return wrong, (old.tells[k] & within_old).astype(np.int8) + (new.tells[i] & within_new)


def seeds(old: Fingerprint, new: Fingerprint) -> tuple[Ints, Ints]:
    """Return hops of the old audio and the hops of the new one that are like them, and whose surroundings are, in order
    of the new audio; of one that runs at another pace fewer are found."""
    told = np.flatnonzero(old.tells)
    told = told[np.argsort(old.bits[told], kind="stable")]
    values, asked = old.bits[told], np.flatnonzero(new.tells)
    around = np.arange(-_AROUND, _AROUND + 1)
    found_k, found_i = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for at in range(0, len(asked), _AT_A_TIME):
        those = asked[at : at + _AT_A_TIME]
        low = np.searchsorted(values, new.bits[those], "left")
        counts = np.searchsorted(values, new.bits[those], "right") - low
        counts[counts > _MOST_ALIKE] = 0
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        k, i = told[np.repeat(low, counts) + within], np.repeat(those, counts)
        wrong, sides = wrong_bits(old, new, k[:, None] + around, i[:, None] + around * FINER)
        told_by = (sides == 2).sum(axis=1)
        share = (wrong * (sides == 2)).sum(axis=1) / (BITS * np.maximum(told_by, 1))
        kept = (told_by >= _LEAST_TOLD_IN_RUN) & (share < _BORNE_OUT)
        found_k.append(k[kept])
        found_i.append(i[kept])
    return np.concatenate(found_k), np.concatenate(found_i)


def pace_of(k: Ints, i: Ints) -> float:
    """Return the pace that most seeds agree on, by pairs of them some seconds apart, so that few have a cut between
    them; ``FINER`` if too few do. A run follows what it is off by."""
    slopes = []
    for apart in (1, 2, 4, 8, 16, 32, 64, 128):
        across, along = i[apart:] - i[:-apart], (k[apart:] - k[:-apart]) * FINER
        far = (along >= _PAIR[0]) & (along <= _PAIR[1]) & (np.abs(across - along) < _MOST_OFF * along)
        slopes.append(across[far] / along[far])
    found = np.sort(np.concatenate(slopes))
    if len(found) < _LEAST_TOLD_IN_RUN:
        return FINER
    counts = np.searchsorted(found, found + _AGREEING, "right") - np.arange(len(found))
    best = int(np.argmax(counts))
    return FINER * float(np.median(found[best : best + counts[best]]))


def runs(old: Fingerprint, new: Fingerprint, k: Ints, i: Ints, pace: float) -> list[Run]:
    """All runs through the seeds, those with the most gain first; they may overlap."""
    diagonals = np.rint(i - k * pace).astype(np.int64)
    order = np.lexsort((k, diagonals))
    sizes = dict(zip(*np.unique(diagonals, return_counts=True), strict=True))
    groups = np.split(order, np.flatnonzero(np.diff(diagonals[order])) + 1) if len(order) else []
    found: list[Run] = []
    for group in sorted(groups, key=lambda each: -sizes[diagonals[each[0]]]):
        for seed in _uncovered(group, k, i, found):
            later, gains = _one_way(old, new, int(k[seed]), int(i[seed]), pace, 1)
            earlier, gains_before = _one_way(old, new, int(k[seed]) - 1, int(i[seed]) - pace, pace, -1)
            places = np.concatenate([earlier[::-1], later])
            run = Run(int(k[seed]) - len(earlier), places, np.concatenate([gains_before[::-1], gains]))
            if run.gain >= LEAST_GAIN:
                found.append(run)
    return sorted(found, key=lambda run: -run.gain)


def _uncovered(group: Ints, k: Ints, i: Ints, found: list[Run]) -> Iterator[int]:
    """The seeds of a group through which no run goes, those that come up while they are extended too."""
    left, seen = group, 0
    while len(left):
        for run in found[seen:]:
            inside = (k[left] >= run.first) & (k[left] < run.last)
            at = np.clip(k[left] - run.first, 0, len(run.places) - 1)
            left = left[~(inside & (np.abs(run.places[at] - i[left]) <= _NEAR))]
        seen = len(found)
        if len(left):
            yield int(left[0])
            left = left[1:]


def _one_way(old: Fingerprint, new: Fingerprint, k: int, i: float, pace: float, way: int) -> tuple[Floats, Floats]:
    """Places and gains of hops from ``k`` on, at ``i`` of the new sound, one ``way``, to where they gain the most."""
    places, gains = [np.zeros(0)], [np.zeros(0)]
    total, best, length, kept = 0.0, 0.0, 0, 0
    while 0 <= k < len(old.bits) and -1 < i < len(new.bits):
        hops = k + way * np.arange(min(_LEAP, k + 1 if way < 0 else len(old.bits) - k))
        steps: Floats = i + (hops - k).astype(np.float64) * pace
        gained, off = _followed(old, new, hops, steps)
        # A shift is spread over the leap: sound that runs at another pace goes off little by little.
        steps = steps + off * np.minimum(1, (np.arange(len(hops)) + 1) / _LEAP)
        places.append(steps)
        gains.append(gained)
        sums = total + np.cumsum(gained)
        lost = np.maximum.accumulate(np.maximum(sums, best)) - sums > _MOST_LOST
        stop = int(np.argmax(lost)) if lost.any() else len(sums)
        if stop and sums[:stop].max() > best:
            best, kept = float(sums[:stop].max()), length + int(np.argmax(sums[:stop])) + 1
        if stop < len(sums):
            break
        total, length = float(sums[-1]), length + len(hops)
        k, i = int(hops[-1]) + way, float(steps[-1]) + way * pace
    return np.concatenate(places)[:kept], np.concatenate(gains)[:kept]


def _followed(old: Fingerprint, new: Fingerprint, hops: Ints, steps: Floats) -> tuple[Floats, int]:
    """What each pair of hops gains, and by how many hops of the new sound they go off their pace: by those that make
    them clearly more alike."""
    shares, gained = {}, {}
    for off in sorted(range(-_DRIFT, _DRIFT + 1), key=abs):
        spread = off * (np.arange(len(hops)) + 1) / _LEAP
        wrong, sides = wrong_bits(old, new, hops, np.rint(steps + spread).astype(np.int64))
        share = wrong / BITS
        gained[off] = np.where(sides == 2, GAIN - share, np.where(sides == 1, _ONE_SIDED, 0.0))
        shares[off] = share[sides == 2].mean() if (sides == 2).any() else 0.0
    best = min(shares, key=lambda off: shares[off])
    off = best if shares[best] < shares[0] - _NOTICED else 0
    return gained[off], off


def chosen(found: list[Run]) -> list[Run]:
    """Of runs in order of their gain those that share no sound, on either side, each cut to what is left for it; in
    order of the new sound.

    Those that gain the most in the order of both sounds come first: where an hour is heard twice, each is the one that
    leaves a place to the other. What breaks the order was moved, unless it is heard elsewhere too, as a jingle is: then
    it is another one.
    """
    chain = _chain(found[:_MOST_CHAINED])
    taken: list[Run] = []
    for run in [*(found[k] for k in sorted(chain)), *(run for k, run in enumerate(found) if k not in chain)]:
        free = np.ones(len(run.places), bool)
        for other in taken:
            free[max(0, other.first - run.first) : max(0, other.last - run.first)] = False
            free[(run.places > other.places[0] - FINER) & (run.places < other.places[-1] + FINER)] = False
        edges = np.flatnonzero(np.diff(np.concatenate([[False], free, [False]]).astype(np.int8)))
        parts = [run.part(run.first + int(a), run.first + int(b)) for a, b in edges.reshape(-1, 2)]
        taken += [part for part in parts if part.gain >= LEAST_GAIN]
    taken.sort(key=lambda run: run.places[0])
    ordered = _chain(taken)
    return [run for index, run in enumerate(taken) if index in ordered or not _is_elsewhere(run, found)]


def _chain(found: list[Run]) -> set[int]:
    """The indices of the runs that, one after the other in both sounds, gain the most, each but for what the one before
    it has already."""
    order = sorted(range(len(found)), key=lambda k: found[k].first)
    best: dict[int, tuple[float, int]] = {}
    for at, later in enumerate(order):
        run = found[later]
        rest = np.concatenate([np.cumsum(run.gains[::-1])[::-1], [0.0]])  # what is gained from each hop on
        best[later] = float(rest[0]), -1
        for earlier in order[:at]:
            before = found[earlier]
            if before.last < run.last and before.places[0] < run.places[0] and before.places[-1] < run.places[-1]:
                shared = max(before.last - run.first, int(np.searchsorted(run.places, before.places[-1] + 1)), 0)
                gain = best[earlier][0] + float(rest[min(shared, len(run.places))]) - _JUMP
                best[later] = max(best[later], (gain, earlier))
    at = max(best, key=lambda k: best[k][0], default=-1)
    chain = set()
    while at >= 0:
        chain.add(at)
        at = best[at][1]
    return chain


def _is_elsewhere(run: Run, found: list[Run]) -> bool:
    """Whether half of a run's sound, the old or the new, is like some at another place too."""
    for other in found:
        both = range(max(run.first, other.first), min(run.last, other.last))
        at = len(both) // 2 + both.start
        aside = len(both) and abs(run.places[at - run.first] - other.places[at - other.first]) > _NEAR * FINER
        new = min(run.places[-1], other.places[-1]) - max(run.places[0], other.places[0])
        if (aside and len(both) > len(run.places) / 2) or (
            new > (run.places[-1] - run.places[0]) / 2 and (aside or not len(both))
        ):
            return True
    return False


_WINDOW = 64  # hops that give one point of a line: 4 s
_REACH = 3  # hops of the new sound on either side of where a run found them
_LEAST_TOLD = 8  # hops of a window that have sound on both sides

_ROUNDS, _STRAY, _LEAST_STRAY = 4, 3.0, 0.15  # a point this many median errors off the line, and 1.2 ms, is left out
_LONG = 1000  # hops, 64 s: a run that tells its pace by itself
_SURE = 4.0  # standard errors by which a pace must be another one
_SHIFT = 0.25  # hops of the new sound, 2 ms, by which it must shift the run's ends to be one

# A hop's bits are of its frame and of that one hop before. So they become wrong little by little where sound is cut,
# from so many hops before the cut on to so many after it, as measured at 60 cuts of recordings, and right as slowly.
_FAILING, _RETURNING = (-1.1, 1.3), (-0.6, 1.6)
_EDGE_REACH, _EDGE_STEPS = 3, 16  # hops by which an edge may be off, and parts of a hop that are tried
_TOGETHER = 2.0  # hops: edges that lie no further apart are one cut
_TO_THE_END = 12.0  # hops at a sound's beginning and end, 0.8 s, that a run need not reach to be held to go on there


@dataclass(frozen=True, slots=True)
class Line:
    """Hops ``first`` to ``last`` of the old sound are at ``start + k * pace`` of the new one."""

    first: float
    last: float
    start: float
    pace: float

    def at(self, k: float) -> float:
        """Where a hop of the old sound is in the new one."""
        return self.start + k * self.pace

    def back(self, i: float) -> float:
        """The hop of the old sound that is at ``i`` of the new one."""
        return (i - self.start) / self.pace


def lines(old: Fingerprint, new: Fingerprint, runs: Sequence[Run]) -> list[Line]:
    """The lines of runs that share no sound, in order of the new sound; nor do these."""
    fits = [_fit(old, new, run) for run in runs]
    paces = [
        pace for (_, pace, sure), run in zip(fits, runs, strict=True) if sure for _ in range(len(run.places) // 100)
    ]
    common = float(np.median(paces)) if paces else None
    found = []
    for run, (points, pace, sure) in zip(runs, fits, strict=True):
        if not len(points):
            continue
        if not sure:
            pace = pace if common is None else common
        start = float(np.median(points[:, 1] - points[:, 0] * pace))
        found.append(_with_own_edges(old, new, run, Line(run.first, run.last, start, pace)))
    return _with_edges(old, new, found)


def _fit(old: Fingerprint, new: Fingerprint, run: Run) -> tuple[Floats, float, bool]:
    """Points of a run, hop by place, its pace, and whether it tells that by itself."""
    points = _points(old, new, run)
    rough = FINER if len(run.places) < 2 else float((run.places[-1] - run.places[0]) / (len(run.places) - 1))
    if len(points) < 3:
        return points, _plain(rough, 0.0, len(run.places)), False
    slope, error = rough, 0.0
    for _ in range(_ROUNDS):
        slope, start = np.polyfit(points[:, 0], points[:, 1], 1)
        off = np.abs(points[:, 1] - start - slope * points[:, 0])
        near = off <= max(_STRAY * float(np.median(off)), _LEAST_STRAY)
        spread = float(points[near, 0].std()) * near.sum() ** 0.5
        error = float(off[near].std()) / spread if spread else 0.0
        if near.all() or near.sum() < 3:
            break
        points = points[near]
    return points, _plain(float(slope), error, len(run.places)), len(run.places) >= _LONG


def _plain(pace: float, error: float, length: int) -> float:
    """The pace, or that of sound which runs as it did where nothing clearly says otherwise."""
    off = abs(pace - FINER)
    return pace if off > _SURE * error and off * length > _SHIFT else FINER


def _points(old: Fingerprint, new: Fingerprint, run: Run) -> Floats:
    """For each window of a run its middle hop and where that is in the new sound: there the window fits best, and as
    far on either side of it alike."""
    offs = np.arange(-_REACH, _REACH + 1)
    points = []
    count = max(1, len(run.places) // _WINDOW)
    for here in np.array_split(np.arange(len(run.places)), count):
        k, places = run.first + here, run.places[here]
        wrong, sides = wrong_bits(
            old, new, np.tile(k, (len(offs), 1)), np.rint(places + offs[:, None]).astype(np.int64)
        )
        told = (sides == 2).sum(axis=1)
        if told.min() < min(_LEAST_TOLD, len(here)) or not told.min():
            continue
        shares = (wrong * (sides == 2)).sum(axis=1) / (BITS * told)
        best = int(np.clip(np.argmin(shares), 1, len(offs) - 2))
        left, middle, right = shares[best - 1 : best + 2]
        deep = max(left, right) - middle
        shift = float(np.clip((left - right) / (2 * deep), -1, 1)) if deep > 0 else 0.0
        points.append((k.mean(), places.mean() + offs[best] + shift))
    return np.array(points).reshape(-1, 2)


def _with_own_edges(old: Fingerprint, new: Fingerprint, run: Run, line: Line) -> Line:
    """The line with edges where its hops begin and cease to be alike, each by the cut that explains them best."""
    told = run.gains[run.gains > 0]
    wrong_inside = float(np.clip(GAIN - told.mean(), 0, GAIN)) if len(told) else 0.0

    def edge(around: int, ramp: tuple[float, float], way: int) -> float:
        k = np.arange(around - 2 * _EDGE_REACH, around + 2 * _EDGE_REACH + 1)
        wrong, sides = wrong_bits(old, new, k, np.rint(line.start + k * line.pace).astype(np.int64))
        if (sides[(k - around) * way >= 0][::way][: _EDGE_REACH + 1] == 0).any():
            return float(around)  # it goes on into silence
        k, shares = k[sides == 2], wrong[sides == 2] / BITS
        cuts = around + np.arange(-_EDGE_REACH * _EDGE_STEPS, _EDGE_REACH * _EDGE_STEPS + 1) / _EDGE_STEPS
        ramps = np.clip((k - cuts[:, None] - ramp[0]) / (ramp[1] - ramp[0]), 0, 1)
        expected = wrong_inside + (0.5 - wrong_inside) * (ramps if way > 0 else 1 - ramps)
        return float(cuts[np.argmin(((shares - expected) ** 2).sum(axis=1))])

    first, last = edge(run.first, _RETURNING, -1), edge(run.last - 1, _FAILING, 1)
    return replace(line, first=first, last=max(last, first + 1))


def _with_edges(old: Fingerprint, new: Fingerprint, found: list[Line]) -> list[Line]:
    """The lines with edges that meet where sound was cut, and that go on into the silence around them."""
    last_old, last_new = old.duration / old.hop, new.duration / new.hop
    found = [_into_silence(old, new, line, found) for line in found]
    by_old = sorted(found, key=lambda line: line.first)
    for index, line in enumerate(by_old):
        reached = max(0.0, line.back(0.0))
        if line.first - reached < _TO_THE_END:
            line = replace(line, first=reached)
        reached = min(last_old, line.back(last_new))
        if reached - line.last < _TO_THE_END:
            line = replace(line, last=reached)
        by_old[index] = replace(line, first=max(line.first, 0.0, line.back(0.0)), last=min(line.last, reached))
    for index in range(len(by_old) - 1):
        before, after = by_old[index : index + 2]
        if after.first - before.last < _TOGETHER:
            met = (before.last + after.first) / 2
            by_old[index : index + 2] = replace(before, last=met), replace(after, first=met)
    by_new = sorted(by_old, key=lambda line: line.at(line.first))
    for index in range(len(by_new) - 1):
        before, after = by_new[index : index + 2]
        gap = after.at(after.first) - before.at(before.last)
        is_cut_out = gap < _TOGETHER * FINER and abs(after.first - before.last) > _TOGETHER
        if gap < 0 or is_cut_out:
            met = before.at(before.last) + gap / 2
            by_new[index : index + 2] = replace(before, last=before.back(met)), replace(after, first=after.back(met))
    return [line for line in by_new if line.last - line.first > 1]


def _into_silence(old: Fingerprint, new: Fingerprint, line: Line, others: Sequence[Line]) -> Line:
    """The line, longer by the hops on either side at which neither sound tells anything and no other line goes."""

    def silent(k: float) -> bool:
        _, sides = wrong_bits(old, new, np.array([round(k)]), np.array([round(line.at(k))]))
        inside = 0 <= k <= len(old.bits) - 1 and 0 <= line.at(k) <= len(new.bits) - 1
        return inside and not sides[0] and not any(
            other.first <= k <= other.last or other.at(other.first) <= line.at(k) <= other.at(other.last)
            for other in others if other is not line
        )  # fmt: skip

    first, last = line.first, line.last
    while silent(last + 1):
        last += 1
    while silent(first - 1):
        first -= 1
    return replace(line, first=first, last=last)
