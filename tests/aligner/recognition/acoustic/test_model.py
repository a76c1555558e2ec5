"""The output of the acoustic model, and damaged model files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from aligner.emissions import CLASSES, COLUMNS
from aligner.errors import ModelError
from aligner.recognition.acoustic import model as module
from aligner.recognition.acoustic.model import MODEL_FILE, load_acoustic_model
from tests.tables import over_rows

WIDTH = 512  # of the features of Whisper base


def features(frames: int) -> np.ndarray:
    return np.random.default_rng(2).normal(0, 1, (frames, WIDTH)).astype(np.float32)


@over_rows("frames", [1, 3, 750])
def test_each_frame_has_two_letter_distributions_and_two_edges(frames: int) -> None:
    scores = load_acoustic_model().emissions(features(frames))
    assert scores.shape == (frames, COLUMNS)
    assert scores.dtype == np.float16
    chances = np.exp(scores.astype(np.float64))
    assert chances[:, :CLASSES].sum(axis=1) == pytest.approx(1, abs=0.01)
    assert chances[:, CLASSES : 2 * CLASSES].sum(axis=1) == pytest.approx(1, abs=0.01)
    assert (scores[:, 2 * CLASSES :] <= 0).all()


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
