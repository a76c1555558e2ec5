"""Words moved to where they belong, of two places that sound like them.

A word that was said twice stands where it was said last: who edits a restart keeps what leads on. A word that stands
alone in other speech, far from its neighbours, goes back to the one before it if it is heard there too: of a passage
that the text lacks, some part sounds like any word. So does a word that is parted from its sentence by a break: it
goes to the neighbour that the sentence is with.

Conventions
-----------
Frames are ``FRAME`` seconds. A *slot* is free sound beside a word that may hold it.
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
_LEADING = 0.3  # seconds at most between a word and the one it leads on to, or from
_ROUNDS = 4  # words of a restart that can move, each after the one that follows it
_LONELY = 0.6  # seconds of other sound on both sides that make a word stand alone
_APART, _SENTENCE = 1.0, 2  # seconds that part a sentence, and what ends one
_PARTED = 3  # words of it that may be beyond them
_LEAST_PARTED = 0.4  # as ``_LEAST``, of words that begin a sentence, which are swallowed sooner
_BREAK, _OTHER_LETTERS = 3.0, 12  # seconds, and letters heard in them, that are other speech and no restart


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where ``word`` may be instead, in seconds: it must lead on to the slot's end, or else follow from its start."""

    word: int
    start: float
    end: float
    leads_on: bool


def at_last_repetitions(
    spelled: Sequence[str],
    classes: Sequence[Sequence[int]],
    findings: Findings,
    decoded: DecodedLetters,
    emissions: Emissions,
) -> Findings:
    """Findings in which words stand at the last repetition that leads on to the next word."""
    for _ in range(_ROUNDS):
        moved = _moved(_slots_after(spelled, findings, decoded), classes, findings, emissions)
        if moved is None:
            break
        findings = moved
    return findings


def beside_neighbours(
    classes: Sequence[Sequence[int]],
    breaks: NDArray[np.int64],
    findings: Findings,
    decoded: DecodedLetters,
    emissions: Emissions,
) -> Findings:
    """Findings in which no word stands alone in other speech that is heard beside a neighbour too, and none is parted
    from its sentence by other speech. ``breaks`` as of ``spoken_words.breaks_after``."""
    findings = _moved(_slots_of_lonely(classes, findings), classes, findings, emissions) or findings
    for _ in range(_PARTED):
        slots = _slots_of_parted(classes, breaks, findings)
        moved = _moved(slots, classes, findings, emissions, _LEAST_PARTED)
        if moved is None:
            break
        findings = moved
    return _without_parted(_slots_of_parted(classes, breaks, findings), findings, decoded)


def _without_parted(slots: Sequence[_Slot], findings: Findings, decoded: DecodedLetters) -> Findings:
    """Findings without words that are parted from their sentence by speech that the text lacks."""
    found = findings.found.copy()
    for slot in slots:
        near, far = float(findings.ends[slot.word]), slot.end
        if not slot.leads_on:
            near, far = slot.start, float(findings.starts[slot.word])
        letters = np.searchsorted(decoded.frames, np.array([near, far]) / FRAME)
        found[slot.word] &= far - near < _BREAK or letters[1] - letters[0] < _OTHER_LETTERS
    return replace(findings, found=found, exact=findings.exact & found)


def _slots_after(spelled: Sequence[str], findings: Findings, decoded: DecodedLetters) -> list[_Slot]:
    """Slots between words and the next ones in which the words' letters were heard again."""
    found = np.flatnonzero(findings.found)
    starts, ends, free_to = findings.starts[found[:-1]], findings.ends[found[:-1]], findings.starts[found[1:]]
    natural = _LETTER * np.fromiter(map(len, spelled), np.int64)[found[:-1]]
    natural = np.minimum(natural, ends - starts)
    free_from = np.where(ends - starts >= _DRAWL * natural, starts + _LEAST * natural, ends)
    free = free_to - free_from
    fitting = (free >= _LEAST * natural) & (free <= _LONGEST)
    edges = np.column_stack([starts, free_from, free_to])[fitting] / FRAME + np.array([-1, -1, 1])
    letters = np.searchsorted(decoded.frames, np.rint(edges).astype(np.int64))
    slots = []
    for place, (began, low, high) in zip(np.flatnonzero(fitting).tolist(), letters.tolist(), strict=True):
        word = int(found[place])
        wanted = unaccented(spelled[word])
        twice = high - began >= _LETTERS * len(wanted)
        if twice and _alike(wanted, decoded.letters[low:high]):
            slots.append(_Slot(word, float(free_from[place]), float(free_to[place]), leads_on=True))
    return slots


