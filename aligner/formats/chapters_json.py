"""Chapters as JSON of Podcasting 2.0 (version 1.2.0): one a heading, and silent marks (``toc: false``) where a person
has said that adverts or jingles are."""

from __future__ import annotations

import json
from typing import Any

from aligner.durations import to_milliseconds
from aligner.formats.chapter_marks import ChapterMark, chapter_marks, lacking
from aligner.formats.material import Material
from aligner.formats.text_lines import on_one_line

__all__ = ["lacking", "write"]


def write(material: Material) -> str:
    """The chapters and marks by their start, in seconds."""
    show = material.alignment.episode.show
    told = {
        "version": "1.2.0",
        "title": on_one_line(material.title),
        **({"podcastName": on_one_line(show)} if show else {}),
        "fileName": material.upload_sound,
        "chapters": [_told(each) for each in chapter_marks(material)],
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _told(mark: ChapterMark) -> dict[str, Any]:
    return {
        "startTime": to_milliseconds(mark.start) / 1000,
        "endTime": to_milliseconds(mark.end) / 1000,
        "title": on_one_line(mark.title),
        **({} if mark.is_listed else {"toc": False}),
    }
