"""The log-mel spectrogram that Whisper's encoder takes, computed once over a whole file, block by block.

Conventions
-----------
Sound is float32 mono at ``RATE`` samples a second. A spectrogram has shape (80, frames), one frame every ``HOP``
samples; frame k is centred on sample ``k HOP``, and outside the file there is silence. Values are log10 of mel power
until ``clamp`` makes them what the encoder was trained on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
Mel = NDArray[np.float32]

RATE = 16000
HOP = 160
MELS = 80
_WINDOW = 400
_FLOOR = 1e-10  # of power, as Whisper has it
_RANGE = 8.0  # log10 below the loudest value that Whisper keeps
_CHUNK = 3000  # frames transformed at a time: half a minute, a few MB


def log_mel(samples: Samples) -> Mel:
    """The spectrogram of one piece of sound, shape (80, ceil(n / HOP)), not clamped."""
    found = list(mel_blocks([samples]))
    return np.concatenate(found, axis=1) if found else np.empty((MELS, 0), np.float32)


def mel_blocks(blocks: Iterable[Samples]) -> Iterator[Mel]:
    """The spectrogram of sound that comes in blocks, in blocks; joined, it is that of the joined sound."""
    held = np.zeros(_WINDOW // 2, np.float32)
    total = done = 0
    for samples in blocks:
        total += len(samples)
        held = np.concatenate([held, samples])
        ready = (len(held) - _WINDOW) // HOP + 1
        if ready > 0:
            yield from _transformed(held, ready)
            held = held[ready * HOP :]
            done += ready
    left = -(-total // HOP) - done
    if left > 0:
        yield from _transformed(np.pad(held, (0, _WINDOW)), left)


def clamp(mel: Mel) -> Mel:
    """What Whisper makes of a window: values more than 8 below its loudest are raised to that, then scaled.

    The loudest value is the window's own, so a window must be clamped as it is given to the encoder, in training as
    in use. Formula from Whisper's ``log_mel_spectrogram`` (MIT).
    """
    clamped: Mel = ((np.maximum(mel, mel.max() - _RANGE) + 4.0) / 4.0).astype(np.float32, copy=False)
    return clamped


def _transformed(samples: Samples, frames: int) -> Iterator[Mel]:
    """The first ``frames`` frames, the first one centred on sample ``_WINDOW / 2``."""
    windows = np.lib.stride_tricks.sliding_window_view(samples, _WINDOW)[::HOP][:frames]
    for first in range(0, frames, _CHUNK):
        spectrum = np.fft.rfft(windows[first : first + _CHUNK] * _hann(), axis=1)
        power = spectrum.real**2 + spectrum.imag**2
        yield np.log10(np.maximum(_filters() @ power.T.astype(np.float32), _FLOOR))


@cache
def _hann() -> Samples:
    """A Hann window that is periodic, as transforms want it."""
    return np.hanning(_WINDOW + 1)[:-1].astype(np.float32)


@cache
def _filters() -> NDArray[np.float32]:
    """Triangular filters of equal area, evenly spaced in mel, shape (80, 201).

    The mel scale is that of Slaney's Auditory Toolbox (Interval Technical Report 1998-010): linear below 1 kHz, 15 mel;
    above, 27 mel for each factor of 6.4.
    """
    top = 15.0 + 27.0 * np.log(RATE / 2 / 1000) / np.log(6.4)
    mels = np.linspace(0.0, top, MELS + 2)
    edges = np.where(mels < 15.0, mels * 200 / 3, 1000 * np.exp((mels - 15.0) * np.log(6.4) / 27.0))
    bins = np.fft.rfftfreq(_WINDOW, 1 / RATE)
    rising = (bins - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - bins) / np.diff(edges)[1:, None]
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    filters: NDArray[np.float32] = (triangles * (2.0 / (edges[2:] - edges[:-2]))[:, None]).astype(np.float32)
    return filters
