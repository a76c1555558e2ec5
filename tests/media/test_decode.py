"""Decoding: clicks come back at their times, and invalid files are reported in one line."""

import random
import struct
import wave
from pathlib import Path

import av
import numpy as np
import pytest

from media.decode import Tags, audio_blocks, audio_format, cancel_out, open_container, read_tags
from media.errors import DecodeError, NoAudioError
from media.ffmpeg import running
from tests.media.audio_files import CODECS, clicks, onsets, write_sound
from tests.media.videos import write_video
from tests.tables import over_rows

TIMES = [0.5, 1.25, 3.0, 4.75]


def decoded(path: Path, **options: float) -> np.ndarray:
    return np.concatenate([samples for _, samples in audio_blocks(path, **options)])


def rate_for(suffix: str) -> int:
    return 48000 if CODECS[suffix] == "libopus" else 44100


@over_rows("suffix", sorted(CODECS))
def test_clicks_come_back_at_their_times(tmp_path: Path, suffix: str) -> None:
    rate = rate_for(suffix)
    path = write_sound(tmp_path / f"clicks{suffix}", clicks(TIMES, 6.0, rate), rate)
    assert onsets(decoded(path)) == pytest.approx(TIMES, abs=0.001)


@over_rows("suffix", sorted(CODECS))
def test_clicks_come_back_at_their_times_from_a_later_start(tmp_path: Path, suffix: str) -> None:
    rate = rate_for(suffix)
    path = write_sound(tmp_path / f"clicks{suffix}", clicks(TIMES, 6.0, rate), rate)
    blocks = list(audio_blocks(path, start=2.0, end=5.5))
    assert blocks[0][0] == 2.0
    samples = np.concatenate([samples for _, samples in blocks])
    assert len(samples) == round(3.5 * 16000)
    assert [2.0 + onset for onset in onsets(samples)] == pytest.approx(TIMES[2:], abs=0.0015)


def test_no_more_is_decoded_than_the_longest_episode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_sound(tmp_path / "clicks.wav", clicks(TIMES, 6.0))
    monkeypatch.setattr("media.decode.LONGEST", 6.0)
    assert len(decoded(path)) == 6 * 16000
    monkeypatch.setattr("media.decode.LONGEST", 5.9)
    with pytest.raises(DecodeError, match="lasts longer than"):
        decoded(path)


@over_rows("suffix", [".mp4", ".mkv"])
def test_audio_that_starts_after_the_video_keeps_its_time(tmp_path: Path, suffix: str) -> None:
    path = write_sound(tmp_path / f"film{suffix}", clicks(TIMES, 6.0), layout="stereo", video_before=0.7)
    expected = [0.7 + time for time in TIMES]
    assert onsets(decoded(path)) == pytest.approx(expected, abs=0.002)
    assert [2.0 + onset for onset in onsets(decoded(path, start=2.0))] == pytest.approx(expected[2:], abs=0.002)


@over_rows("layout", ["mono", "stereo", "5.1"])
@over_rows("rate", [8000, 22050, 96000])
def test_any_layout_and_rate_becomes_mono_at_the_requested_rate(tmp_path: Path, layout: str, rate: int) -> None:
    path = write_sound(tmp_path / "sound.flac", clicks(TIMES, 6.0, rate), rate, layout)
    samples = decoded(path, rate=24000)
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert len(samples) == pytest.approx(6.0 * 24000, abs=2)
    assert onsets(samples, 24000) == pytest.approx(TIMES, abs=0.001)


@over_rows("suffix", [".wav", ".mp3"])
def test_a_truncated_file_is_used_up_to_its_end_with_a_warning(tmp_path: Path, suffix: str) -> None:
    path = write_sound(tmp_path / f"sound{suffix}", clicks(TIMES, 6.0))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    warnings: list[str] = []
    samples = np.concatenate([samples for _, samples in audio_blocks(path, warn=warnings.append)])
    assert len(samples) / 16000 == pytest.approx(3.0, abs=0.3)
    assert onsets(samples)[:2] == pytest.approx(TIMES[:2], abs=0.001)
    (warning,) = warnings
    assert "cut short" in warning
    assert "of 6 s" in warning


