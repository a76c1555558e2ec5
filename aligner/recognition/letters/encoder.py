"""Whisper's encoder alone, over windows of a spectrogram.

Conventions
-----------
A window is ``WINDOW`` seconds of clamped log-mel, shape (80, 1500); the encoder makes 750 frames of 512 features of it,
one every ``FRAME`` seconds, frame t centred on second ``t FRAME`` of the window.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import FRAME
from aligner.errors import ModelError
from aligner.recognition.letters.mel import HOP, MELS, RATE

Features = NDArray[np.float32]

WINDOW = 15.0  # the cost of attention grows with the window's square: half the work of Whisper's own 30 s
WINDOW_HOPS = round(WINDOW * RATE / HOP)
WINDOW_FRAMES = round(WINDOW / FRAME)


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
            raise ModelError(f"{folder}: the model does not load ({error})") from error
        if self._model.n_mels != MELS:
            raise ModelError(f"{folder}: takes {self._model.n_mels} mel bands; the letters ear needs {MELS}")

    def encode(self, window: NDArray[np.float32]) -> Features:
        """The features of one clamped window, shape (frames / 2, 512)."""
        features: Features = np.array(self._encode(window), np.float32)[0]
        return features

    def languages(self, window: NDArray[np.float32]) -> dict[str, float]:
        """How likely each language is in a clamped window; English alone for a model that knows no other."""
        if not self._model.is_multilingual:
            return {"en": 1.0}
        likely = self._model.detect_language(self._encode(window))[0]
        return {token.strip("<|>"): probability for token, probability in likely}

    def _encode(self, window: NDArray[np.float32]) -> Any:
        from ctranslate2 import StorageView

        return self._model.encode(StorageView.from_array(np.ascontiguousarray(window[None])), to_cpu=True)
