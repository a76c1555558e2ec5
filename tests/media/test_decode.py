"""Decoding: planted clicks come back when a player would play them, and bad files are named in one line."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from media import decode
from media.container import stated_duration
from media.decode import Resampling, sound_blocks
from media.errors import DecodeError, NoAudioError
from tests.media.sounds import CODECS, clicks, onsets, write_sound

TIMES = [0.5, 1.25, 3.0, 4.75]


def decoded(path: Path, **options: float) -> np.ndarray:
    return np.concatenate([samples for _, samples in sound_blocks(path, **options)])


def rate_for(suffix: str) -> int:
    return 48000 if CODECS[suffix] == "libopus" else 44100


@pytest.mark.parametrize("suffix", sorted(CODECS))
def test_clicks_come_back_at_their_times(tmp_path: Path, suffix: str) -> None:
    rate = rate_for(suffix)
    path = write_sound(tmp_path / f"clicks{suffix}", clicks(TIMES, 6.0, rate), rate)
    assert onsets(decoded(path)) == pytest.approx(TIMES, abs=0.001)


@pytest.mark.parametrize("suffix", sorted(CODECS))
def test_clicks_come_back_at_their_times_when_decoding_starts_later(tmp_path: Path, suffix: str) -> None:
    rate = rate_for(suffix)
    path = write_sound(tmp_path / f"clicks{suffix}", clicks(TIMES, 6.0, rate), rate)
    blocks = list(sound_blocks(path, start=2.0, end=5.5))
    assert blocks[0][0] == 2.0
    samples = np.concatenate([samples for _, samples in blocks])
    assert len(samples) == round(3.5 * 16000)
    assert [2.0 + onset for onset in onsets(samples)] == pytest.approx(TIMES[2:], abs=0.0015)


def test_no_more_is_decoded_than_an_episode_may_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_sound(tmp_path / "clicks.wav", clicks(TIMES, 6.0))
    monkeypatch.setattr("media.decode.LONGEST", 6.0)
    assert len(decoded(path)) == 6 * 16000
    monkeypatch.setattr("media.decode.LONGEST", 5.9)
    with pytest.raises(DecodeError, match="lasts longer than"):
        decoded(path)
    monkeypatch.setattr(decode._Timeline, "promised", lambda _: None)  # of which no header tells
    with pytest.raises(DecodeError, match="lasts longer than"):
        decoded(path)


def test_what_says_that_it_lasts_longer_than_an_episode_is_not_decoded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_sound(tmp_path / "clicks.flac", clicks(TIMES, 6.0))
    monkeypatch.setattr("media.decode.LONGEST", 5.9)
    monkeypatch.setattr(decode._Timeline, "pieces", lambda *_: pytest.fail("is decoded"))
    with pytest.raises(DecodeError, match="lasts longer than"):
        decoded(path)


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_sound_that_starts_after_the_picture_keeps_its_place(tmp_path: Path, suffix: str) -> None:
    path = write_sound(tmp_path / f"film{suffix}", clicks(TIMES, 6.0), layout="stereo", video_before=0.7)
    expected = [0.7 + time for time in TIMES]
    assert onsets(decoded(path)) == pytest.approx(expected, abs=0.002)
    assert [2.0 + onset for onset in onsets(decoded(path, start=2.0))] == pytest.approx(expected[2:], abs=0.002)


@pytest.mark.parametrize("layout", ["mono", "stereo", "5.1"])
@pytest.mark.parametrize("rate", [8000, 22050, 96000])
def test_any_layout_and_rate_becomes_mono_at_the_rate_asked_for(tmp_path: Path, layout: str, rate: int) -> None:
    path = write_sound(tmp_path / "sound.flac", clicks(TIMES, 6.0, rate), rate, layout)
    samples = decoded(path, rate=24000)
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert len(samples) == pytest.approx(6.0 * 24000, abs=2)
    assert onsets(samples, 24000) == pytest.approx(TIMES, abs=0.001)


def test_blocks_have_one_length_and_follow_each_other(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "sound.mp3", clicks(TIMES, 6.0))
    blocks = list(sound_blocks(path, start=0.25, block=0.7))
    assert {len(samples) for _, samples in blocks[:-1]} == {round(0.7 * 16000)}
    assert 0 < len(blocks[-1][1]) <= round(0.7 * 16000)
    assert [at for at, _ in blocks] == pytest.approx([0.25 + 0.7 * number for number in range(len(blocks))])


def test_a_start_beyond_the_end_gives_nothing(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "sound.wav", clicks(TIMES, 6.0))
    assert list(sound_blocks(path, start=60.0)) == []


def test_the_duration_is_told_before_decoding(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "sound.mp3", clicks(TIMES, 6.0))
    assert stated_duration(path) == pytest.approx(6.0, abs=0.1)


@pytest.mark.parametrize("suffix", [".wav", ".mp3"])
def test_a_file_cut_short_is_used_as_far_as_it_goes_with_a_warning(tmp_path: Path, suffix: str) -> None:
    path = write_sound(tmp_path / f"sound{suffix}", clicks(TIMES, 6.0))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    warnings: list[str] = []
    samples = np.concatenate([samples for _, samples in sound_blocks(path, warn=warnings.append)])
    assert len(samples) / 16000 == pytest.approx(3.0, abs=0.3)
    assert onsets(samples)[:2] == pytest.approx(TIMES[:2], abs=0.001)
    (warning,) = warnings
    assert "cut short" in warning
    assert "of 6 s" in warning


def test_a_whole_file_gives_no_warning(tmp_path: Path) -> None:
    for suffix in CODECS:
        path = write_sound(tmp_path / f"s{suffix}", clicks(TIMES, 6.0, rate_for(suffix)), rate_for(suffix))
        warnings: list[str] = []
        list(sound_blocks(path, warn=warnings.append))
        assert warnings == [], suffix


def test_damage_in_the_middle_is_silence_and_what_follows_keeps_its_time(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).normal(0, 0.05, 12 * 44100).astype(np.float32)
    times = [1.0, 3.0, 9.0, 11.0]
    path = write_sound(tmp_path / "sound.m4a", np.clip(clicks(times, 12.0) + noise, -1, 1))
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    random.seed(1)
    for at in range(middle - 5000, middle + 5000):
        data[at] = random.randrange(256)
    path.write_bytes(data)
    warnings: list[str] = []
    samples = np.concatenate([samples for _, samples in sound_blocks(path, warn=warnings.append)])
    assert any("damaged sound near" in warning for warning in warnings)
    for time in (1.0, 11.0):
        near = samples[round((time - 0.3) * 16000) : round((time + 0.3) * 16000)]
        assert np.argmax(np.abs(near)) / 16000 - 0.3 == pytest.approx(0.0, abs=0.003)


def test_a_file_that_is_missing_empty_or_a_folder_is_named_so(tmp_path: Path) -> None:
    empty = tmp_path / "empty.mp3"
    empty.touch()
    for path, reason in ((tmp_path / "none.mp3", "no such file"), (empty, "is empty"), (tmp_path, "is a folder")):
        with pytest.raises(DecodeError, match=reason) as caught:
            list(sound_blocks(path))
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the administrator may read everything")
def test_a_file_without_permission_is_named_so(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "sound.wav", clicks(TIMES, 6.0))
    path.chmod(0)
    with pytest.raises(DecodeError, match="no permission"):
        list(sound_blocks(path))


def test_a_file_that_is_not_sound_is_named_so(tmp_path: Path) -> None:
    path = tmp_path / "letter.mp3"
    path.write_text("Ceci n'est pas un son, mais une lettre.\n" * 500, encoding="utf-8")
    with pytest.raises(DecodeError, match=r"letter\.mp3"):
        list(sound_blocks(path))


def test_a_playlist_is_not_followed(tmp_path: Path) -> None:
    write_sound(tmp_path / "other.m4a", clicks(TIMES, 6.0))
    path = tmp_path / "list.m3u8"
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\nother.m4a\n#EXT-X-ENDLIST\n", encoding="utf-8")
    with pytest.raises(DecodeError):
        list(sound_blocks(path))


def with_holes(path: Path, starts: list[int], seconds: int = 1, rate: int = 8000) -> Path:
    """A second of sound, or more, at each of these seconds, and nothing between."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=rate, layout="mono")
        for start in starts:
            for second in range(start, start + seconds):
                frame = av.AudioFrame.from_ndarray(np.full((1, rate), 99, np.int16), format="s16", layout="mono")
                frame.sample_rate, frame.pts = rate, second * rate
                container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def test_a_few_packets_cannot_claim_days_of_silence(tmp_path: Path) -> None:
    sparse = with_holes(tmp_path / "a.mkv", [hour * 3600 for hour in range(0, 40, 4)])
    begun: list[float] = []
    with pytest.raises(DecodeError, match="claims hours of sound that it does not have"):
        begun.extend(at for at, _ in sound_blocks(sparse, 8000))
    assert max(begun, default=0.0) < 7 * 3600


