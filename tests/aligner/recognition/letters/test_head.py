"""The head's arithmetic, and a head that cannot be used."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from aligner.emissions import CLASSES, COLUMNS
from aligner.errors import ModelError
from aligner.recognition.letters import head as head_module
from aligner.recognition.letters.head import HEAD_FILE, Head, load_head
from tests.tables import over_rows

WIDTH = 512  # of the features of Whisper base


def features(frames: int) -> np.ndarray:
    return np.random.default_rng(2).normal(0, 1, (frames, WIDTH)).astype(np.float32)


@over_rows("frames", [1, 3, 750])
def test_each_frame_has_letters_twice_whose_probabilities_sum_to_one_and_two_edges(frames: int) -> None:
    scores = load_head().emissions(features(frames))
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
    head = Head(project, ((kernel.reshape(-1, width), bias),), out, np.ones(CLASSES, np.float32), "planted")
    heard = features(12)
    hidden = heard[:, :width]
    summed = np.tile(bias, (12, 1))
    for t in range(12):
        for tap in range(taps):
            if 0 <= t + tap - taps // 2 < 12:
                summed[t] += hidden[t + tap - taps // 2] @ kernel[tap]
    activated = 0.5 * summed * (1 + np.tanh(np.sqrt(2 / np.pi) * (summed + 0.044715 * summed**3)))
    edges = (hidden + activated) @ out[0][:, -2:]
    assert head.emissions(heard)[:, -2:] == pytest.approx(-np.log1p(np.exp(-edges)), abs=0.01)


@over_rows("content", [None, b"", b"PK\x03\x04 and nothing more", HEAD_FILE.read_bytes()[:5000]])
def test_a_missing_or_damaged_head_is_one_clear_error(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "head.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match=r"head\.npz: the letters head is missing or damaged"):
        load_head(path)


def test_a_shipped_head_with_one_bit_changed_is_the_same_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytearray(HEAD_FILE.read_bytes())
    content[len(content) // 2] ^= 1
    path = tmp_path / "head.npz"
    path.write_bytes(content)
    monkeypatch.setattr(head_module, "HEAD_FILE", path)
    with pytest.raises(ModelError, match=r"head\.npz: the letters head is missing or damaged; reinstall"):
        load_head(path)


def test_a_head_for_other_letters_is_refused(tmp_path: Path) -> None:
    with np.load(HEAD_FILE) as stored:
        arrays = {name: stored[name] for name in stored.files}
    arrays["out.weight"], arrays["out.bias"] = arrays["out.weight"][:-1], arrays["out.bias"][:-1]
    np.savez(tmp_path / "head.npz", **arrays)
    with pytest.raises(ModelError, match=f"has {COLUMNS - 1} outputs; expected {COLUMNS}"):
        load_head(tmp_path / "head.npz")
