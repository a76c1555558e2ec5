"""The spectrogram of a stretch of sound, for drawing: how strong each frequency is along its time.

Conventions
-----------
Rows are frequencies from ``HIGHEST_HZ`` down to 0, evenly; columns are times; 255 is the strongest of the stretch and
0 what is ``_RANGE_DB`` or more below it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from media.decode import sound_blocks

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HIGHEST_HZ = 8000
"""Above lies nothing by which speech is told."""

_RATE = 2 * HIGHEST_HZ
_WINDOW_SAMPLES = 320  # 20 ms: short enough that the burst of a plosive stands apart, as phoneticians draw it
_SPECTRUM_SAMPLES = 512  # the window with zeros after it, so that formants are drawn without steps
_EMPHASIS = 0.97  # what is high is weak in a voice, and as telling
_RANGE_DB = 50.0  # below is the hiss of a room


def spectrogram_between(path: Path, start: float, end: float, columns: int) -> NDArray[np.uint8]:
    """The spectrogram from ``start`` to ``end``, of shape (256, columns); where the file has no sound it is 0.

    Raises
    ------
    DecodeError, NoAudioError
        As ``media.decode.sound_blocks``.
    """
    import numpy as np

    half = _WINDOW_SAMPLES // 2
    first = round(start * _RATE) - half
    length = round((end - start) * _RATE) + _WINDOW_SAMPLES
    samples = np.zeros(length, np.float32)
    for at, block in sound_blocks(path, _RATE, max(0, first) / _RATE, (first + length) / _RATE):
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
    """Levels as a PNG that is black, and the more opaque the stronger they are: what it masks may have any colour."""
    import io

    from PIL import Image

    opacity = Image.fromarray(levels)
    written = io.BytesIO()
    Image.merge("LA", (Image.new("L", opacity.size), opacity)).save(written, "PNG")
    return written.getvalue()