@pytest.mark.slow
def test_a_hole_of_hours_is_silence(tmp_path: Path) -> None:
    decoded_seconds = len(decoded(with_holes(tmp_path / "a.mkv", [0, 5 * 3600]), rate=8000)) / 8000
    assert decoded_seconds == pytest.approx(5 * 3600 + 1, abs=0.1)


def test_a_video_without_sound_is_named_so(tmp_path: Path) -> None:
    import av

    path = tmp_path / "silent.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width = stream.height = 32
        for _ in range(10):
            container.mux(stream.encode(av.VideoFrame(32, 32, "yuv420p")))
        container.mux(stream.encode(None))
    with pytest.raises(NoAudioError, match="no sound track"):
        list(sound_blocks(path))


SECONDS = 12


def frames(rate: int, layout: str, samples: int) -> Iterator[av.AudioFrame]:
    """Noise in frames of so many samples, the last one shorter, with time stamps that are wrong."""
    channels = 2 if layout == "stereo" else 1
    noise = np.random.default_rng(7).standard_normal((channels, SECONDS * rate + 321)).astype(np.float32)
    for first in range(0, noise.shape[1], samples):
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(noise[:, first : first + samples]), format="fltp", layout=layout
        )
        frame.sample_rate, frame.pts = rate, first * 3
        yield frame


