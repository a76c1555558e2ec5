"""When each word is said by the framewise and by the CTC emissions: the best path of all words through either.

Conventions
-----------
Frames are ``FRAME`` seconds; a word takes ``[start, stop)``, both -1 where it is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import Emissions
from aligner.locating.letters.viterbi import PathCosts, Trellis, WordPath, best_paths
from aligner.locating.letters.windows import Window

Floats = NDArray[np.float32]


# How emissions become paths; found on generated episodes and spontaneous speech, where none of it matters much.
_COSTS = PathCosts()
_OTHER = 2.0  # nats by which the likeliest letter is worse as somebody else's than as the text's
_OTHER_IN_HOLE = 1.9  # in holes, where other speech is what is expected
_HELD = 0.02  # nats of each frame that a letter lasts on after its spike: not less than of a gap
_HOLES = (52.0, 25.0, 10.0)  # nats that a hole costs, after a word with which nothing ends, a clause, a sentence
_PRIOR = 0.6  # power of the letters' own frequency that is taken out of the framewise posteriors
_LEAST = -12.0  # nats; no single frame may say more against a word
_TORN = -1000.0  # nats of a letter in the first frame after some that were taken out: no word lasts over them
_EDGE_WEIGHT = 0.5  # of the starts and ends of words
_EDGE_LEAST = 0.02  # probability that an edge has anywhere, and
_EDGE_MEAN = 0.15  # the one that speaks neither for an edge nor against it
_BATCH = 256  # windows searched together
_FEW = 8  # of them
_PART_FRAMES = 100_000  # of an episode whose emissions are at hand at a time, half an hour


@dataclass(frozen=True, slots=True, eq=False)
class FrameScores:
    """Scores as paths take them, by frame: a letter entered or gone on with, the gap, and the hole."""

    enter: Floats
    stay: Floats
    gap: Floats
    hole: Floats


Scorer = Callable[[Emissions], FrameScores]


class Paths(NamedTuple):
    """The path of all words by either kind of emissions."""

    framewise: WordPath
    ctc: WordPath


def framewise_scores(emissions: Emissions) -> FrameScores:
    """The framewise posteriors: what sounds in each frame, a letter as long as it lasts."""
    letters = np.asarray(emissions.framewise, np.float32) - np.float32(_PRIOR) * np.log(
        emissions.prior + np.float32(1e-4)
    )
    np.maximum(letters, _LEAST, out=letters)
    return FrameScores(letters, letters, *_gaps(letters))


def ctc_scores(emissions: Emissions) -> FrameScores:
    """The CTC posteriors: each letter spikes at least once, then it or the blank."""
    spikes = np.maximum(np.asarray(emissions.ctc, np.float32), np.float32(_LEAST))
    return FrameScores(spikes, np.maximum(spikes, spikes[:, :1] - np.float32(_HELD)), *_gaps(spikes))


def _gaps(letters: Floats) -> tuple[Floats, Floats]:
    """Scores of gaps and of holes: nothing, or somebody else's letter."""
    best = letters[:, 1:].max(axis=1)
    gap, hole = (np.maximum(letters[:, 0], best - np.float32(other)) for other in (_OTHER, _OTHER_IN_HOLE))
    return gap, hole


def find_paths(
    classes: Sequence[Sequence[int]],
    windows: Sequence[Window],
    scorers: Sequence[Scorer],
    emissions: Emissions,
    edge_weight: float = _EDGE_WEIGHT,
) -> list[WordPath]:
    """The path of all words by each of the scorers, given the classes of each one's letters."""
    paths = [WordPath(np.full((len(classes), 2), -1, np.int64), np.zeros(len(classes), np.float32)) for _ in scorers]
    for group in _groups(windows):
        by_size = sorted(group, key=lambda window: sum(len(classes[word]) + 1 for word in window.words))
        trellises = [_trellises(classes, by_size, scorer, emissions, edge_weight) for scorer in scorers]
        for first in range(0, len(by_size), _BATCH):
            batch = slice(first, first + _BATCH)
            for path, found in zip(paths, _best_by_each([each[batch] for each in trellises]), strict=True):
                for window, own in zip(by_size[batch], found, strict=True):
                    _enter(path, window, own)
    return paths


def _best_by_each(trellises: Sequence[Sequence[Trellis]]) -> list[list[WordPath]]:
    """The best paths through the same windows by each scorer: of a few by all at once, for a frame of twice as many
    takes no longer then."""
    if len(trellises[0]) > _FEW:
        return [best_paths(each, _COSTS) for each in trellises]
    found = iter(best_paths([trellis for each in trellises for trellis in each], _COSTS))
    return [list(islice(found, len(each))) for each in trellises]


def _enter(path: WordPath, window: Window, found: WordPath) -> None:
    """Put a window's own words into the path of all."""
    own = slice(window.first, window.last)
    words, taken = window.words[own], found.frames[own]
    placed = taken[:, 0] >= 0
    path.frames[words[placed], 0] = window.frames[taken[placed, 0]]
    path.frames[words[placed], 1] = window.frames[taken[placed, 1] - 1] + 1
    path.gain[words] = found.gain[own]


def _groups(windows: Sequence[Window]) -> Iterator[list[Window]]:
    """Windows in groups of not too many frames, so that little of a long episode is at hand at a time."""
    group: list[Window] = []
    held = 0
    for window in windows:
        if group and held + len(window.frames) > _PART_FRAMES:
            yield group
            group, held = [], 0
        group.append(window)
        held += len(window.frames)
    if group:
        yield group


def _trellises(
    classes: Sequence[Sequence[int]],
    windows: Sequence[Window],
    scorer: Scorer,
    emissions: Emissions,
    edge_weight: float,
) -> list[Trellis]:
    """The windows as trellises: their words' letters, and the scores of their frames."""
    part = Emissions(emissions.values[np.concatenate([window.frames for window in windows])], emissions.prior)
    scores, starts, ends = scorer(part), _edge(part.starts, edge_weight), _edge(part.ends, edge_weight)
    trellises, at = [], 0
    for window in windows:
        here = slice(at, at + len(window.frames))
        at = here.stop
        enter = scores.enter[here]
        stay = enter if scores.stay is scores.enter else scores.stay[here]
        gap = scores.gap[here]
        torn = np.flatnonzero(np.diff(window.frames) > 1) + 1
        enter[torn] = stay[torn] = _TORN
        gap[torn] = _TORN
        words = [classes[word] for word in window.words]
        holes = np.array(_HOLES, np.float32)[window.breaks]
        trellises.append(
            Trellis(words, window.heard, enter, stay, gap, scores.hole[here], starts[here], ends[here], holes)
        )
    return trellises


def _edge(log_probability: NDArray[np.float16], weight: float) -> Floats:
    probability = np.exp(np.asarray(log_probability, np.float32))
    earned: Floats = weight * (np.log(np.maximum(probability, _EDGE_LEAST)) - np.log(_EDGE_MEAN))
    return earned.astype(np.float32)
