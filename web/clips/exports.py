"""What a person chose for a clip, and the work that makes it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from msgspec import Meta, Struct

from aligner.durations import to_milliseconds
from aligner.model import Alignment, Span
from aligner.publishing.clips import clip_name
from aligner.publishing.platforms import LOUDEST_LUFS, PODCAST_LUFS, QUIETEST_LUFS
from aligner.quotes import Quote, quote_of_words
from aligner.storage.checked_json import MisfitError, convert
from media.listing import entries
from media.video.shapes import SHAPES, ShapeName
from web.errors import Unusable, WebError
from web.jobs import Job, Jobs
from web.jobs.kinds import CLIPS, LONGEST_WORDING, Audiogram, Clip, SoundFormat
from web.library import exclusive
from web.quotes.selection import checked_words

KINDS = (Clip.kind, Audiogram.kind)
FORMATS: tuple[SoundFormat, ...] = get_args(SoundFormat)
LONGEST = 30 * 60.0  # seconds of a clip

_TYPES = {"mp3": "audio/mpeg", "m4a": "audio/mp4", "wav": "audio/wav", "flac": "audio/flac", "opus": "audio/ogg"}
_MOST = 200  # exports at once
_UNSPEAKABLE = re.compile("[\0\ud800-\udfff]")  # what no command line carries: NUL, and halves of surrogate pairs


@dataclass(frozen=True, slots=True)
class Export:
    """One clip that is wanted: words, and how they are to be cut and finished.

    ``edges`` are exact, in seconds of the episode and whole milliseconds; None where the cut is ours to find. ``shape``
    makes it an audiogram, ``text`` being the wording on it; else it is a sound of ``format``. ``lufs`` None leaves the
    loudness alone; without ``listen`` nobody compares what is heard with what is printed.
    """

    words: range
    edges: Span | None = None
    format: SoundFormat = "mp3"
    shape: ShapeName | None = None
    lufs: float | None = PODCAST_LUFS
    tighten: bool = False
    text: str | None = None
    listen: bool = True

    @property
    def sound_type(self) -> str:
        """The media type of its sound as it is previewed."""
        return _TYPES["mp3" if self.shape else self.format]


class _Request(Struct):
    """An export as the page's scripts ask for it; empty texts and None say that there is none."""

    first: int
    last: int
    start: float | None = None
    end: float | None = None
    format: SoundFormat = "mp3"
    shape: ShapeName | Literal[""] | None = None
    lufs: Annotated[float, Meta(ge=QUIETEST_LUFS, le=LOUDEST_LUFS)] | None = PODCAST_LUFS
    tighten: bool = False
    text: Annotated[str, Meta(max_length=LONGEST_WORDING)] | None = None
    listen: bool = True


def read_exports(alignment: Alignment, given: Mapping[str, Any]) -> list[Export]:
    """The ``exports`` that a request asks for, at least one; each is read as ``read_export`` does, and raises as it."""
    wanted = given.get("exports")
    if not isinstance(wanted, list) or not 0 < len(wanted) <= _MOST:
        raise WebError("clip.refused.exports", most=_MOST)
    return [read_export(alignment, each) for each in wanted]


def read_export(alignment: Alignment, given: object) -> Export:
    """The export that a request asks for; what it does not name is as ``Export`` has it.

    Raises
    ------
    WebError
        A value is none of those there are.
    Unusable
        The episode has no such words, or the clip would have no such edges or wording.
    """
    duration = alignment.audio.duration
    try:
        asked = convert(given, _Request)
    except MisfitError as error:
        raise _refusal(error.place, duration) from error
    edges = _edges(asked, duration)
    text = asked.text or None
    if text and (_UNSPEAKABLE.search(text) or not any(map(str.isalnum, text))):
        raise _refusal("text", duration)
    shape = asked.shape or None
    words = checked_words(alignment, asked.first, asked.last)
    return Export(words, edges, asked.format, shape, asked.lufs, asked.tighten, text if shape else None, asked.listen)


