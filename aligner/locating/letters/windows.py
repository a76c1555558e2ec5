"""Cutting an episode into windows short enough to be searched, at words whose place is beyond doubt.

Conventions
-----------
Frames are ``FRAME`` seconds. A word's *anchor* is the range of frames in which letters of it were heard, from the match
of the whole episode. Between anchors, words are thought to follow each other evenly over the sound that is left once
the middles of long passages without words are taken out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from aligner.locating.letters.anchors import Anchors

Frames = NDArray[np.int64]


# A window is cut at the longest pause after the first and before the second of these, if words there are clear, else
# before the next word that is, or at the third.
LENGTHS_FRAMES = (150, 300, 2000)
CONTEXT = 4  # words of the neighbouring windows that are searched too, so that none begins in mid-air or takes theirs
LETTER_FRAMES = 3.3  # that a letter takes in fluent speech of European languages
MOST_HIDDEN = 8  # words at most at each end of a run without anchors that are sought where the sound cannot hold it all
_FITTING_FRAMES = 30  # more than there seem to be, for an anchor may be too wide
_PAD_FRAMES = 20  # of sound around its words
_LOOSE = 2.0  # sound of this many natural lengths on either side of it is enough to look for a run of words
_LOOSE_FRAMES = 200  # ... and this much more
_SENTENCE = 2  # what ends one
_TIGHT_FRAMES = 40  # where two words that were heard follow each other in the text, nothing of it is said between them


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """Words ``words`` (indices) sought in ``frames`` (rising, with jumps); those in ``[first, last)`` are its own, and
    those that are ``heard`` have an anchor. ``breaks`` (words + 1,) are what ends before each word and after the last,
    as of ``spoken_words.breaks_after``; at the window's edges anything may."""

    words: NDArray[np.int64]
    heard: NDArray[np.bool_]
    breaks: NDArray[np.int64]
    frames: Frames
    first: int
    last: int


def plan_windows(
    lengths: NDArray[np.int64], anchors: Anchors, frames: int, breaks: NDArray[np.int64] | None = None
) -> list[Window]:
    """Windows that together seek every word that the sound can hold, once.

    Parameters
    ----------
    lengths : letters of each word; 0 for a word that is not sought.
    anchors : where each word's letters were heard.
    breaks : as of ``spoken_words.breaks_after``; by default nothing ends.
    """
    sought = np.flatnonzero((lengths > 0) & ~anchors.unsaid)
    kept_words = np.ones(len(lengths), bool)
    kept_frames = np.ones(frames, bool)
    for start, stop in anchors.unwritten:
        kept_frames[start:stop] = False
    for run, start, stop in _unanchored(sought, anchors.frames, frames):
        natural = lengths[run].sum() * LETTER_FRAMES
        side = int(natural * _LOOSE) + (_LOOSE_FRAMES if len(run) else _TIGHT_FRAMES)
        if stop - start > 2 * side:
            # Words may be said at the very beginning or end of the sound, if any are; without an anchor, nowhere.
            at_ends = len(run) > 0 and stop - start < frames
            first = start + side if start or at_ends else 0
            kept_frames[first : stop - side if stop < frames or at_ends else frames] = False
        if natural > 2 * (stop - start):
            first, last = (_fitting(lengths[side], stop - start) for side in (run, run[::-1]))
            kept_words[run[first : max(first, len(run) - last)]] = False
    words, position = sought[kept_words[sought]], np.flatnonzero(kept_frames)
    if not len(words) or not len(position):
        return []
    anchored = anchors.frames[words, 0] >= 0
    places = np.searchsorted(position, anchors.frames[words])
    begins, ends = _guesses(lengths[words], places, anchored, len(position))
    cuts = _cuts(begins, ends, anchors.clear[words])
    if breaks is None:
        breaks = np.zeros(len(lengths), np.int64)
    ended = np.append(_SENTENCE, np.maximum.reduceat(breaks, words))
    return [_window(words, anchored, ended, begins, ends, (a, b), position) for a, b in pairwise(cuts)]


def _unanchored(
    sought: NDArray[np.int64], anchors: NDArray[np.int64], frames: int
) -> Iterator[tuple[NDArray[np.int64], int, int]]:
    """Each maximal run of words without an anchor and the frames between its neighbours; an empty one where these are
    more than is looked through between words that follow each other."""
    places = np.flatnonzero(anchors[sought, 0] >= 0)
    begins, ends = np.append(0, places + 1), np.append(places, len(sought))
    starts, stops = np.append(0, anchors[sought[places], 1]), np.append(anchors[sought[places], 0], frames)
    for k in np.flatnonzero((begins < ends) | (stops - starts > 2 * _TIGHT_FRAMES)).tolist():
        yield sought[begins[k] : ends[k]], int(starts[k]), int(stops[k])


def _fitting(lengths: NDArray[np.int64], room: int) -> int:
    """How many of the first words of a run may be said in so many frames, hastily."""
    most = int(np.searchsorted(np.cumsum(lengths) * LETTER_FRAMES, room + _FITTING_FRAMES))
    return min(max(1, most), MOST_HIDDEN)


def _guesses(
    lengths: NDArray[np.int64], anchors: Frames, anchored: NDArray[np.bool_], frames: int
) -> tuple[Frames, Frames]:
    """Where each word may begin and end: its anchor, or its share of the sound between the anchors around it."""
    ends_of = np.cumsum(lengths)
    begins_of = ends_of - lengths
    x = np.concatenate([[0], np.column_stack([begins_of[anchored], ends_of[anchored]]).ravel(), [ends_of[-1]]])
    y = np.concatenate([[0], anchors[anchored].ravel(), [frames]])
    y = np.maximum.accumulate(y)
    return np.interp(begins_of, x, y).astype(np.int64), np.interp(ends_of, x, y).astype(np.int64)


def _cuts(begins: Frames, ends: Frames, clear: NDArray[np.bool_]) -> list[int]:
    """Indices of words at which windows begin, and the number of words: at pauses before words that are clear.

    Where none is for long, the next one that is; an anchor may be wrong, and what is beside it must then be searched.
    """
    safe = clear & np.append(clear[1:], True) & np.append(True, clear[:-1])
    cuts = [0]
    while True:
        low, high, last = np.searchsorted(begins, begins[cuts[-1]] + np.array(LENGTHS_FRAMES))
        choices = np.flatnonzero(safe[low:high]) + low
        if not len(choices):
            choices = np.flatnonzero(safe[high:last])[:1] + high
        if not len(choices):
            choices = np.array([last])
        choices = choices[(choices > cuts[-1]) & (choices < len(begins))]
        if not len(choices):
            return [*cuts, len(begins)]
        cuts.append(int(choices[np.argmax(begins[choices] - ends[choices - 1])]))


def _window(
    words: NDArray[np.int64],
    heard: NDArray[np.bool_],
    ended: NDArray[np.int64],
    begins: Frames,
    ends: Frames,
    own: tuple[int, int],
    position: Frames,
) -> Window:
    low, high = max(0, own[0] - CONTEXT), min(len(words), own[1] + CONTEXT)
    start = max(0, begins[low] - _PAD_FRAMES) if low else 0
    stop = ends[high - 1] + _PAD_FRAMES if high < len(words) else len(position)
    breaks = ended[low : high + 1].copy()
    breaks[[0, -1]] = _SENTENCE
    return Window(words[low:high], heard[low:high], breaks, position[start:stop], own[0] - low, own[1] - low)
