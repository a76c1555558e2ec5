"""Read plain text: split it into lines, and join lines that an editor wrapped at a fixed width."""

from __future__ import annotations

import re
from itertools import pairwise

from aligner.transcript.draft import Draft, Line
from aligner.transcript.marks import TIMES
from aligner.transcript.names import NameShape, clean_name, shape_of

LINE = re.compile(r"\S(?:[^\n\r\v\f\x85\u2028\u2029]*\S)?")
MAX_WRAP_WIDTH = 120  # characters; longer lines are paragraphs
MIN_WRAPPED_PAIRS = 3
LIST_ITEM = re.compile(r"[-–—―•*#>]+\s|\d{1,3}[.)]\s|\[[^\[\]\n]*\]$|\([^()\n]*\)$")
LABEL = re.compile(r"([^:：\n]{1,60}?)\s*[:：](?:\s|$)")


def read_plain(text: str) -> Draft:
    """Return the draft of a plain text file. Lines without a letter or digit are omitted."""
    lines = unwrap(text, split_lines(text))
    return Draft(text, tuple(line for line in lines if any(map(str.isalnum, text[line.start : line.end]))))


def split_lines(text: str) -> list[Line]:
    """Return the lines of ``text`` that are not blank."""
    return [Line(*match.span()) for match in LINE.finditer(text)]


def unwrap(text: str, lines: list[Line]) -> list[Line]:
    """Join lines that an editor wrapped at a fixed width, and return all lines.

    A line counts as wrapped if the first word of the next line would not have fitted on it.
    """
    width = max((line.end - line.start for line in lines), default=0)
    pairs = [(a, b) for a, b in pairwise(lines) if _adjacent(text, a, b)]
    full = [(a, b) for a, b in pairs if a.end - a.start + 1 + len(text[b.start : b.end].split(None, 1)[0]) > width]
    lower = sum(text[b.start].islower() for _, b in full)
    if width > MAX_WRAP_WIDTH or len(full) < max(MIN_WRAPPED_PAIRS, len(pairs) / 2) or lower < len(full) / 3:
        return lines
    broken = {b.start for _, b in full if not _starts_paragraph(text, b)}
    joined: list[Line] = []
    for line in lines:
        if joined and line.start in broken:
            joined[-1] = Line(joined[-1].start, line.end)
        else:
            joined.append(line)
    return joined


def _adjacent(text: str, first: Line, second: Line) -> bool:
    between = text[first.end : second.start].replace("\r\n", "\n")
    return len(re.findall(r"[\n\r\v\f\x85\u2028\u2029]", between)) == 1


def _starts_paragraph(text: str, line: Line) -> bool:
    """Return whether a line starts with a dash, list marker, time or speaker's label, or is entirely in brackets."""
    if LIST_ITEM.match(text, line.start, line.end) or TIMES.match(text, line.start, line.end):
        return True
    label = LABEL.match(text, line.start, line.end)
    return label is not None and shape_of(clean_name(label[1])) >= NameShape.ARTICLED