def _edges(asked: _Request, duration: float) -> Span | None:
    """The edges that were asked for, to the millisecond: what is previewed is what the command line is told."""
    for name, time in (("start", asked.start), ("end", asked.end)):
        if time is not None and not 0 <= time <= duration:  # which no NaN is
            raise _refusal(name, duration)
    if asked.start is None and asked.end is None:
        return None
    if asked.start is None or asked.end is None or not 0 < asked.end - asked.start <= LONGEST:
        raise Unusable("clip.refused.length")
    return Span(to_milliseconds(asked.start) / 1000, to_milliseconds(asked.end) / 1000)


def _refusal(field: str, duration: float) -> WebError:
    """What is said of a field that holds something else than it should."""
    match field:
        case "first" | "last":
            return WebError("clip.refused.word", name=field)
        case "start" | "end":
            return WebError("clip.refused.number", name=field, least=0.0, most=duration)
        case "lufs":
            return WebError("clip.refused.number", name=field, least=QUIETEST_LUFS, most=LOUDEST_LUFS)
        case "format":
            return WebError("clip.refused.choice", name=field, known=", ".join(FORMATS))
        case "shape":
            return WebError("clip.refused.choice", name=field, known=", ".join(SHAPES))
        case "tighten" | "listen":
            return WebError("clip.refused.choice", name=field, known="true, false")
        case "text":
            return Unusable("clip.refused.wording", n=LONGEST_WORDING)
        case _:
            return WebError("clip.refused.export")


def order(jobs: Jobs, folder: Path, alignment: Alignment, file: str, exports: Sequence[Export]) -> list[Job]:
    """The jobs that make ``exports``, one for each, of the episode in ``folder`` with the alignment in ``file``.

    Raises
    ------
    QuoteError
        Nobody says the words of one of them; then none is begun.
    JobError, OutputError
        As ``Jobs.submit``.
    """
    with exclusive(folder):  # two tabs never give two clips one name
        named = [output for job in jobs.of(folder) if job.is_open for output in job.outputs]
        works: list[Clip | Audiogram] = []
        for export in exports:
            works.append(work_of(alignment, file, export, taken_names(folder, named)))
            named += works[-1].outputs
        return [jobs.submit(folder, work) for work in works]


def work_of(alignment: Alignment, file: str, export: Export, taken: Collection[str]) -> Clip | Audiogram:
    """What makes the clip of the alignment in ``file``; ``taken`` are the names that others have.

    Raises
    ------
    QuoteError
        Nobody says the words.
    """
    quote = quote_of_words(alignment, export.words)
    start = export.edges.start if export.edges else quote.voice.start
    cut: dict[str, Any] = {
        "alignment": file,
        "first": export.words.start,
        "last": export.words.stop,
        "name": _free_name(alignment, quote, start, export, taken),
        "edges": (export.edges.start, export.edges.end) if export.edges else None,
        "lufs": export.lufs,
        "tighten": export.tighten,
        "listen": export.listen,
    }
    return Audiogram(shape=export.shape, text=export.text, **cut) if export.shape else Clip(**cut)


def taken_names(folder: Path, outputs: Collection[str] = ()) -> frozenset[str]:
    """The names, without endings, of the clips of the episode in ``folder`` and of those that are being made."""
    there = (path.name for path in entries(folder / CLIPS))
    return frozenset(Path(name).name.split(".")[0] for name in (*there, *outputs))


def _free_name(alignment: Alignment, quote: Quote, start: float, export: Export, taken: Collection[str]) -> str:
    stem = _UNSPEAKABLE.sub("_", clip_name(alignment, quote.text, start)).replace(".", "-").lstrip("-")
    stem = f"{stem}-{export.shape}" if export.shape else stem
    number, name = 1, stem
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    return f"{name}.{'mp4' if export.shape else export.format}"
