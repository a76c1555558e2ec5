"""Plain text: the file's own characters, cut at line breaks; lines that an editor wrapped are joined."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from aligner.model import Kind
from aligner.transcript.draft import Draft, Line
from aligner.transcript.marks import TIMES
from aligner.transcript.names import NameShape, clean_name, shape_of

LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
MAX_WRAP_WIDTH = 120  # lines longer than this are paragraphs, not wrapped by an editor
MIN_WRAPPED_PAIRS = 3
LIST_ITEM = re.compile(r"[-–—―•*#>]+\s|\d{1,3}[.)]\s|\[[^\[\]\n]*\]$|\([^()\n]*\)$")
LABEL = re.compile(r"([^:：\n]{1,60}?)\s*[:：](?:\s|$)")
UNDERLINE = re.compile("={3,}")


def read_plain(text: str) -> Draft:
    """Return the draft of a text file; lines that an editor wrapped are joined."""
    return Draft(text, tuple(_with_titles(text, unwrap(text, split_lines(text)))))


def split_lines(text: str) -> list[Line]:
    """Return the lines of ``text`` that hold more than white space."""
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
    """Return whether there is no blank line between the two."""
    between = text[first.end : second.start].replace("\r\n", "\n")
    return len(re.findall(r"[\n\r\v\f\x85\u2028\u2029]", between)) == 1


def _starts_anew(text: str, line: Line) -> bool:
    """Return whether it is a dash, list item, lone bracket, time or label: never the rest of the line before."""
    if LIST_ITEM.match(text, line.start, line.end) or TIMES.match(text, line.start, line.end):
        return True
    label = LABEL.match(text, line.start, line.end)
    return label is not None and shape_of(clean_name(label[1])) >= NameShape.ARTICLED


def _first_word_length(text: str, line: Line) -> int:
    return len(text[line.start : line.end].split(maxsplit=1)[0])


def _with_titles(text: str, lines: Sequence[Line]) -> list[Line]:
    """Return the lines that hold a letter or digit; one underlined with ``===`` is a heading."""
    kept: list[Line] = []
    for line in lines:
        if UNDERLINE.fullmatch(text, line.start, line.end) and kept:
            kept[-1] = replace(kept[-1], kind=Kind.HEADING)
        elif any(char.isalnum() for char in text[line.start : line.end]):
            kept.append(line)
    return kept
