"""Check the format of a caption file: WebVTT against its specification, SubRip against the rules that players share.

``captions.rules`` checks other limits, such as line length and reading speed. Lines are counted from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html.entities import html5
from itertools import islice
from pathlib import Path

from aligner.errors import CaptionError
from aligner.timed_text.cues import Block, CueBlock, Problem, blocks, read_cues, split_lines
from media.safe_fs import read_regular, status_of

# ``MM:SS.mmm`` or ``HH:MM:SS.mmm``, with two or more digits for the hours.
_STAMP = r"(?:\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}"
_TIMINGS = re.compile(rf"({_STAMP})[ \t]+-->[ \t]+({_STAMP})(?:[ \t](.*))?", re.ASCII)
_PERCENT = r"(?:100(?:\.0+)?|\d{1,2}(?:\.\d+)?)%"
# The values that each cue setting may have.
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
# Groups: a slash, the name of the tag, and the name of the voice or language.
_TAG = re.compile(r"<(/?)(c|i|b|u|ruby|rt|v|lang)(?:\.[^\s.<>&]+)*(?:[ \t]+([^<>]*))?>")


def vtt_problems(text: str) -> Iterator[Problem]:
    """Yield the problems of a WebVTT file, given its text, sorted by line."""
    lines = split_lines(text.removeprefix("\ufeff"))
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        yield Problem(1, "header", f"{lines[0][:40]!r}, expected WEBVTT")
    elif "-->" in lines[0]:
        yield Problem(1, "header", "--> in the header")
    if len(lines) > 1 and lines[1]:
        yield Problem(2, "header", "expected a blank line after the header")
    body = next((number for number, line in enumerate(lines) if not line), len(lines))
    yield from _body_problems(blocks(lines[body:], body + 1, lambda line: not line))


def _body_problems(body: Iterable[Block]) -> Iterator[Problem]:
    identifiers: set[str] = set()
    last_start = cues = 0
    for block in body:
        first = block.lines[0]
        timing = next((position for position, line in enumerate(block.lines) if "-->" in line), None)
        is_style = first.rstrip(" \t") in ("STYLE", "REGION") and "-->" not in "".join(block.lines[:2])
        if is_style or first == "NOTE" or first.startswith(("NOTE ", "NOTE\t")):
            if is_style and cues:
                yield Problem(block.line, "order", f"{first.strip()} after the first cue, expected before it")
            yield from _arrows(block, 0)
            continue
        if timing is None:
            yield Problem(block.line, "blank line", "text outside a cue, after a blank line")
            continue
        cues += 1
        if timing > 1:
            yield Problem(block.line, "id", f"{timing} lines before the times, expected one identifier at most")
        elif timing == 1 and first in identifiers:
            yield Problem(block.line, "id", f"identifier {first[:40]!r} was used before")
        identifiers.update(block.lines[:timing])
        line, found = block.line + timing, _TIMINGS.fullmatch(block.lines[timing])
        if not found:
            shown = block.lines[timing][:60]
            yield Problem(line, "times", f"{shown!r}, expected 00:00:00.000 --> 00:00:00.000")
            continue
        start, end = _milliseconds(found[1]), _milliseconds(found[2])
        yield from _order_problems(line, start, end, last_start)
        last_start = max(last_start, start)
        yield from _setting_problems(line, found[3] or "")
        yield from _arrows(block, timing + 1)
        yield from _text_problems(block.lines[timing + 1 :], line + 1, start, end)


def _order_problems(line: int, start: int, end: int, last_start: int, last_end: int = 0) -> Iterator[Problem]:
    """Yield a problem if a cue ends no later than it starts, and one if it is out of order or overlaps an earlier
    cue. ``last_start`` and ``last_end`` are the latest start and end of earlier cues; times are in milliseconds."""
    if end <= start:
        yield Problem(line, "end", "the cue ends no later than it starts")
    if start < last_start:
        yield Problem(line, "order", "the cue starts before one above it")
    elif start < last_end:
        yield Problem(line, "overlap", "the cue starts before one above it ends")


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


def _text_problems(lines: Sequence[str], first_line: int, start: int, end: int) -> Iterator[Problem]:
    """Yield the problems of a cue's tags, timestamps and escapes. ``first_line`` is the number of ``lines[0]`` in the
    file; ``start`` and ``end`` are the cue's times in milliseconds."""
    text = "\n".join(lines)
    open_tags: list[str] = []
    line, counted = first_line, 0
    for mark in _MARK.finditer(text):
        line, counted = line + text.count("\n", counted, mark.start()), mark.start()
        shown, tag = mark.group()[:40], _TAG.fullmatch(mark.group())
        if shown.startswith("&"):
            if not mark.group().endswith(";") or (shown[1] != "#" and mark.group()[1:] not in html5):
                yield Problem(line, "escape", f"{shown!r} is no character reference; write &amp; for &")
        elif shown[1:2].isdigit():
            time = _milliseconds(shown[1:-1]) if _TIME_TAG.fullmatch(shown[1:-1]) else None
            if time is None:
                yield Problem(line, "stamp", f"{shown} is no timestamp, expected <00:00:00.000>")
            elif not start < time < end:
                yield Problem(line, "stamp", f"{shown} is not after the stamp before it and before the cue's end")
            start = max(start, time or 0)
        elif not tag:
            yield Problem(line, "escape", f"{shown!r} is no tag of WebVTT; write &lt; for <")
        elif "\n" in shown or (not tag[1] and (tag[2] in ("v", "lang")) != bool((tag[3] or "").strip())):
            yield Problem(line, "tag", f"{shown!r}: <v> and <lang> take a name, other tags none, on one line")
        elif not tag[1]:
            open_tags.append(tag[2])
        elif open_tags[-1:] == [tag[2]] or (tag[2] == "ruby" and open_tags[-2:] == ["ruby", "rt"]):
            del open_tags[-1 if open_tags[-1] == tag[2] else -2 :]
        else:
            yield Problem(line, "tag", f"{shown} closes nothing that is open")
    # The voice of a whole cue needs no end tag.
    for tag_name in open_tags[open_tags[:1] == ["v"] and text.startswith("<v") :]:
        yield Problem(first_line + len(lines) - 1, "tag", f"<{tag_name}> is not closed")