def _alike(wanted: str, letters: str) -> bool:
    """Whether a word's letters are among those heard."""
    from rapidfuzz import fuzz

    if len(wanted) <= _SHORT:
        return wanted in letters[-len(wanted) - 2 :]
    return len(letters) * 2 >= len(wanted) and fuzz.partial_ratio(wanted, letters) >= _ALIKE


def _slots_of_lonely(classes: Sequence[Sequence[int]], findings: Findings) -> list[_Slot]:
    """The slots right after the words before such as stand alone."""
    found = np.flatnonzero(findings.found)
    before = findings.starts[found[1:]] - findings.ends[found[:-1]]
    after = np.append(before[1:], np.inf)
    slots = []
    for place in np.flatnonzero((before >= _LONELY) & (after >= _LONELY)) + 1:
        slots.append(_slot_after(int(found[place - 1]), int(found[place]), classes, findings))
    return slots


def _slots_of_parted(classes: Sequence[Sequence[int]], breaks: NDArray[np.int64], findings: Findings) -> list[_Slot]:
    """Slots beside the rest of their sentence, for its first or last few words beyond a hole in it.

    Where a sentence is not said, or something else is, the next one's first word is heard somewhere in it, too.
    """
    found = np.flatnonzero(findings.found)
    apart = (findings.starts[found[1:]] - findings.ends[found[:-1]] >= _APART) & (np.diff(found) == 1)
    sentence = np.append(0, np.cumsum(breaks >= _SENTENCE))[found]
    slots = []
    for place in np.flatnonzero(apart & (sentence[1:] == sentence[:-1])).tolist():
        before, after = int(found[place]), int(found[place + 1])
        first, last = np.searchsorted(sentence, sentence[place]), np.searchsorted(sentence, sentence[place], "right")
        left, right = place + 1 - first, last - place - 1
        if left < min(right, _PARTED + 1):
            end = float(findings.starts[after])
            start = max(end - _reach(before, classes), float(findings.ends[before]))
            slots.append(_Slot(before, start, end, leads_on=True))
        elif right < min(left, _PARTED + 1):
            slots.append(_slot_after(before, after, classes, findings))
    return slots


def _slot_after(before: int, word: int, classes: Sequence[Sequence[int]], findings: Findings) -> _Slot:
    """A slot for ``word`` that follows the word before it at once."""
    start = float(findings.ends[before])
    return _Slot(word, start, min(start + _reach(word, classes), float(findings.starts[word])), leads_on=False)


def _reach(word: int, classes: Sequence[Sequence[int]]) -> float:
    return _LEADING + 2 * _LETTER * len(classes[word])


def _moved(
    slots: Sequence[_Slot],
    classes: Sequence[Sequence[int]],
    findings: Findings,
    emissions: Emissions,
    least: float = _LEAST,
) -> Findings | None:
    """Findings with the words moved that are plainly in their slots and lead on; None if there is none.

    They take ``least`` of what their letters usually do, or more.
    """
    slots = [slot for slot in slots if round(slot.start / FRAME) < len(emissions)]
    if not slots:
        return None
    windows = [_window(slot, len(emissions)) for slot in slots]
    path = find_paths(classes, windows, framewise_scores, emissions, _EDGE_WEIGHT)
    words: NDArray[np.int64] = np.array([slot.word for slot in slots], np.int64)
    letters = np.array([len(classes[word]) for word in words])
    frames = path.frames[words]
    long = (frames[:, 1] - frames[:, 0]) * FRAME >= least * _LETTER * letters
    plainly = (frames[:, 0] >= 0) & (path.gain[words] >= _GAIN * letters)
    away = [
        slot.end - stop * FRAME if slot.leads_on else start * FRAME - slot.start
        for slot, (start, stop) in zip(slots, frames, strict=True)
    ]
    words = words[long & plainly & (np.array(away) <= _LEADING)]
    if not len(words):
        return None
    starts, stops = findings.starts.copy(), findings.ends.copy()
    starts[words], stops[words] = refined_edges(path.frames[words].astype(np.float64), emissions)
    return replace(findings, starts=starts, ends=np.maximum(stops, starts + FRAME))


def _window(slot: _Slot, frames: int) -> Window:
    """The slot as a window of one word, of a frame at least."""
    first = min(int(slot.start / FRAME + 0.5), frames - 1)
    last = max(first + 1, min(int(slot.end / FRAME + 1.5), frames))
    return Window(np.array([slot.word]), np.array([False]), np.arange(first, last), 0, 1)
