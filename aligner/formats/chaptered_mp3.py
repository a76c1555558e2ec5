"""A copy of an MP3 with chapters in its ID3 tag, which podcast players show, and a text of who reviewed the episode;
nothing else of it changes."""

from __future__ import annotations

from typing import BinaryIO

from aligner.durations import to_milliseconds
from aligner.formats import chapter_marks
from aligner.formats.material import Material
from media.errors import Message, UserError
from media.id3 import Mark, check_taggable, write_with_chapters


def write(material: Material, file: BinaryIO) -> None:
    """The copy."""
    marks = [_mark(each) for each in chapter_marks.chapter_marks(material)]
    write_with_chapters(material.sound, material.title, marks, file, " ".join(material.remarks_for_readers))


def lacking(material: Material) -> Message | None:
    """Chapters come from headings, and go into an MP3."""
    if lacks := chapter_marks.lacking(material):
        return lacks
    try:
        check_taggable(material.sound)
    except UserError as error:
        return error.message
    return None


def _mark(of: chapter_marks.ChapterMark) -> Mark:
    return Mark(of.title, to_milliseconds(of.start), to_milliseconds(of.end), of.is_listed)
