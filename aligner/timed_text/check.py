"""Checking a caption file: WebVTT against its rules for authors, SubRip against what its readers agree on.

Conventions
-----------
- Lines count from 1, as editors do. Norms of reading (line length, speed) are not the format's: see ``captions.rules``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from aligner.errors import CaptionError
from aligner.timed_text.check_vtt import vtt_problems
from aligner.timed_text.cues import CueBlock, read_cues
from aligner.timed_text.problem import Block, Problem, blocks, split_lines
from media.safe_fs import read_regular, status_of

_MAX_BYTES = 32 * 1024 * 1024
# More than anyone will read, few enough to keep.
_MAX_PROBLEMS = 1000

_STAMP = r"(\d{2,}):([0-5]\d):([0-5]\d),(\d{3})"
# Some programs add the coordinates of a box after the times.
_TIMINGS = re.compile(rf"{_STAMP} --> {_STAMP}(?: +X1:\d+ X2:\d+ Y1:\d+ Y2:\d+)? *", re.ASCII)
_NUMBER = re.compile(r"\d+", re.ASCII)


def check_captions(path: Path) -> list[Problem]:
    """The first thousand problems of a VTT or SRT file in order of line, empty where it is sound.

    The format is told by the name's ending, where that says nothing by the file's first line.

    Raises
    ------
    CaptionError
        The file cannot be read, is too large or binary, or is of neither format.
    """
    text, problems = _decoded(_read(path))
    first = text.lstrip("\ufeff")[:6]
    suffix = path.suffix.lower()
    if suffix == ".vtt" or (suffix != ".srt" and first == "WEBVTT"):
        found = vtt_problems(text)
    elif suffix == ".srt" or "-->" in text:
        found = _srt_problems(text)
    else:
        raise CaptionError(
            "{path}: neither WebVTT nor SubRip; expected WEBVTT in the first line or lines with -->", path=path
        )
    return sorted(problems + list(islice(found, _MAX_PROBLEMS)), key=lambda problem: problem.line)


def cues_of_file(path: Path) -> tuple[CueBlock, ...]:
    """The cues of a VTT or SRT file, as far as they can be read.

    Raises
    ------
    CaptionError
        The file cannot be read, is too large or binary.
    """
    return read_cues(_decoded(_read(path))[0]).cues


def _read(path: Path) -> bytes:
    try:
        if status_of(path).st_size > _MAX_BYTES:
            raise CaptionError(
                "{path}: larger than {most} MB, expected a caption file", path=path, most=_MAX_BYTES // 1024**2
            )
        data = read_regular(path, _MAX_BYTES)
    except OSError as error:
        raise CaptionError("{path}: cannot be read ({reason})", path=path, reason=error.strerror) from error
    if b"\0" in data[:4096]:
        raise CaptionError("{path}: binary or UTF-16, expected captions in UTF-8", path=path)
    return data


def _decoded(data: bytes) -> tuple[str, list[Problem]]:
    """The text, bytes that are not UTF-8 replaced, with the problem of the first of them."""
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        before = data[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        problem = Problem(before.count(b"\n") + 1, "utf-8", f"byte {data[error.start]:#04x} is not UTF-8")
        return data.decode("utf-8", errors="replace"), [problem]


def _srt_problems(text: str) -> Iterator[Problem]:
    """All problems in order of line."""
    lines = split_lines(text.removeprefix("\ufeff"))
    if lines[0].startswith("WEBVTT"):
        yield Problem(1, "format", "this is WebVTT, expected SubRip; name it .vtt")
        return
    expected, last_start, last_end, empty = 1, 0, 0, True
    for block in blocks(lines, 1, lambda line: not line.strip(" \t")):
        empty = False
        timings = _TIMINGS.fullmatch(block.lines[1]) if len(block.lines) > 1 else None
        if not _NUMBER.fullmatch(block.lines[0].strip()):
            yield _unnumbered(block, expected)
            continue
        number = int(block.lines[0].strip()[:18])
        if number != expected:
            yield Problem(block.line, "number", f"cue {number}, expected {expected}")
        expected = number + 1
        if not timings:
            shown = block.lines[1] if len(block.lines) > 1 else ""
            yield Problem(block.line + 1, "times", f"{shown[:60]!r}, expected 00:00:00,000 --> 00:00:00,000")
            continue
        start, end = _milliseconds(timings.groups()[:4]), _milliseconds(timings.groups()[4:])
        if end <= start:
            yield Problem(block.line + 1, "end", "the cue ends no later than it starts")
        if start < last_start:
            yield Problem(block.line + 1, "order", "the cue starts before the one above it")
        elif start < last_end:
            yield Problem(block.line + 1, "overlap", "the cue starts before the one above it ends")
        last_start, last_end = max(last_start, start), max(last_end, end)
        yield from _text_problems(block)
    if empty:
        yield Problem(1, "empty", "no cues")


def _unnumbered(block: Block, expected: int) -> Problem:
    if "-->" in block.lines[0]:
        return Problem(block.line, "number", f"times without a number, expected {expected} on a line of its own")
    return Problem(block.line, "blank line", "text outside a cue, after a blank line")


def _text_problems(block: Block) -> Iterator[Problem]:
    if len(block.lines) == 2:
        yield Problem(block.line + 2, "text", "the cue has no text")
    for number, line in enumerate(block.lines[2:], start=block.line + 2):
        if "-->" in line:
            yield Problem(number, "arrow", "--> in the text: players take it for times; is a blank line missing above?")
        if "\0" in line:
            yield Problem(number, "nul", "a NUL character")


def _milliseconds(parts: tuple[str, ...]) -> int:
    hours, minutes, seconds, milliseconds = (int(part[:9]) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds
