"""The acoustic model: a small network from the encoder's features to letters. See ``MODEL_CARD.md``.

It has a linear layer, residual convolutions over time, and another linear layer, all as matrix products in NumPy.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import CLASSES, COLUMNS
from aligner.errors import ModelError
from media.safe_fs import read_regular

MODEL_FILE = Path(__file__).with_name("model.npz")
MODEL_SHA256 = "c0a5c6264af72df385487b7d8c021e46c787cfdd08f905ee0a7fd70615e0dcf2"
_LARGEST_BYTES = 10_000_000

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class AcousticModel:
    """The weights and biases of the acoustic model. The weights of a convolution have shape (taps * width, width): all
    rows of the first tap, then those of the next. ``prior`` is the frequency of each letter."""

    project: tuple[Matrix, Matrix]
    convolutions: tuple[tuple[Matrix, Matrix], ...]
    out: tuple[Matrix, Matrix]
    prior: Matrix
    version: str

    def emissions(self, features: Matrix) -> NDArray[np.float16]:
        """Return log posteriors (frames, COLUMNS) for features (frames, 512). Raises ValueError for a width other than
        512."""
        if features.shape[1] != len(self.project[0]):
            raise ValueError(
                f"it has {features.shape[1]} features a frame; expected {len(self.project[0])}, as base has"
            )
        hidden: Matrix = features @ self.project[0] + self.project[1]
        for weight, bias in self.convolutions:
            hidden = hidden + _gelu(_unrolled(hidden, len(weight) // hidden.shape[1]) @ weight + bias)
        logits: Matrix = hidden @ self.out[0] + self.out[1]
        return np.hstack(
            [
                _log_softmax(logits[:, :CLASSES]),
                _log_softmax(logits[:, CLASSES : 2 * CLASSES]),
                -np.logaddexp(0.0, -logits[:, 2 * CLASSES :]),
            ]
        ).astype(np.float16)


@cache
def load_acoustic_model(path: Path = MODEL_FILE) -> AcousticModel:
    """Load the acoustic model from a file. For the default file, which is in this package, the hash is checked.

    Raises ModelError if the file is missing, was modified, or contains no acoustic model.
    """
    try:
        stored = read_arrays(path, MODEL_SHA256 if path == MODEL_FILE else None)
        convolutions: list[tuple[Matrix, Matrix]] = []
        while f"conv.{len(convolutions)}.weight" in stored:
            weight = stored[f"conv.{len(convolutions)}.weight"].astype(np.float32)  # (out, in, taps)
            bias = stored[f"conv.{len(convolutions)}.bias"].astype(np.float32)
            convolutions.append((weight.transpose(2, 1, 0).reshape(-1, len(weight)), bias))
        prior, version = stored["prior"].astype(np.float32), str(stored["version"])
        model = AcousticModel(_linear(stored, "project"), tuple(convolutions), _linear(stored, "out"), prior, version)
        if model.out[0].shape[1] != COLUMNS:
            raise ValueError(f"it has {model.out[0].shape[1]} outputs; expected {COLUMNS}")
    except (OSError, EOFError, KeyError, TypeError, ValueError, BadZipFile) as error:
        raise ModelError("{path}: the acoustic model is missing or damaged; reinstall quotecast", path=path) from error
    return model


def read_arrays(path: Path, sha256: str | None) -> dict[str, NDArray[Any]]:
    """Return the arrays of an ``.npz`` file by name. Raises ValueError if its hash is not ``sha256`` (None: any)."""
    content = read_regular(path, _LARGEST_BYTES)
    if sha256 and hashlib.sha256(content).hexdigest() != sha256:
        raise ValueError("its bytes have changed")
    with np.load(BytesIO(content), allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}


def _linear(stored: dict[str, NDArray[np.float16]], name: str) -> tuple[Matrix, Matrix]:
    weight = np.ascontiguousarray(stored[f"{name}.weight"].astype(np.float32).T)
    return weight, stored[f"{name}.bias"].astype(np.float32)


def _unrolled(hidden: Matrix, taps: int) -> Matrix:
    """Return a row for each frame: the frame joined with its neighbours (zeros beyond the ends), ``taps`` in all."""
    padded = np.pad(hidden, ((taps // 2, taps // 2), (0, 0)))
    return np.hstack([padded[k : k + len(hidden)] for k in range(taps)])


def _gelu(x: Matrix) -> Matrix:
    """Return GELU (Hendrycks and Gimpel, arXiv 1606.08415) in the tanh approximation."""
    inner: Matrix = x + np.float32(0.044715) * x * x * x  # NumPy's ** takes a hundred times as long
    result: Matrix = np.float32(0.5) * x * (np.float32(1.0) + np.tanh(np.float32(0.7978845608) * inner))
    return result


def _log_softmax(x: Matrix) -> Matrix:
    shifted = x - x.max(axis=1, keepdims=True)
    logs: Matrix = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return logs
