"""Plain text: the file's own characters, cut at line breaks; lines that an editor wrapped are joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from aligner.model import Kind
from aligner.transcript.draft import Draft, Line
from aligner.transcript.marks import TIMES
from aligner.transcript.names import NameShape, clean_name, is_short_form, shape_of

LINE = re.compile(r"[^\n\r\v\f\x85\u2028\u2029]+")
MAX_WRAP_WIDTH = 120  # lines longer than this are paragraphs, not wrapped by an editor
MIN_WRAPPED_PAIRS = 3
LIST_ITEM = re.compile(r"[-–—―•*#>]+\s|\d{1,3}[.)]\s|\[[^\[\]\n]*\]$|\([^()\n]*\)$")
LABEL = re.compile(r"([^:：\n]{1,60}?)\s*[:：](?:\s|$)")
MAX_LINES = 3  # a file of so few lines may hold a whole conversation in one of them
MIN_RUN_ON_CHARS = 200
UNDERLINE = re.compile("={3,}")
AFTER_SENTENCE = re.compile(r"(?<=[.!?…»”\")\]])\s++(?=[^\W\d_a-z])")
HEAD = re.compile(r"([^:：!?…;]{1,41}?)\s*+([:：])(?=\s)")
LAST_WORDS = re.compile(r"(?<=[.!?…»”\")\]])\s++([^:：!?…;»”\")\]\n]{1,40})$")


def read_plain(text: str) -> Draft:
    """The draft of a text file; lines that an editor wrapped are joined, turns run together in one line are parted."""
    lines = _with_titles(text, unwrap(text, split_lines(text)))
    if len(lines) <= MAX_LINES:
        lines = [part for line in lines for part in _turns(text, line)]
    return Draft(text, tuple(lines))


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
    halves = {b.start for b in _second_halves(text, lines, full)}
    broken = {b.start for _, b in full if b.start in halves or not _starts_anew(text, b)}
    joined: list[Line] = []
    for line in lines:
        if joined and line.start in broken:
            joined[-1] = Line(joined[-1].start, line.end)
        else:
            joined.append(line)
    return joined


def _second_halves(text: str, lines: Sequence[Line], full: Sequence[tuple[Line, Line]]) -> Iterator[Line]:
    """The lines that begin within a name, as "María:" does below "… Adiós. Ana": the whole name opens another line, or
    the half opens none."""
    halves: list[tuple[Line, str, str]] = []
    for before, line in full:
        label, tail = LABEL.match(text, line.start, line.end), LAST_WORDS.search(text, before.start, before.end)
        if label and tail and _is_name(f"{tail[1]} {label[1]}"):
            halves.append((line, _folded(f"{tail[1]} {label[1]}"), _folded(label[1])))
    split = {line.start for line, _, _ in halves}
    labels = (LABEL.match(text, line.start, line.end) for line in lines if line.start not in split)
    known = {_folded(label[1]) for label in labels if label}
    yield from (line for line, whole, half in halves if whole in known or half not in known)


def _folded(label: str) -> str:
    return clean_name(label).casefold()


def _adjacent(text: str, first: Line, second: Line) -> bool:
    """No blank line between the two."""
    between = text[first.end : second.start].replace("\r\n", "\n")
    return len(re.findall(r"[\n\r\v\f\x85\u2028\u2029]", between)) == 1


def _starts_anew(text: str, line: Line) -> bool:
    """A dash, list item, lone bracket, time or label: never the rest of the line before."""
    if LIST_ITEM.match(text, line.start, line.end) or TIMES.match(text, line.start, line.end):
        return True
    label = LABEL.match(text, line.start, line.end)
    return label is not None and shape_of(clean_name(label[1])) >= NameShape.ARTICLED


def _first_word_length(text: str, line: Line) -> int:
    return len(text[line.start : line.end].split(maxsplit=1)[0])


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
    own = HEAD.match(text, line.start, line.end)
    heads = [
        (gap, head)
        for gap in AFTER_SENTENCE.finditer(text, line.start, line.end)
        if (head := HEAD.match(text, gap.end(), line.end)) and _is_name(head[1])
    ]
    if own and _is_name(own[1]):
        heads = [(gap, head) for gap, head in heads if head.start(2) != own.start(2)]
    opening = text[line.start : line.start + 60].casefold()
    names = [_folded(head[1]) for _, head in heads]
    counts = Counter(names)
    cuts: dict[int, re.Match[str]] = {}
    for name, (gap, head) in zip(names, heads, strict=True):
        if counts[name] + opening.startswith(name) > 1:
            cuts.setdefault(head.start(2), gap)  # of "M. Roy :" and "Roy :" the longer
    yield from _cut(line, [gap.end() for gap in cuts.values()], [gap.start() for gap in cuts.values()])


def _cut(line: Line, starts: Sequence[int], ends: Sequence[int]) -> Iterator[Line]:
    for start, end in zip([line.start, *starts], [*ends, line.end], strict=True):
        yield replace(line, start=start, end=end)


def _is_name(label: str) -> bool:
    """Whether it is written like a name, and is not the end of a sentence with one after it."""
    *before, _ = label.split()
    shape = shape_of(clean_name(label))
    return shape >= NameShape.ARTICLED and all(map(is_short_form, (word for word in before if "." in word)))
