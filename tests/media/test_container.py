"""What a file says of itself is read as it is, and nothing is made up."""

import struct
import wave
from pathlib import Path

import pytest

from media.container import Tags, read_tags
from media.errors import DecodeError


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


def test_a_file_without_tags_has_none(tmp_path: Path) -> None:
    assert read_tags(write_wave(tmp_path / "a.wav", {})) == Tags()


def test_a_file_that_is_no_sound_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"no sound here" * 50)
    with pytest.raises(DecodeError, match=r"a\.wav"):
        read_tags(tmp_path / "a.wav")
