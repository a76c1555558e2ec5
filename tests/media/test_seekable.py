"""Browsers find every moment of what is called seekable, and a copy counts time as the sound it is made of.

Whether an MP3 is of constant bit rate is found in its frames, whatever its header says.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from media.container import sound_format
from media.decode import sound_blocks
from media.errors import DecodeError, FfmpegError
from media.ffmpeg import running
from media.seekable import is_constant_mp3, is_seekable, writing_copy
from tests.media.sounds import write_sound

RATE = 16_000
WITHIN = 0.005  # seconds


def noise(seconds: float = 8.0, rate: int = 44100) -> np.ndarray:
    """Bursts that are nowhere alike, so that a shift is seen."""
    rng = np.random.default_rng(1)
    loud = np.repeat(rng.random(round(seconds * 10)) ** 3, rate // 10)
    return (rng.standard_normal(len(loud)) * loud * 0.3).astype(np.float32)


def converted(path: Path, *arguments: str) -> Path:
    source = write_sound(path.with_name("source.wav"), noise())
    with running(["-i", f"file:{source}", *arguments, f"file:{path}"]):
        pass
    return path


def copied(path: Path) -> Path:
    rate, channels = sound_format(path)
    copy = path.with_name("copy.m4a")
    with writing_copy(copy, rate, channels) as write:
        for _, block in sound_blocks(path, rate, channels=channels):
            write(block)
    return copy


def decoded(path: Path) -> np.ndarray:
    return np.concatenate([block for _, block in sound_blocks(path, RATE)])


def shift(one: np.ndarray, other: np.ndarray) -> float:
    """Seconds by which ``other`` is later, where both agree best."""
    size = 1 << (2 * len(one) - 1).bit_length()
    product = np.fft.rfft(other, size) * np.conj(np.fft.rfft(one, size))
    at = int(np.argmax(np.fft.irfft(product, size)))
    return (at if at < size // 2 else at - size) / RATE


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("vbr.mp3", ["-q:a", "4"]),
        ("cbr.mp3", ["-b:a", "64k"]),
        ("bare.mp3", ["-b:a", "64k", "-write_xing", "0"]),
        ("a.flac", []),
        ("a.ogg", ["-c:a", "libopus"]),
        ("a.m4a", ["-c:a", "aac"]),
        ("stereo.mp3", ["-q:a", "4", "-ac", "2"]),
        ("low.mp3", ["-q:a", "6", "-ar", "22050"]),
    ],
)
def test_a_copy_begins_where_the_sound_begins_and_ends_where_it_ends(
    tmp_path: Path, name: str, arguments: list[str]
) -> None:
    path = converted(tmp_path / name, *arguments)
    copy = copied(path)
    assert is_seekable(copy)
    assert sound_format(copy) == sound_format(path)
    given, made = decoded(path), decoded(copy)
    assert abs(len(given) - len(made)) < 0.07 * RATE  # the last frame of AAC is filled up
    for part in (slice(0, 2 * RATE), slice(3 * RATE, 5 * RATE), slice(6 * RATE, 7 * RATE + RATE // 2)):
        assert abs(shift(given[part], made[part])) < WITHIN


def test_a_shift_would_be_seen() -> None:
    sound = decoded_noise = noise(2.0, RATE)
    assert shift(sound, np.concatenate([np.zeros(160, np.float32), decoded_noise])[: len(sound)]) == 0.01


@pytest.mark.parametrize("before", [0.0, 0.5])
def test_the_copy_of_a_video_keeps_the_silence_before_its_sound(tmp_path: Path, before: float) -> None:
    path = write_sound(tmp_path / "a.mkv", noise(4.0), video_before=before)
    copy = copied(path)
    assert np.abs(decoded(copy)[: round(before * RATE * 0.9)]).max(initial=0) < 0.01
    assert abs(shift(decoded(path), decoded(copy))) < WITHIN


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("a.m4a", ["-c:a", "aac"], True),
        ("a.mp4", ["-c:a", "aac"], True),
        ("cbr.mp3", ["-b:a", "64k"], True),
        ("vbr.mp3", ["-q:a", "4"], False),
        ("lossless.m4a", ["-c:a", "alac"], False),
        ("a.aac", ["-c:a", "aac"], False),  # without a container there is no index
        ("a.wav", [], False),
        ("a.flac", [], False),
        ("a.ogg", ["-c:a", "libopus"], False),
        ("late.m4a", ["-af", "asetpts=PTS+1/TB", "-c:a", "aac"], False),
    ],
)
def test_which_files_play_as_they_are(tmp_path: Path, name: str, arguments: list[str], expected: bool) -> None:
    assert is_seekable(converted(tmp_path / name, *arguments)) is expected


def test_a_video_does_not_play_as_it_is_but_a_cover_does_not_matter(tmp_path: Path) -> None:
    assert not is_seekable(write_sound(tmp_path / "a.mp4", noise(2.0), video_before=0.0))
    picture = ["-f", "lavfi", "-i", "color=red:s=64x64:d=1", "-map", "0:a", "-map", "1:v", "-frames:v", "1"]
    cover = ["-c:v", "mjpeg", "-disposition:v:0", "attached_pic", "-c:a", "aac", "-f", "ipod"]
    assert is_seekable(converted(tmp_path / "cover.m4a", *picture, *cover))


def test_a_copy_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(FfmpegError), writing_copy(tmp_path / "nowhere" / "a.m4a", RATE, 1) as write:
        write(noise(1.0, RATE))


def test_what_is_no_sound_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_text("no sound", encoding="utf-8")
    with pytest.raises(DecodeError):
        is_seekable(tmp_path / "a.mp3")


Encode = Callable[..., Path]


@pytest.fixture
def encode(tmp_path: Path) -> Encode:
    """Six seconds, silent and loud by turns, so that a bit rate that may vary does."""
    rng = np.random.default_rng(1)
    sound = (rng.standard_normal(6 * 44100) * np.repeat([0.3, 0.0] * 3, 44100)).astype(np.float32)

    def encoded(*arguments: str, name: str = "a.mp3") -> Path:
        path = tmp_path / name
        start = ["-f", "f32le", "-ar", "44100", "-ac", "1", "-i", "pipe:0", "-c:a", "libmp3lame"]
        with running([*start, *arguments, f"file:{path}"]) as sink:
            sink.write(sound.tobytes())
        return path

    return encoded


def changed(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def id3(payload: bytes) -> bytes:
    size = len(payload)
    return b"ID3\x04\x00\x00" + bytes([size >> 21 & 127, size >> 14 & 127, size >> 7 & 127, size & 127]) + payload


@pytest.mark.parametrize(
    "arguments",
    [
        ["-b:a", "128k"],
        ["-b:a", "64k", "-write_xing", "0"],
        ["-b:a", "32k", "-ar", "22050"],  # MPEG 2, whose Info frame has a bit rate of its own
        ["-b:a", "16k", "-ar", "11025"],  # MPEG 2.5
        ["-b:a", "320k", "-ar", "48000", "-ac", "2"],
        ["-b:a", "128k", "-id3v2_version", "3", "-metadata", "title=x", "-write_id3v1", "1"],
    ],
)
def test_a_constant_bit_rate_is_seen(encode: Encode, arguments: list[str]) -> None:
    assert is_constant_mp3(encode(*arguments))


@pytest.mark.parametrize(
    "arguments",
    [["-q:a", "4"], ["-q:a", "9", "-ar", "22050"], ["-abr", "1", "-b:a", "128k"], ["-q:a", "2", "-write_xing", "0"]],
)
def test_a_varying_bit_rate_is_seen(encode: Encode, arguments: list[str]) -> None:
    assert not is_constant_mp3(encode(*arguments))


def test_a_header_that_calls_a_varying_bit_rate_constant_is_not_believed(encode: Encode) -> None:
    path = encode("-q:a", "4")
    content = path.read_bytes()
    assert b"Xing" in content
    assert not is_constant_mp3(changed(path, content.replace(b"Xing", b"Info")))


def test_a_picture_in_the_tag_that_looks_like_frames_is_passed_over(encode: Encode) -> None:
    constant, varying = encode("-b:a", "64k").read_bytes(), encode("-q:a", "4", name="b.mp3").read_bytes()
    assert is_constant_mp3(changed(encode("-b:a", "64k"), id3(varying[:20_000]) + constant))
    assert not is_constant_mp3(changed(encode("-b:a", "64k"), id3(constant[:20_000]) + varying))


@pytest.mark.parametrize("tail", [b"TAG" + bytes(125), b"APETAGEX" + bytes(20_000), bytes(300), b""])
def test_what_stands_behind_the_sound_does_not_matter(encode: Encode, tail: bytes) -> None:
    path = encode("-b:a", "64k")
    assert is_constant_mp3(changed(path, path.read_bytes()[:-100] + tail))


def test_two_recordings_glued_together_are_constant_only_if_they_are_alike_and_nothing_lies_between(
    encode: Encode,
) -> None:
    plain = ["-id3v2_version", "0", "-write_xing", "0"]
    one = encode("-b:a", "64k", *plain).read_bytes()
    other = encode("-b:a", "96k", *plain).read_bytes()
    path = encode("-b:a", "64k")
    assert is_constant_mp3(changed(path, one + one))
    assert not is_constant_mp3(changed(path, one + other))
    assert not is_constant_mp3(changed(path, one + id3(bytes(3000)) + one))


@pytest.mark.parametrize("content", [b"x", bytes(5000), b"ID3", b"\xff" * 5000, b"\xff\xfb" * 3000])
def test_what_is_no_mp3_is_not_constant(tmp_path: Path, content: bytes) -> None:
    assert not is_constant_mp3(changed(tmp_path / "a.mp3", content))


def test_sound_of_a_kind_that_nobody_knows_is_not_sought(tmp_path: Path) -> None:
    path = converted(tmp_path / "a.m4a", "-c:a", "aac", "-f", "ipod")
    path.write_bytes(path.read_bytes().replace(b"mp4a", b"zzzz").replace(b"esds", b"zzzz"))
    assert not is_seekable(path)