@pytest.mark.parametrize("channels", [None, 1, 2])
@pytest.mark.parametrize(
    ("rate", "layout", "samples"), [(44100, "stereo", 1152), (24000, "mono", 576), (16000, "mono", 64)]
)
def test_frames_taken_together_give_the_same_samples(
    rate: int, layout: str, samples: int, channels: int | None
) -> None:
    one_by_one = av.AudioResampler(format="flt", layout="stereo" if channels == 2 else "mono", rate=16000)
    expected = []
    for frame in frames(rate, layout, samples):
        frame.pts = None
        expected += one_by_one.resample(frame)
    expected += one_by_one.resample(None)
    wanted = np.concatenate([frame.to_ndarray().reshape(-1) for frame in expected if frame and frame.samples])

    together = Resampling(16000, channels, 500)
    placed = [piece for frame in frames(rate, layout, samples) for piece in together.feed(frame)]
    placed += list(together.rest())
    found = [out for _, out in placed]
    assert [index for index, _ in placed] == [500 + sum(map(len, found[:k])) for k in range(len(found))]
    assert len(found) < 10
    assert all(out.ndim == (1 if channels is None else 2) for out in found)
    assert np.array_equal(np.concatenate([out.reshape(-1) for out in found]), wanted)


def test_nothing_fed_gives_nothing() -> None:
    assert list(Resampling(16000, None).rest()) == []
