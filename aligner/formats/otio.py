"""OpenTimelineIO: the episode cut at every turn, for editing software that reads it or formats made from it.

An audio track holds the whole episode. An empty video track is added, since FCPXML attaches audio to video. Chapters,
saved quotes, ads and passages to check are markers. The OpenTimelineIO library has no wheels for every Python version,
so this module writes the JSON itself, in the first schema versions, which every later library reads:
https://opentimelineio.readthedocs.io/en/latest/tutorials/otio-serialized-schema.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from aligner.formats.cuts import FRAMES_PER_SECOND, Cut, audio_name, cuts, named
from aligner.formats.intervals import steps
from aligner.formats.material import Material
from aligner.formats.text_lines import beginning, on_one_line
from aligner.locating.quality import doubtful_runs
from aligner.pins import open_untranscribed
from aligner.storage.checked_json import encodable

_Object = dict[str, Any]


def otio(material: Material) -> str:
    """Return the timeline as JSON. Names are shortened; ``metadata`` has the full texts under the key ``quotecast``."""
    clips = cuts(material)
    length = clips[-1].end
    sound = _object("Track.1", "", kind="Audio", children=[_clip(each, material, length) for each in clips])
    gap = _object("Gap.1", "", source_range=_range(0, length))
    picture = _object("Track.1", "", kind="Video", children=[gap])
    stack = _object("Stack.1", "tracks", children=[picture, sound], markers=list(_markers(material)))
    timeline = _object(
        "Timeline.1", on_one_line(material.title), _about(material), global_start_time=None, tracks=stack
    )
    return encodable(json.dumps(timeline, ensure_ascii=False, indent=1)) + "\n"


def _about(material: Material) -> _Object:
    alignment = material.alignment
    return {
        "remarks": list(material.remarks),
        "verdict": alignment.verdict,
        "coverage": alignment.coverage,
        "language": alignment.language,
        "show": alignment.episode.show,
        "date": alignment.episode.date,
        "url": alignment.episode.url,
    }


def _clip(cut: Cut, material: Material, length: int) -> _Object:
    about = None
    if cut.turn:
        text = " ".join(each.text for each in cut.turn.paragraphs)
        about = {"speaker": cut.turn.speaker, "kind": cut.turn.kind, "text": text}
    url = quote(material.audio_path, errors="surrogateescape")
    sound = _schema(
        "ExternalReference.1", name=on_one_line(audio_name(material)), target_url=url, available_range=_range(0, length)
    )
    return _object(
        "Clip.1", cut.name, about, source_range=_range(cut.start, cut.end), media_reference=sound, markers=[]
    )


def _markers(material: Material) -> Iterator[_Object]:
    alignment = material.alignment
    for chapter in material.chapters:
        name = beginning(chapter.title)
        yield _marker(name, "BLUE", chapter.start, chapter.start, kind="chapter", text=chapter.title)
    for each in material.quotes:
        yield _marker(named(each.speaker, each.text), "GREEN", each.start, each.end, kind="quote", text=each.text)
    for ad in material.ads:
        yield _marker("ad", "PURPLE", ad.start, ad.end, kind="ad")
    for words, span in doubtful_runs(alignment):
        text = " ".join(alignment.words[k].word.text for k in words)
        yield _marker(f"doubtful: {beginning(text)}", "ORANGE", span.start, span.end, kind="doubtful", text=text)
    for passage in open_untranscribed(alignment):
        name = f"not in the text: {beginning(passage.text)}"
        yield _marker(name, "RED", passage.start, passage.end, kind="untranscribed", text=passage.text)


def _marker(name: str, color: str, start: float, end: float, **about: str) -> _Object:
    first, last = steps(start, FRAMES_PER_SECOND), steps(end, FRAMES_PER_SECOND)
    marked = _range(first, max(first, last))
    return _object("Marker.2", name, about, color=color, comment=about.get("text", ""), marked_range=marked)


def _range(start: int, end: int) -> _Object:
    return _schema("TimeRange.1", start_time=_time(start), duration=_time(end - start))


def _time(frame: int) -> _Object:
    return _schema("RationalTime.1", rate=float(FRAMES_PER_SECOND), value=float(frame))


def _object(schema: str, name: str, about: _Object | None = None, **fields: Any) -> _Object:
    """Return an OTIO object of type ``schema``. The object's metadata holds ``about`` under the key ``quotecast``."""
    return _schema(schema, name=name, metadata={"quotecast": about} if about else {}, **fields)


def _schema(schema: str, **fields: Any) -> _Object:
    return {"OTIO_SCHEMA": schema, **fields}
