"""Clips as files: as loud as is asked for, never too high, in every format."""

import subprocess
from pathlib import Path

import numpy as np
import pytest

from media.decode import Waveform, read_waveform, sound_format
from media.ffmpeg import ffmpeg_path
from media.mastering import Encoding, finish, loudness_lufs, measure, write_finished
from tests.media.mastering.voices import RATE, voice
from tests.tables import over_rows

WANTED_LUFS = -16.0

ENDINGS = ["mp3", "m4a", "wav", "flac", "opus", "ogg"]


def peaky(seconds: float = 4.0) -> Waveform:
    """A quiet voice with loud knocks: gain alone would take it far above full scale."""
    sound = voice((0.2, seconds - 0.2), duration=seconds)
    samples = 0.1 * sound.samples
    samples[:: RATE // 2] += 0.8
    return Waveform(samples.astype(np.float32), RATE)


@over_rows("channels", [1, 2])
def test_a_sine_at_full_scale_has_the_loudness_that_the_standard_says(channels: int) -> None:
    # ITU-R BS.1770: 997 Hz at 0 dBFS is -3.01 LKFS in one channel, twice the power in two.
    tone = np.sin(2 * np.pi * 997 * np.arange(4 * 48_000) / 48_000).astype(np.float32)
    sound = Waveform(np.repeat(tone[:, None], channels, axis=1), 48_000)
    assert loudness_lufs(sound) == pytest.approx(-3.01 + 3.01 * (channels - 1), abs=0.05)


@pytest.mark.nightly
@over_rows("ending", ENDINGS)
@over_rows("channels", [1, 2])
def test_every_format_is_as_loud_as_asked_and_keeps_its_channels(tmp_path: Path, ending: str, channels: int) -> None:
    path = tmp_path / f"clip.{ending}"
    level = write_finished(voice((0.2, 3.8), duration=4.0, channels=channels), path, WANTED_LUFS, Encoding())
    assert level == measure(path)
    assert level.lufs == pytest.approx(-16.0, abs=0.5)
    assert level.true_peak_db <= -1.0
    assert sound_format(path)[1] == channels
    assert read_waveform(path).duration == pytest.approx(4.0, abs=0.05)


@pytest.mark.nightly
@over_rows("ending", ["mp3", "wav"])
def test_loud_knocks_are_held_down_so_that_the_voice_can_be_loud(tmp_path: Path, ending: str) -> None:
    level = write_finished(peaky(), tmp_path / f"clip.{ending}", WANTED_LUFS, Encoding())
    assert level.lufs == pytest.approx(-16.0, abs=0.5)
    assert level.true_peak_db <= -1.0


def test_another_loudness_can_be_asked_for() -> None:
    assert loudness_lufs(finish(peaky(), -23.0)) == pytest.approx(-23.0, abs=0.2)


def test_left_alone_a_clip_keeps_its_level() -> None:
    sound = voice((0.2, 3.8), duration=4.0)
    quiet = Waveform(0.2 * sound.samples, RATE)
    assert np.allclose(finish(quiet, None).samples, quiet.samples)


@over_rows("seconds", [0.05, 0.3, 1.0])
def test_a_short_clip_never_passes_the_peak(tmp_path: Path, seconds: float) -> None:
    loud = Waveform(2.0 * voice((0.0, seconds), duration=seconds).samples, RATE)
    assert write_finished(loud, tmp_path / "short.mp3", WANTED_LUFS, Encoding()).true_peak_db <= -1.0


def test_silence_is_not_made_loud(tmp_path: Path) -> None:
    still = Waveform(np.zeros((2 * RATE, 1), np.float32), RATE)
    assert write_finished(still, tmp_path / "still.mp3", WANTED_LUFS, Encoding()).lufs is None


def test_ffmpeg_measures_what_we_do(tmp_path: Path) -> None:
    level = write_finished(peaky(6.0), tmp_path / "clip.wav", WANTED_LUFS, Encoding())
    source = ["-nostats", "-i", str(tmp_path / "clip.wav")]
    command = [ffmpeg_path(), *source, "-af", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stderr
    summary = said[said.rindex("Summary:") :].split()
    assert float(summary[summary.index("I:") + 1]) == pytest.approx(level.lufs, abs=0.15)
    assert float(summary[summary.index("Peak:") + 1]) == pytest.approx(level.true_peak_db, abs=0.15)
