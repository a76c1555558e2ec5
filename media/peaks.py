"""How loud a sound is along its time, for drawing: the highest amplitude of each short stretch.

Conventions
-----------
A level is an amplitude from 0 to 1, full scale, over all channels; stretch ``k`` of ``n`` a second begins at second
``k / n``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from media.decode import sound_blocks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ZOOM_RATE = 16_000  # samples per second: a peak between two samples is no matter for a drawing


class PeakMeter:
    """Levels of a sound that comes in blocks, ``per_second`` of them, at ``rate`` samples per second."""

    def __init__(self, rate: int, per_second: int) -> None:
        self._rate, self._per_second = rate, per_second
        self._samples, self._last = 0, -1  # how many there were, and the stretch of the last of them
        self._levels: list[NDArray[np.float32]] = []

    def add(self, samples: NDArray[np.float32]) -> None:
        """Measure the next samples, of shape (n,) or (n, channels)."""
        import numpy as np

        if not len(samples):
            return
        loud = np.abs(samples) if samples.ndim == 1 else np.abs(samples).max(axis=1)
        first, last = (n * self._per_second // self._rate for n in (self._samples, self._samples + len(loud) - 1))
        begins = -(-np.arange(first, last + 1) * self._rate // self._per_second) - self._samples
        levels = np.maximum.reduceat(loud, np.maximum(begins, 0))
        if first == self._last:
            self._levels[-1][-1] = max(self._levels[-1][-1], levels[0])
            levels = levels[1:]
        if len(levels):
            self._levels.append(levels)
        self._samples, self._last = self._samples + len(loud), last

    def levels(self) -> NDArray[np.float32]:
        """The levels of all that was measured."""
        import numpy as np

        return np.concatenate(self._levels) if self._levels else np.zeros(0, np.float32)


def levels_between(path: Path, start: float, end: float, count: int) -> NDArray[np.float32]:
    """``count`` levels of equal stretches between two times; 0 where the file has no sound. No more than a block of the
    sound is in memory.

    Raises
    ------
    DecodeError, NoAudioError
        As ``media.decode.sound_blocks``.
    """
    import numpy as np

    length = max(1, round((end - start) * _ZOOM_RATE))
    levels = np.zeros(count, np.float32)
    for at, block in sound_blocks(path, _ZOOM_RATE, start, end):
        begin = round((at - start) * _ZOOM_RATE)
        loud = np.abs(block[: length - begin])
        if not len(loud):
            break
        # Stretch k begins at sample k * length // count.
        first, last = (((sample + 1) * count - 1) // length for sample in (begin, begin + len(loud) - 1))
        begins = np.maximum(np.arange(first, last + 1) * length // count - begin, 0)
        here = slice(first, last + 1)
        levels[here] = np.maximum(levels[here], np.maximum.reduceat(loud, begins))
    return levels


def quantised(levels: NDArray[np.float32], full: float) -> list[int]:
    """Levels as whole numbers from 0 to 255, which is ``full`` or above."""
    import numpy as np

    return [int(level) for level in np.clip(np.rint(levels * (255 / full)), 0, 255)] if full > 0 else [0] * len(levels)
