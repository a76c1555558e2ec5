"""Clips are cut in silence, leave out other speech, and have the requested loudness in every format."""

import subprocess
from pathlib import Path

import av
import numpy as np
import pytest

from media.decode import Waveform, audio_format, read_waveform
from media.errors import ClipError, PictureError
from media.ffmpeg import ffmpeg_path
from media.mastering import (
    Encoding,
    beside,
    has_voice,
    is_silent,
    join,
    loudness_lufs,
    measure,
    quietest,
    tightened,
    write_finished,
)
from tests.media.voices import VOICE_RATE as RATE
from tests.media.voices import voice
from tests.tables import over_rows


def test_in_an_even_pause_a_cut_leaves_the_most_room() -> None:
    sound = voice((1.0, 2.0), duration=3.0)
    assert quietest(sound, 0.75, 1.0, prefer_late=False) == pytest.approx(0.75, abs=0.03)
    assert quietest(sound, 2.0, 2.25, prefer_late=True) == pytest.approx(2.25, abs=0.03)


@over_rows("channels", [1, 2])
def test_a_clip_begins_and_ends_in_silence_for_any_source(channels: int) -> None:
    sound = voice((0.0, 3.0), duration=3.0, channels=channels)
    clip = join(sound, [(1.0, 2.0)], fade_in=0.010, fade_out=0.030)
    assert clip.samples.shape == (RATE, channels)
    assert np.abs(clip.samples[:4]).max() < 0.01
    assert np.abs(clip.samples[-4:]).max() < 0.01
    middle = slice(round(0.1 * RATE), round(0.9 * RATE))
    assert np.abs(clip.samples[middle] - sound.samples[RATE:][middle]).max() < 1e-6


def test_a_join_has_no_click_and_takes_no_time() -> None:
    times = np.arange(3 * RATE) / RATE
    samples = np.sin(2 * np.pi * 100 * times).astype(np.float32)[:, None]
    joined = join(Waveform(samples, RATE), [(0.5, 1.0), (2.0034, 2.5)], fade_in=0.01, fade_out=0.01)
    assert joined.duration == pytest.approx(0.5 + 0.497, abs=0.0015)
    steepest = np.abs(np.diff(samples[:, 0])).max()
    assert np.abs(np.diff(joined.samples[:, 0])).max() <= 2 * steepest


def test_a_long_pause_becomes_a_short_one() -> None:
    sound = voice((0.2, 1.2), (3.2, 4.2), duration=4.4)
    parts = tightened(sound, (0.0, 4.4), [(1.2, 3.2)])
    assert parts == [(0.0, pytest.approx(1.4)), (pytest.approx(3.0), 4.4)]


def test_a_pause_that_is_not_silent_stays() -> None:
    laugh = voice((0.2, 1.2), (2.0, 2.3), (3.2, 4.2), duration=4.4)
    assert tightened(laugh, (0.0, 4.4), [(1.2, 3.2)]) == [(0.0, 4.4)]


def mirrored(sound: Waveform) -> Waveform:
    return Waveform(sound.samples[::-1].copy(), sound.rate)


def test_a_word_before_the_voice_is_left_out_by_a_cut_in_the_quiet_between() -> None:
    found = beside(voice((0.5, 0.7), (0.8, 2.0), duration=2.5), (0.8, 2.0), (0.2, 0.8), before=True)
    assert found is not None
    assert found.clean
    assert 0.69 <= found.low < found.high <= 0.8


@over_rows("before", [True, False])
def test_without_quiet_between_the_cut_stays_at_the_voice_and_is_not_clean(before: bool) -> None:
    sound = voice((0.5, 2.0), duration=2.5)
    found = beside(sound if before else mirrored(sound), (0.9, 1.6), (0.1, 0.9) if before else (1.6, 2.4), before)
    assert found is not None
    assert not found.clean
    edge = 0.9 if before else 1.6
    assert edge - 0.03 < found.low < found.high < edge + 0.03


def softer(sound: Waveform, start: float, end: float, factor: float) -> Waveform:
    samples = sound.samples.copy()
    samples[round(start * RATE) : round(end * RATE)] *= factor
    return Waveform(samples, sound.rate)


def test_a_gap_as_short_as_a_plosive_is_clean_and_the_cut_stays_at_the_voice() -> None:
    found = beside(voice((0.5, 2.0), (2.07, 2.5), duration=3.0), (0.5, 2.0), (2.0, 2.8), before=False)
    assert found is not None
    assert found.clean
    assert 1.97 < found.low < found.high < 2.03


@over_rows("factor, dips", [(0.4, True), (1.0, False)])
def test_a_dip_between_two_voices_is_found(factor: float, dips: bool) -> None:
    sound = softer(voice((0.5, 2.5), duration=3.0, steady=True), 1.39, 1.41, factor)
    found = beside(sound, (0.5, 1.4), (1.4, 2.8), before=False)
    assert found is not None
    assert (found.clean, found.dips) == (False, dips)


def test_a_voice_between_two_words_is_distinguished_from_silence_and_word_edges() -> None:
    assert has_voice(voice((0.5, 1.0), (1.3, 1.6), (2.0, 2.5), duration=3.0), 1.0, 2.0)
    assert not has_voice(voice((0.5, 1.1), (1.96, 2.5), duration=3.0), 1.0, 2.0)
    assert not has_voice(voice((0.5, 2.5), duration=3.0), 1.0, 1.1)


@over_rows("before", [True, False])
def test_silence_a_breath_and_an_onset_are_no_word(before: bool) -> None:
    sound = voice((0.96, 2.04), duration=3.0)
    breath = slice(round(0.6 * RATE), round(0.8 * RATE))
    sound.samples[breath] += 0.01 * np.random.default_rng(2).standard_normal((breath.stop - breath.start, 1))
    if before:
        assert beside(sound, (1.0, 2.0), (0.3, 1.0), before) is None
    else:
        assert beside(mirrored(sound), (1.0, 2.0), (2.0, 2.7), before) is None


def test_under_loud_music_nothing_is_reported() -> None:
    sound = voice((0.5, 0.7), (0.8, 2.0), duration=2.5)
    sound.samples[:] += 0.3 * np.random.default_rng(3).standard_normal(sound.samples.shape).astype(np.float32)
    assert beside(sound, (0.8, 2.0), (0.2, 0.8), before=True) is None


def test_an_inaudible_span_near_a_voice_is_silent() -> None:
    sound = voice((0.5, 2.0), duration=4.0)
    assert is_silent(sound, 2.1, 2.5)
    assert not is_silent(sound, 1.7, 2.1)
    assert not is_silent(sound, 2.1, 2.15)
    assert not is_silent(voice(duration=4.0), 1.0, 2.0)


WANTED_LUFS = -16.0

TAGS = {
    "title": "« Où est-ce ? »",
    "artist": "Ève",
    "album": "Quai – 3",
    "comment": "From Quai, at 00:01:02 https://q.example/3#t=62",
}


def picture(path: Path) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=1)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuvj420p"
        container.mux(stream.encode(av.VideoFrame(64, 64, "yuvj420p")))
        container.mux(stream.encode(None))
    return path


@over_rows("ending", ["mp3", "m4a", "flac", "opus"])
def test_tags_are_read_back(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"clip.{ending}"
    write_finished(voice((0.1, 0.9), duration=1.0), path, WANTED_LUFS, Encoding(TAGS))
    with av.open(str(path)) as container:
        tags = {**container.metadata, **container.streams.audio[0].metadata}
    found = {key.lower(): value for key, value in tags.items()}
    assert {name: found.get(name, found.get("description")) for name in TAGS} == TAGS


@over_rows("ending", ["mp3", "m4a", "flac", "opus", "ogg"])
def test_the_cover_is_in_the_file_and_the_audio_is_complete(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"clip.{ending}"
    write_finished(voice((0.1, 2.9), duration=3.0), path, WANTED_LUFS, Encoding(TAGS, picture(tmp_path / "cover.jpg")))
    with av.open(str(path)) as container:
        assert [stream.type for stream in container.streams] == ["audio", "video"]
    assert read_waveform(path).duration == pytest.approx(3.0, abs=0.05)


def test_an_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClipError, match=r"\.docx is not a format.*mp3"):
        write_finished(voice((0.1, 0.9), duration=1.0), tmp_path / "clip.docx", WANTED_LUFS, Encoding())


def test_a_cover_that_is_no_picture_is_refused(tmp_path: Path) -> None:
    cover = tmp_path / "cover.jpg"
    cover.write_text("not a picture", encoding="utf-8")
    with pytest.raises(PictureError, match=r"cover\.jpg.*not a picture"):
        write_finished(voice((0.1, 0.9), duration=1.0), tmp_path / "clip.mp3", WANTED_LUFS, Encoding({}, cover))


WANTED_LUFS = -16.0

ENDINGS = ["mp3", "m4a", "wav", "flac", "opus", "ogg"]


def peaky(seconds: float = 4.0) -> Waveform:
    """A quiet voice with loud knocks: gain alone would take it far above full scale."""
    sound = voice((0.2, seconds - 0.2), duration=seconds)
    samples = 0.1 * sound.samples
    samples[:: RATE // 2] += 0.8
    return Waveform(samples.astype(np.float32), RATE)


@over_rows("channels", [1, 2])
def test_a_full_scale_sine_has_the_loudness_of_the_standard(channels: int) -> None:
    # ITU-R BS.1770: 997 Hz at 0 dBFS is -3.01 LKFS in one channel, twice the power in two.
    tone = np.sin(2 * np.pi * 997 * np.arange(4 * 48_000) / 48_000).astype(np.float32)
    sound = Waveform(np.repeat(tone[:, None], channels, axis=1), 48_000)
    assert loudness_lufs(sound) == pytest.approx(-3.01 + 3.01 * (channels - 1), abs=0.05)


@pytest.mark.nightly
@over_rows("ending", ENDINGS)
@over_rows("channels", [1, 2])
def test_every_format_has_the_requested_loudness_and_its_channels(tmp_path: Path, ending: str, channels: int) -> None:
    path = tmp_path / f"clip.{ending}"
    level = write_finished(voice((0.2, 3.8), duration=4.0, channels=channels), path, WANTED_LUFS, Encoding())
    assert level == measure(path)
    assert level.lufs == pytest.approx(-16.0, abs=0.5)
    assert level.true_peak_db <= -1.0
    assert audio_format(path)[1] == channels
    assert read_waveform(path).duration == pytest.approx(4.0, abs=0.05)


@over_rows("seconds", [0.05, 0.3, 1.0])
def test_a_short_clip_never_passes_the_peak(tmp_path: Path, seconds: float) -> None:
    loud = Waveform(2.0 * voice((0.0, seconds), duration=seconds).samples, RATE)
    assert write_finished(loud, tmp_path / "short.mp3", WANTED_LUFS, Encoding()).true_peak_db <= -1.0


def test_silence_is_not_amplified(tmp_path: Path) -> None:
    still = Waveform(np.zeros((2 * RATE, 1), np.float32), RATE)
    assert write_finished(still, tmp_path / "still.mp3", WANTED_LUFS, Encoding()).lufs is None


def test_ffmpeg_measures_the_same(tmp_path: Path) -> None:
    level = write_finished(peaky(6.0), tmp_path / "clip.wav", WANTED_LUFS, Encoding())
    source = ["-nostats", "-i", str(tmp_path / "clip.wav")]
    command = [ffmpeg_path(), *source, "-af", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stderr
    summary = said[said.rindex("Summary:") :].split()
    assert float(summary[summary.index("I:") + 1]) == pytest.approx(level.lufs, abs=0.15)
    assert float(summary[summary.index("Peak:") + 1]) == pytest.approx(level.true_peak_db, abs=0.15)
