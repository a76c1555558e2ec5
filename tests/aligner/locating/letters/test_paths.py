"""Paths of words through emissions: how long a word may last."""

from __future__ import annotations

import numpy as np
import pytest

from aligner.emissions import CLASSES, Emissions, silent_frames
from aligner.locating.letters.anchors import letter_classes
from aligner.locating.letters.paths import Scorer, ctc_scores, find_paths, framewise_scores
from aligner.locating.letters.windows import Window

SCORERS = pytest.mark.parametrize("scorer", [framewise_scores, ctc_scores])


def sounding(frames: int, letters: dict[int, str]) -> Emissions:
    """Silence in which these letters sound, each for two frames."""
    values = silent_frames(frames)
    for at, letter in letters.items():
        values[at : at + 2, [0, CLASSES]] = -8.0
        (number,) = letter_classes(letter)
        values[at : at + 2, [number, CLASSES + number]] = -0.1
    return Emissions(values, np.full(CLASSES, 1 / CLASSES, np.float32))


def frames_of(emissions: Emissions, frames: np.ndarray, scorer: Scorer) -> np.ndarray:
    """Those of "no", the only word of a window."""
    window = Window(np.array([0]), np.ones(1, bool), np.zeros(2, np.int64), frames, 0, 1)
    (path,) = find_paths([letter_classes("no")], [window], (scorer,), emissions)
    return path.frames[0]


@SCORERS
def test_no_word_lasts_over_sound_that_is_not_searched(scorer: Scorer) -> None:
    emissions = sounding(2000, {30: "n", 1950: "o"})
    start, stop = frames_of(emissions, np.append(np.arange(60), np.arange(1930, 2000)), scorer)
    assert stop - start < 60
