"""Plain text: the file's own characters, a paragraph a line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from aligner.model import Kind
from aligner.transcript.lines import Draft, Line, split_lines, unwrap
from aligner.transcript.names import Shape, clean_name, shape_of

MAX_LINES = 3  # a file of so few lines may hold a whole conversation in one of them
MIN_RUN_ON_CHARS = 200
UNDERLINE = re.compile("={3,}")
INNER_LABEL = re.compile(r"(?<=[.!?…»”\")\]])\s+(?P<label>[^\W\d_a-z][^:：.!?…;\n]{0,40}?)\s*[:：](?=\s)")


def read_plain(text: str) -> Draft:
    """The draft of a text file; lines that an editor wrapped are joined, turns run together in one line are parted."""
    lines = _with_titles(text, unwrap(text, split_lines(text)))
    if len(lines) <= MAX_LINES:
        lines = [part for line in lines for part in _turns(text, line)]
    return Draft(text, tuple(lines))


def _with_titles(text: str, lines: Sequence[Line]) -> list[Line]:
    """The lines that hold a letter or digit; one underlined with ``===`` is a heading."""
    kept: list[Line] = []
    for line in lines:
        if UNDERLINE.fullmatch(text, line.start, line.end) and kept:
            kept[-1] = replace(kept[-1], kind=Kind.HEADING)
        elif any(char.isalnum() for char in text[line.start : line.end]):
            kept.append(line)
    return kept


def _turns(text: str, line: Line) -> Iterator[Line]:
    """The line cut before each label inside it that opens more than one turn."""
    if line.end - line.start < MIN_RUN_ON_CHARS:
        yield line
        return
    cuts = [match for match in INNER_LABEL.finditer(text, line.start, line.end) if _is_name(match["label"])]
    opening = text[line.start : line.start + 60].casefold()
    names = [clean_name(match["label"]).casefold() for match in cuts]
    counts = Counter(names)
    kept = [cut for cut, name in zip(cuts, names, strict=True) if counts[name] + opening.startswith(name) > 1]
    yield from _cut(line, [cut.start("label") for cut in kept], [cut.start() for cut in kept])


def _cut(line: Line, starts: Sequence[int], ends: Sequence[int]) -> Iterator[Line]:
    for start, end in zip([line.start, *starts], [*ends, line.end], strict=True):
        yield replace(line, start=start, end=end)


def _is_name(label: str) -> bool:
    return shape_of(clean_name(label)) >= Shape.NAME
