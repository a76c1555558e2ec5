"""Chapters as lines of a video's description, ``0:00 Title``, from which YouTube and PeerTube make them.

YouTube Help, "Add video chapters": the first at 0:00, at least three, in order, each of at least ten seconds. A
description holds no angle brackets and 5,000 bytes (YouTube Data API, ``snippet.description``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aligner.durations import clock
from aligner.formats import chapter_marks
from aligner.formats.material import Chapter, Material
from media.errors import Message

LEAST, MOST_BYTES = 3, 5000
FEWEST = 2  # lines of which there are chapters at all
_SHORTEST = 10.0  # seconds of a chapter
_BRACKETS = str.maketrans("<>", "‹›")


@dataclass(frozen=True, slots=True)
class ChapterLines:
    """The ``lines``, and the titles of chapters that are too short to have one."""

    lines: tuple[str, ...]
    too_short: tuple[str, ...]


def write(material: Material) -> str:
    """A line a chapter; what comes before the first has the episode's title."""
    return "".join(f"{line}\n" for line in chapter_lines(material).lines)


def lacking(material: Material) -> Message | None:
    """That there are no headings, or that they make no chapters of a description."""
    if lacks := chapter_marks.lacking(material):
        return lacks
    if (count := len(chapter_lines(material).lines)) >= FEWEST:
        return None
    return Message(
        "chapters of ten seconds or more are too few for a description: {count}; YouTube shows them from {least} on",
        count=count, least=LEAST,
    )  # fmt: skip


def chapter_lines(material: Material) -> ChapterLines:
    """The lines, and what has none."""
    chapters, too_short = _long_enough(material)
    lines = tuple(f"{clock(each.start)} {_title(each)}" for each in chapters)
    return ChapterLines(lines, tuple(each.title for each in too_short))


def _long_enough(material: Material) -> tuple[list[Chapter], list[Chapter]]:
    """The chapters from 0:00 on that last ten seconds, each until the next of them, and the others."""
    latest = material.alignment.audio.duration - _SHORTEST
    kept: list[Chapter] = []
    too_short: list[Chapter] = []
    for chapter in _from_the_start(material):
        is_long = chapter.start <= latest and (not kept or chapter.start - kept[-1].start >= _SHORTEST)
        (kept if is_long else too_short).append(chapter)
    return kept, too_short


def _from_the_start(material: Material) -> Iterator[Chapter]:
    """The chapters, the first of them at 0:00: it begins earlier than it does, or what comes before it is one."""
    if not material.chapters:
        return
    first, *others = material.chapters
    if first.start >= _SHORTEST:
        yield Chapter(material.title, 0.0, first.start)
        yield first
    else:
        yield Chapter(first.title, 0.0, first.end)
    yield from others


def _title(of: Chapter) -> str:
    return " ".join(of.title.split()).translate(_BRACKETS)
