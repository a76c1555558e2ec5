"""A sound whose channels cancel each other is told from silence, and from any other."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

from media.decode import cancel_out
from tests.tables import over_rows

RATE = 16_000


@over_rows("right, cancels", [(-1.0, True), (-0.99, True), (1.0, False), (0.0, False), (-0.5, False)])
def test_channels_cancel_each_other_where_one_is_the_other_turned_over(
    tmp_path: Path, right: float, cancels: bool
) -> None:
    left = np.random.default_rng(7).normal(0, 3000, 2 * RATE)
    assert cancel_out(written(tmp_path / "a.wav", np.stack([left, right * left], axis=1))) is cancels


def test_silence_does_not(tmp_path: Path) -> None:
    assert not cancel_out(written(tmp_path / "a.wav", np.zeros((RATE, 2))))


def test_what_comes_after_a_silence_tells(tmp_path: Path) -> None:
    left = np.concatenate([np.zeros(40 * RATE), np.random.default_rng(7).normal(0, 3000, RATE)])
    assert cancel_out(written(tmp_path / "a.wav", np.stack([left, -left], axis=1)))


def written(path: Path, samples: np.ndarray) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.clip(-32768, 32767).astype("<i2").tobytes())
    return path
