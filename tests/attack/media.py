"""Sounds, videos and pictures that are damaged, or made to do harm: each is read, or refused in one sentence.

Usage: python -m tests.attack.media [--seed 1] [--count 3000]

Small files of every kind are changed in one to twenty places, cut, doubled and put together; beside them lie planted
ones: playlists that name a FIFO of ours and an address that we listen at, text that FFmpeg or Ghostscript makes a
picture of, bombs, headers that lie, what is no file. A child reads them with limits of time and memory, in every way
that the app does. A failure is any error but one of ours, a fall, more than ``CPU_SECONDS`` or ``MEMORY_BYTES`` for a
file, and a look at what a file names: whoever opens the FIFO waits until the time is over.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from media.errors import MediaError
from media.safe_fs import entries
from tests.places import ROOT

CPU_SECONDS, CLOCK_SECONDS, MEMORY_BYTES = 20, 120, 1_000_000_000
_BATCH = 100  # files of one child
_DECODED = 1800.0  # seconds of a sound that are decoded

SOUNDS = {
    "aac": "adts -c:a aac", "ac3": "ac3 -c:a ac3", "aiff": "aiff", "au": "au", "avi": "avi -c:a mp2", "caf": "caf",
    "flac": "flac", "m4a": "ipod -c:a aac", "mka": "matroska -c:a flac", "mov": "mov -c:a pcm_s16be",
    "mp2": "mp2 -c:a mp2", "mp3": "mp3 -c:a libmp3lame", "mp4": "mp4 -c:a aac", "mpg": "mpeg -c:a mp2",
    "oga": "ogg -c:a libvorbis", "opus": "ogg -c:a libopus", "ts": "mpegts -c:a mp2", "voc": "voc", "w64": "w64",
    "wav": "wav", "ima.wav": "wav -c:a adpcm_ms", "webm": "webm -c:a libopus", "wma": "asf -c:a wmav2",
    "wv": "wv -c:a wavpack", "flv": "flv -c:a aac -ar 44100", "tta": "tta -c:a tta",
}  # fmt: skip
VIDEOS = {"v.mp4": "mp4 -c:v mpeg4 -c:a aac", "v.avi": "avi -c:v mpeg4 -c:a mp2", "v.mkv": "matroska -c:v mpeg4"}
PICTURES = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF", "tiff": "TIFF", "pcx": "PCX", "bmp": "BMP"}
EXTREMES = (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f", b"\x80\0\0\0", b"\0\0\0\x01")


def seeds(folder: Path) -> dict[str, bytes]:
    """A small file of every kind, by its ending."""
    from PIL import Image

    from media.ffmpeg import running

    made: dict[str, bytes] = {}
    tone = random.Random(0).randbytes(48_000)
    for ending, how in {**SOUNDS, **VIDEOS}.items():
        path, (muxer, *codec) = folder / f"seed.{ending}", how.split()
        picture = ["-f", "lavfi", "-i", "color=red:s=32x32:r=10:d=0.5"] * (ending in VIDEOS)
        sound = ["-f", "s16le", "-ar", "48000", "-ac", "1", "-i", "pipe:0"]
        with running([*sound, *picture, *codec, "-metadata", "title=A tone", "-f", muxer, f"file:{path}"]) as sink:
            sink.write(tone)
        made[ending] = path.read_bytes()
        path.unlink()
    for ending, kind in PICTURES.items():
        file = io.BytesIO()
        Image.frombytes("RGB", (60, 40), random.Random(0).randbytes(7200)).save(file, kind)
        made[ending] = file.getvalue()
    return made


def changed(content: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """The content with something wrong in it, most often near its beginning, where headers are."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 3, 20))):
        size = len(data) or 1
        at = chance.randrange(min(size, chance.choice((64, 400, size))))
        until = min(size, at + chance.randrange(1, 200))
        match chance.randrange(9):
            case 0 | 1:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 2 | 3:
                extreme = chance.choice(EXTREMES)[: chance.choice((2, 4))]
                data[at : at + len(extreme)] = extreme
            case 4:
                data[at:until] = chance.randbytes(until - at)
            case 5:
                del data[at:until]
            case 6:
                data[at:at] = data[at:until] * chance.choice((1, 2, 50))
            case 7:
                del data[chance.randrange(size) :]
            case _:
                other = chance.choice(others)
                data[at:] = other[chance.randrange(len(other)) :]
    return bytes(data)


