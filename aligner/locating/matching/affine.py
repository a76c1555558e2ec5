"""Align the letters of two sides from end to end (global alignment), and detect repetitions.

A gap is a few letters that misrecognition inserted or lost; its cost depends on its length. A hole is a passage of any
length that only one side has. Its cost depends on where it begins and ends, since speakers omit whole sentences more
often than fragments of words. See Gotoh, "An improved algorithm for matching biological sequences", J. Mol. Biol. 162
(1982). Many alignments are computed together, row by row; gaps and holes along a row are running maxima.

Conventions
-----------
- Ranges are half-open. Costs are in letters. *Copies* are the consecutive utterances (or writings) of a repeated
  passage. The *shift* of a repetition is the distance between two of its copies. A *leap* is a hole that consists of
  one or more whole copies.
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
_LEAST = 4.5  # least score of the alignment of two copies
_SHIFTS = 400  # most letters from one copy to the next: 30 s
_BETWEEN = 12  # most letters of a hesitation between two copies, or misrecognised at an edge,
_MISHEARD = 16  # plus one for so many letters of a copy
_PART = 0.3  # share of the last copy that may be missing, if there are more than two
_MOST = 20  # repetitions in a chunk; only pathological inputs have more
_CHUNK, _OVERLAP = 3000, 1000  # letters of a chunk, and of the overlap of two
_BATCH = 2  # chunks at a time

_LONGEST_WORDS = 120  # words of a copy at most, 30 s of fast speech


@dataclass(frozen=True, slots=True)
class Copies:
    """A repeated passage. ``edges`` holds the index of the first letter of each consecutive copy, and the stop index of
    the last copy. Each edge may be wrong by up to ``slack`` letters."""

    edges: tuple[int, ...]
    slack: int = 0

    def moved(self, letters: int) -> Copies:
        return Copies(tuple(edge + letters for edge in self.edges), self.slack)

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
    """Return the repetitions in a text. ``words`` holds an integer for each word; equal integers mean equal spelling.

    "a b a b a" can be divided into copies of "a b" or of "b a". The first copy begins where most ends: ``breaks`` says
    whether a sentence (2), a clause (1) or neither (0) ends after each word.
    """
    found: list[Copies] = []
    before = np.append(2, breaks)  # what ends before each word
    run = np.full(len(words), -1)  # the index in ``found`` of the shortest repetition with each word
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
    """Return the repetitions in recognised letters. A hesitation may separate the copies.

    The letters are aligned with themselves, above the diagonal (local alignment: Smith and Waterman, "Identification of
    common molecular subsequences", J. Mol. Biol. 147, 1981). Time is O(n), since copies must be near each other.
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
    """Return the repetitions in a chunk of letters, in order. ``scores`` are the chunk's scores from ``_scores``. If
    two repetitions overlap, only the one with the higher score is returned."""
    ends = _at_pairs(letters, scores)
    found: list[Copies] = []
    for _ in range(_MOST):
        stop, shift = divmod(int(ends.argmax()), ends.shape[1])
        if ends[stop, shift] < _LEAST:
            break
        start, before = _traced(letters, scores, stop, shift)
        ends[start + 1 : stop + 1] = 0
        length = stop - start
        ends[stop : stop + length, max(0, shift - length) : shift + length] = 0  # alignments that extend this one
        count = max(2, int((stop + shift - start) / before + _PART))
        most = _BETWEEN + before // _MISHEARD
        one = Copies((*(start + k * before for k in range(count)), stop + shift), min(most, before // 2))
        if before - length <= 2 * most - _BETWEEN and not any(one.start < o.stop and o.start < one.stop for o in found):
            found.append(one)
    return sorted(found, key=lambda one: one.start)


def _at_pairs(letters: Letters, scores: Costs) -> Costs:
    padded = np.concatenate([letters, np.full(scores.shape[1], -1, np.int32)])
    later = np.lib.stride_tricks.sliding_window_view(padded, scores.shape[1])[: len(letters)]
    ends = np.zeros_like(scores)
    ends[1 : len(letters) + 1] = np.where(later == letters[:, None], scores[1 : len(letters) + 1], 0)
    return ends


def _scores(chunks: Sequence[Letters]) -> Costs:
    """Align each chunk with itself; return the best scores, shape (n + 1, chunks, shifts). The score at (i, chunk,
    shift) is that of the best alignment that ends with letters ``i - 1`` and ``i - 1 + shift``."""
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
    """Trace back the alignment that ends at ``row`` and ``shift``; return the row and the shift at which it begins."""
    while scores[row, shift] > 0:
        alike = _MATCH if letters[row - 1] == letters[row - 1 + shift] else _MISMATCH
        ways = (scores[row - 1, shift] + alike, scores[row - 1, shift + 1] + _GAP, scores[row, shift - 1] + _GAP)
        way = int(np.argmax(ways))
        row, shift = (row - 1, shift) if way == 0 else (row - 1, shift + 1) if way == 1 else (row, shift - 1)
    return row, shift


# Speakers and writers repeat whole passages, so a leap costs less than another hole. A hole that tears a copy costs
# more than can be gained by taking the best recognised part of each copy.
_LEAP, _TORN = 1.0, 14.0
_BESIDE = 4.0  # added for another hole where uncertain copies meet, and
_AWAY = 0.15  # for each letter that an edge of a hole is away from there
_BETWEEN_WORDS = np.float32(4.0)  # the most that an edge between words costs,
_ENDED = 1.0  # and one where a sentence ends
# Copies differ by misrecognition, longer ones more. So the costs on the other side count this many times for each
# letter of a copy, up to a limit, and more for a later copy, which is the one that leads on within a sentence.
_ACROSS, _MOST_ACROSS, _LATER = 0.08, 3.0, 1.4


class Leap(NamedTuple):
    """A hole ``[start, stop)`` that consists of whole copies of a repeated passage, and its cost. A leap in the
    hypothesis has a second cost: ``landing_costs`` at its position in the reference, times ``across``."""

    start: int
    stop: int
    cost: float
    across: float


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """The letters of the reference or of the hypothesis, and the repetitions among them. ``edges`` holds what it costs
    if a hole (a passage that only this side has) starts or ends before each letter, or after the last one."""

    letters: Letters
    edges: Costs
    copies: tuple[Copies, ...] = ()

    def cut(self, start: int, stop: int) -> Side:
        inside = (one for one in self.copies if start <= one.start and one.stop <= stop)
        return Side(self.letters[start:stop], self.edges[start : stop + 1], tuple(one.moved(-start) for one in inside))

    def hole_costs(self) -> Costs:
        """Return what it costs if a hole starts or ends at each position, unless the hole is a leap (whole copies). The
        cost is high inside copies and near uncertain borders of copies, where only leaps should start or end."""
        costs = self.edges.copy()
        for one in self.copies:
            inside = costs[one.start : one.stop + 1]
            beside = _BESIDE if one.slack else 0.0
            meet = np.array([one.start, one.stop] if one.slack else one.edges)
            away = np.abs(np.arange(one.start, one.start + len(inside))[:, None] - meet).min(axis=1)
            inside[:] = np.where(away > one.slack, np.maximum(inside, _TORN), inside + beside + _AWAY * away)
        return costs

    def landing_costs(self) -> Costs:
        """Return the cost that each position on this side adds to a leap on the other side. A leap omits copies of a
        passage that is repeated on the other side only; on this side, it falls between two letters. So the cost is low
        where a sentence ends, high inside words and copies."""
        costs = self.hole_costs()
        costs = np.where(costs > _ENDED, np.maximum(costs, _BETWEEN_WORDS), costs)
        landing: Costs = costs + 4 * np.maximum(costs - _BETWEEN_WORDS, 0)
        return landing

    def leaps(self) -> Iterator[Leap]:
        """Yield the possible leaps (holes of whole copies). A leap omits the first copy of a repetition, the first two
        copies and so on (but never all), or one of the later copies."""
        for one in self.copies:
            last = len(one.edges) - 1
            across = min(_ACROSS * one.shift, _MOST_ACROSS)
            spans = [(0, to) for to in range(1, last)] + [(k, k + 1) for k in range(1, last)]
            for first, to in spans:
                for off in range(-one.slack, one.slack + 1):
                    start, stop = one.edges[first] + off, one.edges[to] + off
                    if start >= 0 and stop < len(self.edges):
                        edges = float(self.edges[start] + self.edges[stop])
                        edges += _AWAY * (2 * off if off > 0 else -off)  # a late edge tears two copies
                        yield Leap(start, stop, _LEAP + edges, across * (_LATER if first and one.slack else 1.0))


MATCH, MISMATCH = 1.0, -0.9
GAP_OPEN, GAP_EXTEND = -1.1, -0.6

# Of two equal copies in the hypothesis, the last one is taken, because it leads on: a pair earns this for each
# hypothesis letter before it, at most LATER_MOST over a whole run, far less than a letter is worth. The same holds in
# the reference: a hole costs LATER_REF for each letter before it, which decides only between equal copies.
LATER, LATER_MOST = 0.001, 0.25
LATER_REF = 0.005

_ROUNDING = 1e-3  # error of 32-bit scores of a few thousand letters
_NEVER = np.float32(-1e9)
_BATCH_CELLS = 100_000  # larger batches do not fit the processor's cache
_STATES = _PAIR, _SKIP_REF, _SKIP_HYP, _HOLE_REF, _HOLE_HYP = range(5)
_BEFORE_HOLE_HYP = _PAIR, _SKIP_REF, _HOLE_REF

Run = tuple[Side, Side]
RowScores = Sequence[NDArray[np.float32]]


def align_characters(runs: Sequence[Run]) -> list[list[tuple[int, int]]]:
    """Return the pairs ``(i, j)`` of equal letters on the best path of each alignment, in order. Each of ``runs`` holds
    the reference and the hypothesis of an alignment; time and memory are O(n m) for each."""
    found: list[list[tuple[int, int]]] = [[] for _ in runs]
    for batch in _batches(runs):
        scores = _fill([runs[k] for k in batch])
        for b, k in enumerate(batch):
            found[k] = _trace(*runs[k], [score[b] for score in scores])
    return found


def _batches(runs: Sequence[Run]) -> Iterator[list[int]]:
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
    """Return the best scores of aligning the first i letters of the reference with the first j of the hypothesis, for
    all i and j and each kind of last step: a pair, or a gap or hole on either side. The result is five arrays of shape
    (runs, n + 1, m + 1), with n and m of the longest alignment. Cells beyond the end of a shorter one are
    meaningless."""
    reference, hypothesis = (_padded([run[side].letters for run in runs]) for side in (0, 1))
    across, along = (_padded([run[side].hole_costs() for run in runs]).astype(np.float32) for side in (0, 1))
    n, m = reference.shape[1], hypothesis.shape[1]
    scores = [np.full((len(runs), n + 1, m + 1), _NEVER, np.float32) for _ in _STATES]
    paired, skip_ref, skip_hyp, hole_ref, hole_hyp = scores
    later = np.outer([min(LATER, LATER_MOST / max(1, len(run[1].letters))) for run in runs], np.arange(m))
    ramp = GAP_EXTEND * np.arange(m + 1, dtype=np.float32)
    leaps = _Leaps.of(runs)
    paired[:, 0, 0] = 0
    open_ref = np.full((len(runs), m + 1), _NEVER, np.float32)
    for i in range(n + 1):
        if i:
            best = np.maximum.reduce([score[:, i - 1] for score in scores])
            # In 64 bits, so that ties are broken in the same way whatever else is in the batch.
            alike = np.where(hypothesis == reference[:, i - 1 : i], MATCH, MISMATCH)
            paired[:, i, 1:] = best[:, :-1] + (alike + later)
            skip_ref[:, i] = np.maximum(best + GAP_OPEN, skip_ref[:, i - 1] + GAP_EXTEND)
            np.maximum(open_ref, best - (across[:, i - 1 : i] + np.float32(LATER_REF * i)), out=open_ref)
            hole_ref[:, i] = open_ref - across[:, i : i + 1] - 2 * along
            leaps.over_reference(scores, i)
        entered = np.maximum.reduce([scores[k][:, i] for k in _BEFORE_HOLE_HYP])
        open_hyp = np.maximum.accumulate((entered - along)[:, :-1], axis=1) - along[:, 1:]
        hole_hyp[:, i, 1:] = open_hyp - 2 * across[:, i : i + 1]
        leaps.over_hypothesis(entered, hole_hyp[:, i], i)
        entered = np.maximum(entered, hole_hyp[:, i]) - ramp
        skip_hyp[:, i, 1:] = np.maximum.accumulate(entered[:, :-1], axis=1) + ramp[:-1] + GAP_OPEN
    return scores


@dataclass(frozen=True, slots=True, eq=False)
class _Leaps:
    """The leaps (holes of whole copies) of several alignments. ``reference`` maps a stop index to the leaps in
    references that stop there, as (alignment, start, cost). ``run`` (alignment), ``start``, ``stop``, ``cost`` and
    ``across`` describe the leaps in hypotheses. ``within`` holds the landing costs of the references, shape
    (alignments, n + 1)."""

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
        within = _padded([run[0].landing_costs() for run in runs]).astype(np.float32)
        run, start, stop = places.T
        cost, across = rows[:, 3:].astype(np.float32).T
        return cls(by_stop, run, start, stop, cost, across, within)

    def over_reference(self, scores: RowScores, i: int) -> None:
        """Update the scores of holes (passages only in the reference) that stop at ``i``: where a leap (a hole of whole
        copies) scores higher, use the score of the leap. ``scores`` is changed in place."""
        for b, start, cost in self.reference.get(i, ()):
            before = np.maximum.reduce([score[b, start] for score in scores])
            np.maximum(scores[_HOLE_REF][b, i], before - cost, out=scores[_HOLE_REF][b, i])

    def over_hypothesis(self, entered: NDArray[np.float32], holes: NDArray[np.float32], i: int) -> None:
        """Update ``holes``, the scores of holes (passages only in the hypothesis) after ``i`` letters of the reference:
        where a leap (a hole of whole copies) scores higher, use the score of the leap. ``entered`` holds the best score
        with which a hole can begin at each letter."""
        if len(self.run):
            reached = entered[self.run, self.start] - self.cost - self.across * self.within[self.run, i]
            np.maximum.at(holes, (self.run, self.stop), reached)


def _padded(rows: Sequence[NDArray[np.generic]]) -> NDArray[np.generic]:
    padded = np.zeros((len(rows), max(map(len, rows))), rows[0].dtype)
    for into, row in zip(padded, rows, strict=True):
        into[: len(row)] = row
    return padded


def _trace(reference: Side, hypothesis: Side, scores: RowScores) -> list[tuple[int, int]]:
    """Trace the best path back from its end; return its pairs. Of equally good paths, take the one with later pairs."""
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
            best = np.maximum.reduce([score[:i, j] for score in scores])
            i = _before_hole(best, reference, LATER_REF, 2 * hypothesis.hole_costs()[j], 0.0)
            state = _best_of(scores, i, j)
        elif state == _HOLE_HYP:
            best = np.maximum.reduce([scores[k][i, :j] for k in _BEFORE_HOLE_HYP])
            j = _before_hole(best, hypothesis, 0.0, 2 * reference.hole_costs()[i], reference.landing_costs()[i])
            state = _BEFORE_HOLE_HYP[int(np.argmax([scores[k][i, j] for k in _BEFORE_HOLE_HYP]))]
        else:
            i, j = (i - 1, j) if state == _SKIP_REF else (i, j - 1)
            if abs(scores[state][i, j] + GAP_EXTEND - here) > _ROUNDING:  # the gap was opened here, not extended
                state = _best_of(scores, i, j)
    return pairs[::-1]


def _before_hole(best: Costs, side: Side, later: float, beside: float, within: float) -> int:
    """Return the start of the hole on ``side`` that stops at ``len(best)``, on the best path. ``best`` holds the best
    score with which a hole can begin at each letter; ``later`` is its cost for each letter before it. On the other
    side, a hole costs ``beside``, and a leap ``within`` times its own ``across``."""
    stop, costs = len(best), side.hole_costs()
    before = best - (costs[:stop] + later * np.arange(1, stop + 1, dtype=np.float32))
    score = float(before.max() - costs[stop] - beside)
    leaps = [(float(best[k]) - cost - across * within, k) for k, to, cost, across in side.leaps() if to == stop]
    return max([(score, stop - 1 - int(before[::-1].argmax())), *leaps])[1]


def _best_of(scores: RowScores, i: int, j: int) -> int:
    last = [float(score[i, j]) for score in scores]
    return last.index(max(last))
