"""Peaks are the maxima of equal passages; a spectrogram shows a tone at its frequency and time."""

import io
import wave
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from media.decode import audio_blocks
from media.waveform import HIGHEST_HZ, PeakMeter, as_mask, levels_between, spectrogram_between
from tests.media.audio_files import write_sound
from tests.tables import over_rows


def slow_levels(sound: np.ndarray, rate: int, per_second: int) -> list[float]:
    """Find peaks sample by sample: the maximum of each passage."""
    levels: list[float] = []
    for index, sample in enumerate(sound):
        stretch = index * per_second // rate
        while len(levels) <= stretch:
            levels.append(0.0)
        levels[stretch] = max(levels[stretch], float(np.abs(sample).max()))
    return levels


@settings(deadline=None)
@given(
    st.integers(0, 400),
    st.lists(st.integers(0, 400), max_size=6),
    st.sampled_from([(100, 20), (105, 20), (97, 13), (40, 20), (20, 20), (441, 20)]),
    st.sampled_from([None, 1, 2]),
    st.integers(0, 2**32 - 1),
)
def test_peaks_equal_the_maximum_of_every_sample(
    length: int, cuts: list[int], rates: tuple[int, int], channels: int | None, seed: int
) -> None:
    shape = (length,) if channels is None else (length, channels)
    sound = np.random.default_rng(seed).uniform(-1, 1, shape).astype(np.float32)
    meter = PeakMeter(*rates)
    for block in np.split(sound, sorted(min(cut, length) for cut in cuts)):
        meter.add(block)
    assert meter.levels().tolist() == slow_levels(sound, *rates)


def test_a_passage_beyond_the_end_is_silent_there(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.wav", np.full(44100, 0.5, np.float32))
    levels = levels_between(path, 0.5, 2.5, 4)
    assert levels.tolist() == pytest.approx([0.5, 0.0, 0.0, 0.0], abs=0.01)


@over_rows("count", [1, 7, 1000, 3999])
def test_a_long_passage_has_the_same_peaks_block_by_block(tmp_path: Path, count: int) -> None:
    sound = np.random.default_rng(7).uniform(-1, 1, 65 * 16_000).astype(np.float32)
    path = write_sound(tmp_path / "a.wav", sound, 16_000)
    whole = np.concatenate([block for _, block in audio_blocks(path, 16_000, 1.5, 64.0)])
    begins = [k * len(whole) // count for k in range(count)] + [len(whole)]
    expected = [np.abs(whole[begin:end]).max() for begin, end in pairwise(begins)]
    assert levels_between(path, 1.5, 64.0, count).tolist() == pytest.approx(expected)


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


def test_a_tone_is_at_its_frequency_and_time(tmp_path: Path) -> None:
    levels = spectrogram_between(beep(tmp_path / "a.wav"), 0.0, 2.0, 200)
    assert levels.shape == (256, 200)
    assert abs(loudest_hz(levels, 75) - 1000) < 50
    assert abs(loudest_hz(levels, 125) - 4000) < 50
    assert levels[:, [10, 40, 160, 190]].max() == 0


@over_rows("start, end", [(1.6, 1.9), (5.0, 6.0)])
def test_silence_and_time_beyond_the_end_are_empty(tmp_path: Path, start: float, end: float) -> None:
    assert spectrogram_between(beep(tmp_path / "a.wav"), start, end, 30).max() == 0


def test_in_a_mask_strong_frequencies_are_opaque() -> None:
    levels = np.array([[0, 255], [128, 7]], np.uint8)
    image = Image.open(io.BytesIO(as_mask(levels)))
    assert image.mode == "LA"
    assert np.asarray(image.getchannel("A")).tolist() == levels.tolist()
