"""Where to cut: at the quietest point of a pause, with as much room before the voice as is as quiet as that."""

from __future__ import annotations

import numpy as np

from media.mastering.levels import levels_db
from media.waveform import Waveform

_HOP = 0.001
_AS_QUIET_DB = 3.0  # within this of the quietest point a cut sounds the same


def quietest(waveform: Waveform, low: float, high: float, prefer_late: bool) -> float:
    """The time between ``low`` and ``high``, both included, where the sound is quietest.

    Among points as quiet as the quietest the latest is taken, or the earliest: the end of a clip wants as much room
    after its voice as there is, its beginning as much before.
    """
    if high - low < _HOP:
        return (low + high) / 2
    first, last = np.ceil(low / _HOP - 1e-6), np.floor(high / _HOP + 1e-6)
    levels = levels_db(waveform, _HOP)[int(first) : int(last) + 1]
    if not len(levels):
        return (low + high) / 2
    quiet = np.flatnonzero(levels <= levels.min() + _AS_QUIET_DB)
    return float((first + quiet[-1 if prefer_late else 0]) * _HOP)
