"""Spectrograms show which frequencies sound, and when."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import numpy as np
from PIL import Image

from media.waveform import HIGHEST_HZ, as_mask, spectrogram_between
from tests.tables import over_rows


def beep(path: Path, rate: int = 16_000) -> Path:
    """Two seconds: silence, from 0.5 s on 1 kHz, from 1 s on 4 kHz, from 1.5 s on silence."""
    time = np.arange(2 * rate) / rate
    hertz = np.where(time < 1.0, 1000, 4000)
    loud = (time >= 0.5) & (time < 1.5)
    samples = (0.5 * loud * np.sin(2 * np.pi * hertz * time) * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return path


def loudest_hz(levels: np.ndarray, column: int) -> float:
    return float(HIGHEST_HZ * (len(levels) - 1 - levels[:, column].argmax()) / len(levels))


def test_a_tone_lies_at_its_frequency_and_its_time(tmp_path: Path) -> None:
    levels = spectrogram_between(beep(tmp_path / "a.wav"), 0.0, 2.0, 200)
    assert levels.shape == (256, 200)
    assert abs(loudest_hz(levels, 75) - 1000) < 50
    assert abs(loudest_hz(levels, 125) - 4000) < 50
    assert levels[:, [10, 40, 160, 190]].max() == 0


@over_rows("start, end", [(1.6, 1.9), (5.0, 6.0)])
def test_silence_and_what_is_beyond_the_end_are_empty(tmp_path: Path, start: float, end: float) -> None:
    assert spectrogram_between(beep(tmp_path / "a.wav"), start, end, 30).max() == 0


def test_as_a_mask_what_is_strong_is_opaque() -> None:
    levels = np.array([[0, 255], [128, 7]], np.uint8)
    image = Image.open(io.BytesIO(as_mask(levels)))
    assert image.mode == "LA"
    assert np.asarray(image.getchannel("A")).tolist() == levels.tolist()
