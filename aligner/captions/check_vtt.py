"""What is wrong with a WebVTT file, by the rules for authors in https://www.w3.org/TR/webvtt1/ (section 4)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from aligner.captions.check_cue_text import cue_text_problems
from aligner.captions.problem import Block, Problem, blocks, split_lines
from aligner.captions.vtt_stamp import STAMP, milliseconds

_TIMINGS = re.compile(rf"({STAMP})[ \t]+-->[ \t]+({STAMP})(?:[ \t]+(.*?))?[ \t]*", re.ASCII)
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
        start, end = milliseconds(found[1]), milliseconds(found[2])
        if end <= start:
            yield Problem(line, "end", "the cue ends no later than it starts")
        if start < self._last_start:
            yield Problem(line, "order", "the cue starts before one above it")
        self._last_start = max(self._last_start, start)
        yield from _setting_problems(line, found[3] or "")
        yield from _arrows(block, timing + 1)
        yield from cue_text_problems(block.lines[timing + 1 :], line + 1, start, end)


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
