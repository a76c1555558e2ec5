"""Whisper's encoder alone, and the log-mel spectrogram that it takes, computed once over a whole file, block by block.

Conventions
-----------
- Sound is float32 mono at ``RATE`` samples a second. A spectrogram has shape (80, frames), one frame every ``HOP``
  samples; frame k is centred on sample ``k HOP``, and outside the file there is silence. Values are log10 of mel power
  until ``clamp`` makes them what the encoder was trained on.
- A chunk is ``CHUNK`` seconds of clamped log-mel, shape (80, 1500); the encoder makes 750 frames of 512 features of it,
  one every ``FRAME`` seconds, frame t centred on second ``t FRAME`` of the chunk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import FRAME
from aligner.errors import ModelError

Samples = NDArray[np.float32]
Mel = NDArray[np.float32]
Features = NDArray[np.float32]

RATE = 16000
HOP = 160
MELS = 80
_WINDOW = 400
_FLOOR = 1e-10  # of power, as Whisper has it
SILENCE = -10.0  # log10 of it
_RANGE = 8.0  # log10 below the loudest value that Whisper keeps
_BATCH = 3000  # frames transformed at a time: half a minute, a few MB

CHUNK = 15.0  # the cost of attention grows with its square: half the work of Whisper's own 30 s
CHUNK_HOPS = round(CHUNK * RATE / HOP)
CHUNK_FRAMES = round(CHUNK / FRAME)
HOPS = round(FRAME * RATE / HOP)  # spectrogram frames per frame


class Encoder:
    """The encoder of the model in ``folder``; ``encode`` may be called from ``workers`` threads at a time.

    Raises
    ------
    ModelError
        The model does not load, or it is not one that takes 80 mel bands.
    """

    def __init__(self, folder: Path, workers: int = 1) -> None:
        import ctranslate2

        try:
            self._model = ctranslate2.models.Whisper(
                str(folder), device="cpu", compute_type="int8", inter_threads=workers, intra_threads=1
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelError("{path}: the model does not load ({detail})", path=folder, detail=error) from error
        if self._model.n_mels != MELS:
            raise ModelError(
                "{path}: takes {bands} mel bands; the letters ear needs {expected}",
                path=folder,
                bands=self._model.n_mels,
                expected=MELS,
            )

    def encode(self, chunk: NDArray[np.float32]) -> Features:
        """The features of one clamped chunk, shape (frames / 2, 512)."""
        return _features(self._encode(chunk))

    def encode_and_tell(self, chunk: NDArray[np.float32]) -> tuple[Features, dict[str, float]]:
        """The same, and how likely each language is in the chunk; English alone for a model that knows no other."""
        encoded = self._encode(chunk)
        if not self._model.is_multilingual:
            return _features(encoded), {"en": 1.0}
        likely = self._model.detect_language(encoded)[0]
        return _features(encoded), {token.strip("<|>"): probability for token, probability in likely}

    def _encode(self, chunk: NDArray[np.float32]) -> Any:
        from ctranslate2 import StorageView

        return self._model.encode(StorageView.from_array(np.ascontiguousarray(chunk[None])), to_cpu=True)


def _features(encoded: Any) -> Features:
    features: Features = np.array(encoded, np.float32)[0]
    return features


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
    """What Whisper makes of a chunk: values more than 8 below its loudest are raised to that, then scaled.

    The loudest value is the chunk's own, so a chunk must be clamped as it is given to the encoder, in training as
    in use. Formula from Whisper's ``log_mel_spectrogram`` (MIT).
    """
    clamped: Mel = ((np.maximum(mel, mel.max() - _RANGE) + 4.0) / 4.0).astype(np.float32, copy=False)
    return clamped


def _transformed(samples: Samples, frames: int) -> Iterator[Mel]:
    """The first ``frames`` frames, the first one centred on sample ``_WINDOW / 2``."""
    windows = np.lib.stride_tricks.sliding_window_view(samples, _WINDOW)[::HOP][:frames]
    for first in range(0, frames, _BATCH):
        spectrum = np.fft.rfft(windows[first : first + _BATCH] * _hann(), axis=1)
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
