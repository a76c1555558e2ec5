"""Whether an MP3 is of constant bit rate is found in its frames, whatever its header says."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from media.ffmpeg import running
from media.mp3 import is_constant

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
    assert is_constant(encode(*arguments))


@pytest.mark.parametrize(
    "arguments",
    [["-q:a", "4"], ["-q:a", "9", "-ar", "22050"], ["-abr", "1", "-b:a", "128k"], ["-q:a", "2", "-write_xing", "0"]],
)
def test_a_varying_bit_rate_is_seen(encode: Encode, arguments: list[str]) -> None:
    assert not is_constant(encode(*arguments))


def test_a_header_that_calls_a_varying_bit_rate_constant_is_not_believed(encode: Encode) -> None:
    path = encode("-q:a", "4")
    content = path.read_bytes()
    assert b"Xing" in content
    assert not is_constant(changed(path, content.replace(b"Xing", b"Info")))


def test_a_picture_in_the_tag_that_looks_like_frames_is_passed_over(encode: Encode) -> None:
    constant, varying = encode("-b:a", "64k").read_bytes(), encode("-q:a", "4", name="b.mp3").read_bytes()
    assert is_constant(changed(encode("-b:a", "64k"), id3(varying[:20_000]) + constant))
    assert not is_constant(changed(encode("-b:a", "64k"), id3(constant[:20_000]) + varying))


@pytest.mark.parametrize("tail", [b"TAG" + bytes(125), b"APETAGEX" + bytes(20_000), bytes(300), b""])
def test_what_stands_behind_the_sound_does_not_matter(encode: Encode, tail: bytes) -> None:
    path = encode("-b:a", "64k")
    assert is_constant(changed(path, path.read_bytes()[:-100] + tail))


def test_two_recordings_glued_together_are_constant_only_if_they_are_alike_and_nothing_lies_between(
    encode: Encode,
) -> None:
    plain = ["-id3v2_version", "0", "-write_xing", "0"]
    one = encode("-b:a", "64k", *plain).read_bytes()
    other = encode("-b:a", "96k", *plain).read_bytes()
    path = encode("-b:a", "64k")
    assert is_constant(changed(path, one + one))
    assert not is_constant(changed(path, one + other))
    assert not is_constant(changed(path, one + id3(bytes(3000)) + one))


@pytest.mark.parametrize("content", [b"x", bytes(5000), b"ID3", b"\xff" * 5000, b"\xff\xfb" * 3000])
def test_what_is_no_mp3_is_not_constant(tmp_path: Path, content: bytes) -> None:
    assert not is_constant(changed(tmp_path / "a.mp3", content))
