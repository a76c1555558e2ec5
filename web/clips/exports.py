"""What a reader chose for a clip, and the jobs that make it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, get_args

from msgspec import Meta, Struct, structs

from aligner.model import Alignment
from aligner.publishing.clips import clip_name
from aligner.publishing.excerpt import Source
from aligner.publishing.screens import AUTO
from aligner.quotes.quote import quote_of_words
from aligner.storage.alignment_json import read_alignment
from media.safe_fs import files
from media.video.fonts import families
from web.clips.looks import look_for
from web.errors import Conflict, Unusable, WebError
from web.jobs import Job, Jobs
from web.jobs.kinds import CLIPS, LONGEST_WORDING, Audiogram, Clip, Export, SoundFormat
from web.library import Episode
from web.library.episode import free_name
from web.library.library import exclusive
from web.quotes.selection import checked_words
from web.worker_pool import call

FORMATS: tuple[SoundFormat, ...] = get_args(SoundFormat)
LONGEST = 30 * 60.0  # seconds of a clip

_UNSPEAKABLE = re.compile("[\0\ud800-\udfff]")  # what no command line carries: NUL, and halves of surrogate pairs


class Exports(Struct):
    """What a request for clips holds."""

    exports: Annotated[list[Export], Meta(min_length=1, max_length=200)]


def checked_export(alignment: Alignment, export: Export) -> Export:
    """Return the export if it can be one of the alignment.

    Raises WebError: it has a value that our pages do not send; Unusable: the episode has no such words, or a clip no
    such edges or wording; Conflict: the words are those of another transcript.
    """
    if export.font not in (None, AUTO, *families()):
        raise WebError("error.400")
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
        there = [name.split(".")[0] for name in files(episode.folder / CLIPS)]
        taken = there + being_made(jobs, episode.folder)
        works = []
        for stem, export in zip(stems, exports, strict=True):
            name = free_name(stem, taken)
            taken.append(name)
            kind = Audiogram if export.shape else Clip
            wanted = structs.replace(export, transcript=alignment.version)
            works.append(kind(alignment=episode.alignment.name, name=name, export=wanted))
        return [jobs.submit(episode.folder, work) for work in works]


def being_made(jobs: Jobs, folder: Path) -> list[str]:
    """Return the names, without endings, of the files that the episode's open jobs write."""
    return [Path(output).stem for job in jobs.of(folder) if job.is_open for output in job.outputs]


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
