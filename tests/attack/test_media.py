"""Damaged or hostile audio, videos and pictures are read or refused, and open no other file."""

import contextlib
import io
import os
import random
import signal
import socket
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from media.decode import audio_blocks, audio_format, read_tags, stated_duration
from media.errors import MediaError
from media.ffmpeg import running
from media.pictures import format_of, jpeg_of, open_picture
from media.seekable import is_seekable
from media.waveform import levels_between
from tests.attack.dying import End, limit, run
from tests.attack.effort import often

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes have no limits here")

CPU_SECONDS, CLOCK_SECONDS, MEMORY_BYTES = 20, 120, 1_000_000_000
_BATCH = 50  # files of one child

SOUNDS = {
    "aac": "adts -c:a aac", "aiff": "aiff", "caf": "caf", "flac": "flac", "m4a": "ipod -c:a aac",
    "mka": "matroska -c:a flac", "mov": "mov -c:a pcm_s16be", "mp3": "mp3 -c:a libmp3lame", "mpg": "mpeg -c:a mp2",
    "oga": "ogg -c:a libvorbis", "opus": "ogg -c:a libopus", "ts": "mpegts -c:a mp2", "wav": "wav",
    "ima.wav": "wav -c:a adpcm_ms", "webm": "webm -c:a libopus", "wma": "asf -c:a wmav2",
}  # fmt: skip
VIDEOS = {"v.mp4": "mp4 -c:v mpeg4 -c:a aac", "v.avi": "avi -c:v mpeg4 -c:a mp2", "v.mkv": "matroska -c:v mpeg4"}
PICTURES = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF", "tiff": "TIFF", "bmp": "BMP"}
EXTREMES = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f", b"\x80\0\0\0", b"\0\0\0\x01")


def whole_files(folder: Path) -> dict[str, bytes]:
    """Return a small file of every kind, by its ending."""
    made: dict[str, bytes] = {}
    tone = random.Random(0).randbytes(48_000)
    for ending, how in {**SOUNDS, **VIDEOS}.items():
        path, (muxer, *codec) = folder / f"seed.{ending}", how.split()
        picture = ["-f", "lavfi", "-i", "color=red:s=32x32:r=10:d=0.5"] * (ending in VIDEOS)
        audio = ["-f", "s16le", "-ar", "48000", "-ac", "1", "-i", "pipe:0"]
        with running([*audio, *picture, *codec, "-metadata", "title=A tone", "-f", muxer, f"file:{path}"]) as sink:
            sink.write(tone)
        made[ending] = path.read_bytes()
        path.unlink()
    for ending, kind in PICTURES.items():
        file = io.BytesIO()
        Image.frombytes("RGB", (60, 40), random.Random(0).randbytes(7200)).save(file, kind)
        made[ending] = file.getvalue()
    return made


