"""Words that were said twice, moved to their last copy: who edits a restart keeps what leads on.

Conventions
-----------
Frames are ``FRAME`` seconds. A word may have a copy in the sound between its end and the next word that was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aligner.by_letters.finding import Findings, refined_edges
from aligner.by_letters.paths import PathOptions, find_paths, what_sounds
from aligner.by_letters.sights import HeardLetters
from aligner.by_letters.stretches import Stretch
from aligner.scores import FRAME, LetterScores
from aligner.spelling import plain


@dataclass(frozen=True, slots=True)
class CopyOptions:
    """What is taken for a copy."""

    letter: float = 0.05  # seconds that a letter takes
    drawl: float = 1.8  # a word this many times as long as its letters take may hold two copies
    least: float = 0.6  # of the word's length must be free before the next word, or a copy does not fit,
    letters: float = 1.5  # times its letters, that a word and its copy were heard as, at least
    longest: float = 5.0  # seconds within which a speaker starts over, or a stranger says the same word
    alike: float = 75.0  # points of 100 by which the letters heard there must be the word's
    short: int = 3  # letters up to which they must be just the word's, right before what it leads on to
    gain: float = 0.7  # nats per letter by which the word explains its frames better than anything else would
    leading: float = 0.3  # seconds at most between a copy and the word it leads on to
    rounds: int = 4  # words of a restart that can move, each after the one that follows it


def at_last_copies(
    spelled: Sequence[str],
    classes: Sequence[Sequence[int]],
    findings: Findings,
    heard: HeardLetters,
    scores: LetterScores,
    options: CopyOptions | None = None,
) -> Findings:
    """Findings in which words stand at the last copy that leads on to the next word."""
    options = options or CopyOptions()
    for _ in range(options.rounds):
        candidates = _candidates(spelled, findings, heard, options)
        moved = _moved(candidates, classes, findings, scores, options)
        if moved is None:
            break
        findings = moved
    return findings


def _candidates(
    spelled: Sequence[str], findings: Findings, heard: HeardLetters, options: CopyOptions
) -> list[tuple[int, float, float]]:
    """Words whose letters were heard again before the next word, with the free sound ``(word, start, end)``."""
    from rapidfuzz import fuzz

    found = np.flatnonzero(findings.found)
    starts, ends, free_to = findings.starts[found[:-1]], findings.ends[found[:-1]], findings.starts[found[1:]]
    natural = np.array([options.letter * len(spelled[word]) for word in found[:-1]])
    natural = np.minimum(natural, ends - starts)
    free_from = np.where(ends - starts >= options.drawl * natural, starts + options.least * natural, ends)
    room = free_to - free_from
    fitting = (room >= options.least * natural) & (room <= options.longest)
    candidates = []
    for place in np.flatnonzero(fitting):
        word, start, end = int(found[place]), float(free_from[place]), float(free_to[place])
        edges = np.array([findings.starts[word], start, end]) / FRAME
        began, low, high = np.searchsorted(heard.frames, np.rint(edges + np.array([-1, -1, 1])).astype(np.int64))
        letters, wanted = heard.letters[low:high], plain(spelled[word])
        if high - began < options.letters * len(wanted):
            continue
        if len(wanted) <= options.short:
            alike = wanted in letters[-len(wanted) - 2 :]
        else:
            alike = len(letters) * 2 >= len(wanted) and fuzz.partial_ratio(wanted, letters) >= options.alike
        if alike:
            candidates.append((word, start, end))
    return candidates


def _moved(
    candidates: Sequence[tuple[int, float, float]],
    classes: Sequence[Sequence[int]],
    findings: Findings,
    scores: LetterScores,
    options: CopyOptions,
) -> Findings | None:
    """Findings with the candidates moved that are plainly there and lead on; None if there is none."""
    stretches = [
        Stretch(
            np.array([word]),
            np.arange(int(start / FRAME + 0.5), max(int(end / FRAME + 1.5), int(start / FRAME) + 2)),
            0,
            1,
        )
        for word, start, end in candidates
    ]
    stretches = [replace(s, frames=s.frames[s.frames < len(scores)]) for s in stretches]
    paths = find_paths(classes, stretches, what_sounds, scores, PathOptions())
    words: NDArray[np.int64] = np.array([word for word, _, _ in candidates], np.int64)
    if not len(words):
        return None
    letters = np.array([len(classes[word]) for word in words])
    ends = np.array([end for _, _, end in candidates])
    lengths = (paths.frames[words, 1] - paths.frames[words, 0]) * FRAME
    there = (lengths >= options.least * options.letter * letters) & (paths.gain[words] >= options.gain * letters)
    leads = ends - paths.frames[words, 1] * FRAME <= options.leading
    words = words[there & leads]
    if not len(words):
        return None
    starts, stops = findings.starts.copy(), findings.ends.copy()
    starts[words], stops[words] = refined_edges(paths.frames[words].astype(np.float64), scores)
    return replace(findings, starts=starts, ends=np.maximum(stops, starts + FRAME))
