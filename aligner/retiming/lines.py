"""Runs as straight lines with edges: where each moment of the old sound is in the new one, to a few milliseconds.

Where a run lies is told by hundreds of hops of which each is 128 ms of sound; where it ends, by two or three of them.

Conventions
-----------
- As in ``diagonals``; a place on a line is in hops too, and seldom a whole one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from aligner.retiming.diagonals import BITS, FINER, GAIN, Floats, Run, wrong_bits
from media.fingerprint import Fingerprint

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
