"""Match two fingerprints, and describe each match as a straight line from times of the old audio to times of the new.

A fingerprint has 32 bits per *hop*, a short step of time. A *run* is a sequence of old hops that match new hops in the
same order. The search extends seeds, as BLAST does. A *seed* is a pair of hops with at most one wrong bit and similar
neighbours, which is extended in both directions while the score grows. Where runs overlap, the audio is assigned to the
runs that form the best chain. So a jingle that occurs twice stays with the audio around it. A passage that was moved is
found in its new place.

``k`` counts hops of the old audio, ``i`` hops of the new audio, which are ``FINER`` times shorter; positions are
fractional hops. ``pace`` is the number of new hops per old hop; it equals ``FINER`` if the speed is unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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

_PAIRS = 31 * 4 ** np.arange(6)  # least old hops between two seeds from which a pace is estimated: 2 s to half an hour
_LEAST_PAIRS = 50
_MOST_OFF, _JITTER = 0.8, 2.0  # by which a pace may differ from the likely one; new hops by which seeds are off

_GAIN = 0.3  # the score of a hop is this minus the share of its wrong bits
_ONE_SIDED = -0.1  # score of a hop with sound in one recording only
_MOST_LOST = 3.0  # a run ends where its score drops by more than this: a second of other audio
_LEAST_GAIN, _LEAST_MOVED = 2.5, 4.0  # of a run in order: 9 equal hops, 0.6 s; of a passage that was moved
_JUMP = 2.0  # what a run must add to follow another one in a chain
_MOST_RUNS = 1000  # that are looked at
_NEAR, _ASIDE = 2, 32  # new hops by which seeds may be off their line, and from which a line is another one

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


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


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """Consecutive hops of the old audio that match the new audio along a line: hop ``first + n`` lies at ``start +
    (first + n) * pace`` and has the score ``gains[n]``."""

    first: int
    gains: Floats
    start: float
    pace: float

    @property
    def last(self) -> int:
        """The index of the hop after the last hop of the run."""
        return self.first + len(self.gains)

    @property
    def line(self) -> Line:
        return Line(self.first, self.last, self.start, self.pace)

    @property
    def gain(self) -> float:
        """The sum of the scores of all hops."""
        return float(self.gains.sum())

    def within(self, first: float, last: float) -> Run:
        """Return the part of the run from old hop ``first`` up to but excluding ``last``."""
        low = max(int(np.ceil(first)), self.first)
        return replace(self, first=low, gains=self.gains[low - self.first : max(0, int(last) - self.first)])

    def beside(self, other: Run) -> Run:
        """Return the best part of the run that shares no audio with ``other``."""
        part, line, there = self, self.line, other.line
        in_new = line.back(there.at(there.first)), line.back(there.at(there.last))
        for first, last in (there.first, there.last), in_new:
            before, after = part.within(line.first, first), part.within(last, line.last)
            part = max(before, after, key=lambda each: each.gain)
        return part


def wrong_bits(old: Fingerprint, new: Fingerprint, k: Ints, i: Ints) -> tuple[NDArray[np.uint8], NDArray[np.int8]]:
    """Compare each old hop ``k[n]`` with the new hop ``i[n]``. Return how many bits of each such pair differ, and how
    many hops of the pair (0 to 2) have sound. Hops beyond the end of a recording count as silent."""
    within_old, within_new = (k >= 0) & (k < len(old.bits)), (i >= 0) & (i < len(new.bits))
    k, i = np.where(within_old, k, 0), np.where(within_new, i, 0)
    wrong = np.bitwise_count(old.bits[k] ^ new.bits[i])
    return wrong, (old.is_informative[k] & within_old).astype(np.int8) + (new.is_informative[i] & within_new)


def _wrong_along(
    old: Fingerprint, new: Fingerprint, line: Line, hops: Floats | Ints
) -> tuple[NDArray[np.uint8], NDArray[np.int8]]:
    """Compare old hops, rounded, with the new hops on the line, as ``wrong_bits`` does."""
    k = np.rint(hops).astype(np.int64)
    return wrong_bits(old, new, k, np.rint(line.start + k * line.pace).astype(np.int64))


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
    """Estimate the pace, in new hops per old hop, from seeds: old hop ``k[n]`` equals new hop ``i[n]``.

    Return the median of pairs of seeds; the ``likely`` pace if there are too few. Seeds that are further apart tell it
    more precisely, but there may be a cut between them, so they only refine what nearer ones tell."""
    pace, off, reached = likely, _MOST_OFF, 0
    for hops in _PAIRS.tolist():
        slopes = []
        for apart in 1 << np.arange(12):
            across, along = i[apart:] - i[:-apart], k[apart:] - k[:-apart]
            far = (along >= hops) & (along <= 4 * hops) & (np.abs(across - along * pace) < off * along)
            slopes.append(across[far] / along[far])
        found = np.concatenate(slopes)
        if len(found) < _LEAST_PAIRS:
            break
        pace, off, reached = float(np.median(found)), _JITTER / hops, hops
    return pace if not reached or abs(pace - FINER) * reached > 1 else FINER


def matched_runs(old: Fingerprint, new: Fingerprint, likely: float) -> tuple[float, list[Run]]:
    """Extend each seed to a run. Return the pace of the new audio as a share of the usual one, and the runs, which do
    not overlap. ``likely`` is the pace if too few seeds are found to tell."""
    k, i = seeds(old, new)
    pace = _pace_of(k, i, likely)
    starts = i - k * pace
    found: list[Run] = []
    while len(k) and len(found) < _MOST_RUNS:
        values, counts = np.unique(np.rint(starts), return_counts=True)
        near = np.abs(starts - values[np.argmax(counts)]) <= _NEAR
        found += _runs_along(old, new, np.unique(k[near]), float(np.median(starts[near])), pace)
        k, starts = k[~near], starts[~near]
    return pace / FINER, _without_overlaps(sorted(found, key=lambda run: -run.gain))


def _runs_along(old: Fingerprint, new: Fingerprint, seeds: Ints, start: float, pace: float) -> Iterator[Run]:
    """Yield the runs through ``seeds``, old hops whose positions in the new audio are ``start + k * pace``."""
    k = np.arange(len(old.bits))
    gains = _scores(old, new, Line(0, len(k), start, pace), k, _GAIN, 0.0)
    while len(seeds):
        seed = int(seeds[0])
        first, last = seed - _extent(gains[:seed][::-1]), seed + _extent(gains[seed:])
        run = Run(first, gains[first:last], start, pace)
        if run.gain >= _LEAST_GAIN:
            yield run
        seeds = seeds[seeds >= max(last, seed + 1)]


def _scores(old: Fingerprint, new: Fingerprint, line: Line, hops: Floats | Ints, most: float, silent: float) -> Floats:
    """Score old hops by the new hops on the line: ``most`` minus the share of wrong bits, ``_ONE_SIDED`` if
    one of the two has no sound, ``silent`` if both have none."""
    wrong, sides = _wrong_along(old, new, line, hops)
    scores: Floats = np.where(sides == 2, most - wrong / BITS, np.where(sides == 1, _ONE_SIDED, silent))
    return scores


def _extent(gains: Floats) -> int:
    """Return after how many hops their total score is highest, before it drops by more than ``_MOST_LOST``."""
    sums = np.append(0.0, np.cumsum(gains))
    lost = np.maximum.accumulate(sums) - sums > _MOST_LOST
    return int(np.argmax(sums[: int(np.argmax(lost)) if lost.any() else None]))


def _without_overlaps(found: Sequence[Run]) -> list[Run]:
    """Return runs that do not overlap in the old or the new audio. ``found`` begins with the best run.

    Audio is assigned first to the best chain. Other runs are passages that were moved; they are cut down to the
    remaining audio, and omitted if most of their audio also matches elsewhere, as a jingle's does."""
    taken: list[Run] = []
    chain = _chain(found)
    for run in chain:
        taken += _beside(run, taken, _LEAST_GAIN)
    for run in (run for run in found if run not in chain):
        elsewhere = [other for other in found if abs(other.start - run.start) > _ASIDE]
        taken += _beside(run, [*taken, *elsewhere], max(_LEAST_MOVED, run.gain / 2))
    return taken


