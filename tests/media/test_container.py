"""What a file says of itself is read as it is, and nothing is made up; no other file is opened for it."""

import struct
import wave
from pathlib import Path

import numpy as np
import pytest

from media.decode import Tags, open_container, read_tags, sound_blocks, sound_format
from media.errors import DecodeError
from media.ffmpeg import running
from tests.media.sounds import clicks, write_sound
from tests.tables import over_rows


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
def test_every_kind_of_sound_is_opened_and_decoded(tmp_path: Path, ending: str, kind: tuple[str, str]) -> None:
    path = tmp_path / f"-a%d:1\n{ending}"
    codec, container = kind
    tone = ["-f", "f32le", "-ar", "48000", "-ac", "1", "-i", "pipe:0"]
    with running([*tone, "-c:a", codec, "-f", container, f"file:{path}"]) as sink:
        sink.write(np.sin(np.arange(48000) / 20).astype(np.float32).tobytes())
    decoded = np.concatenate([samples for _, samples in sound_blocks(path)])
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
def test_what_names_other_files_is_refused_and_is_none_of_them(tmp_path: Path, name: str) -> None:
    other = write_sound(tmp_path / "other.mp3", clicks([0.5], 1.0))
    (tmp_path / name).write_text(PLAYLISTS[name].format(other=other), encoding="utf-8")
    with pytest.raises(DecodeError, match="is not sound"):
        open_container(tmp_path / name)


@over_rows("rate, channels", [(1, 1), (0xFFFFFFF0, 1), (8000, 0xFFFF), (0, 1)])
def test_a_header_that_cannot_be_true_is_damaged(tmp_path: Path, rate: int, channels: int) -> None:
    path = write_wave(tmp_path / "a.wav", {})
    data = bytearray(path.read_bytes())
    data[22:24], data[24:28] = channels.to_bytes(2, "little"), rate.to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(DecodeError):
        sound_format(path)
    with pytest.raises(DecodeError):
        list(sound_blocks(path))
