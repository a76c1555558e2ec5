"""Cutting an episode into stretches short enough to be searched, at words whose place is beyond doubt.

Conventions
-----------
Frames are ``FRAME`` seconds. A *sight* of a word is the range of frames in which letters of it were heard, from the
match of the whole episode. Between sights, words are thought to follow each other evenly over the sound that is left
once the middles of long passages without words are taken out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from aligner.locating.letters.sights import Sights

Frames = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class StretchOptions:
    """How to cut; lengths in seconds are of fluent speech in European languages."""

    # A stretch is cut at the longest pause after the first and before the second of these, if words there are clear,
    # else before the next word that is, or at the third.
    lengths_frames: tuple[int, int, int] = (150, 300, 2000)
    context: int = 2  # words of the neighbouring stretches that are searched too, so that none begins in mid-air
    pad_frames: int = 20  # of sound around its words
    letter_frames: float = 3.3  # that a letter takes in fluent speech
    loose: float = 2.0  # sound of this many natural lengths on either side of it is enough to look for a run of words
    loose_frames: int = 200  # ... and this much more
    most_hidden: int = 8  # words at each end of a run without sights that are sought where the sound cannot hold it all


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Words ``words`` (indices) sought in ``frames`` (rising, with jumps); those in ``[first, last)`` are its own."""

    words: NDArray[np.int64]
    frames: Frames
    first: int
    last: int


def plan_stretches(
    lengths: NDArray[np.int64], sights: Sights, frames: int, options: StretchOptions | None = None
) -> list[Stretch]:
    """Stretches that together seek every word that the sound can hold, once.

    Parameters
    ----------
    lengths : letters of each word; 0 for a word that is not sought.
    sights : where each word's letters were heard.
    """
    options = options or StretchOptions()
    sought = np.flatnonzero(lengths)
    kept_words = np.ones(len(lengths), bool)
    kept_frames = np.ones(frames, bool)
    for run, start, stop in _unseen(sought, sights.frames, frames):
        natural = lengths[run].sum() * options.letter_frames
        side = int(natural * options.loose) + options.loose_frames
        if stop - start > 2 * side:
            kept_frames[start + (side if start else 0) : stop - (side if stop < frames else 0)] = False
            if start == 0:
                kept_frames[: max(0, stop - side)] = False
            if stop == frames:
                kept_frames[start + side :] = False
        if natural > 2 * (stop - start) and len(run) > 2 * options.most_hidden:
            kept_words[run[options.most_hidden : -options.most_hidden]] = False
    words, position = sought[kept_words[sought]], np.flatnonzero(kept_frames)
    if not len(words) or not len(position):
        return []
    seen = sights.frames[words, 0] >= 0
    begins, ends = _guesses(lengths[words], np.searchsorted(position, sights.frames[words]), seen, len(position))
    cuts = _cuts(begins, ends, sights.clear[words], options)
    return [_stretch(words, begins, ends, (a, b), position, options) for a, b in pairwise(cuts)]


def _unseen(
    sought: NDArray[np.int64], sights: NDArray[np.int64], frames: int
) -> Iterator[tuple[NDArray[np.int64], int, int]]:
    """Each maximal run of words without a sight, perhaps empty, and the frames between its neighbours."""
    start, begin = 0, 0
    for place, word in enumerate(sought):
        if sights[word, 0] >= 0:
            yield sought[begin:place], start, int(sights[word, 0])
            start, begin = int(sights[word, 1]), place + 1
    yield sought[begin:], start, frames


def _guesses(lengths: NDArray[np.int64], sights: Frames, seen: NDArray[np.bool_], frames: int) -> tuple[Frames, Frames]:
    """Where each word may begin and end: its sight, or its share of the sound between the sights around it."""
    ends_of = np.cumsum(lengths)
    begins_of = ends_of - lengths
    x = np.concatenate([[0], np.column_stack([begins_of[seen], ends_of[seen]]).ravel(), [ends_of[-1]]])
    y = np.concatenate([[0], sights[seen].ravel(), [frames]])
    y = np.maximum.accumulate(y)
    return np.interp(begins_of, x, y).astype(np.int64), np.interp(ends_of, x, y).astype(np.int64)


def _cuts(begins: Frames, ends: Frames, clear: NDArray[np.bool_], options: StretchOptions) -> list[int]:
    """Indices of words at which stretches begin, and the number of words: at pauses before words that are clear.

    Where none is for long, the next one that is; a sight may be wrong, and what is beside it must then be searched.
    """
    safe = clear & np.append(clear[1:], True) & np.append(True, clear[:-1])
    cuts = [0]
    while True:
        low, high, last = np.searchsorted(begins, begins[cuts[-1]] + np.array(options.lengths_frames))
        choices = np.flatnonzero(safe[low:high]) + low
        if not len(choices):
            choices = np.flatnonzero(safe[high:last])[:1] + high
        if not len(choices):
            choices = np.array([last])
        choices = choices[(choices > cuts[-1]) & (choices < len(begins))]
        if not len(choices):
            return [*cuts, len(begins)]
        cuts.append(int(choices[np.argmax(begins[choices] - ends[choices - 1])]))


def _stretch(
    words: NDArray[np.int64],
    begins: Frames,
    ends: Frames,
    own: tuple[int, int],
    position: Frames,
    options: StretchOptions,
) -> Stretch:
    low, high = max(0, own[0] - options.context), min(len(words), own[1] + options.context)
    start = max(0, begins[low] - options.pad_frames) if low else 0
    stop = ends[high - 1] + options.pad_frames if high < len(words) else len(position)
    return Stretch(words[low:high], position[start:stop], own[0] - low, own[1] - low)
