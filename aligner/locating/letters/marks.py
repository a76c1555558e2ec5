"""Footnote marks that are read aloud: "Network 1", where the text has ``Network [1]``.

A mark is no word of the text, so it is looked for last, where the words around it leave it: it is said if the letters
of both its neighbours with its own number between them explain their frames better than the neighbours alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import FRAME, Emissions
from aligner.locating.letters.anchors import letter_classes
from aligner.locating.spoken_words import footnote_marks
from aligner.model import Placement, Span, Status, Transcript
from aligner.normalization import readings

_WINDOW = 3.0  # seconds after the word before a mark in which it must be heard
_LEAST = 0.08  # seconds of room without which nobody can say a number
_GAIN = 1.5  # nats per letter by which it must explain its frames better than nothing would
_LAST_LETTER = 0.5  # seconds that its last letter may last
_CONFIDENCE = 0.3  # of what is in doubt


def with_marks(
    transcript: Transcript,
    placements: Sequence[Placement],
    classes: Sequence[Sequence[int]],
    emissions: Emissions,
    language: str,
) -> tuple[Placement, ...]:
    """The placements with those of footnote marks that are read aloud; all others stay as they are.

    ``classes`` are the letters' classes of each word.
    """
    placed = list(placements)
    for mark, number in footnote_marks(transcript, placements):
        ways = readings([number], language)[0]
        found = _heard(mark, ways, placements, classes, emissions)
        if found:
            placed[mark] = found
    return tuple(placed)


def _heard(
    mark: int,
    ways: Sequence[str],
    placements: Sequence[Placement],
    classes: Sequence[Sequence[int]],
    emissions: Emissions,
) -> Placement | None:
    before, after = placements[mark - 1].span, placements[mark + 1].span
    assert before
    assert after
    if after.start - before.end < _LEAST:
        return None
    near = after.start - before.end < _WINDOW
    end = after.end if near else before.end + _WINDOW
    first, last = int(before.start / FRAME), int(end / FRAME) + 1
    frames = np.asarray(emissions.ctc[first:last], np.float64)
    left, right = list(classes[mark - 1]), list(classes[mark + 1]) if near else []
    if not len(frames) or not left + right:
        return None
    alone = _score(frames, left + right)[0]
    best, chosen, path = -np.inf, [], None
    for way in ways:
        own = letter_classes(way)
        score, letters = _score(frames, left + own + right)
        if own and (score - alone) / len(own) > best:
            best, chosen, path = (score - alone) / len(own), own, letters
    if path is None or best < _GAIN:
        return None
    said = path[len(left) : len(left) + len(chosen)]
    start, latest = max(before.end, (first + said[0]) * FRAME), (first + said[-1]) * FRAME + _LAST_LETTER
    stop = min(after.start, _end((first + said[-1]) * FRAME, min(after.start, latest), emissions))
    return Placement(Span(start, max(stop, start + FRAME)), Status.FUZZY, _CONFIDENCE)


def _end(start: float, latest: float, emissions: Emissions) -> float:
    """Where a word most likely ends that has its last letter at ``start``."""
    first = int(start / FRAME) + 1
    ends = emissions.ends[first : max(first + 1, int(latest / FRAME))]
    return (first + int(ends.argmax())) * FRAME if len(ends) else latest


def _score(frames: NDArray[np.float64], classes: Sequence[int]) -> tuple[float, list[int]]:
    """The best CTC path of letters through all frames: its log probability, and the first frame of each letter."""
    states = np.zeros(2 * len(classes) + 1, np.int64)
    states[1::2] = classes
    skips = np.zeros(len(states), bool)
    skips[3::2] = states[3::2] != states[1:-2:2]
    scores = np.full(len(states), -np.inf)
    scores[:2] = frames[0, states[:2]]
    moves = np.zeros((len(frames), len(states)), np.int8)
    for t in range(1, len(frames)):
        one = np.concatenate(([-np.inf], scores[:-1]))
        two = np.where(skips, np.concatenate(([-np.inf, -np.inf], scores[:-2])), -np.inf)
        ways = np.stack([scores, one, two])
        moves[t] = ways.argmax(axis=0)
        scores = ways.max(axis=0) + frames[t, states]
    state = len(states) - 1 if len(states) == 1 or scores[-1] >= scores[-2] else len(states) - 2
    best, firsts = float(scores[state]), [0] * len(classes)
    for t in range(len(frames) - 1, -1, -1):
        if state % 2:
            firsts[state // 2] = t
        state -= int(moves[t, state])
    return best, firsts
