"""A copy of an MP3 with chapters in its ID3 tag, which podcast players show; nothing else of it changes.

Adverts and jingles are marks that the table of contents leaves out. Players that list every mark, as AntennaPod does,
take each to last until the next begins, so where one ends within a chapter a mark says that this goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from aligner.durations import to_milliseconds
from aligner.formats.material import Material
from aligner.languages import language_of
from aligner.settled import SettledKind
from media.errors import Message, UserError
from media.id3 import Mark, check_taggable, write_with_chapters


def write(material: Material, file: BinaryIO) -> None:
    """The copy."""
    write_with_chapters(material.sound, material.title, [*_marks(material)], file)


def lacking(material: Material) -> Message | None:
    """Chapters come from headings, and go into an MP3."""
    if not material.chapters:
        return Message("the text has no headings, so there are no chapters")
    try:
        check_taggable(material.sound)
    except UserError as error:
        return error.message
    return None


def _marks(material: Material) -> Iterator[Mark]:
    for chapter in material.chapters:
        yield _mark(chapter.title, chapter.start, chapter.end)
    names = language_of(material.language).captioning
    called = {SettledKind.ADVERT: names.advert.capitalize(), SettledKind.JINGLE: names.jingle.capitalize()}
    for settled in material.alignment.settled:
        if settled.kind not in called:
            continue
        yield _mark(called[settled.kind], settled.start, settled.end, is_listed=False)
        for chapter in material.chapters:
            if chapter.start < settled.end < chapter.end:
                yield _mark(chapter.title, settled.end, chapter.end, is_listed=False)


def _mark(title: str, start: float, end: float, is_listed: bool = True) -> Mark:
    return Mark(title, to_milliseconds(start), to_milliseconds(end), is_listed)
