"""The spectrogram equals that of Whisper for blocks of any size."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.recognition.acoustic.encoder import HOP, MELS, RATE, clamp, log_mel, mel_blocks
from tests.tables import over_rows


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
