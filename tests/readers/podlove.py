"""How Podlove Publisher (for WordPress) reads WebVTT: a model of what it does, written from that."""

from __future__ import annotations

import re
from html import unescape

from tests.readers.rows import Row

_VOICE = re.compile(r"<v\S*\s+([^>]+)>(.*)")
_TIMES = re.compile(r"\s*\d+:\d\d(?::\d\d)?\.\d{3}\s*-->\s*\d+:\d\d(?::\d\d)?\.\d{3}")


def read_vtt(content: str) -> list[Row]:
    """Lines of a cue are joined without a space; a name at the beginning is its voice; a comment ends its block.

    Raises
    ------
    ValueError
        What it refuses: another header, an identifier without a cue, a time that is none.
    """
    content = re.sub("\r\n?", "\n", content)
    header, _, blocks = content.partition("\n")
    if not re.fullmatch("WEBVTT(?:[ \t].*)?", header):
        raise ValueError("no WEBVTT at the beginning")
    if blocks and not blocks.startswith("\n"):
        raise ValueError("expected a line terminator")
    rows = []
    for block in re.split("\n\n+", blocks.strip("\n")):
        row = _row(block.split("\n")) if block else None
        if row:
            rows.append(row)
    return rows


def _row(lines: list[str]) -> Row | None:
    text, has_times = "", False
    for number, line in enumerate(lines):
        if line == "0":  # which PHP holds for empty
            break
        if line == "NOTE" or line.startswith("NOTE "):
            return None
        if "-->" in line and not has_times:
            if number > 1 or not _TIMES.match(line):
                raise ValueError(f"expected times, not {line!r}")
            has_times = True
        elif has_times:
            text += line
        elif number:
            raise ValueError("missing cue timings")
    if not has_times:
        raise ValueError("an identifier cannot stand alone")
    voice = _VOICE.match(text)
    return Row(unescape(voice[1]).strip(), unescape(voice[2]).strip()) if voice else Row("", unescape(text))
