"""The arithmetic of the acoustic model, and one that cannot be used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from aligner.emissions import CLASSES, COLUMNS
from aligner.errors import ModelError
from aligner.recognition.acoustic import model as module
from aligner.recognition.acoustic.model import MODEL_FILE, AcousticModel, load_acoustic_model
from tests.tables import over_rows

WIDTH = 512  # of the features of Whisper base


def features(frames: int) -> np.ndarray:
    return np.random.default_rng(2).normal(0, 1, (frames, WIDTH)).astype(np.float32)


@over_rows("frames", [1, 3, 750])
def test_each_frame_has_letters_twice_whose_probabilities_sum_to_one_and_two_edges(frames: int) -> None:
    scores = load_acoustic_model().emissions(features(frames))
    assert scores.shape == (frames, COLUMNS)
    assert scores.dtype == np.float16
    chances = np.exp(scores.astype(np.float64))
    assert chances[:, :CLASSES].sum(axis=1) == pytest.approx(1, abs=0.01)
    assert chances[:, CLASSES : 2 * CLASSES].sum(axis=1) == pytest.approx(1, abs=0.01)
    assert (scores[:, 2 * CLASSES :] <= 0).all()


def test_convolutions_are_those_of_a_plain_sum_over_taps() -> None:
    rng = np.random.default_rng(4)
    taps, width = 5, 3
    kernel = rng.normal(0, 1, (taps, width, width)).astype(np.float32)
    project = (np.eye(WIDTH, width, dtype=np.float32), np.zeros(width, np.float32))
    out = (rng.normal(0, 1, (width, COLUMNS)).astype(np.float32), np.zeros(COLUMNS, np.float32))
    bias = rng.normal(0, 1, width).astype(np.float32)
    model = AcousticModel(project, ((kernel.reshape(-1, width), bias),), out, np.ones(CLASSES, np.float32), "planted")
    heard = features(12)
    hidden = heard[:, :width]
    summed = np.tile(bias, (12, 1))
    for t in range(12):
        for tap in range(taps):
            if 0 <= t + tap - taps // 2 < 12:
                summed[t] += hidden[t + tap - taps // 2] @ kernel[tap]
    activated = 0.5 * summed * (1 + np.tanh(np.sqrt(2 / np.pi) * (summed + 0.044715 * summed**3)))
    edges = (hidden + activated) @ out[0][:, -2:]
    assert model.emissions(heard)[:, -2:] == pytest.approx(-np.log1p(np.exp(-edges)), abs=0.01)


def test_a_missing_damaged_or_changed_model_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = MODEL_FILE.read_bytes()
    half = len(whole) // 2
    changed = whole[:half] + bytes([whole[half] ^ 1]) + whole[half + 1 :]
    for number, content in enumerate((None, b"", b"PK\x03\x04 and nothing more", whole[:5000], changed)):
        path = tmp_path / f"{number}.npz"
        if content is not None:
            path.write_bytes(content)
        monkeypatch.setattr(module, "MODEL_FILE", path)
        with pytest.raises(ModelError, match=r"\d\.npz: the acoustic model is missing or damaged; reinstall"):
            load_acoustic_model(path)
