"""Checking a caption file against its format: WebVTT's rules for authors, and what SubRip readers agree on.

Conventions
-----------
- Lines count from 1, as editors do. Norms of reading (line length, speed) are not the format's: see ``norms``.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from aligner.captions.check_srt import srt_problems
from aligner.captions.check_vtt import vtt_problems
from aligner.captions.problem import Problem
from aligner.errors import CaptionError

_MAX_BYTES = 32 * 1024 * 1024
# More than anyone will read, few enough to keep.
_MAX_PROBLEMS = 1000


def check_captions(path: Path) -> list[Problem]:
    """The first thousand problems of a VTT or SRT file in order of line, empty where it is sound.

    The format is told by the name's ending, where that says nothing by the file's first line.

    Raises
    ------
    CaptionError
        The file cannot be read, is too large or binary, or is of neither format.
    """
    data = _read(path)
    text, problems = _decoded(data)
    first = text.lstrip("\ufeff")[:6]
    suffix = path.suffix.lower()
    if suffix == ".vtt" or (suffix != ".srt" and first == "WEBVTT"):
        found = vtt_problems(text)
    elif suffix == ".srt" or "-->" in text:
        found = srt_problems(text)
    else:
        raise CaptionError(f"{path}: neither WebVTT nor SubRip; expected WEBVTT in the first line or lines with -->")
    return sorted(problems + list(islice(found, _MAX_PROBLEMS)), key=lambda problem: problem.line)


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise CaptionError(f"{path}: larger than {_MAX_BYTES // 1024**2} MB, expected a caption file")
        data = path.read_bytes()
    except OSError as error:
        raise CaptionError(f"{path}: cannot be read ({error.strerror})") from error
    if b"\0" in data[:4096]:
        raise CaptionError(f"{path}: binary or UTF-16, expected captions in UTF-8")
    return data


def _decoded(data: bytes) -> tuple[str, list[Problem]]:
    """The text, bytes that are not UTF-8 replaced, with the problem of the first of them."""
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        before = data[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        problem = Problem(before.count(b"\n") + 1, "utf-8", f"byte {data[error.start]:#04x} is not UTF-8")
        return data.decode("utf-8", errors="replace"), [problem]
