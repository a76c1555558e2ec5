"""What is wrong with the text of a WebVTT cue: tags, timestamps and escapes (section 4.2.2 of the specification)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.entities import html5

from aligner.captions.problem import Problem
from aligner.captions.vtt_stamp import STAMP, milliseconds

_MARK = re.compile(r"<[^<>]*>?|&(?:#\d+;|#[xX][0-9a-fA-F]+;|[A-Za-z][A-Za-z0-9]*;)?", re.ASCII)
_STAMP = re.compile(STAMP, re.ASCII)
_START_TAG = re.compile(r"([a-z]+)((?:\.[^\s.<>&]+)*)(?:[ \t]+(.*))?", re.DOTALL)
_TAGS = frozenset({"c", "i", "b", "u", "ruby", "rt", "v", "lang"})
_ANNOTATED = frozenset({"v", "lang"})


@dataclass(slots=True)
class _Reading:
    """How far the check of one cue has come."""

    last_stamp: int
    end: int
    open_tags: list[str] = field(default_factory=list)


def cue_text_problems(lines: Sequence[str], first_line: int, start: int, end: int) -> Iterator[Problem]:
    """The problems of a cue's text; ``start`` and ``end`` are the cue's times in milliseconds."""
    text = "\n".join(lines)
    reading = _Reading(start, end)
    for mark in _MARK.finditer(text):
        for rule, message in _mark_problems(mark, reading):
            yield Problem(first_line + text.count("\n", 0, mark.start()), rule, message)
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
    if not _STAMP.fullmatch(stamp):
        yield "stamp", f"<{stamp[:40]}> is no timestamp, expected <00:00:00.000>"
        return
    time = milliseconds(stamp)
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