def test_a_whole_file_gives_no_warning(tmp_path: Path) -> None:
    for suffix in CODECS:
        path = write_sound(tmp_path / f"s{suffix}", clicks(TIMES, 6.0, rate_for(suffix)), rate_for(suffix))
        warnings: list[str] = []
        list(audio_blocks(path, warn=warnings.append))
        assert warnings == [], suffix


def test_damage_in_the_middle_is_silence_and_later_audio_keeps_its_time(tmp_path: Path) -> None:
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
    samples = np.concatenate([samples for _, samples in audio_blocks(path, warn=warnings.append)])
    assert any("damaged audio near" in warning for warning in warnings)
    for time in (1.0, 11.0):
        near = samples[round((time - 0.3) * 16000) : round((time + 0.3) * 16000)]
        assert np.argmax(np.abs(near)) / 16000 - 0.3 == pytest.approx(0.0, abs=0.003)


def test_a_missing_empty_or_folder_path_is_reported_as_such(tmp_path: Path) -> None:
    empty = tmp_path / "empty.mp3"
    empty.touch()
    for path, reason in ((tmp_path / "none.mp3", "no such file"), (empty, "is empty"), (tmp_path, "is a folder")):
        with pytest.raises(DecodeError, match=reason) as caught:
            list(audio_blocks(path))
        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)


def with_holes(path: Path, starts: list[int], rate: int = 8000) -> Path:
    """Write a second of audio at each of these seconds, and nothing between."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=rate, layout="mono")
        for start in starts:
            frame = av.AudioFrame.from_ndarray(np.full((1, rate), 99, np.int16), format="s16", layout="mono")
            frame.sample_rate, frame.pts = rate, start * rate
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def test_a_few_packets_cannot_claim_days_of_silence(tmp_path: Path) -> None:
    sparse = with_holes(tmp_path / "a.mkv", [hour * 3600 for hour in range(0, 40, 4)])
    begun: list[float] = []
    with pytest.raises(DecodeError, match="has hours of gaps"):
        begun.extend(at for at, _ in audio_blocks(sparse, 8000))
    assert max(begun, default=0.0) < 7 * 3600


@pytest.mark.nightly
def test_a_hole_of_hours_is_silence(tmp_path: Path) -> None:
    decoded_seconds = len(decoded(with_holes(tmp_path / "a.mkv", [0, 5 * 3600]), rate=8000)) / 8000
    assert decoded_seconds == pytest.approx(5 * 3600 + 1, abs=0.1)


def test_a_video_without_audio_is_reported_as_such(tmp_path: Path) -> None:
    path = write_video(tmp_path / "silent.mp4", (32, 32), [(0, 0, 0)] * 10)
    with pytest.raises(NoAudioError, match="no audio track"):
        list(audio_blocks(path))


def write_wave(path: Path, tags: dict[bytes, bytes]) -> Path:
    """Half a second of silence with RIFF INFO tags."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1), file.setsampwidth(2), file.setframerate(8000)
        file.writeframes(bytes(8000))
    entries = b"".join(name + struct.pack("<I", len(v) + 1) + v + b"\0" * (2 - len(v) % 2) for name, v in tags.items())
    block = b"LIST" + struct.pack("<I", len(entries) + 4) + b"INFO" + entries
    data = path.read_bytes() + (block if tags else b"")
    path.write_bytes(data[:4] + struct.pack("<I", len(data) - 8) + data[8:])
    return path


def test_title_album_and_date_are_read(tmp_path: Path) -> None:
    tags = {b"INAM": "L’été des phares".encode(), b"IPRD": b"Roue libre", b"ICRD": b"2025-03-15"}
    assert read_tags(write_wave(tmp_path / "a.wav", tags)) == Tags("L’été des phares", "Roue libre", "2025-03-15")


def test_tags_that_are_not_utf_8_do_not_stop_the_reading(tmp_path: Path) -> None:
    title = read_tags(write_wave(tmp_path / "a.wav", {b"INAM": "Été".encode("latin-1")})).title
    assert title is not None
    assert "t" in title


