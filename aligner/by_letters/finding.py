"""Which words were found, when exactly, and how sure that is, from the paths of both opinions.

Conventions
-----------
Seconds. A word's *support* is how much better its letters explain its frames than anything else would, with how
plausible their number is, per letter and in nats.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aligner.by_letters.paths import Paths
from aligner.model import Kind, Transcript
from aligner.scores import FRAME, LetterScores

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


_AROUND, _AROUND_SHARE = 6, 0.3  # of the words so near on both sides, the share that must be found too
_HEADING_SHARE = 2 / 3  # of a heading's words, for it to have been read aloud


@dataclass(frozen=True, slots=True)
class FindingOptions:
    """Where to draw the lines; found on generated episodes with words put in and taken out at random."""

    agree_frames: float = 2.5  # opinions this near are of one mind, and their mean is better than either
    letter_frames: float = 2.2  # that a letter takes, in the middle of all voices and languages
    pace: float = 1.2  # nats that a factor e of that counts
    support: float = -1.2  # below it a word was not heard
    near_frames: int = 2  # an edge is the centre of what the head says of edges so near


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """Per word: when it starts and ends (NaN where no path has it), whether it was found, and beyond doubt."""

    starts: Floats
    ends: Floats
    found: Flags
    exact: Flags
    confidence: Floats


def weigh(
    lengths: NDArray[np.int64],
    sounds: Paths,
    spikes: Paths,
    scores: LetterScores,
    options: FindingOptions | None = None,
) -> Findings:
    """Make one finding of two paths. ``lengths`` are the words' letters."""
    options = options or FindingOptions()
    a, b = sounds.frames, spikes.frames
    both = (a[:, 0] >= 0) & (b[:, 0] >= 0)
    agree = both & (np.abs(a[:, 0] - b[:, 0]) <= options.agree_frames)
    either = np.where((b[:, :1] >= 0), b, a).astype(np.float64)
    either[agree] = (a[agree] + b[agree]) / 2
    letters = np.maximum(lengths, 1)
    duration = np.where(both, np.minimum(a[:, 1] - a[:, 0], b[:, 1] - b[:, 0]), either[:, 1] - either[:, 0])
    gain = np.where(a[:, 0] >= 0, sounds.gain, spikes.gain)
    with np.errstate(divide="ignore"):
        support = gain / letters + options.pace * np.log(duration / letters / options.letter_frames)
    placed = either[:, 0] >= 0
    edges = [
        _refined(either[:, side], np.exp(np.asarray(edge, np.float32)), options.near_frames)
        for side, edge in enumerate((scores.starts, scores.ends))
    ]
    starts, ends = (np.where(placed, edge * FRAME, np.nan) for edge in edges)
    found = placed & (support >= options.support)
    confidence = np.where(found, 1 / (1 + np.exp(-(support + 2.0 * agree))), 0.0)
    return Findings(starts, np.maximum(ends, starts + FRAME), found, found & agree & (support > 0), confidence)


def believable(transcript: Transcript, findings: Findings) -> Findings:
    """Without words that stand alone: where little else around was found, it is chance, not speech.

    A heading is looked at whole and must be found for the most part; a paragraph, by the words around each word.
    """
    found = findings.found.copy()
    for indices in by_segment(transcript):
        heading = transcript.segments[transcript.words[indices[0]].segment].kind is Kind.HEADING
        reach = len(indices) if heading else _AROUND
        hits = np.append(0, np.cumsum(findings.found[indices]))
        place = np.arange(len(indices))
        low, high = np.maximum(0, place - reach), np.minimum(len(indices), place + reach + 1)
        share = (hits[high] - hits[low]) / (high - low)
        found[indices] &= share >= (_HEADING_SHARE if heading else _AROUND_SHARE)
    return replace(findings, found=found, exact=findings.exact & found)


def _refined(edges: Floats, probability: NDArray[np.float32], near: int) -> Floats:
    """The centre of the edge's probability around each edge: finer than a frame. An edge lies before its frame."""
    middle = edges - 0.5
    frames = np.clip(np.rint(middle).astype(np.int64)[:, None] + np.arange(-near, near + 1), 0, len(probability) - 1)
    weights = probability[frames] + np.float32(1e-3)
    centre: Floats = (weights * frames).sum(axis=1) / weights.sum(axis=1)
    return centre


def by_segment(transcript: Transcript) -> list[NDArray[np.int64]]:
    """Indices of words by the segment that holds them."""
    members: dict[int, list[int]] = {}
    for k, word in enumerate(transcript.words):
        members.setdefault(word.segment, []).append(k)
    return [np.array(indices) for indices in members.values()]
