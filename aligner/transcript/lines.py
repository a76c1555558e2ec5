"""What every format's reader hands on: the plain text, its lines, and what the format itself says of each line.

Conventions: offsets are half-open and count code points of ``Draft.text``; a line leaves out its line break and the
white space around it, and is never empty.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from aligner.model import Kind
from aligner.transcript.names import Shape, clean_name, shape_of
from aligner.transcript.times import TIMES

LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
MAX_WRAP_WIDTH = 120  # lines longer than this are paragraphs, not wrapped by an editor
MIN_WRAPPED_PAIRS = 3
LIST_ITEM = re.compile(r"[-–—―•*#>]+\s|\d{1,3}[.)]\s|\[[^\[\]\n]*\]$|\([^()\n]*\)$")
LABEL = re.compile(r"([^:：\n]{1,60}?)\s*[:：](?:\s|$)")


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph of the text, with what markup says of it.

    ``kind`` and ``speaker`` are None where markup says nothing; ``label_end`` is where a label given by markup ends
    (the line's start, if the speaker is named outside the text); ``bold_end`` where an opening run of bold ends.
    """

    start: int
    end: int
    kind: Kind | None = None
    speaker: str | None = None
    label_end: int | None = None
    bold_end: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A transcript before it is understood. ``guess_headings`` is off where the format marks them, or has none."""

    text: str
    lines: tuple[Line, ...]
    title: str | None = None
    language: str | None = None
    guess_headings: bool = True


def split_lines(text: str) -> list[Line]:
    """The lines of `text` that hold more than white space."""
    found = []
    for match in LINE.finditer(text):
        line = match.group()
        if stripped := line.strip():
            start = match.start() + len(line) - len(line.lstrip())
            found.append(Line(start, start + len(stripped)))
    return found


def unwrap(text: str, lines: list[Line]) -> list[Line]:
    """Join lines that an editor broke at a fixed width; other text comes back as it was.

    A line was broken there if the next line's first word would not have fitted on it.
    """
    width = max((line.end - line.start for line in lines), default=0)
    pairs = [(a, b) for a, b in pairwise(lines) if _adjacent(text, a, b)]
    full = [(a, b) for a, b in pairs if a.end - a.start + 1 + _first_word_length(text, b) > width]
    lower = sum(text[b.start].islower() for _, b in full)
    if width > MAX_WRAP_WIDTH or len(full) < max(MIN_WRAPPED_PAIRS, len(pairs) / 2) or lower < len(full) / 3:
        return lines
    broken = {b.start for _, b in full if not _starts_anew(text, b)}
    joined: list[Line] = []
    for line in lines:
        if joined and line.start in broken:
            joined[-1] = Line(joined[-1].start, line.end)
        else:
            joined.append(line)
    return joined


def _adjacent(text: str, first: Line, second: Line) -> bool:
    """No blank line between the two."""
    between = text[first.end : second.start].replace("\r\n", "\n")
    return len(re.findall(r"[\n\r\v\f\x85\u2028\u2029]", between)) == 1


def _starts_anew(text: str, line: Line) -> bool:
    """A dash, list item, lone bracket, time or label: never the rest of the line before."""
    if LIST_ITEM.match(text, line.start, line.end) or TIMES.match(text, line.start, line.end):
        return True
    label = LABEL.match(text, line.start, line.end)
    return label is not None and shape_of(clean_name(label[1])) >= Shape.NAME


def _first_word_length(text: str, line: Line) -> int:
    return len(text[line.start : line.end].split(maxsplit=1)[0])
