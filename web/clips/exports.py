"""Validate requests for clips and submit the jobs that export them."""

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
from web.clips.styles import style_for
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

_NOT_IN_ARGUMENTS = re.compile("[\0\ud800-\udfff]")  # NUL and surrogates, which no command line may contain


class Exports(Struct):
    """The JSON body of a request for clips: an ``Export`` for each clip."""

    exports: Annotated[list[Export], Meta(min_length=1, max_length=200)]


def checked_export(alignment: Alignment, export: Export) -> Export:
    """Return ``export`` unchanged if it is valid for ``alignment``. Raises WebError if the font is unknown; Unusable if
    words, start, end or wording are invalid; Conflict if ``export`` is for another version of the transcript."""
    if export.font not in (None, AUTO, *families()):
        raise WebError("error.400")
    if export.transcript not in (None, alignment.version):
        raise Conflict("page.changed")
    checked_words(alignment, export.first, export.last)
    edges = (0.0, 1.0) if export.start is export.end is None else (export.start or 0.0, export.end or 0.0)
    if not (0 <= edges[0] < edges[1] <= alignment.audio.duration and edges[1] - edges[0] <= LONGEST):
        raise Unusable("clip.refused.length")
    if export.text and (_NOT_IN_ARGUMENTS.search(export.text) or not any(map(str.isalnum, export.text))):
        raise Unusable("clip.refused.wording", n=LONGEST_WORDING)
    return export


def submit_exports(
    jobs: Jobs, episode: Episode, alignment: Alignment, exports: Sequence[Export], who: str = ""
) -> list[Job]:
    """Submit a job of ``who`` for each of ``exports`` and return the jobs; submit none if one export is impossible.
    Raises QuoteError if the words are not spoken; AlignerError or MediaError if the style is invalid; Conflict if the
    transcript has changed or the server is shutting down; StateError if the database cannot be used; Unusable or
    Busy if the server lacks resources."""
    assert episode.alignment
    stems = call(_names, episode.alignment, alignment.version, list(exports), episode.title, episode.details.date)
    with exclusive(episode.folder):  # so that no two clips get the same name
        existing = [name.split(".")[0] for name in files(episode.folder / CLIPS)]
        taken = existing + pending_names(jobs, episode.folder)
        works = []
        for stem, export in zip(stems, exports, strict=True):
            name = free_name(stem, taken)
            taken.append(name)
            kind = Audiogram if export.shape else Clip
            wanted = structs.replace(export, transcript=alignment.version)
            works.append(kind(alignment=episode.alignment.name, name=name, export=wanted))
        return [jobs.submit(episode.folder, work, who) for work in works]


def pending_names(jobs: Jobs, folder: Path) -> list[str]:
    """Return the names, without extensions, of the files that unfinished jobs of an episode's folder will write."""
    return [Path(output).stem for job in jobs.of(folder) if job.is_open for output in job.outputs]


def _names(file: Path, version: str, exports: list[Export], title: str, date: str | None) -> list[str]:
    """Return a file name without extension for each export's clip. Raises the same errors as ``submit_exports``."""
    alignment = read_alignment(file)
    if alignment.version != version:
        raise Conflict("page.changed")
    source = Source(alignment, file, file)  # the style needs no audio
    for export in {(each.style, each.shape): each for each in exports if each.shape}.values():
        style_for(source, export.shape or "portrait", export.style, None)
    quotes = [quote_of_words(alignment, export.words) for export in exports]
    return [
        clip_name(title, date, quote.text, export.edges.start if export.edges else quote.voice.start, export.shape)
        for quote, export in zip(quotes, exports, strict=True)
    ]