KINDS = {
    ".aac": ("aac", "adts"), ".ac3": ("ac3", "ac3"), ".aiff": ("pcm_s16be", "aiff"), ".au": ("pcm_s16be", "au"),
    ".avi": ("mp2", "avi"), ".caf": ("pcm_s16be", "caf"), ".flac": ("flac", "flac"), ".m4a": ("alac", "ipod"),
    ".m4b": ("aac", "ipod"), ".mka": ("flac", "matroska"), ".mov": ("aac", "mov"), ".mp2": ("mp2", "mp2"),
    ".mp3": ("libmp3lame", "mp3"), ".mp4": ("aac", "mp4"), ".mpg": ("mp2", "mpeg"), ".oga": ("libvorbis", "ogg"),
    ".opus": ("libopus", "ogg"), ".ts": ("mp2", "mpegts"), ".voc": ("pcm_s16le", "voc"), ".w64": ("pcm_s16le", "w64"),
    ".wav": ("adpcm_ms", "wav"), ".webm": ("libopus", "webm"), ".wma": ("wmav2", "asf"), ".wv": ("wavpack", "wv"),
}  # fmt: skip


@pytest.mark.nightly
@over_rows("ending, kind", KINDS.items())
def test_every_audio_format_is_decoded(tmp_path: Path, ending: str, kind: tuple[str, str]) -> None:
    path = tmp_path / f"-a%d:1\n{ending}"
    codec, container = kind
    tone = ["-f", "f32le", "-ar", "48000", "-ac", "1", "-i", "pipe:0"]
    with running([*tone, "-c:a", codec, "-f", container, f"file:{path}"]) as sink:
        sink.write(np.sin(np.arange(48000) / 20).astype(np.float32).tobytes())
    decoded = np.concatenate([samples for _, samples in audio_blocks(path)])
    assert len(decoded) == pytest.approx(16000, abs=2000)
    assert np.abs(decoded[2000:14000]).max() > 0.5


PLAYLISTS = {
    "list.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\n{other}\n#EXT-X-ENDLIST\n",
    "list.mp3": "#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\n{other}\n#EXT-X-ENDLIST\n",
    "list.ffconcat": "ffconcat version 1.0\nfile '{other}'\n",
    "list.mpd": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
    'mediaPresentationDuration="PT6S"><Period><AdaptationSet mimeType="audio/mp4"><Representation id="1" bandwidth="1">'
    "<BaseURL>{other}</BaseURL></Representation></AdaptationSet></Period></MPD>",
    "list.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=a\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n",
    "page.mp3": "PIN 1234\r\n" * 100,
}


@over_rows("name", list(PLAYLISTS))
def test_a_file_that_references_others_is_refused(tmp_path: Path, name: str) -> None:
    other = write_sound(tmp_path / "other.mp3", clicks([0.5], 1.0))
    (tmp_path / name).write_text(PLAYLISTS[name].format(other=other), encoding="utf-8")
    with pytest.raises(DecodeError, match="is not audio"):
        open_container(tmp_path / name)


@over_rows("rate, channels", [(1, 1), (0xFFFFFFF0, 1), (8000, 0xFFFF), (0, 1)])
def test_an_impossible_header_is_damage(tmp_path: Path, rate: int, channels: int) -> None:
    path = write_wave(tmp_path / "a.wav", {})
    data = bytearray(path.read_bytes())
    data[22:24], data[24:28] = channels.to_bytes(2, "little"), rate.to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(DecodeError):
        audio_format(path)
    with pytest.raises(DecodeError):
        list(audio_blocks(path))


RATE = 16_000


@over_rows("right, cancels", [(-1.0, True), (-0.99, True), (1.0, False), (0.0, False), (-0.5, False)])
def test_inverted_channels_cancel_each_other(tmp_path: Path, right: float, cancels: bool) -> None:
    left = np.random.default_rng(7).normal(0, 3000, 2 * RATE)
    assert cancel_out(written(tmp_path / "a.wav", np.stack([left, right * left], axis=1))) is cancels


def test_channels_are_compared_after_a_leading_silence(tmp_path: Path) -> None:
    left = np.concatenate([np.zeros(40 * RATE), np.random.default_rng(7).normal(0, 3000, RATE)])
    assert cancel_out(written(tmp_path / "a.wav", np.stack([left, -left], axis=1)))


def written(path: Path, samples: np.ndarray) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.clip(-32768, 32767).astype("<i2").tobytes())
    return path