def _milliseconds(stamp: str) -> int:
    clock, fraction = re.split("[.,]", stamp)
    seconds = 0
    # Only the last nine digits count, because a hostile file may have a number that takes hours to convert.
    for part in clock.split(":"):
        seconds = seconds * 60 + int(part[-9:])
    return seconds * 1000 + int(fraction)


_MAX_BYTES = 32 * 1024 * 1024
_MAX_PROBLEMS = 1000  # more than anyone reads

_SRT_STAMP = r"(\d{2,}:[0-5]\d:[0-5]\d,\d{3})"
# Some programs add the coordinates of a box.
_SRT_TIMINGS = re.compile(rf"{_SRT_STAMP} --> {_SRT_STAMP}(?: +X1:\d+ X2:\d+ Y1:\d+ Y2:\d+)? *", re.ASCII)
_NUMBER = re.compile(r"\d+", re.ASCII)


def check_captions(path: Path) -> list[Problem]:
    """Return the first thousand problems of a WebVTT or SubRip file, in order of line.

    The file extension decides which of the formats is checked; if it is neither .vtt nor .srt, the content decides.

    Raises
    ------
    CaptionError
        The file cannot be read, is too large or binary, or has neither format.
    """
    text, problems = _read(path)
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
    """Return the cues of a WebVTT or SubRip file, even if the file breaks its format.

    Raises
    ------
    CaptionError
        The file cannot be read, is too large or binary.
    """
    return read_cues(_read(path)[0]).cues


def _read(path: Path) -> tuple[str, list[Problem]]:
    """Return the text of a file, and a problem if the file is not UTF-8; U+FFFD replaces invalid bytes in the text."""
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
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        before = data[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        problem = Problem(before.count(b"\n") + 1, "utf-8", f"byte {data[error.start]:#04x} is not UTF-8")
        return data.decode("utf-8", errors="replace"), [problem]


def _srt_problems(text: str) -> Iterator[Problem]:
    lines = split_lines(text.removeprefix("\ufeff"))
    if lines[0].startswith("WEBVTT"):
        yield Problem(1, "format", "this is WebVTT, expected SubRip; name it .vtt")
        return
    expected, last_start, last_end = 1, 0, 0
    for block in blocks(lines, 1, lambda line: not line.strip(" \t")):
        first, timing = block.lines[0], block.lines[1] if len(block.lines) > 1 else ""
        if not _NUMBER.fullmatch(first.strip()):
            if "-->" in first:
                yield Problem(block.line, "number", f"times without a number, expected a line with {expected} above")
            else:
                yield Problem(block.line, "blank line", "text outside a cue, after a blank line")
            continue
        number = int(first.strip()[:18])
        if number != expected:
            yield Problem(block.line, "number", f"cue {number}, expected {expected}")
        expected = number + 1
        found = _SRT_TIMINGS.fullmatch(timing)
        if not found:
            yield Problem(block.line + 1, "times", f"{timing[:60]!r}, expected 00:00:00,000 --> 00:00:00,000")
            continue
        start, end = _milliseconds(found[1]), _milliseconds(found[2])
        yield from _order_problems(block.line + 1, start, end, last_start, last_end)
        last_start, last_end = max(last_start, start), max(last_end, end)
        if len(block.lines) == 2:
            yield Problem(block.line + 2, "text", "the cue has no text")
        yield from _arrows(block, 2)
    if expected == 1:
        yield Problem(1, "empty", "no cues")