def planted(canary: str, port: int) -> dict[str, bytes]:
    """Files made to do harm, by their names; ``canary`` is what none of them leads to."""
    address = f"http://127.0.0.1:{port}/a.mp3"
    texts = {
        "hls.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{x}\n#EXT-X-ENDLIST\n",
        "list.m3u": "#EXTM3U\n#EXTINF:9,a\n{x}\n",
        "list.pls": "[playlist]\nFile1={x}\nNumberOfEntries=1\n",
        "list.ffconcat": "ffconcat version 1.0\nfile '{x}'\n",
        "list.mpd": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period>'
        "<AdaptationSet><Representation><BaseURL>{x}</BaseURL></Representation></AdaptationSet></Period></MPD>",
        "list.xspf": "<playlist><trackList><track><location>{x}</location></track></trackList></playlist>",
        "list.cue": 'FILE "{x}" MP3\n TRACK 01 AUDIO\n  INDEX 01 00:00:00\n',
        "list.asx": '<asx version="3.0"><entry><ref href="{x}"/></entry></asx>',
        "a.sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=a\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n",
        "a.ffmeta": ";FFMETADATA1\ntitle={x}\n",
        "a.avs": 'AviSource("{x}")\n',
        "a.idx": "# VobSub index file, v7\n{x}\n",
        "a.srt": "1\n00:00:00,000 --> 00:00:09,000\n{x}\n",
        "page.ans": "\x1b[31mPIN 1234\x1b[0m\r\n" * 60,
        "page.nfo": "PIN 1234\r\n" * 200,
        "page.eps": "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n({x}) run showpage\n",
        "page.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="{x}"/></svg>',
        "page.pdf": "%PDF-1.4\n1 0 obj <</F ({x})>> endobj\n",
        "page.xpm": '/* XPM */\nstatic char *a[] = {{"1 1 1 1", "a c #000", "a"}};\n',
    }
    made = {
        f"{n}-{name}": t.replace("{x}", x).encode()
        for name, t in texts.items()
        for n, x in enumerate((canary, address))
    }
    made |= {f"{name}.{ending}": content for name, content in list(made.items()) for ending in ("mp3", "jpg")}
    png = b"\x89PNG\r\n\x1a\n"
    vast = png + _chunk(b"IHDR", (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0")
    small = png + _chunk(b"IHDR", b"\0\0\0\x09" * 2 + b"\x08\x02\0\0\0")
    most = b"\xff" * 4
    riff = b"RIFF" + most + b"WAVEfmt \x10\0\0\0\x01\0"
    return made | {
        "vast.png": vast + _chunk(b"IDAT", zlib.compress(bytes(1 << 22))),
        "text.png": small + _chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(1 << 27))),
        "parts.jpg": b"\xff\xd8" + b"\xff\xe5\0\x02" * 1_000_000,
        "tagged.mp3": b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(1 << 16),
        "rate.wav": riff + b"\x01\0\x01\0\0\0\x01\0\0\0\x01\0\x08\0data" + most + bytes(1 << 20),
        "channels.wav": riff + b"\xff\xff\x80\xbb\0\0" + most + b"\xff\xff\x10\0data" + most + bytes(1 << 20),
        "nothing.mp3": b"",
        "zeros.mp3": bytes(1 << 20),
        "-x.mp3": b"-i /etc/passwd",
        "%d\n:|.jpg": b"\xff\xd8\xff\xe0",
    }  # fmt: skip