def _beside(run: Run, others: Iterable[Run], least: float) -> list[Run]:
    """Return the part of a run that shares no audio with ``others``, if its score is at least ``least``."""
    for other in others:
        run = run.beside(other)
        if run.gain < least:
            return []
    return [run]


def _chain(found: Sequence[Run]) -> list[Run]:
    """Return the best chain: runs in the same order in both recordings, with the highest total score.

    Audio that a run shares with the run before it counts against both: where something was inserted, a run ends and the
    next one begins at the same old hop, but an advert that quotes the episode shares audio with the runs around it."""
    best: list[tuple[float, list[Run]]] = []
    for run in sorted(found, key=lambda run: run.first):
        line, chain = run.line, (run.gain, [run])
        for gain, others in best:
            other = others[-1].line
            end = other.at(other.last)
            if other.last < line.last and other.at(other.first) < line.at(line.first) and end < line.at(line.last):
                shared = run.within(line.first, max(other.last, line.back(end)))
                longer = gain + run.gain - 2 * shared.gain - _JUMP, [*others, run]
                chain = max(chain, longer, key=lambda each: each[0])
        best.append(chain)
    return max(best, key=lambda each: each[0], default=(0.0, []))[1]


_REACH = 3  # new hops on either side of a run's line that are tried

# A hop's bits depend on its frame and on the hop before. So near a cut they become wrong, or right again, gradually:
# over these hops around the cut, as measured at 60 cuts of recordings.
_FAILING, _RETURNING = (-1.1, 1.3), (1.6, -0.6)
_WRONG = 0.15  # share of wrong bits in the same audio
_EDGE_REACH, _EDGE_STEPS = 6, 8  # hops by which the edge of a run may be off, and steps per hop that are tried
_LIKE = 0.4  # score of an equal hop between two runs: higher than in a run, since a codec changes quiet audio
_UNLIKE = -0.05  # mean score below which what lies between two runs is other audio
_SAME_CUT = 3.0  # hops: edges no further apart are one cut
_MOST_ROOM = 32.0  # hops, 2 s, between two lines that meet
_TO_THE_END = 16.0  # hops, 1 s, at the start and end of a recording that a run is assumed to cover


