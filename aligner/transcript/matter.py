"""What stands around the talk: credits and page text above it, notes and sources below it, lists of chapters.

Each function corrects the kinds of a file's lines, None being speech.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from aligner.model import Kind
from aligner.transcript.labels import ends_sentence
from aligner.transcript.lines import Line
from aligner.transcript.speakers import Label
from aligner.transcript.times import TIME
from aligner.transcript.vocabulary import ARTICLES, CREDITS, END_MATTER, METADATA, ROLES, TRANSCRIPT_TITLES

Kinds = list[Kind | None]

CREDIT = re.compile(r"([^\s:：][^:：]{0,40}?)\s*[:：]")
CHAPTER = re.compile(rf"{TIME}\s*[-–—|:]?\s*(\S.{{0,80}})")
NUMBERED = re.compile(r"(\d{1,3})[.)]\s+\S")
FIRST_MARK = re.compile(r"\[1\]|¹")
MIN_CHAPTERS = 3
BULLETS = "-–—•*"
EDGES = "#*_ :.–—-"


def mark_front_matter(text: str, lines: Sequence[Line], labels: Sequence[Label | None], kinds: Kinds) -> None:
    """Above the first turn: all that comes before a heading "Transcript", and credits such as ``Date : 4 mai``."""
    in_list = False  # under a line such as "Guests:"
    first_label = next((at for at, label in enumerate(labels) if label), len(lines))
    for at in range(first_label):
        if _title(text, lines[at]) in TRANSCRIPT_TITLES:
            kinds[: at + 1] = [kind or Kind.NOTE for kind in kinds[:at]] + [Kind.HEADING]
            in_list = False
        elif kinds[at] is None and (_is_credit(text, lines[at]) or (in_list and text[lines[at].start] in BULLETS)):
            in_list = in_list or text[lines[at].end - 1] in ":："
            kinds[at] = Kind.NOTE
        else:
            in_list = False


def mark_end_matter(text: str, lines: Sequence[Line], labels: Sequence[Label | None], kinds: Kinds) -> None:
    """After a last heading such as "Notes" or "Références", nothing is spoken; nor is a numbered list of references."""
    last_label = max((at for at, label in enumerate(labels) if label), default=-1)
    for at in range(max(1, last_label + 1), len(lines)):
        if _title(text, lines[at]) in END_MATTER:
            kinds[at:] = [Kind.HEADING] + [Kind.NOTE] * (len(lines) - at - 1)
            return
    listed = _reference_list(text, lines[last_label + 1 :]) if FIRST_MARK.search(text) else 0
    kinds[len(lines) - listed :] = [kind or Kind.NOTE for kind in kinds[len(lines) - listed :]]


def _reference_list(text: str, lines: Sequence[Line]) -> int:
    """How many of the last lines are numbered 1, 2, 3...: the references that the text's marks point to."""
    numbers = [NUMBERED.match(text, line.start, line.end) for line in lines]
    length = 0
    while length < len(numbers) and numbers[-1 - length]:
        length += 1
    found = [int(number[1]) for number in numbers[len(numbers) - length :] if number]
    return length if found == list(range(1, length + 1)) else 0


def mark_chapters(text: str, lines: Sequence[Line], labels: Sequence[Label | None], kinds: Kinds) -> None:
    """Lines of a time and a title: alone a heading, three together a list of chapters.

    Where most lines have a time, that is how the talk itself is written.
    """
    is_chapter = [
        label is None and kind is None and _is_chapter(text, line)
        for line, label, kind in zip(lines, labels, kinds, strict=True)
    ]
    if 2 * sum(is_chapter) > len(lines):
        return
    for chapter, run in groupby(range(len(lines)), key=is_chapter.__getitem__):
        found = list(run)
        for at in found if chapter else []:
            kinds[at] = Kind.NOTE if len(found) >= MIN_CHAPTERS else Kind.HEADING


def _title(text: str, line: Line) -> str:
    return " ".join(text[line.start : line.end].strip(EDGES).casefold().split())


def _is_credit(text: str, line: Line) -> bool:
    found = CREDIT.match(text, line.start, line.end)
    words = found[1].casefold().strip(EDGES).split() if found else []
    named = words[1:2] if words and words[0] in ARTICLES else words[:1]
    if any(word in METADATA for word in named):
        return True
    return any(word in ROLES or word in CREDITS for word in named) and not ends_sentence(text[line.start : line.end])


def _is_chapter(text: str, line: Line) -> bool:
    found = CHAPTER.fullmatch(text, line.start, line.end)
    return found is not None and not ends_sentence(found[1]) and not found[1][0].islower()
