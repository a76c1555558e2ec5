"""Where the letters of each word were heard, from a match of the whole episode's letters.

Conventions
-----------
Frames are ``FRAME`` seconds. A *sight* of a word is the range of frames ``[start, stop)`` in which letters of it were
heard; it may be narrower than the word, for silent letters are heard anywhere or nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import Emissions
from aligner.locating.matching import MatchOptions, match_letters
from aligner.normalization import ALPHABET, plain

Indices = NDArray[np.int64]

# The head mishears a quarter to a third of the letters that people say, so it is believed where fewer of them agree
# than with words; on real speech, of 130 letters so paired one was a third of a second or more out of place.
_MATCHING = MatchOptions(trust_pairs=30, trust_ref=0.55, trust_hyp=0.4)

_SIGHT_SHARE = 0.5  # of a word's letters that must be found, and in at most
_FRAMES_PER_LETTER, _MORE_FRAMES = 6, 20  # as many frames
_STRAY_LETTERS = 3  # heard between two words that follow each other: a hesitation


@dataclass(frozen=True, slots=True, eq=False)
class HeardLetters:
    """The letters that the head hears one after the other, doubled ones once, accents dropped; and their frames."""

    letters: str
    frames: Indices


@dataclass(frozen=True, slots=True, eq=False)
class Sights:
    """``frames`` (words, 2), -1 where a word was not seen; ``share`` (words,) of its letters that were found; ``clear``
    (words,) where nothing is between a word and the one before it, in the text or in the sound, but a pause."""

    frames: Indices
    share: NDArray[np.float64]
    clear: NDArray[np.bool_]


def heard_letters(scores: Emissions) -> HeardLetters:
    """The likeliest class of each frame, runs of one class taken together."""
    classes = np.asarray(scores.ctc).argmax(axis=1)
    onsets = np.flatnonzero((classes > 0) & (np.append(0, classes[:-1]) != classes))
    letters = plain("".join(ALPHABET[c - 1] for c in classes[onsets]))
    kept = _without_doubles(letters)
    return HeardLetters("".join(letters[k] for k in kept), onsets[kept])


def find_sights(spelled: Sequence[str], heard: HeardLetters) -> Sights:
    """Match all words' letters with all that were heard; ``spelled`` are the words' letters, empty if not sought."""
    reference = plain("".join(spelled))
    kept = _without_doubles(reference)
    owner = np.repeat(np.arange(len(spelled)), [len(letters) for letters in spelled])[kept]
    matched = match_letters("".join(reference[k] for k in kept), heard.letters, _MATCHING)
    found = np.flatnonzero(matched >= 0)
    counts = np.bincount(owner, minlength=len(spelled))
    share = np.bincount(owner[found], minlength=len(spelled)) / np.maximum(counts, 1)

    at = heard.frames[matched[found]]
    frames = np.full((len(spelled), 2), -1, np.int64)
    frames[owner[found[::-1]], 0] = at[::-1]  # of several letters of one word the first found stays,
    frames[owner[found], 1] = at + 1  # and the last
    near = frames[:, 1] - frames[:, 0] <= _FRAMES_PER_LETTER * counts + _MORE_FRAMES
    frames[~near | (share < _SIGHT_SHARE)] = -1
    return Sights(frames, share, _clear(np.flatnonzero(counts), frames, heard))


def _clear(sought: Indices, frames: Indices, heard: HeardLetters) -> NDArray[np.bool_]:
    """Which words directly follow the sought word before them."""
    before, after = frames[sought[:-1], 1], frames[sought[1:], 0]
    stray = np.searchsorted(heard.frames, after) - np.searchsorted(heard.frames, before)
    clear = np.zeros(len(frames), bool)
    clear[sought[1:]] = (before >= 0) & (after >= 0) & (stray <= _STRAY_LETTERS)
    return clear


def _without_doubles(letters: str) -> Indices:
    """Where a letter is not the same as the one before it."""
    codes = np.frombuffer(letters.encode("utf-32-le"), np.int32)
    return np.flatnonzero(np.append(True, codes[1:] != codes[:-1])) if len(codes) else np.empty(0, np.int64)
