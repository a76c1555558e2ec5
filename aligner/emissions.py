"""Emissions: the output of the acoustic model for every frame (20 ms) of an episode.

Conventions
-----------
- Frame t is centred on second ``t * FRAME``. Values are log posteriors.
- Class 0 is the CTC blank, which is no letter; the letters of ``ALPHABET`` follow in order.
- The model predicts letters in two ways: by *CTC*, in which each letter spikes somewhere in its word, and *framewise*,
  as the letter that is spoken in each frame. It also predicts whether a word starts or ends in a frame.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aligner.normalization import ALPHABET

FRAME = 0.02
CLASSES = 1 + len(ALPHABET)
COLUMNS = 2 * CLASSES + 2

_NEVER = -16.0  # log probability of any letter or word edge in frames without speech


@dataclass(frozen=True, slots=True, eq=False)
class Emissions:
    """The log posteriors of an episode. ``values`` has a row for each frame; the columns are the classes by CTC, the
    classes framewise, word start and word end. ``prior`` is the frequency of each class, of shape (CLASSES,)."""

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
    """Return the frame and the class of each letter that greedy CTC decoding finds. Consecutive frames of one class
    count as one spike, at the first frame."""
    classes = np.asarray(ctc).argmax(axis=1)
    onsets = np.flatnonzero((classes > 0) & (np.append(0, classes[:-1]) != classes))
    return onsets, classes[onsets]


def silent_frames(frames: int) -> NDArray[np.float16]:
    """Return the emission values of silence, of shape (frames, COLUMNS)."""
    values = np.full((frames, COLUMNS), _NEVER, np.float16)
    values[:, [0, CLASSES]] = 0.0
    return values