def lines(old: Fingerprint, new: Fingerprint, runs: Sequence[Run]) -> list[Line]:
    """Return a line, which maps old to new times, for each run, in order of the new audio. Lines do not overlap."""
    fits = (_with_own_edges(old, new, _fitted(old, new, run)) for run in runs)
    found = sorted(fits, key=lambda line: line.first)
    for index in range(len(found) - 1):
        found[index : index + 2] = _met(old, new, *found[index : index + 2])
    found = sorted((line for line in found if line.last - line.first > 1), key=lambda line: line.at(line.first))
    return _reaching(old, new, found)


def _fitted(old: Fingerprint, new: Fingerprint, run: Run) -> Line:
    """Return the line of a run, moved to where it fits best, interpolated between new hops."""
    k, offs = np.arange(run.first, run.last), np.arange(-_REACH, _REACH + 1)
    steps = np.rint(run.start + k * run.pace).astype(np.int64)
    wrong, sides = wrong_bits(old, new, k, steps + offs[:, None])
    shares = (wrong * (sides == 2)).sum(axis=1) / np.maximum((sides == 2).sum(axis=1), 1)
    best = int(np.clip(np.argmin(shares), 1, len(offs) - 2))
    left, middle, right = shares[best - 1 : best + 2]
    deep = max(left, right) - middle
    shift = float(np.clip((left - right) / (2 * deep), -1, 1)) if deep > 0 else 0.0
    return replace(run.line, start=float((steps - k * run.pace).mean()) + int(offs[best]) + shift)


