"""Find the ffmpeg to run, and run it.

An ffmpeg on PATH, which the user chose, is preferred to the one in the package imageio-ffmpeg. ffmpeg is run without a
shell, and is killed if its caller is interrupted.
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
from media.video.bidirectional import without_bidi_controls

_QUIET = ("-hide_banner", "-nostdin", "-loglevel", "error", "-y")
_EMPTY_WORDS = ("Conversion failed!",)  # printed after the line with the reason
_COMPONENT = re.compile(r"^(\[[^\]]* @ 0x[0-9a-f]+\] )+")  # the part of ffmpeg that printed a line
_DISK_FULL = b"No space left on device"  # ffmpeg is not localised
_LONGEST_LINE = 300  # characters
_LONGEST_TAG = 1000  # characters
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")  # a command line can hold neither NUL nor surrogates


@cache
def ffmpeg_path() -> str:
    """Return the path of the ffmpeg to run; raise FfmpegError if neither PATH nor imageio-ffmpeg has one."""
    found = shutil.which("ffmpeg")
    # A relative path lies in the working folder, which may be untrusted.
    if found and Path(found).is_absolute():
        return found
    import imageio_ffmpeg

    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError as error:
        raise FfmpegError("ffmpeg: not found; install it, or the package imageio-ffmpeg for this system") from error


def input_of(path: Path, kind: str) -> list[str]:
    """Return ffmpeg's arguments to read ``path``, as format ``kind`` and no other, and never from the network."""
    return ["-protocol_whitelist", "file", "-format_whitelist", kind, "-f", kind, "-i", f"file:{path}"]


def tagged(tags: Mapping[str, str]) -> list[str]:
    """Return ffmpeg's arguments to write ``tags``, which maps tag names (as in ffmpeg) to values.

    Control characters are replaced by spaces, and long values are shortened."""
    texts = {name: _CONTROL.sub(" ", without_bidi_controls(text)) for name, text in tags.items()}
    shown = {name: t if len(t) <= _LONGEST_TAG else f"{t[: _LONGEST_TAG - 1]}…" for name, t in texts.items()}
    return [argument for name, text in shown.items() for argument in ("-metadata", f"{name}={text}")]


@contextlib.contextmanager
def running(arguments: Sequence[str]) -> Iterator[IO[bytes]]:
    """Context manager: run ffmpeg, yield its standard input, and wait for ffmpeg when the ``with`` block ends.

    The block may write a large input in pieces. An error or interruption in the block kills ffmpeg. Raises FfmpegError,
    with the last line that ffmpeg printed, if ffmpeg cannot be started or fails."""
    command = [ffmpeg_path(), *_QUIET, *arguments]
    try:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    except OSError as error:
        raise FfmpegError("{path}: cannot be run ({reason})", path=command[0], reason=error.strerror) from error
    assert process.stdin is not None
    assert process.stderr is not None
    printed: list[bytes] = []
    reader = threading.Thread(target=_collect, args=(process.stderr, printed), daemon=True)
    reader.start()
    try:
        with contextlib.suppress(BrokenPipeError):  # ffmpeg has ended; its status and last line hold the reason
            yield process.stdin
        with contextlib.suppress(BrokenPipeError):
            process.stdin.close()
        process.wait()
        reader.join()
    finally:
        _end(process)
    if process.returncode:
        if any(_DISK_FULL in line for line in printed):
            raise FfmpegError("the disk is full; make room on it and try again")
        raise FfmpegError("ffmpeg failed: {detail}", detail=_last_line(printed) or _ended_by(process.returncode))


def _collect(stream: IO[bytes], printed: list[bytes]) -> None:
    """Read all that ffmpeg prints to ``stream``, so that ffmpeg never blocks; keep the last lines in ``printed``."""
    for line in stream:
        printed.append(line)
        del printed[:-20]
    stream.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.kill()
        process.wait()
    if process.stdin is not None:
        with contextlib.suppress(OSError):  # the reader of the pipe has gone
            process.stdin.close()


def _ended_by(status: int) -> str:
    try:
        return f"ended by {signal.Signals(-status).name}"
    except ValueError:
        return f"status {status}"


def _last_line(printed: Sequence[bytes]) -> str:
    lines = [_COMPONENT.sub("", " ".join(line.decode("utf-8", "replace").split())) for line in printed]
    return next((line[:_LONGEST_LINE] for line in reversed(lines) if line and line not in _EMPTY_WORDS), "")
