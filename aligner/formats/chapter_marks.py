"""Chapters as marks in the sound: those of the table of contents, and those that it leaves out.

Adverts and jingles are such. Players that show every mark, as AntennaPod does, take each to last until the next begins,
so where one ends within a chapter a mark says that this goes on.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from operator import attrgetter

from aligner.formats.material import Material
from aligner.languages import language_of
from aligner.model import SettledKind
from media.errors import Message


@dataclass(frozen=True, slots=True)
class ChapterMark:
    """A mark at ``start`` seconds; ``is_listed`` is whether the table of contents has it."""

    title: str
    start: float
    end: float
    is_listed: bool = True


def chapter_marks(material: Material) -> list[ChapterMark]:
    """The marks by their start."""
    chapters = [ChapterMark(each.title, each.start, each.end) for each in material.chapters]
    return sorted([*chapters, *_unlisted(material)], key=attrgetter("start"))


def lacking(material: Material) -> Message | None:
    """Chapters come from headings."""
    return None if material.chapters else Message("the text has no headings, so there are no chapters")


def _unlisted(material: Material) -> Iterator[ChapterMark]:
    names = language_of(material.language).captioning
    called = {SettledKind.ADVERT: names.advert.capitalize(), SettledKind.JINGLE: names.jingle.capitalize()}
    passages = sorted((each for each in material.alignment.settled if each.kind in called), key=attrgetter("start"))
    furthest = list(accumulate((each.end for each in passages), max))
    for passage in passages:
        yield ChapterMark(called[passage.kind], passage.start, passage.end, is_listed=False)
        if furthest[bisect_right(passages, passage.end, key=attrgetter("start")) - 1] > passage.end:
            continue  # another is there already
        begun = bisect_left(material.chapters, passage.end, key=attrgetter("start"))
        for chapter in material.chapters[max(0, begun - 1) : begun]:
            if passage.end < chapter.end:
                yield ChapterMark(chapter.title, passage.end, chapter.end, is_listed=False)