def _chunk(name: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")


def attack(folder: Path, seed: int, count: int) -> tuple[Counter[str], list[str]]:
    """How many files of each fate there were, and what was wrong."""
    chance = random.Random(seed)
    made: Counter[str] = Counter()
    failures: list[str] = []
    kinds = seeds(folder)
    os.mkfifo(folder / "canary")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        files = list(planted(str(folder / "canary"), listening.getsockname()[1]).items())
        files += [(f"whole.{ending}", content) for ending, content in kinds.items()]
        for number in range(count):
            ending, content = chance.choice(list(kinds.items()))
            files.append((f"{number}.{ending}", changed(content, list(kinds.values()), chance)))
        for first in range(0, len(files), _BATCH):
            batch = folder / str(first)
            batch.mkdir()
            for name, content in files[first : first + _BATCH]:
                (batch / name).write_bytes(content)
            if not first:
                os.mkfifo(batch / "fifo.mp3")
                (batch / "zero.jpg").symlink_to("/dev/zero")
                (batch / "folder.mp3").mkdir()
            _have_read(batch, made, failures)
        try:
            listening.accept()
            failures.append("an address that a file names was asked")
        except BlockingIOError:
            pass
    return made, failures


def _have_read(batch: Path, made: Counter[str], failures: list[str]) -> None:
    """Have children read the batch; after one that was ended the next goes on behind the file that ended it."""
    after = ""
    while True:
        command = [sys.executable, "-m", __spec__.name, "--read", str(batch), "--after", after]
        try:
            done = subprocess.run(command, capture_output=True, cwd=ROOT, timeout=CLOCK_SECONDS * 10, env=_alone())
            output, status = done.stdout, str(done.returncode)
        except subprocess.TimeoutExpired as error:
            output, status = error.stdout or b"", "time"
        lines = output.decode("utf-8", "replace").splitlines()
        for line in lines:
            fate, _, rest = line.partition(" ")
            if fate == "begun":
                after = rest
            elif fate == "failed":
                failures.append(f"{batch.name}/{rest}")
            else:
                made[fate] += 1
        if status == "0":
            return
        failures.append(f"{batch.name}/{after}: ended by {status}")
        if not lines:
            return


def _alone() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def read_all(batch: Path, after: str) -> None:
    """Read the files of the batch behind ``after``, and print what became of each."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for path in entries(batch):
        shown = path.name.encode("unicode_escape").decode()
        if shown <= after:
            continue
        print("begun", shown, flush=True)
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)  # which ends this process
        signal.alarm(CLOCK_SECONDS)
        for kind, readers in (("sound", SOUND_READERS), ("picture", PICTURE_READERS)):
            fates = [_read(reader, path, shown) for reader in readers]
            print(f"{kind}:{'read' if 'read' in fates else 'refused'}", flush=True)


def _read(reader: Callable[[Path], object], path: Path, shown: str) -> str:
    try:
        reader(path)
        return "read"
    except MediaError as error:
        if "\n" in str(error.message).replace(str(path), ""):
            print("failed", f"{shown}: several lines", flush=True)
        return "refused"
    except Exception as error:
        print("failed", f"{shown}: {type(error).__name__} {str(error)[:200]!r}", flush=True)
        return "failed"


def _decode(path: Path) -> None:
    from media.decode import sound_blocks

    for _ in sound_blocks(path, end=_DECODED):
        pass


def _readers() -> tuple[tuple[Callable[[Path], object], ...], tuple[Callable[[Path], object], ...]]:
    from media.decode import read_tags, sound_format, stated_duration
    from media.pictures import format_of, jpeg_of, open_picture
    from media.seekable import is_seekable
    from media.waveform import levels_between

    sounds = (
        read_tags,
        sound_format,
        stated_duration,
        is_seekable,
        _decode,
        lambda path: levels_between(path, 0.1, 9.0, 50),
    )
    return sounds, (format_of, open_picture, lambda path: jpeg_of(path, 600, 85))


SOUND_READERS, PICTURE_READERS = _readers()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--after", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        read_all(options.read, options.after)
        return
    with tempfile.TemporaryDirectory(prefix="quotecast-attack-") as folder:
        made, failures = attack(Path(folder), options.seed, options.count)
    for fate, times in sorted(made.items()):
        print(f"{fate:20} {times:6}")
    print(f"{'failures':20} {len(failures):6}", *failures[:50], sep="\n")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
