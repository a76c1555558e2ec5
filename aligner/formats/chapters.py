"""Write the headings as chapters: JSON, a WebVTT track, a tagged copy of an MP3, or lines of a description.

Ads and jingles are marks outside the table of contents. Some players, such as AntennaPod, show every mark until the
next mark starts. So if an ad ends within a chapter, an unlisted mark with the chapter's title follows the ad.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from operator import attrgetter
from pathlib import PurePosixPath
from typing import BinaryIO

from aligner.durations import clock, to_milliseconds
from aligner.formats.material import Chapter, Material
from aligner.formats.text_lines import on_one_line
from aligner.languages import language_of
from aligner.model import AnnotationKind
from aligner.timed_text import CueBlock, write_vtt
from aligner.timed_text.write import vtt_text
from media.errors import Message, UserError
from media.id3 import Mark, check_taggable, write_with_chapters

# YouTube Help, "Add video chapters": the first at 0:00, at least three, in order, each of at least ten seconds. A
# description has at most 5,000 bytes and no angle brackets (YouTube Data API, ``snippet.description``).
LEAST, MOST_BYTES = 3, 5000
FEWEST = 2  # chapters in a description
_SHORTEST = 10.0  # seconds of a chapter
_BRACKETS = str.maketrans("<>", "‹›")


@dataclass(frozen=True, slots=True)
class ChapterMark:
    """A mark for a chapter, ad or jingle, in seconds; ``is_listed`` says whether it is in the table of contents."""

    title: str
    start: float
    end: float
    is_listed: bool = True


def chapter_marks(material: Material) -> list[ChapterMark]:
    """Return the marks of chapters, ads and jingles, sorted by start."""
    chapters = [ChapterMark(each.title, each.start, each.end) for each in material.chapters]
    return sorted([*chapters, *_unlisted(material)], key=attrgetter("start"))


def _unlisted(material: Material) -> Iterator[ChapterMark]:
    names = language_of(material.language).captioning
    called = {AnnotationKind.AD: names.ad.capitalize(), AnnotationKind.JINGLE: names.jingle.capitalize()}
    passages = sorted(material.ads, key=attrgetter("start"))
    furthest = list(accumulate((each.end for each in passages), max))
    for passage in passages:
        yield ChapterMark(called[passage.kind], passage.start, passage.end, is_listed=False)
        if furthest[bisect_right(passages, passage.end, key=attrgetter("start")) - 1] > passage.end:
            continue  # another passage covers the end
        begun = bisect_left(material.chapters, passage.end, key=attrgetter("start"))
        for chapter in material.chapters[max(0, begun - 1) : begun]:
            if passage.end < chapter.end:
                yield ChapterMark(chapter.title, passage.end, chapter.end, is_listed=False)


def unavailable(material: Material) -> Message | None:
    """Return a message if the episode has no chapters, else None."""
    return None if material.chapters else Message("the text has no headings, so there are no chapters")


def chapters_json(material: Material) -> str:
    """Return Podcasting 2.0 chapters (version 1.2.0): a chapter for each heading, and hidden marks (``toc: false``) for
    annotated ads and jingles."""
    show = material.alignment.episode.show
    chapters = [
        {
            "startTime": to_milliseconds(mark.start) / 1000,
            "endTime": to_milliseconds(mark.end) / 1000,
            "title": on_one_line(mark.title),
            **({} if mark.is_listed else {"toc": False}),
        }
        for mark in chapter_marks(material)
    ]
    content = {
        "version": "1.2.0",
        "title": on_one_line(material.title),
        **({"podcastName": on_one_line(show)} if show else {}),
        "fileName": f"{material.upload_name}{PurePosixPath(material.alignment.audio.file).suffix.lower()}",
        "chapters": chapters,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def chapters_vtt(material: Material) -> str:
    """Return a WebVTT track (``<track kind="chapters">``). Each chapter is a cue with the title as its text."""
    blocks = (CueBlock(each.start, each.end, (vtt_text(each.title),)) for each in material.chapters)
    return write_vtt(blocks, material.remarks)


def chaptered_mp3(material: Material, file: BinaryIO) -> None:
    """Write a copy of the MP3 with chapters and the remarks on quality and review in its ID3 tag; the rest of the file
    is unchanged."""
    marks = [
        Mark(each.title, to_milliseconds(each.start), to_milliseconds(each.end), each.is_listed)
        for each in chapter_marks(material)
    ]
    write_with_chapters(material.audio, material.title, marks, file, " ".join(material.remarks_for_readers))


def chaptered_mp3_unavailable(material: Material) -> Message | None:
    """Return a message if the episode has no chapters or its audio is not MP3, else None."""
    if missing := unavailable(material):
        return missing
    try:
        check_taggable(material.audio)
    except UserError as error:
        return error.message
    return None


@dataclass(frozen=True, slots=True)
class ChapterLines:
    """Lines such as ``0:00 Title`` for a description, and the titles of chapters that are too short for a line."""

    lines: tuple[str, ...]
    too_short: tuple[str, ...]


def chapter_lines(material: Material) -> str:
    """Return lines for a video's description, ``0:00 Title``, from which YouTube and PeerTube make chapters. If the
    first chapter starts at ten seconds or later, a line with the episode's title precedes it."""
    return "".join(f"{line}\n" for line in lines_of(material).lines)


def chapter_lines_unavailable(material: Material) -> Message | None:
    """Return a message if there are no headings, or too few chapters for a description; else None."""
    if missing := unavailable(material):
        return missing
    if (count := len(lines_of(material).lines)) >= FEWEST:
        return None
    return Message(
        "chapters of ten seconds or more are too few for a description: {count}; YouTube shows them from {least} on",
        count=count, least=LEAST,
    )  # fmt: skip


def lines_of(material: Material) -> ChapterLines:
    """Return the lines of chapters of ten seconds or more, and the titles of the others."""
    latest = material.alignment.audio.duration - _SHORTEST
    long_enough: list[Chapter] = []
    too_short: list[str] = []
    for chapter in _from_the_start(material):
        if chapter.start <= latest and (not long_enough or chapter.start - long_enough[-1].start >= _SHORTEST):
            long_enough.append(chapter)
        else:
            too_short.append(chapter.title)
    titles = (" ".join(each.title.split()).translate(_BRACKETS) for each in long_enough)
    lines = (f"{clock(each.start)} {title}" for each, title in zip(long_enough, titles, strict=True))
    return ChapterLines(tuple(lines), tuple(too_short))


def _from_the_start(material: Material) -> Iterator[Chapter]:
    """Yield chapters from 0:00. If the first starts before 10 s, extend it, else add one with the episode's title."""
    if not material.chapters:
        return
    first, *others = material.chapters
    if first.start >= _SHORTEST:
        yield Chapter(material.title, 0.0, first.start)
        yield first
    else:
        yield Chapter(first.title, 0.0, first.end)
    yield from others
