"""The one place that knows which ffmpeg encodes, and runs it.

A system's own ffmpeg wins, for its user chose it; else the one that imageio-ffmpeg brings. It is run as a process with
pipes and no shell, and never outlives the work that needs it.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO

from media.errors import FfmpegError
from media.video.bidirectional import undirected

_QUIET = ("-hide_banner", "-nostdin", "-loglevel", "error", "-y")
_EMPTY_WORDS = ("Conversion failed!",)  # said after the line that says why
_SPEAKER = re.compile(r"^(\[[^\]]* @ 0x[0-9a-f]+\] )+")  # which part of ffmpeg says it
_DISK_FULL = b"No space left on device"  # ffmpeg knows no other language
_LONGEST_LINE = 300  # characters
_LONGEST_TAG = 1000  # characters
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")  # no command line takes the first and the last of them


@cache
def ffmpeg_path() -> str:
    """The ffmpeg to run.

    Raises FfmpegError: there is none, neither on PATH nor in imageio-ffmpeg.
    """
    found = shutil.which("ffmpeg")
    # One that is found by a relative path lies in the folder that is worked in, and somebody may have sent that.
    if found and Path(found).is_absolute():
        return found
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise FfmpegError("ffmpeg: not found; install it, or the package imageio-ffmpeg for this system") from error


def input_of(path: Path, kind: str) -> list[str]:
    """The arguments that give ffmpeg a file of ours to read: as what we wrote, and nothing that it might name."""
    return ["-protocol_whitelist", "file", "-format_whitelist", kind, "-f", kind, "-i", f"file:{path}"]


def tagged(tags: Mapping[str, str]) -> list[str]:
    """The arguments that give what ffmpeg writes these tags, by its names; none is longer than players read, none
    turns around what is shown beside it."""
    texts = {name: _CONTROL.sub(" ", undirected(text)) for name, text in tags.items()}
    shown = {name: t if len(t) <= _LONGEST_TAG else f"{t[: _LONGEST_TAG - 1]}…" for name, t in texts.items()}
    return [argument for name, text in shown.items() for argument in ("-metadata", f"{name}={text}")]


@contextlib.contextmanager
def running(arguments: Sequence[str]) -> Iterator[IO[bytes]]:
    """Run ffmpeg with ``arguments`` and give its standard input to write to; it has ended when the context has.

    Left by an error or an interruption, it is killed. A large input may be written in parts while it works.

    Raises FfmpegError: it cannot be started, or fails; the message is the last line it said.
    """
    command = [ffmpeg_path(), *_QUIET, *arguments]
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    except OSError as error:
        raise FfmpegError("{path}: cannot be run ({reason})", path=command[0], reason=error.strerror) from error
    assert process.stdin is not None
    assert process.stderr is not None
    said: list[bytes] = []
    listener = threading.Thread(target=_collect, args=(process.stderr, said), daemon=True)
    listener.start()
    try:
        with contextlib.suppress(BrokenPipeError):  # it has ended early; its status and its last line say why
            yield process.stdin
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        process.wait()
        listener.join()
    finally:
        _end(process)
    if process.returncode:
        if any(_DISK_FULL in line for line in said):
            raise FfmpegError("the disk is full; make room on it and try again")
        raise FfmpegError("ffmpeg failed: {detail}", detail=_last_line(said) or _ended_by(process.returncode))


def _collect(stream: IO[bytes], said: list[bytes]) -> None:
    """Keep the last lines; a pipe that nobody empties would stop ffmpeg."""
    for line in stream:
        said.append(line)
        del said[:-20]
    stream.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
    if process.stdin is not None:
        with contextlib.suppress(OSError):  # what was still to be written has no reader
            process.stdin.close()


def _ended_by(status: int) -> str:
    try:
        return f"ended by {signal.Signals(-status).name}"
    except ValueError:
        return f"status {status}"


def _last_line(said: Sequence[bytes]) -> str:
    lines = [_SPEAKER.sub("", " ".join(line.decode("utf-8", "replace").split())) for line in said]
    return next((line[:_LONGEST_LINE] for line in reversed(lines) if line and line not in _EMPTY_WORDS), "")