def _with_own_edges(old: Fingerprint, new: Fingerprint, line: Line) -> Line:
    """Return the line with its edges moved to where the recordings begin and cease to be similar."""
    firsts, lasts = _cuts(line.first, line.first), _cuts(line.last, line.last)
    first = _least(firsts, _misfits(old, new, line, firsts, _RETURNING))
    return replace(line, first=first, last=_least(lasts, _misfits(old, new, line, lasts, _FAILING)))


def _met(old: Fingerprint, new: Fingerprint, one: Line, other: Line) -> tuple[Line, Line]:
    """Return two lines with the edges between them moved to one cut, if little lies between them in one of the
    recordings: audio is inserted or cut out more often than exchanged for as much."""
    missing, added = other.first - one.last, (other.at(other.first) - one.at(one.last)) / one.pace
    room, cut_out = min(missing, added), max(0.0, missing - added)
    if -_MOST_ROOM < room < _MOST_ROOM:
        cuts = _cuts(min(0.0, room) + one.last, max(0.0, room) + one.last)
        misfits = _misfits(old, new, one, cuts, _FAILING) + _misfits(old, new, other, cuts + cut_out, _RETURNING)
        cut = _least(cuts, misfits)
        between = np.arange(one.last, one.last + room)
        before = _scores(old, new, one, between, _LIKE, -_ONE_SIDED)
        after = _scores(old, new, other, between + cut_out, _LIKE, -_ONE_SIDED)
        scores = np.where(between < cut, before, after)
        if room < _SAME_CUT or scores.sum() > _UNLIKE * len(between):
            return replace(one, last=cut), replace(other, first=cut + cut_out)
    return one, other


def _cuts(first: float, last: float) -> Floats:
    return np.arange(first - _EDGE_REACH, last + _EDGE_REACH, 1 / _EDGE_STEPS)


def _least(cuts: Floats, misfits: Floats) -> float:
    """Return the cut that fits best, the middle one of those that fit equally well, as in silence."""
    best = cuts[misfits == misfits.min()]
    return float(best[np.argmin(np.abs(best - cuts.mean()))])


def _misfits(old: Fingerprint, new: Fingerprint, line: Line, cuts: Floats, ramp: tuple[float, float]) -> Floats:
    """Return how badly the bits of a line fit each of ``cuts``, around which they change over ``ramp``."""
    k = np.arange(np.floor(cuts[0]), cuts[-1]).astype(np.int64)
    wrong, sides = _wrong_along(old, new, line, k)
    ramps = np.clip((k - cuts[:, None] - ramp[0]) / (ramp[1] - ramp[0]), 0, 1)
    misfits = np.where(sides == 2, wrong / BITS, 0.5) - _WRONG - (0.5 - _WRONG) * ramps
    total: Floats = (np.where(sides > 0, misfits, 0.0) ** 2).sum(axis=1)
    return total


def _reaching(old: Fingerprint, new: Fingerprint, found: list[Line]) -> list[Line]:
    """Return the lines, the first and the last extended to the ends of the recordings if they are near."""
    if found:
        lowest, highest = found[0].back(0.0), found[-1].back(new.duration / new.hop)
        if found[0].first - max(0.0, lowest) < _TO_THE_END:
            found[0] = replace(found[0], first=max(0.0, lowest))
        if min(old.duration / old.hop, highest) - found[-1].last < _TO_THE_END:
            found[-1] = replace(found[-1], last=min(old.duration / old.hop, highest))
    return found
