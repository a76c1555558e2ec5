"""Chapters as JSON of Podcasting 2.0 (version 1.2.0): one a heading, and silent marks (``toc: false``) where a person
has said that adverts or jingles are."""

from __future__ import annotations

import json
from operator import itemgetter
from pathlib import PurePosixPath
from typing import Any

from aligner.durations import to_milliseconds
from aligner.formats.material import Material
from media.errors import Message


def write(material: Material) -> str:
    """The chapters and marks by their start, in seconds."""
    marks = [_mark(each.start, each.end, title=_on_one_line(each.title)) for each in material.chapters]
    marks += [_mark(each.start, each.end, toc=False) for each in material.adverts]
    details = material.alignment.episode
    told: dict[str, Any] = {
        "version": "1.2.0",
        "title": _on_one_line(material.title),
        **({"podcastName": _on_one_line(details.show)} if details.show else {}),
        "fileName": PurePosixPath(material.alignment.audio.file).name,
        "chapters": sorted(marks, key=itemgetter("startTime")),
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def lacking(material: Material) -> Message | None:
    """Chapters come from headings."""
    return None if material.chapters else Message("the text has no headings, so there are no chapters")


def _mark(start: float, end: float, **told: Any) -> dict[str, Any]:
    return {"startTime": to_milliseconds(start) / 1000, "endTime": to_milliseconds(end) / 1000, **told}


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