def damaged(content: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Return the content with something wrong in it, most often near its beginning, where headers are."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 3, 20))):
        size = len(data) or 1
        at = chance.randrange(min(size, chance.choice((64, 400, size))))
        until = min(size, at + chance.randrange(1, 200))
        match chance.randrange(7):
            case 0 | 1:
                extreme = chance.choice(EXTREMES)[: chance.choice((1, 2, 4))]
                data[at : at + len(extreme)] = extreme
            case 2:
                data[at:until] = chance.randbytes(until - at)
            case 3:
                del data[at:until]
            case 4:
                data[at:at] = data[at:until] * chance.choice((1, 2, 50))
            case 5:
                del data[chance.randrange(size) :]
            case _:
                other = chance.choice(others)
                data[at:] = other[chance.randrange(len(other)) :]
    return bytes(data)


def planted(target: str) -> dict[str, bytes]:
    """Return files made to do harm, by their names; some of them name the ``target``."""
    texts = {
        "hls.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{x}\n#EXT-X-ENDLIST\n",
        "list.pls": "[playlist]\nFile1={x}\nNumberOfEntries=1\n",
        "list.ffconcat": "ffconcat version 1.0\nfile '{x}'\n",
        "list.mpd": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period>'
        "<AdaptationSet><Representation><BaseURL>{x}</BaseURL></Representation></AdaptationSet></Period></MPD>",
        "a.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=a\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n",
        "page.eps": "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n({x}) run showpage\n",
        "page.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="{x}"/></svg>',
    }
    made = {name: text.replace("{x}", target).encode() for name, text in texts.items()}
    made |= {f"{name}.{ending}": content for name, content in [*made.items()] for ending in ("mp3", "jpg")}
    png = b"\x89PNG\r\n\x1a\n"
    vast = png + _chunk(b"IHDR", (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0")
    small = png + _chunk(b"IHDR", b"\0\0\0\x09" * 2 + b"\x08\x02\0\0\0")
    Image.new("RGB", (3000, 3000)).save(progressive := io.BytesIO(), "JPEG", progressive=True)
    whole = progressive.getvalue()
    scan = whole.rindex(b"\xff\xda")
    riff = b"RIFF" + b"\xff" * 4 + b"WAVEfmt \x10\0\0\0\x01\0"
    return made | {
        "vast.png": vast + _chunk(b"IDAT", zlib.compress(bytes(1 << 22))),
        "text.png": small + _chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(1 << 27))),
        "scans.jpg": whole[:scan] + whole[scan:-2] * 3000 + whole[-2:],
        "parts.jpg": b"\xff\xd8" + b"\xff\xe5\0\x02" * 1_000_000,
        "tagged.mp3": b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(1 << 16),
        "rate.wav": riff + b"\x01\0\x01\0\0\0\x01\0\0\0\x01\0\x08\0data" + b"\xff" * 4 + bytes(1 << 20),
        "channels.wav": riff + b"\xff\xff\x80\xbb\0\0" + b"\xff" * 6 + b"\x10\0data" + b"\xff" * 4 + bytes(1 << 20),
        "-x.mp3": b"-i /etc/passwd",
    }  # fmt: skip


def _chunk(name: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")


def _decode(path: Path) -> None:
    for _ in audio_blocks(path, end=1800.0):
        pass


def _measure(path: Path) -> None:
    levels_between(path, 0.1, 9.0, 50)


READERS: dict[str, tuple[Callable[[Path], object], ...]] = {
    "audio": (read_tags, audio_format, stated_duration, is_seekable, _decode, _measure),
    "picture": (format_of, open_picture, lambda path: jpeg_of(path, 600, 85)),
}


def read_all(paths: list[Path]) -> None:
    """Read files in every way that the app does, and print on standard error what became of each."""
    limit(CPU_SECONDS * len(paths), MEMORY_BYTES)
    for path in paths:
        print("begun", ascii(path.name), file=sys.stderr, flush=True)
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)  # which ends this process
        signal.alarm(CLOCK_SECONDS)
        for kind, readers in READERS.items():
            fates = [_fate(reader, path) for reader in readers]
            assert "several lines" not in fates
            print(kind, "read" if "read" in fates else "refused", file=sys.stderr, flush=True)


def _fate(reader: Callable[[Path], object], path: Path) -> str:
    try:
        reader(path)
        return "read"
    except MediaError as error:
        return "several lines" if "\n" in str(error.message) else "refused"


@contextlib.contextmanager
def listening() -> Iterator[str]:
    """Yield an address that must not be requested."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield f"http://127.0.0.1:{server.getsockname()[1]}/a.mp3"
        with pytest.raises(BlockingIOError):
            server.accept()


def check(paths: list[Path]) -> End:
    end = run(lambda: read_all(paths))
    assert end.status == 0, end.said[-2000:]
    return end


def test_no_file_makes_the_decoder_open_another(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "canary.mp3")  # whoever opens it waits until the time is over
    with listening() as address:
        for target in (str(tmp_path / "canary.mp3"), address):
            folder = tmp_path / str(len(target))
            folder.mkdir()
            for name, content in planted(target).items():
                (folder / name).write_bytes(content)
            os.mkfifo(folder / "fifo.mp3")
            (folder / "zero.jpg").symlink_to("/dev/zero")
            (folder / "folder.mp3").mkdir()
            check(sorted(folder.iterdir()))


@pytest.mark.parametrize("count", [12, pytest.param(often(250), marks=pytest.mark.nightly)])
def test_any_media_file_is_read_or_refused(tmp_path: Path, count: int) -> None:
    chance, kinds = random.Random(count), whole_files(tmp_path)
    contents = {f"whole.{ending}": content for ending, content in kinds.items()}
    for number in range(count):
        ending, content = chance.choice([*kinds.items()])
        contents[f"{number}.{ending}"] = damaged(content, [*kinds.values()], chance)
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    paths = [tmp_path / name for name in contents]
    said = "".join(check(paths[first : first + _BATCH]).said for first in range(0, len(paths), _BATCH))
    assert said.count("audio read") > len(kinds) / 2
    assert said.count("audio refused") > 5
    assert said.count("picture read") >= 3
