"""Words moved to where they belong, of two places that sound like them.

A word that was said twice stands at its last copy: who edits a restart keeps what leads on. A word that stands alone in
other speech, far from its neighbours, goes back to the one before it if it is heard there too: of a passage that the
text lacks, some part sounds like any word.

Conventions
-----------
Frames are ``FRAME`` seconds. A *room* is free sound beside a word that may hold it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import FRAME, Emissions
from aligner.locating.letters.finding import Findings, refined_edges
from aligner.locating.letters.paths import PathOptions, find_paths, what_sounds
from aligner.locating.letters.sights import HeardLetters
from aligner.locating.letters.stretches import Stretch
from aligner.normalization import plain

_SEARCH = PathOptions(edge=1.0)  # of a word alone in a room, edges tell more than among others


@dataclass(frozen=True, slots=True)
class CopyOptions:
    """What is taken for a copy."""

    letter: float = 0.05  # seconds that a letter takes
    drawl: float = 1.8  # a word this many times as long as its letters take may hold two copies
    least: float = 0.6  # of the word's length must be free before the next word, or a copy does not fit,
    letters: float = 1.5  # times its letters, that a word and its copy were heard as, at least
    longest: float = 8.0  # seconds within which a speaker starts over, or a stranger says the same word
    alike: float = 75.0  # points of 100 by which the letters heard there must be the word's
    short: int = 3  # letters up to which they must be just the word's, right before what it leads on to
    gain: float = 0.7  # nats per letter by which the word explains its frames better than anything else would
    leading: float = 0.3  # seconds at most between a word and the one it leads on to, or from
    rounds: int = 4  # words of a restart that can move, each after the one that follows it
    lonely: float = 0.6  # seconds of other sound on both sides that make a word stand alone


@dataclass(frozen=True, slots=True)
class _Room:
    """Where ``word`` may be instead, in seconds: it must lead on to the room's end, or else follow from its start."""

    word: int
    start: float
    end: float
    leads_on: bool


def at_last_copies(
    spelled: Sequence[str],
    classes: Sequence[Sequence[int]],
    findings: Findings,
    heard: HeardLetters,
    scores: Emissions,
    options: CopyOptions | None = None,
) -> Findings:
    """Findings in which words stand at the last copy that leads on to the next word."""
    options = options or CopyOptions()
    for _ in range(options.rounds):
        rooms = _rooms_after(spelled, findings, heard, options)
        moved = _moved(rooms, classes, findings, scores, options)
        if moved is None:
            break
        findings = moved
    return findings


def beside_neighbours(
    classes: Sequence[Sequence[int]], findings: Findings, scores: Emissions, options: CopyOptions | None = None
) -> Findings:
    """Findings in which no word stands alone in other speech that is heard right after the word before it too."""
    options = options or CopyOptions()
    return _moved(_rooms_of_lonely(classes, findings, options), classes, findings, scores, options) or findings


def _rooms_after(spelled: Sequence[str], findings: Findings, heard: HeardLetters, options: CopyOptions) -> list[_Room]:
    """Rooms between words and the next ones in which the words' letters were heard again."""
    found = np.flatnonzero(findings.found)
    starts, ends, free_to = findings.starts[found[:-1]], findings.ends[found[:-1]], findings.starts[found[1:]]
    natural = np.array([options.letter * len(spelled[word]) for word in found[:-1]])
    natural = np.minimum(natural, ends - starts)
    free_from = np.where(ends - starts >= options.drawl * natural, starts + options.least * natural, ends)
    room = free_to - free_from
    fitting = (room >= options.least * natural) & (room <= options.longest)
    edges = np.column_stack([starts, free_from, free_to])[fitting] / FRAME + np.array([-1, -1, 1])
    letters = np.searchsorted(heard.frames, np.rint(edges).astype(np.int64))
    rooms = []
    for place, (began, low, high) in zip(np.flatnonzero(fitting).tolist(), letters.tolist(), strict=True):
        word = int(found[place])
        wanted = plain(spelled[word])
        twice = high - began >= options.letters * len(wanted)
        if twice and _alike(wanted, heard.letters[low:high], options):
            rooms.append(_Room(word, float(free_from[place]), float(free_to[place]), leads_on=True))
    return rooms


def _alike(wanted: str, letters: str, options: CopyOptions) -> bool:
    """Whether a word's letters are among those heard."""
    from rapidfuzz import fuzz

    if len(wanted) <= options.short:
        return wanted in letters[-len(wanted) - 2 :]
    return len(letters) * 2 >= len(wanted) and fuzz.partial_ratio(wanted, letters) >= options.alike


def _rooms_of_lonely(classes: Sequence[Sequence[int]], findings: Findings, options: CopyOptions) -> list[_Room]:
    """The rooms right after the words before such as stand alone."""
    found = np.flatnonzero(findings.found)
    before = findings.starts[found[1:]] - findings.ends[found[:-1]]
    after = np.append(before[1:], np.inf)
    rooms = []
    for place in np.flatnonzero((before >= options.lonely) & (after >= options.lonely)) + 1:
        word, start = int(found[place]), float(findings.ends[found[place - 1]])
        reach = options.leading + 2 * options.letter * len(classes[word])
        rooms.append(_Room(word, start, min(start + reach, float(findings.starts[word])), leads_on=False))
    return rooms


def _moved(
    rooms: Sequence[_Room],
    classes: Sequence[Sequence[int]],
    findings: Findings,
    scores: Emissions,
    options: CopyOptions,
) -> Findings | None:
    """Findings with the words moved that are plainly in their rooms and lead on; None if there is none."""
    rooms = [room for room in rooms if round(room.start / FRAME) < len(scores)]
    if not rooms:
        return None
    paths = find_paths(classes, [_stretch(room, len(scores)) for room in rooms], what_sounds, scores, _SEARCH)
    words: NDArray[np.int64] = np.array([room.word for room in rooms], np.int64)
    letters = np.array([len(classes[word]) for word in words])
    frames = paths.frames[words]
    long = (frames[:, 1] - frames[:, 0]) * FRAME >= options.least * options.letter * letters
    plainly = (frames[:, 0] >= 0) & (paths.gain[words] >= options.gain * letters)
    away = [
        room.end - stop * FRAME if room.leads_on else start * FRAME - room.start
        for room, (start, stop) in zip(rooms, frames, strict=True)
    ]
    words = words[long & plainly & (np.array(away) <= options.leading)]
    if not len(words):
        return None
    starts, stops = findings.starts.copy(), findings.ends.copy()
    starts[words], stops[words] = refined_edges(paths.frames[words].astype(np.float64), scores)
    return replace(findings, starts=starts, ends=np.maximum(stops, starts + FRAME))


def _stretch(room: _Room, frames: int) -> Stretch:
    """The room as a stretch of one word, of a frame at least."""
    first = min(int(room.start / FRAME + 0.5), frames - 1)
    last = max(first + 1, min(int(room.end / FRAME + 1.5), frames))
    return Stretch(np.array([room.word]), np.arange(first, last), 0, 1)
