"""Compute the training targets for each frame of a window from its words and phonemes.

Conventions
-----------
Frame t is centred on second ``t * FRAME``, so a word that starts at s seconds starts in frame ``s / FRAME``. A frame
with an unknown label has the label ``IGNORED``. Classes of letters are as in ``aligner.emissions``: 0 is no letter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import FRAME
from aligner.normalization import ALPHABET
from aligner.recognition.acoustic.encoder import CHUNK_FRAMES
from aligner.training.records import Phone, SpokenWord

IGNORED = -100  # PyTorch's cross entropy leaves these frames out
CLASS_OF = {letter: k for k, letter in enumerate(ALPHABET, start=1)}
_SIGMA_FRAMES = 1.0
_REACH_FRAMES = 4  # on each side of a boundary
_LONGEST_FRAMES = 75  # the CTC loss leaves longer words out

Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class WordFrames:
    """A word entirely inside a window, with its half-open range of frames and the classes of its letters."""

    start: int
    stop: int
    classes: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """The targets of each frame of a window, except its letter, which is aligned later."""

    words: tuple[WordFrames, ...]  # those entirely inside the window
    boundaries: NDArray[np.float32]  # (frames, 2): how close the start and the end of a word are; 1: here
    silent: NDArray[np.bool_]  # no word is spoken here
    known: NDArray[np.bool_]  # the letters are known here: none, or those of one of the words
    phones: Labels


def targets(words: Sequence[SpokenWord], phones: Sequence[Phone], phone_classes: dict[str, int]) -> Targets:
    boundaries = np.zeros((CHUNK_FRAMES, 2), np.float32)
    silent = np.ones(CHUNK_FRAMES, np.bool_)
    known = np.ones(CHUNK_FRAMES, np.bool_)
    whole = []
    for word in words:
        low, high = frames(word.start, word.end)
        silent[max(0, low - 1) : max(0, high + 1)] = False
        _bell(boundaries[:, 0], word.start)
        _bell(boundaries[:, 1], word.end)
        if word.text and low >= 0 and high <= CHUNK_FRAMES:
            whole.append(WordFrames(low, high, tuple(CLASS_OF[letter] for letter in word.text)))
        else:
            known[max(0, low) : max(0, high)] = False
    return Targets(tuple(whole), boundaries, silent, known, _phone_labels(phones, phone_classes))


def frames(start: float, end: float) -> tuple[int, int]:
    """Return the half-open range of frames centred in the seconds [start, end), at least one frame."""
    low = int(np.ceil(start / FRAME - 1e-6))
    return low, max(low + 1, int(np.ceil(end / FRAME - 1e-6)))


def _bell(values: NDArray[np.float32], second: float) -> None:
    centre = second / FRAME
    near = np.arange(max(0, int(centre) - _REACH_FRAMES + 1), min(len(values), int(centre) + _REACH_FRAMES + 1))
    if len(near):
        bell = np.exp(-0.5 * ((near - centre) / _SIGMA_FRAMES) ** 2)
        values[near] = np.maximum(values[near], bell)


def fits_ctc(word: WordFrames) -> bool:
    """Return whether CTC can score a word: whether it has enough frames for its letters, but not too many."""
    doubled = sum(a == b for a, b in zip(word.classes, word.classes[1:], strict=False))
    return len(word.classes) + doubled <= word.stop - word.start + 2 <= _LONGEST_FRAMES


def letter_labels(target: Targets, scores: NDArray[np.floating]) -> Labels:
    """Align the letters of each word with the word's frames. Return the class of each frame of the window.

    ``scores`` has shape (frames, classes).
    """
    labels = np.where(target.known, 0, IGNORED)
    for word in target.words:
        labels[word.start : word.stop] = align_characters(word.classes, scores[word.start : word.stop])
    return labels


def align_characters(classes: Sequence[int], scores: NDArray[np.floating]) -> Labels:
    """Align ``classes`` with frames, in order, for the highest sum of ``scores``; return each frame's class."""
    wanted = np.asarray(classes)
    m, k = len(scores), len(classes)
    if m <= k:
        return wanted[np.arange(m) * k // m]
    own = scores[:, wanted]
    best = np.full(k, -np.inf)
    best[0] = own[0, 0]
    moved = np.zeros((m, k), np.bool_)
    for t in range(1, m):
        stepped = np.concatenate([[-np.inf], best[:-1]])
        moved[t] = stepped > best
        best = np.maximum(stepped, best) + own[t]
    at, path = k - 1, np.empty(m, np.int64)
    for t in range(m - 1, -1, -1):
        path[t] = at
        at -= int(moved[t, at])
    return wanted[path]


def phone_classes(windows: Iterable[Sequence[Phone]], least: int = 20) -> dict[str, int]:
    """Return the class, a number from 1, of each phoneme that occurs at least ``least`` times. Class 0 is silence."""
    counts = Counter(phone.symbol for phones in windows for phone in _merged(phones))
    return {symbol: k for k, symbol in enumerate(sorted(s for s, n in counts.items() if n >= least), start=1)}


def _phone_labels(phones: Sequence[Phone], classes: dict[str, int]) -> Labels:
    labels = np.zeros(CHUNK_FRAMES, np.int64)
    for phone in _merged(phones):
        low, high = frames(phone.start, phone.end)
        labels[max(0, low) : max(0, high)] = classes.get(phone.symbol, IGNORED)
    return labels


def _merged(phones: Sequence[Phone]) -> list[Phone]:
    """Merge each stress mark with the next phoneme, and each other mark with the previous phoneme."""
    merged: list[Phone] = []
    pending: float | None = None
    for phone in phones:
        if phone.symbol in "ˈˌ":
            pending = phone.start if pending is None else pending
        elif phone.symbol in ("ː", "ʲ", "ʰ", "̃") and merged:
            symbol = merged[-1].symbol + ("̃" if phone.symbol == "̃" else "")
            merged[-1] = Phone(symbol, merged[-1].start, phone.end)
        else:
            merged.append(Phone(phone.symbol, phone.start if pending is None else pending, phone.end))
            pending = None
    return merged
