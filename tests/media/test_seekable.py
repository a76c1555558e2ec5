"""Browsers seek exactly in files that play as they are, and in prepared copies of the others.

Whether an MP3 is of constant bit rate is found in its frames, whatever its header says.
"""

from pathlib import Path

import numpy as np
import pytest

from media.decode import audio_blocks, audio_format
from media.ffmpeg import running
from media.seekable import is_seekable, writing_copy
from tests.media.audio_files import write_sound
from tests.tables import over_rows

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
    rate, channels = audio_format(path)
    copy = path.with_name("copy.m4a")
    with writing_copy(copy, rate, channels) as write:
        for _, block in audio_blocks(path, rate, channels=channels):
            write(block)
    return copy


def decoded(path: Path) -> np.ndarray:
    return np.concatenate([block for _, block in audio_blocks(path, RATE)])


def shift(one: np.ndarray, other: np.ndarray) -> float:
    """Seconds by which ``other`` is later, where both agree best."""
    size = 1 << (2 * len(one) - 1).bit_length()
    product = np.fft.rfft(other, size) * np.conj(np.fft.rfft(one, size))
    at = int(np.argmax(np.fft.irfft(product, size)))
    return (at if at < size // 2 else at - size) / RATE


@pytest.mark.nightly
@over_rows(
    "name, arguments",
    [
        ("vbr.mp3", ["-q:a", "4"]),
        ("cbr.mp3", ["-b:a", "64k"]),
        ("a.ogg", ["-c:a", "libopus"]),
        ("a.m4a", ["-c:a", "aac"]),
        ("stereo.mp3", ["-q:a", "4", "-ac", "2"]),
    ],
)
def test_a_copy_has_the_start_and_end_of_its_audio(tmp_path: Path, name: str, arguments: list[str]) -> None:
    path = converted(tmp_path / name, *arguments)
    copy = copied(path)
    assert is_seekable(copy)
    assert audio_format(copy) == audio_format(path)
    given, made = decoded(path), decoded(copy)
    assert abs(len(given) - len(made)) < 0.07 * RATE  # the last frame of AAC is filled up
    for part in (slice(0, 2 * RATE), slice(3 * RATE, 5 * RATE), slice(6 * RATE, 7 * RATE + RATE // 2)):
        assert abs(shift(given[part], made[part])) < WITHIN


def test_the_copy_of_a_video_keeps_the_silence_before_its_audio(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "a.mkv", noise(4.0), video_before=0.5)
    copy = copied(path)
    assert np.abs(decoded(copy)[: round(0.45 * RATE)]).max() < 0.01
    assert abs(shift(decoded(path), decoded(copy))) < WITHIN


@pytest.mark.nightly
@over_rows(
    "name, arguments, expected",
    [
        ("a.m4a", ["-c:a", "aac"], True),
        ("cbr.mp3", ["-b:a", "64k"], True),
        ("bare.mp3", ["-b:a", "64k", "-write_xing", "0"], True),
        ("low.mp3", ["-b:a", "32k", "-ar", "22050"], True),  # MPEG 2, whose Info frame has a bit rate of its own
        ("lower.mp3", ["-b:a", "16k", "-ar", "11025"], True),  # MPEG 2.5
        ("tagged.mp3", ["-b:a", "128k", "-metadata", "title=x", "-write_id3v1", "1"], True),
        ("vbr.mp3", ["-q:a", "4"], False),
        ("abr.mp3", ["-abr", "1", "-b:a", "128k"], False),
        ("bare vbr.mp3", ["-q:a", "2", "-write_xing", "0"], False),
        ("lossless.m4a", ["-c:a", "alac"], False),
        ("a.aac", ["-c:a", "aac"], False),  # without a container there is no index
        ("a.wav", [], False),
        ("a.flac", [], False),
        ("a.ogg", ["-c:a", "libopus"], False),
        ("late.m4a", ["-af", "asetpts=PTS+1/TB", "-c:a", "aac"], False),
    ],
)
def test_some_files_play_without_a_copy(tmp_path: Path, name: str, arguments: list[str], expected: bool) -> None:
    assert is_seekable(converted(tmp_path / name, *arguments)) is expected


def test_a_video_needs_a_copy_and_a_cover_does_not_matter(tmp_path: Path) -> None:
    assert not is_seekable(write_sound(tmp_path / "a.mp4", noise(2.0), video_before=0.0))
    picture = ["-f", "lavfi", "-i", "color=red:s=64x64:d=1", "-map", "0:a", "-map", "1:v", "-frames:v", "1"]
    cover = ["-c:v", "mjpeg", "-disposition:v:0", "attached_pic", "-c:a", "aac", "-f", "ipod"]
    assert is_seekable(converted(tmp_path / "cover.m4a", *picture, *cover))


def id3(payload: bytes) -> bytes:
    size = len(payload)
    return b"ID3\x04\x00\x00" + bytes([size >> 21 & 127, size >> 14 & 127, size >> 7 & 127, size & 127]) + payload


def test_a_varying_bit_rate_is_found_despite_its_header(tmp_path: Path) -> None:
    path = converted(tmp_path / "a.mp3", "-q:a", "4")
    content = path.read_bytes()
    assert b"Xing" in content
    path.write_bytes(content.replace(b"Xing", b"Info"))
    assert not is_seekable(path)


def test_a_picture_in_the_tag_that_looks_like_frames_is_skipped(tmp_path: Path) -> None:
    path, rates = tmp_path / "a.mp3", (["-b:a", "64k"], ["-q:a", "4"])
    constant, varying = (converted(tmp_path / "b.mp3", *rate).read_bytes() for rate in rates)
    path.write_bytes(id3(varying[:20_000]) + constant)
    assert is_seekable(path)
    path.write_bytes(id3(constant[:20_000]) + varying)
    assert not is_seekable(path)
