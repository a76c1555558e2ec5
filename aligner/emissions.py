"""Emissions: the output of the acoustic model for every frame of an episode.

Conventions
-----------
Frame t is centred on second ``t FRAME``. Classes are 0, the blank or no letter, then the letters of ``ALPHABET`` in
order. Values are log posteriors. The acoustic model gives letters twice: by *CTC*, trained so that each letter spikes
somewhere in its word, and *framewise*, saying what sounds in each frame; and two boundaries, that a word starts or ends
in this frame.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aligner.normalization import ALPHABET

FRAME = 0.02
CLASSES = 1 + len(ALPHABET)
COLUMNS = 2 * CLASSES + 2

_NEVER = -16.0  # log probability of the impossible, in frames without speech


@dataclass(frozen=True, slots=True, eq=False)
class Emissions:
    """``values`` (frames, COLUMNS): CTC, framewise, start, end. ``prior`` (CLASSES,) are the letters' frequencies."""

    values: NDArray[np.float16]
    prior: NDArray[np.float32]

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.shape[1] != COLUMNS or self.prior.shape != (CLASSES,):
            raise ValueError(f"emissions have shape {self.values.shape} and {self.prior.shape}, not (n, {COLUMNS})")

    def __len__(self) -> int:
        return len(self.values)

    @property
    def ctc(self) -> NDArray[np.float16]:
        return self.values[:, :CLASSES]

    @property
    def framewise(self) -> NDArray[np.float16]:
        return self.values[:, CLASSES : 2 * CLASSES]

    @property
    def starts(self) -> NDArray[np.float16]:
        return self.values[:, -2]

    @property
    def ends(self) -> NDArray[np.float16]:
        return self.values[:, -1]


def spikes(ctc: NDArray[np.float16]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Greedy CTC decoding: the frames in which a letter spikes, and its class; runs of one class taken together."""
    classes = np.asarray(ctc).argmax(axis=1)
    onsets = np.flatnonzero((classes > 0) & (np.append(0, classes[:-1]) != classes))
    return onsets, classes[onsets]


def silent_frames(frames: int) -> NDArray[np.float16]:
    """Values of ``frames`` frames of silence."""
    values = np.full((frames, COLUMNS), _NEVER, np.float16)
    values[:, [0, CLASSES]] = 0.0
    return values
