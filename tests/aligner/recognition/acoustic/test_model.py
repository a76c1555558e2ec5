"""The acoustic model: its spectrogram equals that of Whisper, what it returns, and damaged files."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.emissions import CLASSES, COLUMNS
from aligner.errors import ModelError
from aligner.recognition.acoustic import model as module
from aligner.recognition.acoustic.encoder import HOP, MELS, RATE, clamp, log_mel, mel_blocks
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


def noise(samples: int, seed: int = 1) -> np.ndarray:
    """Noise that swells and fades, so that windows differ in loudness."""
    rng = np.random.default_rng(seed)
    return (rng.normal(0, 0.1, samples) * (1.2 + np.sin(np.arange(samples) / 9000))).astype(np.float32)


@over_rows("seconds", [2, 15])
def test_a_window_equals_that_of_faster_whisper_except_at_its_edges(seconds: int) -> None:
    from faster_whisper.feature_extractor import FeatureExtractor

    samples = noise(seconds * RATE)
    theirs, ours = FeatureExtractor()(samples, padding=0), clamp(log_mel(samples))
    assert ours.shape[0] == theirs.shape[0] == MELS
    frames = min(ours.shape[1], theirs.shape[1])
    assert abs(ours[:, 2 : frames - 2] - theirs[:, 2 : frames - 2]).max() < 1e-4


@pytest.mark.nightly
@given(st.lists(st.integers(0, 3 * RATE), max_size=8), st.integers(0, 99))
@settings(max_examples=25, deadline=None)
def test_blocks_of_any_size_give_the_spectrogram_of_the_whole(sizes: list[int], seed: int) -> None:
    samples = noise(sum(sizes), seed)
    blocks = np.split(samples, np.cumsum(sizes)[:-1]) if sizes else []
    found = list(mel_blocks(blocks))
    joined = np.concatenate(found, axis=1) if found else np.empty((MELS, 0), np.float32)
    assert joined.shape == (MELS, -(-len(samples) // HOP))
    assert np.allclose(joined, log_mel(samples), atol=1e-5)
    assert joined.dtype == np.float32
