"""What a reader chose for a clip, and the jobs that make it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta, Struct

from aligner.durations import to_milliseconds
from aligner.model import Alignment, Span
from aligner.publishing.clips import clip_name
from aligner.publishing.excerpt import Source
from aligner.publishing.platforms import LOUDEST_LUFS, PODCAST_LUFS, QUIETEST_LUFS
from aligner.publishing.showing import AUTO, StyleChoices
from aligner.quotes import quote_of_words
from aligner.storage.alignment_json import read_alignment
from media.safe_fs import files
from media.video.drawing import ShapeName
from media.video.fonts import families
from web.bounded import call
from web.clips.looks import CoverChoice, look_for
from web.errors import Conflict, Unusable, WebError
from web.jobs import Job, Jobs
from web.jobs.kinds import CLIPS, Audiogram, Clip
from web.library import Episode
from web.library.library import exclusive
from web.quotes.selection import checked_words

SoundFormat = Literal["mp3", "m4a", "wav", "flac", "opus"]
FORMATS: tuple[SoundFormat, ...] = get_args(SoundFormat)

LONGEST_WORDING = 20_000  # characters of an audiogram's
LONGEST = 30 * 60.0  # seconds of a clip

_MOST = 200  # exports at once
_UNSPEAKABLE = re.compile("[\0\ud800-\udfff]")  # what no command line carries: NUL, and halves of surrogate pairs
_Colour = Annotated[str, Meta(pattern=r"^(auto|#[0-9a-fA-F]{6})\Z")]


class Export(Struct, frozen=True):
    """A clip that is wanted, as the page's scripts request it.

    It has the words from ``first`` to before ``last`` of the ``transcript`` whose hash begins so, None if that is the
    page's. ``start`` and ``end`` are exact edges in seconds of the episode; without them the cut is found. A ``shape``
    makes it an audiogram, with a wording of the reader's own as ``text``, and the style that they chose; otherwise it
    is audio of ``format``. ``lufs`` None leaves the loudness as it is. With ``listen`` a recogniser checks the result.
    """

    first: int
    last: int
    start: float | None = None
    end: float | None = None
    format: SoundFormat = "mp3"
    shape: ShapeName | None = None
    lufs: Annotated[float, Meta(ge=QUIETEST_LUFS, le=LOUDEST_LUFS)] | None = PODCAST_LUFS
    tighten: bool = False
    text: Annotated[str, Meta(max_length=LONGEST_WORDING)] | None = None
    colour: _Colour | None = None
    accent: _Colour | None = None
    font: str | None = None
    cover: CoverChoice | None = None
    end_card: bool | None = None
    listen: bool = True
    transcript: str | None = None

    @property
    def words(self) -> range:
        return range(self.first, self.last)

    @property
    def edges(self) -> Span | None:
        """The exact edges, to the millisecond: the preview cuts what the command line is given."""
        if self.start is None or self.end is None:
            return None
        return Span(to_milliseconds(self.start) / 1000, to_milliseconds(self.end) / 1000)

    @property
    def sound_ending(self) -> str:
        """The ending of its audio as a file, for an audiogram as it is previewed."""
        return ".mp3" if self.shape else f".{self.format}"

    @property
    def style(self) -> StyleChoices:
        return StyleChoices(self.colour, self.accent, self.font, self.cover, self.end_card)


def read_exports(alignment: Alignment, given: Mapping[str, Any]) -> list[Export]:
    """Return the ``exports`` that a request names, each read as ``read_export`` does."""
    wanted = given.get("exports")
    if not isinstance(wanted, list) or not 0 < len(wanted) <= _MOST:
        raise WebError("clip.refused.export")
    return [read_export(alignment, each) for each in wanted]


def read_export(alignment: Alignment, given: object) -> Export:
    """Return the export that a request names.

    Raises WebError: it has a value that our pages do not send; Unusable: the episode has no such words, or a clip no
    such edges or wording; Conflict: the words are those of another transcript.
    """
    try:
        export = msgspec.convert(given, Export)
    except (ValueError, msgspec.MsgspecError) as error:
        raise WebError("clip.refused.export") from error
    if export.font not in (None, AUTO, *families()):
        raise WebError("clip.refused.export")
    if export.transcript not in (None, alignment.version):
        raise Conflict("page.changed")
    checked_words(alignment, export.first, export.last)
    edges = (0.0, 1.0) if export.start is export.end is None else (export.start or 0.0, export.end or 0.0)
    if not (0 <= edges[0] < edges[1] <= alignment.audio.duration and edges[1] - edges[0] <= LONGEST):
        raise Unusable("clip.refused.length")
    if export.text and (_UNSPEAKABLE.search(export.text) or not any(map(str.isalnum, export.text))):
        raise Unusable("clip.refused.wording", n=LONGEST_WORDING)
    return export


def order(jobs: Jobs, episode: Episode, alignment: Alignment, exports: Sequence[Export]) -> list[Job]:
    """Submit a job for each of ``exports``, none if one of them cannot be made.

    Raises QuoteError: nobody says its words; AlignerError, MediaError: it cannot have that style; Unusable, Busy: that
    cannot be found out within the limits, or now; Conflict, OutputError: as ``Jobs.submit``.
    """
    assert episode.alignment
    stems = call(_names, episode.alignment, alignment.version, list(exports), episode.title, episode.details.date)
    with exclusive(episode.folder):  # no two clips get the same name
        outputs = (output for job in jobs.of(episode.folder) if job.is_open for output in job.outputs)
        taken = {Path(name).name.split(".")[0].casefold() for name in (*files(episode.folder / CLIPS), *outputs)}
        works = []
        for stem, export in zip(stems, exports, strict=True):
            numbered = (f"{stem} {number}" if number > 1 else stem for number in count(1))
            name = next(name for name in numbered if name.casefold() not in taken)
            taken.add(name.casefold())
            works.append(work_of(episode.alignment.name, alignment.version, export, name))
        return [jobs.submit(episode.folder, work) for work in works]


def _names(file: Path, version: str, exports: list[Export], title: str, date: str | None) -> list[str]:
    """Return a name for the file of each export, without its ending, once all are known to be possible."""
    alignment = read_alignment(file)
    if alignment.version != version:
        raise Conflict("page.changed")
    source = Source(alignment, file, file)  # no audio is needed for a style
    for export in {(each.style, each.shape): each for each in exports if each.shape}.values():
        look_for(source, export.shape or "portrait", export.style, None)
    quotes = [quote_of_words(alignment, export.words) for export in exports]
    return [
        clip_name(title, date, quote.text, export.edges.start if export.edges else quote.voice.start, export.shape)
        for quote, export in zip(quotes, exports, strict=True)
    ]


def work_of(alignment: str, transcript: str, export: Export, name: str) -> Clip | Audiogram:
    """Return the job for an export of the episode with that ``alignment`` and transcript, whose file is ``name`` with
    an ending."""
    cut: dict[str, Any] = {
        "alignment": alignment,
        "first": export.first,
        "last": export.last,
        "name": f"{name}.{'mp4' if export.shape else export.format}",
        "edges": (export.edges.start, export.edges.end) if export.edges else None,
        "lufs": export.lufs,
        "tighten": export.tighten,
        "listen": export.listen,
        "transcript": transcript,
    }
    if not export.shape:
        return Clip(**cut)
    return Audiogram(shape=export.shape, text=export.text or None, **asdict(export.style), **cut)


def asked_again(work: Clip | Audiogram) -> dict[str, Any]:
    """Return the export that a job makes, as ``read_export`` reads it."""
    facts = asdict(work)
    known = {name: facts[name] for name in Export.__struct_fields__ if name in facts}
    start, end = work.edges or (None, None)
    sound_format = Path(work.name).suffix[1:] if isinstance(work, Clip) else "mp3"
    return known | {"start": start, "end": end, "format": sound_format}
