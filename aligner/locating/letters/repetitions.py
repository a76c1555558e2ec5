"""Words moved to where they belong, of two places that sound like them.

A word that was said twice stands where it was said last: who edits a restart keeps what leads on.

Conventions
-----------
Frames are ``FRAME`` seconds. A *slot* is free sound after a word that may hold it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import FRAME, Emissions
from aligner.locating.letters.anchors import DecodedLetters
from aligner.locating.letters.paths import find_paths, framewise_scores
from aligner.locating.letters.scoring import Findings, refined_edges
from aligner.locating.letters.windows import Window
from aligner.normalization import unaccented

_EDGE_WEIGHT = 1.0  # in the search: of a word alone in a slot, edges tell more than among others

# What is taken for a repetition.
_LETTER = 0.05  # seconds that a letter takes
_DRAWL = 1.8  # a word this many times as long as its letters take may be said twice
_LEAST = 0.6  # of the word's length must be free before the next word, or a repetition does not fit,
_LETTERS = 1.5  # times its letters, that a word and its repetition were heard as, at least
_LONGEST = 8.0  # seconds within which a speaker starts over, or a stranger says the same word
_ALIKE = 75.0  # points of 100 by which the letters heard there must be the word's
_SHORT = 3  # letters up to which they must be just the word's, right before what it leads on to
_GAIN = 0.7  # nats per letter by which the word explains its frames better than anything else would
_LEADING = 0.3  # seconds at most between a word and the one it leads on to
_SENTENCE = 2  # what ends one
_ROUNDS = 4  # words of a restart that can move, each after the one that follows it


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where ``word`` may be instead, in seconds: it must lead on to the slot's end."""

    word: int
    start: float
    end: float


def at_last_repetitions(
    spelled: Sequence[str],
    classes: Sequence[Sequence[int]],
    findings: Findings,
    decoded: DecodedLetters,
    emissions: Emissions,
    breaks: NDArray[np.int64],
) -> Findings:
    """Findings in which words stand at the last repetition that leads on to the next word.

    ``breaks`` are as of ``spoken_words.breaks_after``: who has ended a sentence does not start over.
    """
    tried: set[_Slot] = set()
    for _ in range(_ROUNDS):
        slots = [slot for slot in _slots_after(spelled, findings, decoded, breaks) if slot not in tried]
        moved = _moved(slots, classes, findings, emissions)
        if moved is None:
            break
        findings = moved
        tried.update(slots)
    return findings


def _slots_after(
    spelled: Sequence[str], findings: Findings, decoded: DecodedLetters, breaks: NDArray[np.int64]
) -> list[_Slot]:
    """Slots between words and the next ones in which the words' letters were heard again."""
    found = np.flatnonzero(findings.found)
    starts, ends, free_to = findings.starts[found[:-1]], findings.ends[found[:-1]], findings.starts[found[1:]]
    natural = _LETTER * np.fromiter(map(len, spelled), np.int64)[found[:-1]]
    natural = np.minimum(natural, ends - starts)
    free_from = np.where(ends - starts >= _DRAWL * natural, starts + _LEAST * natural, ends)
    free = free_to - free_from
    fitting = (free >= _LEAST * natural) & (free <= _LONGEST) & (breaks[found[:-1]] < _SENTENCE)
    edges = np.column_stack([starts, free_from, free_to])[fitting] / FRAME + np.array([-1, -1, 1])
    letters = np.searchsorted(decoded.frames, np.rint(edges).astype(np.int64))
    slots = []
    for place, (began, low, high) in zip(np.flatnonzero(fitting).tolist(), letters.tolist(), strict=True):
        word = int(found[place])
        wanted = unaccented(spelled[word])
        twice = high - began >= _LETTERS * len(wanted)
        if twice and _alike(wanted, decoded.letters[low:high]):
            slots.append(_Slot(word, float(free_from[place]), float(free_to[place])))
    return slots


def _alike(wanted: str, letters: str) -> bool:
    """Whether a word's letters are among those heard."""
    from rapidfuzz import fuzz

    if len(wanted) <= _SHORT:
        return wanted in letters[-len(wanted) - 2 :]
    return len(letters) * 2 >= len(wanted) and fuzz.partial_ratio(wanted, letters) >= _ALIKE


def _moved(
    slots: Sequence[_Slot],
    classes: Sequence[Sequence[int]],
    findings: Findings,
    emissions: Emissions,
) -> Findings | None:
    """Findings with the words moved that are plainly in their slots and lead on; None if there is none."""
    slots = [slot for slot in slots if round(slot.start / FRAME) < len(emissions)]
    if not slots:
        return None
    windows = [_window(slot, len(emissions)) for slot in slots]
    (path,) = find_paths(classes, windows, (framewise_scores,), emissions, _EDGE_WEIGHT)
    words: NDArray[np.int64] = np.array([slot.word for slot in slots], np.int64)
    letters = np.array([len(classes[word]) for word in words])
    frames = path.frames[words]
    long = (frames[:, 1] - frames[:, 0]) * FRAME >= _LEAST * _LETTER * letters
    plainly = (frames[:, 0] >= 0) & (path.gain[words] >= _GAIN * letters)
    away = np.array([slot.end for slot in slots]) - frames[:, 1] * FRAME
    words = words[long & plainly & (away <= _LEADING)]
    if not len(words):
        return None
    starts, stops = findings.starts.copy(), findings.ends.copy()
    starts[words], stops[words] = refined_edges(path.frames[words].astype(np.float64), emissions)
    return replace(findings, starts=starts, ends=np.maximum(stops, starts + FRAME))


def _window(slot: _Slot, frames: int) -> Window:
    """The slot as a window of one word, of a frame at least."""
    first = min(int(slot.start / FRAME + 0.5), frames - 1)
    last = max(first + 1, min(int(slot.end / FRAME + 1.5), frames))
    return Window(np.array([slot.word]), np.array([False]), np.zeros(2, np.int64), np.arange(first, last), 0, 1)
