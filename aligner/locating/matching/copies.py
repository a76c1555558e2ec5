"""What is said or written twice or more in a row: a sequence aligned with itself.

Conventions
-----------
Ranges are half-open. A *shift* is by how many places a second copy is after the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aligner.spans import runs

Letters = NDArray[np.int32]
Scores = NDArray[np.float32]

_MATCH, _MISMATCH, _GAP = np.float32(1.0), np.float32(-1.1), np.float32(-1.1)
_LEAST = 4.5  # what two copies must score together
_SHIFTS = 400  # letters of a copy with what is before the next, at most: 30 s
_BETWEEN = 12  # letters between two copies, at most: a hesitation; and as many at an edge that are misheard,
_MISHEARD = 16  # ... and one of so many of a copy
_PART = 0.3  # of a copy may be missing, of more than two
_MOST = 20  # copies in a chunk, of worst inputs
_CHUNK, _OVERLAP = 3000, 1000  # letters that are looked at as one, and that two of these share
_BATCH = 8  # chunks at a time

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


def _runs(letters: Letters, scores: Scores) -> list[Copies]:
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


def _at_pairs(letters: Letters, scores: Scores) -> Scores:
    """The scores of alignments that end with equal letters, 0 elsewhere."""
    padded = np.concatenate([letters, np.full(scores.shape[1], -1, np.int32)])
    later = np.lib.stride_tricks.sliding_window_view(padded, scores.shape[1])[: len(letters)]
    ends = np.zeros_like(scores)
    ends[1 : len(letters) + 1] = np.where(later == letters[:, None], scores[1 : len(letters) + 1], 0)
    return ends


def _scores(chunks: Sequence[Letters]) -> Scores:
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


def _traced(letters: Letters, scores: Scores, row: int, shift: int) -> tuple[int, int]:
    """Where the alignment that ends there begins, and with which shift."""
    while scores[row, shift] > 0:
        alike = _MATCH if letters[row - 1] == letters[row - 1 + shift] else _MISMATCH
        ways = (scores[row - 1, shift] + alike, scores[row - 1, shift + 1] + _GAP, scores[row, shift - 1] + _GAP)
        way = int(np.argmax(ways))
        row, shift = (row - 1, shift) if way == 0 else (row - 1, shift + 1) if way == 1 else (row, shift - 1)
    return row, shift
