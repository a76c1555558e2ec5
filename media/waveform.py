"""Measure the peaks and the spectrogram of a passage of audio, for drawing.

Conventions
-----------
- A level is a peak amplitude over all channels, from 0 to 1 (full scale). With ``n`` levels per second, level ``k``
  starts at second ``k / n``.
- The rows of a spectrogram are frequencies from ``HIGHEST_HZ`` down to 0, evenly spaced; its columns are times. 255 is
  the loudest point of the passage; 0 is ``_RANGE_DB`` or more below this point.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from media.decode import audio_blocks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ZOOM_RATE = 16_000  # samples per second: a drawing does not show peaks between two samples


class PeakMeter:
    """A peak meter for audio that arrives in blocks, ``rate`` samples a second. Each second of audio is divided into
    ``per_second`` spans; the level of a span is its highest peak."""

    def __init__(self, rate: int, per_second: int) -> None:
        self._rate, self._per_second = rate, per_second
        self._samples, self._last = 0, -1  # the number of samples so far, and the level that the last belongs to
        self._levels: list[NDArray[np.float32]] = []

    def add(self, samples: NDArray[np.float32]) -> None:
        """Add the next samples, of shape (n,) or (n, channels)."""
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
        """Return the levels of all samples added so far."""
        import numpy as np

        return np.concatenate(self._levels) if self._levels else np.zeros(0, np.float32)


def levels_between(path: Path, start: float, end: float, count: int) -> NDArray[np.float32]:
    """Divide the time from ``start`` to ``end`` into ``count`` equal spans; return the level of each span.

    Spans without audio have the level 0. Raises the same errors as ``media.decode.audio_blocks``."""
    import numpy as np

    length = max(1, round((end - start) * _ZOOM_RATE))
    levels = np.zeros(count, np.float32)
    for at, block in audio_blocks(path, _ZOOM_RATE, start, end):
        begin = round((at - start) * _ZOOM_RATE)
        loud = np.abs(block[: length - begin])
        if not len(loud):
            break
        # Level k begins at sample k * length // count.
        first, last = (((sample + 1) * count - 1) // length for sample in (begin, begin + len(loud) - 1))
        begins = np.maximum(np.arange(first, last + 1) * length // count - begin, 0)
        here = slice(first, last + 1)
        levels[here] = np.maximum(levels[here], np.maximum.reduceat(loud, begins))
    return levels


def quantised(levels: NDArray[np.float32], full: float) -> list[int]:
    """Return levels as integers from 0 to 255; 255 stands for the level ``full`` and above."""
    import numpy as np

    return [int(level) for level in np.clip(np.rint(levels * (255 / full)), 0, 255)] if full > 0 else [0] * len(levels)


HIGHEST_HZ = 8000
"""Speech has no distinguishing features above."""

_RATE = 2 * HIGHEST_HZ
_WINDOW_SAMPLES = 320  # 20 ms: short enough to separate the burst of a plosive, as phoneticians draw it
_SPECTRUM_SAMPLES = 512  # the window padded with zeros, so that formants are drawn without steps
_EMPHASIS = 0.97  # high frequencies are weak in a voice and as distinctive
_RANGE_DB = 50.0  # below is the hiss of a room


def spectrogram_between(path: Path, start: float, end: float, columns: int) -> NDArray[np.uint8]:
    """Return the spectrogram from second ``start`` to ``end``, of shape (256, columns). Times without audio are 0.

    Raises the same errors as ``media.decode.audio_blocks``."""
    import numpy as np

    half = _WINDOW_SAMPLES // 2
    first = round(start * _RATE) - half
    length = round((end - start) * _RATE) + _WINDOW_SAMPLES
    samples = np.zeros(length, np.float32)
    for at, block in audio_blocks(path, _RATE, max(0, first) / _RATE, (first + length) / _RATE):
        begin = round(at * _RATE) - first
        part = block[: length - begin]
        samples[begin : begin + len(part)] = part
    samples[1:] -= _EMPHASIS * samples[:-1]
    centres = half + ((np.arange(columns) + 0.5) * (length - _WINDOW_SAMPLES) / columns).astype(int)
    frames = samples[centres[:, None] + np.arange(-half, half)] * np.hanning(_WINDOW_SAMPLES)
    power = np.abs(np.fft.rfft(frames, _SPECTRUM_SAMPLES))[:, :-1].T[::-1] ** 2
    loudest = power.max()
    if not loudest > 0:
        return np.zeros(power.shape, np.uint8)
    below_db = -10 * np.log10(np.maximum(power / loudest, 1e-12))
    levels: NDArray[np.uint8] = np.clip(np.rint(255 * (1 - below_db / _RANGE_DB)), 0, 255).astype(np.uint8)
    return levels


def as_mask(levels: NDArray[np.uint8]) -> bytes:
    """Return a PNG that is black, with ``levels`` as opacity. A page uses the PNG as a mask over any colour."""
    import io

    from PIL import Image

    opacity = Image.fromarray(levels)
    written = io.BytesIO()
    Image.merge("LA", (Image.new("L", opacity.size), opacity)).save(written, "PNG")
    return written.getvalue()
