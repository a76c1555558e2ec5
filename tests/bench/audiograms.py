#!/usr/bin/env python3
"""Make audiograms of random stretches of an episode and look at each file as a platform would.

Usage: python -m tests.bench.audiograms ALIGNMENT [--count 6] [--seconds 30] [--seed 1] [--cover FILE] [--keep DIR]

Each stretch is made in every shape by the command line. Then, independently of what made it: codec, size, frame rate,
pixel format and order of frames (PyAV), duration of picture against sound, whether the index comes first and whether
there is an edit list (the file's own bytes), loudness and true peak (ffmpeg's ``ebur128``), time taken, and the most
memory that the command and its ffmpeg held together.
"""

from __future__ import annotations

import argparse
import random
import re
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from time import monotonic, sleep

import av

from aligner.storage.alignment_json import read_alignment
from media.ffmpeg import ffmpeg_path
from media.video.shapes import SHAPES

_POLL = 0.05  # seconds
_OPENED = (b"moov", b"trak", b"mdia")


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of one video; ``faults`` is empty where it is as it should be."""

    shape: str
    seconds: float
    took: float
    memory_mb: float
    lufs: float
    peak_db: float
    faults: tuple[str, ...]


def main() -> int:
    options = arguments()
    duration = read_alignment(options.alignment).audio.duration
    chance = random.Random(options.seed)
    starts = [chance.uniform(0, max(0.0, duration - options.seconds)) for _ in range(options.count)]
    checked = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        for number, start in enumerate(starts, start=1):
            for shape in SHAPES:
                path = folder / f"{number:02d}-{shape}.mp4"
                took, memory_mb = make(options, start, shape, path)
                checked.append(look(path, shape, took, memory_mb))
                print(row(checked[-1]), flush=True)
    faulty = sum(bool(video.faults) for video in checked)
    print(f"{len(checked) - faulty} of {len(checked)} as platforms ask")
    for shape in SHAPES:
        own = [video for video in checked if video.shape == shape]
        pace = max(video.took / video.seconds for video in own)
        print(f"{shape}: at most {pace:.2f} s a second, {max(video.memory_mb for video in own):.0f} MB")
    return 1 if faulty else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("alignment", type=Path, metavar="ALIGNMENT")
    parser.add_argument("--count", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cover", type=Path)
    parser.add_argument("--keep", type=Path, help="folder to leave the videos in")
    return parser.parse_args()


def make(options: argparse.Namespace, start: float, shape: str, path: Path) -> tuple[float, float]:
    """Run the command; how long it took, and the most memory, in MB, that it and its children held together."""
    span = ["--from", f"{start:.2f}", "--to", f"{start + options.seconds:.2f}"]
    cover = ["--cover", str(options.cover)] if options.cover else []
    command = [sys.executable, "-m", "aligner", "audiogram", options.alignment, *span, *cover]
    began, most = monotonic(), 0.0
    with subprocess.Popen(
        [*command, "--shape", shape, "--progress", "none", "-o", path], stdout=subprocess.PIPE
    ) as run:
        while run.poll() is None:
            most = max(most, held_mb(run.pid))
            sleep(_POLL)
    if run.returncode:
        raise SystemExit(f"{path.name}: status {run.returncode}")
    return monotonic() - began, most


def held_mb(process: int) -> float:
    """The resident memory of a process and its children, by Linux's /proc; 0 where there is none."""
    total = 0.0
    with suppress(OSError, ValueError):
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        total = int(found[1]) / 1000 if found else 0.0
        children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
        total += sum(held_mb(int(child)) for child in children.split())
    return total


def look(path: Path, shape: str, took: float, memory_mb: float) -> Checked:
    """Everything that a platform may refuse the file for."""
    wanted = SHAPES[shape]
    with av.open(str(path)) as container:
        picture, sound = container.streams.video[0], container.streams.audio[0]
        lengths = [float(stream.duration * stream.time_base) for stream in (picture, sound)]
        packets = [packet for packet in container.demux(picture) if packet.pts is not None]
        claims = {
            "H.264": picture.codec_context.name == "h264" and picture.codec_context.pix_fmt == "yuv420p",
            "size": (picture.width, picture.height) == (wanted.width, wanted.height),
            "30 frames": picture.average_rate == 30
            and {(b.pts - a.pts) * a.time_base * 30 for a, b in pairwise(packets)} == {1},
            "order": all(packet.pts == packet.dts for packet in packets) and packets[0].is_keyframe,
            "starts": picture.start_time == sound.start_time == 0,
            "AAC at 48 kHz": (sound.codec_context.name, sound.rate) == ("aac", 48000),
            "length": abs(lengths[0] - lengths[1]) <= 1 / 30,
        }
    names = list(boxes(path.read_bytes()))
    claims["index first"] = names.index("moov") < names.index("mdat")
    claims["no edit list"] = "edts" not in names
    lufs, peak_db = loudness(path)
    claims["loudness"] = lengths[1] < 3 or abs(lufs + 16) <= 0.5
    claims["peak"] = peak_db <= -1
    faults = tuple(name for name, holds in claims.items() if not holds)
    return Checked(shape, lengths[0], took, memory_mb, lufs, peak_db, faults)


def boxes(content: bytes) -> Iterator[str]:
    """The names of an MP4's boxes in their order, those of the movie and its tracks included."""
    at = 0
    while at + 8 <= len(content):
        size, kind = struct.unpack(">I4s", content[at : at + 8])
        yield kind.decode("latin-1")
        if kind in _OPENED:
            yield from boxes(content[at + 8 : at + size])
        at += size or len(content)


def loudness(path: Path) -> tuple[float, float]:
    """Integrated loudness and true peak as ffmpeg's own meter has them."""
    command = [
        ffmpeg_path(),
        "-hide_banner",
        "-nostats",
        "-i",
        str(path),
        "-vn",
        "-af",
        "ebur128=peak=true",
        "-f",
        "null",
        "-",
    ]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    summary = said[said.rindex("Summary:") :]
    return tuple(float(re.search(rf"{name}:\s+(-?[\d.]+|-inf)", summary)[1]) for name in ("I", "Peak"))  # type: ignore


def row(video: Checked) -> str:
    found = ", ".join(video.faults) or "as it should be"
    return (
        f"{video.shape:<9}  {video.seconds:5.1f} s in {video.took:4.1f} s  {video.memory_mb:3.0f} MB  "
        f"{video.lufs:5.1f} LUFS  {video.peak_db:4.1f} dBTP  {found}"
    )


if __name__ == "__main__":
    sys.exit(main())
