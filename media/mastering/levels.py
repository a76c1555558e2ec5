"""How loud a sound is from moment to moment."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from media.waveform import Waveform

_WINDOW = 0.010  # seconds that one level is measured over, three periods of a low voice's loudest formant
FLOOR_DB = -80.0  # of full scale: what lies below is silence whatever its figure


def levels_db(waveform: Waveform, hop: float) -> NDArray[np.float64]:
    """The level of 10 ms around every ``hop`` seconds, in dB of full scale (RMS), from 0 to the end, both included."""
    power = np.concatenate([[0.0], np.cumsum((waveform.samples.astype(np.float64) ** 2).mean(axis=1))])
    centres = np.round(np.arange(0.0, waveform.duration + hop / 2, hop) * waveform.rate).astype(np.int64)
    reach = max(1, round(_WINDOW / 2 * waveform.rate))
    low, high = np.clip(centres - reach, 0, len(power) - 1), np.clip(centres + reach, 0, len(power) - 1)
    mean = (power[high] - power[low]) / np.maximum(high - low, 1)
    levels: NDArray[np.float64] = np.maximum(10 * np.log10(np.maximum(mean, 1e-12)), FLOOR_DB)
    return levels
