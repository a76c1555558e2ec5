"""When each word is said by each of the head's two opinions: the best path of all words through the scores.

Conventions
-----------
Frames are ``FRAME`` seconds; a word takes ``[start, stop)``, both -1 where it is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import Emissions
from aligner.locating.letters.stretches import Stretch
from aligner.locating.letters.trellis import PathCosts, Strand, trace

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PathOptions:
    """How scores become paths; found on generated episodes and spontaneous speech, where none of it matters much."""

    costs: PathCosts = field(default_factory=PathCosts)
    other: float = 2.0  # nats by which the likeliest letter is worse as somebody else's than as the text's
    prior: float = 0.6  # power of the letters' own frequency that is taken out of what sounds in a frame
    least: float = -12.0  # nats; no single frame may say more against a word
    edge: float = 0.5  # weight of the starts and ends of words
    edge_least: float = 0.02  # probability that an edge has anywhere, and
    edge_mean: float = 0.15  # the one that speaks neither for an edge nor against it
    batch: int = 256  # stretches searched together
    part_frames: int = 100_000  # of an episode whose scores are at hand at a time, half an hour


@dataclass(frozen=True, slots=True, eq=False)
class Opinion:
    """Scores as paths take them, by frame: a letter entered or gone on with, and the gap."""

    enter: Floats
    stay: Floats
    gap: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """The frames of each word, shape (words, 2), and its gain, as of ``trellis.Path``."""

    frames: Indices
    gain: Floats


def what_sounds(scores: Emissions, options: PathOptions) -> Opinion:
    """The head's letters: what sounds in each frame, a letter as long as it lasts."""
    letters = np.asarray(scores.framewise, np.float32) - np.float32(options.prior) * np.log(
        scores.prior + np.float32(1e-4)
    )
    np.maximum(letters, options.least, out=letters)
    return Opinion(letters, letters, _gap(letters, options))


def what_spikes(scores: Emissions, options: PathOptions) -> Opinion:
    """The head's spikes: each letter shows at least once, then it or nothing."""
    spikes = np.maximum(np.asarray(scores.ctc, np.float32), np.float32(options.least))
    return Opinion(spikes, np.maximum(spikes, spikes[:, :1]), _gap(spikes, options))


def _gap(letters: Floats, options: PathOptions) -> Floats:
    gap: Floats = np.maximum(letters[:, 0], letters[:, 1:].max(axis=1) - np.float32(options.other))
    return gap


def find_paths(
    classes: Sequence[Sequence[int]],
    stretches: Sequence[Stretch],
    opinion: Callable[[Emissions, PathOptions], Opinion],
    scores: Emissions,
    options: PathOptions,
) -> Paths:
    """The path of all words, given the classes of each one's letters."""
    frames = np.full((len(classes), 2), -1, np.int64)
    gain = np.zeros(len(classes), np.float32)
    for group in _groups(stretches, options.part_frames):
        by_size = sorted(group, key=lambda stretch: sum(len(classes[word]) + 1 for word in stretch.words))
        strands = _strands(classes, by_size, opinion, scores, options)
        for first in range(0, len(by_size), options.batch):
            batch = slice(first, first + options.batch)
            for stretch, path in zip(by_size[batch], trace(strands[batch], options.costs), strict=True):
                own = slice(stretch.first, stretch.last)
                words, taken = stretch.words[own], path.frames[own]
                placed = taken[:, 0] >= 0
                frames[words[placed], 0] = stretch.frames[taken[placed, 0]]
                frames[words[placed], 1] = stretch.frames[taken[placed, 1] - 1] + 1
                gain[words] = path.gain[own]
    return Paths(frames, gain)


def _groups(stretches: Sequence[Stretch], part_frames: int) -> Iterator[list[Stretch]]:
    """Stretches in groups of at most so many frames, so that little of a long episode is at hand at a time."""
    group: list[Stretch] = []
    held = 0
    for stretch in stretches:
        if group and held + len(stretch.frames) > part_frames:
            yield group
            group, held = [], 0
        group.append(stretch)
        held += len(stretch.frames)
    if group:
        yield group


def _strands(
    classes: Sequence[Sequence[int]],
    stretches: Sequence[Stretch],
    opinion: Callable[[Emissions, PathOptions], Opinion],
    scores: Emissions,
    options: PathOptions,
) -> list[Strand]:
    """The stretches as strands: their words' letters, and an opinion of their frames."""
    part = Emissions(scores.values[np.concatenate([stretch.frames for stretch in stretches])], scores.prior)
    heard, starts, ends = opinion(part, options), _edge(part.starts, options), _edge(part.ends, options)
    strands, at = [], 0
    for stretch in stretches:
        here = slice(at, at + len(stretch.frames))
        at = here.stop
        enter = heard.enter[here]
        stay = enter if heard.stay is heard.enter else heard.stay[here]
        words = [classes[word] for word in stretch.words]
        strands.append(Strand(words, enter, stay, heard.gap[here], starts[here], ends[here]))
    return strands


def _edge(log_probability: NDArray[np.float16], options: PathOptions) -> Floats:
    probability = np.exp(np.asarray(log_probability, np.float32))
    earned: Floats = options.edge * (np.log(np.maximum(probability, options.edge_least)) - np.log(options.edge_mean))
    return earned.astype(np.float32)
