"""Check a caption file: WebVTT against its rules for authors, SubRip against what its readers agree on.

First the file and its blocks, then the text of a cue: tags, timestamps and escapes (section 4.2.2).

Conventions
-----------
- Lines count from 1, as editors do. Norms of reading (line length, speed) are not the format's: see ``captions.rules``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.entities import html5
from itertools import islice
from pathlib import Path

from aligner.errors import CaptionError
from aligner.timed_text.cues import Block, CueBlock, Problem, blocks, read_cues, split_lines
from media.safe_fs import read_regular, status_of

# ``MM:SS.mmm``, with hours of two digits or more before them.
_STAMP = r"(?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}"
_TIMINGS = re.compile(rf"({_STAMP})[ \t]+-->[ \t]+({_STAMP})(?:[ \t](.*))?", re.ASCII)
_PERCENT = r"(?:100(?:\.0+)?|\d{1,2}(?:\.\d+)?)%"
# Cue settings and what each may be.
_SETTINGS = {
    "vertical": re.compile(r"rl|lr"),
    "line": re.compile(rf"(?:{_PERCENT}|-?\d+(?:\.\d+)?)(?:,(?:start|center|end))?", re.ASCII),
    "position": re.compile(rf"{_PERCENT}(?:,(?:line-left|center|line-right))?", re.ASCII),
    "size": re.compile(_PERCENT, re.ASCII),
    "align": re.compile(r"start|center|end|left|right"),
    "region": re.compile(r"\S+"),
}
_MARK = re.compile(r"<[^<>]*>?|&(?:#\d+;|#[xX][0-9a-fA-F]+;|[A-Za-z][A-Za-z0-9]*;)?", re.ASCII)
_TIME_TAG = re.compile(_STAMP, re.ASCII)
_START_TAG = re.compile(r"([a-z]+)((?:\.[^\s.<>&]+)*)(?:[ \t]+(.*))?", re.DOTALL)
_TAGS = frozenset({"c", "i", "b", "u", "ruby", "rt", "v", "lang"})
_ANNOTATED = frozenset({"v", "lang"})


def vtt_problems(text: str) -> Iterator[Problem]:
    """All problems in order of line."""
    lines = split_lines(text.removeprefix("\ufeff"))
    if "\0" in text:
        yield Problem(text[: text.index("\0")].count("\n") + 1, "nul", "a NUL character")
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        yield Problem(1, "header", f"{lines[0][:40]!r}, expected WEBVTT")
    elif "-->" in lines[0]:
        yield Problem(1, "header", "--> in the header")
    if len(lines) > 1 and lines[1]:
        yield Problem(2, "header", "expected a blank line after the header")
    body = next((number for number, line in enumerate(lines) if not line), len(lines))
    yield from _BodyCheck().problems(list(blocks(lines[body:], body + 1, lambda line: not line)))


class _BodyCheck:
    """Walks the blocks and remembers what later cues must not repeat or precede."""

    def __init__(self) -> None:
        self._ids: set[str] = set()
        self._last_start = 0
        self._cues = 0

    def problems(self, body: list[Block]) -> Iterator[Problem]:
        for block in body:
            first = block.lines[0]
            if first == "NOTE" or first.startswith(("NOTE ", "NOTE\t")):
                yield from _arrows(block, 0)
            elif first.rstrip(" \t") in ("STYLE", "REGION") and "-->" not in "".join(block.lines[:2]):
                if self._cues:
                    yield Problem(block.line, "order", f"{first.strip()} after the first cue, expected before it")
                yield from _arrows(block, 0)
            else:
                yield from self._cue(block)

    def _cue(self, block: Block) -> Iterator[Problem]:
        timing = next((position for position, line in enumerate(block.lines) if "-->" in line), None)
        if timing is None:
            yield Problem(block.line, "blank line", "text outside a cue, after a blank line")
            return
        if timing > 1:
            yield Problem(block.line, "id", f"{timing} lines before the times, expected one identifier at most")
        elif timing == 1:
            if block.lines[0] in self._ids:
                yield Problem(block.line, "id", f"identifier {block.lines[0][:40]!r} was used before")
            self._ids.add(block.lines[0])
        self._cues += 1
        yield from self._timed(block, timing)

    def _timed(self, block: Block, timing: int) -> Iterator[Problem]:
        line = block.line + timing
        found = _TIMINGS.fullmatch(block.lines[timing])
        if not found:
            shown = block.lines[timing][:60]
            yield Problem(line, "times", f"{shown!r}, expected 00:00:00.000 --> 00:00:00.000")
            return
        start, end = _milliseconds(found[1]), _milliseconds(found[2])
        if end <= start:
            yield Problem(line, "end", "the cue ends no later than it starts")
        if start < self._last_start:
            yield Problem(line, "order", "the cue starts before one above it")
        self._last_start = max(self._last_start, start)
        yield from _setting_problems(line, found[3] or "")
        yield from _arrows(block, timing + 1)
        yield from _cue_text_problems(block.lines[timing + 1 :], line + 1, start, end)


def _arrows(block: Block, first: int) -> Iterator[Problem]:
    for position, line in enumerate(block.lines[first:], start=first):
        if "-->" in line:
            yield Problem(block.line + position, "arrow", "--> where no times belong; is a blank line missing above?")


def _setting_problems(line: int, settings: str) -> Iterator[Problem]:
    seen = set()
    for setting in settings.split():
        name, _, value = setting.partition(":")
        if name not in _SETTINGS:
            yield Problem(line, "setting", f"{setting[:40]!r}, expected one of {', '.join(_SETTINGS)}")
        elif not _SETTINGS[name].fullmatch(value):
            yield Problem(line, "setting", f"{setting[:40]!r} has a value that {name} does not take")
        elif name in seen:
            yield Problem(line, "setting", f"{name} twice")
        seen.add(name)


@dataclass(slots=True)
class _Reading:
    """How far the check of one cue has come."""

    last_stamp: int
    end: int
    open_tags: list[str] = field(default_factory=list)


def _cue_text_problems(lines: Sequence[str], first_line: int, start: int, end: int) -> Iterator[Problem]:
    """The problems of a cue's text; ``start`` and ``end`` are the cue's times in milliseconds."""
    text = "\n".join(lines)
    reading = _Reading(start, end)
    line, counted = first_line, 0
    for mark in _MARK.finditer(text):
        line, counted = line + text.count("\n", counted, mark.start()), mark.start()
        for rule, message in _mark_problems(mark, reading):
            yield Problem(line, rule, message)
    open_tags = reading.open_tags
    # A voice that speaks the whole cue needs no end tag.
    if open_tags[:1] == ["v"] and text.startswith("<v"):
        open_tags = open_tags[1:]
    for tag in open_tags:
        yield Problem(first_line + len(lines) - 1, "tag", f"<{tag}> is not closed")


def _mark_problems(mark: re.Match[str], reading: _Reading) -> Iterator[tuple[str, str]]:
    shown = mark.group()[:40]
    if shown.startswith("&"):
        if not mark.group().endswith(";") or (shown[1] != "#" and mark.group()[1:] not in html5):
            yield "escape", f"{shown!r} is no character reference; write &amp; for &"
    elif not mark.group().endswith(">"):
        yield "escape", f"{shown!r} is no tag; write &lt; for <"
    elif "\n" in mark.group():
        yield "tag", f"{shown!r} goes on over a line break"
    elif shown[1:2].isdigit():
        yield from _stamp_problems(mark.group()[1:-1], reading)
    elif shown.startswith("</"):
        yield from _end_tag_problems(mark.group()[2:-1], reading.open_tags)
    else:
        yield from _start_tag_problems(mark.group()[1:-1], reading.open_tags)


def _stamp_problems(stamp: str, reading: _Reading) -> Iterator[tuple[str, str]]:
    if not _TIME_TAG.fullmatch(stamp):
        yield "stamp", f"<{stamp[:40]}> is no timestamp, expected <00:00:00.000>"
        return
    time = _milliseconds(stamp)
    if time <= reading.last_stamp:
        yield "stamp", f"<{stamp[:40]}> is not after the cue's start and the stamps before it"
    elif time >= reading.end:
        yield "stamp", f"<{stamp[:40]}> is not before the cue's end"
    reading.last_stamp = max(reading.last_stamp, time)


def _end_tag_problems(name: str, open_tags: list[str]) -> Iterator[tuple[str, str]]:
    if name == "ruby" and open_tags[-1:] == ["rt"]:
        open_tags.pop()
    if open_tags[-1:] == [name]:
        open_tags.pop()
    else:
        yield "tag", f"</{name[:40]}> closes nothing that is open"


def _start_tag_problems(content: str, open_tags: list[str]) -> Iterator[tuple[str, str]]:
    found = _START_TAG.fullmatch(content)
    if not found or found[1] not in _TAGS:
        yield "escape", f"<{content[:40]}> is no tag of WebVTT; write &lt; for <"
        return
    name, annotation = found[1], (found[3] or "").strip()
    if name in _ANNOTATED and not annotation:
        yield "tag", f"<{name}> names no {'speaker' if name == 'v' else 'language'}"
    if name not in _ANNOTATED and annotation:
        yield "tag", f"<{content[:40]}>: {name} takes nothing after its classes"
    if name == "rt" and open_tags[-1:] != ["ruby"]:
        yield "tag", "<rt> outside <ruby>"
    open_tags.append(name)


def _milliseconds(stamp: str) -> int:
    """The milliseconds of a stamp that matches ``_STAMP``."""
    clock, fraction = stamp.split(".")
    seconds = 0
    # Hours beyond nine digits are no hours; the limit keeps a hostile number from taking all day.
    for part in clock.split(":"):
        seconds = seconds * 60 + int(part[-9:])
    return seconds * 1000 + int(fraction)


_MAX_BYTES = 32 * 1024 * 1024
# More than anyone will read, few enough to keep.
_MAX_PROBLEMS = 1000

_SRT_STAMP = r"(\d{2,}):([0-5]\d):([0-5]\d),(\d{3})"
# Some programs add the coordinates of a box after the times.
_SRT_TIMINGS = re.compile(rf"{_SRT_STAMP} --> {_SRT_STAMP}(?: +X1:\d+ X2:\d+ Y1:\d+ Y2:\d+)? *", re.ASCII)
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
        timings = _SRT_TIMINGS.fullmatch(block.lines[1]) if len(block.lines) > 1 else None
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
        start, end = _srt_milliseconds(timings.groups()[:4]), _srt_milliseconds(timings.groups()[4:])
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


def _srt_milliseconds(parts: tuple[str, ...]) -> int:
    hours, minutes, seconds, milliseconds = (int(part[:9]) for part in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds
