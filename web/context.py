"""What the app that answers the current request holds, and what routes ask of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from flask import Response, current_app, request
from werkzeug.exceptions import UnsupportedMediaType

from aligner.model import Alignment, Review
from aligner.pins import is_review_removed
from aligner.storage.checked_json import decode
from web.errors import Conflict, NotFound, WebError
from web.jobs import Job, Jobs
from web.jobs.kinds import Align, Transcribe
from web.library import Episode, Library, stored_alignment
from web.library.changing import keep_transcript
from web.library.incoming import Incoming
from web.library.library import exclusive
from web.page.aligning import alignment_of
from web.settings import Settings

T = TypeVar("T")

_LISTENING = (Align.kind, Transcribe.kind)


class Answered(Response):
    """An answer that may hold the name of a file whose bytes are no text: what is none of it is a question mark."""

    def set_data(self, value: bytes | str) -> None:
        super().set_data(value.encode("utf-8", "replace") if isinstance(value, str) else value)


def settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def library() -> Library:
    found: Library = current_app.extensions["library"]
    return found


def jobs() -> Jobs:
    found: Jobs = current_app.extensions["jobs"]
    return found


def incoming() -> Incoming:
    """Return the uploads on their way."""
    return Incoming(library().root, settings().max_upload_bytes)


def episode(episode_id: str) -> Episode:
    """Return the episode that an address names; raises NotFound if there is none, or no longer."""
    return library().episode(episode_id)


@contextlib.contextmanager
def changing(episode_id: str) -> Iterator[Episode]:
    """Hold the episode that an address names, so that nobody else changes it meanwhile. Raises NotFound: there is none,
    or no longer; Busy: another change of it takes too long."""
    with exclusive(episode(episode_id).folder):
        yield episode(episode_id)


def aligned(episode_id: str) -> tuple[Episode, Alignment]:
    """Return the episode that an address names, and its alignment. Raises NotFound: there is no such episode, or as
    ``alignment_file``; Conflict: the page that asks was made of another transcript, whose words have other numbers."""
    found = episode(episode_id)
    alignment = stored_alignment(alignment_file(found))
    if request.headers.get("X-Transcript", alignment.version) != alignment.version:
        raise Conflict("page.changed")
    return found, alignment


def alignment_file(episode: Episode) -> Path:
    """Return the file of an episode's alignment. Raises NotFound: it has no word times yet, or they are not known to be
    its own, for its audio is gone."""
    if episode.alignment is None:
        raise NotFound("error.unaligned" if episode.audio else "error.no_audio")
    return episode.alignment


def episode_audio(episode: Episode) -> Path:
    """Return an episode's audio; raises NotFound if it is missing."""
    if episode.audio is None:
        raise NotFound("error.no_audio")
    return episode.audio


def asked(shape: type[T]) -> T:
    """Return the JSON that the request holds, as a record of type ``shape``. Raises UnsupportedMediaType: it is
    no JSON; WebError: it is damaged, or another record."""
    if request.mimetype and not request.is_json:
        raise UnsupportedMediaType
    try:
        return decode(request.get_data(), shape)
    except ValueError as error:
        raise WebError("error.400") from error


def asked_stretch() -> tuple[float, float]:
    """Return from which second to which of the audio the request asks; what it does not say is -1."""
    return request.args.get("from", -1.0, float), request.args.get("to", -1.0, float)


def align(episode: Episode, who: str = "") -> Job:
    """Have the episode aligned as it is now, by ``who``, or a first transcript made if it has none; an alignment that
    is under way is ended. The transcript is kept among its versions first. Raises Conflict: the audio is missing;
    OutputError: the version cannot be written."""
    work = alignment_of(episode, who)
    keep_transcript(episode)
    for job in alignments(episode):
        if job.is_open:
            jobs().cancel(job.id)
    return jobs().submit(episode.folder, work)


def end_alignments(folder: Path) -> bool:
    """End what aligns or transcribes an episode, which would write over what is changed; return whether anything
    did."""
    return bool(jobs().end(folder, _LISTENING))


def alignments(episode: Episode) -> list[Job]:
    """Return the jobs that align the episode, or make its first transcript, in the order asked for."""
    return [job for job in jobs().of(episode.folder) if job.kind in _LISTENING]


def unfinished(episode: Episode) -> Job | None:
    """Return the last of ``alignments`` if it is still open or has failed: what a reader must know of."""
    last = next(reversed(alignments(episode)), None)
    return last if last and (last.is_open or last.state == "failed") else None


def review_removed(episode: Episode, review: Review | None) -> str | None:
    """Return the warning that aligning the episode last removed its review, while nobody has reviewed it since."""
    last = alignments(episode)[-1:] if review is None else []
    return next((warning for job in last for warning in job.warnings if is_review_removed(warning)), None)
