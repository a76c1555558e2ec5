"""The spectrogram: Whisper's own, however the sound comes in."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.recognition.letters.encoder import HOP, MELS, RATE, clamp, log_mel, mel_blocks


def noise(samples: int, seed: int = 1) -> np.ndarray:
    """Noise that swells and fades, so that windows differ in loudness."""
    rng = np.random.default_rng(seed)
    return (rng.normal(0, 0.1, samples) * (1.2 + np.sin(np.arange(samples) / 9000))).astype(np.float32)


@pytest.mark.parametrize("seconds", [2, 15])
def test_a_window_is_what_faster_whisper_makes_of_it_but_for_its_edges(seconds: int) -> None:
    from faster_whisper.feature_extractor import FeatureExtractor

    samples = noise(seconds * RATE)
    theirs, ours = FeatureExtractor()(samples, padding=0), clamp(log_mel(samples))
    assert ours.shape[0] == theirs.shape[0] == MELS
    frames = min(ours.shape[1], theirs.shape[1])
    assert abs(ours[:, 2 : frames - 2] - theirs[:, 2 : frames - 2]).max() < 1e-4


@given(st.lists(st.integers(0, 3 * RATE), max_size=8), st.integers(0, 99))
@settings(max_examples=25, deadline=None)
def test_blocks_of_any_size_make_the_spectrogram_of_the_whole(sizes: list[int], seed: int) -> None:
    samples = noise(sum(sizes), seed)
    blocks = np.split(samples, np.cumsum(sizes)[:-1]) if sizes else []
    found = list(mel_blocks(blocks))
    joined = np.concatenate(found, axis=1) if found else np.empty((MELS, 0), np.float32)
    assert joined.shape == (MELS, -(-len(samples) // HOP))
    assert np.allclose(joined, log_mel(samples), atol=1e-5)
    assert joined.dtype == np.float32


def test_a_click_shows_in_the_frames_around_it_and_nowhere_else() -> None:
    samples = np.zeros(RATE, np.float32)
    samples[50 * HOP] = 1.0
    loud = np.flatnonzero(log_mel(samples).max(axis=0) > -9)
    assert loud.tolist() == [49, 50, 51]


def test_silence_is_the_floor() -> None:
    assert log_mel(np.zeros(RATE, np.float32)) == pytest.approx(-10)


def test_a_window_is_clamped_by_its_own_loudest_value_alone() -> None:
    quiet, loud = np.full((MELS, 10), -9.0, np.float32), np.full((MELS, 10), 1.0, np.float32)
    assert clamp(quiet) == pytest.approx(np.full((MELS, 10), (-9 + 4) / 4))
    both = clamp(np.hstack([quiet, loud]))
    assert both[:, :10] == pytest.approx(np.full((MELS, 10), (1 - 8 + 4) / 4))
    assert both[:, 10:] == pytest.approx(np.full((MELS, 10), (1 + 4) / 4))
