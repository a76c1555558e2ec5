"""Helpers for routes: return the app's library, jobs and settings, and a request's episode, alignment and data."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote, unquote

from flask import Response, current_app, request, session
from werkzeug.exceptions import UnsupportedMediaType
from werkzeug.wrappers import Response as BaseResponse

from aligner.model import Alignment, Review
from aligner.pins import is_review_removed
from aligner.storage.checked_json import decode, shown_name
from web.access.sessions import current_role
from web.errors import Conflict, NotFound, WebError
from web.jobs import Job, Jobs
from web.jobs.kinds import Align, Transcribe, Work
from web.library import Episode, Library, stored_alignment
from web.library.changing import keep_transcript
from web.library.incoming import Incoming
from web.library.library import exclusive
from web.page.aligning import alignment_job
from web.settings import Role, Settings

T = TypeVar("T")

_ALIGNING = (Align.kind, Transcribe.kind)
_A_YEAR = 365 * 24 * 3600  # seconds
_LONGEST_NAME = 200  # characters


class TolerantResponse(Response):
    """A response that replaces invalid Unicode, which some file names contain, with question marks."""

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


def read_only() -> str:
    """Return the key of the sentence that says why this request may not change the library; empty if it may."""
    if current_role() is Role.READER:
        return "error.reader"
    return "error.read_only" if settings().read_only else ""


def reader_name() -> str | None:
    """Return the name for the visitor's changes: that of the session if the server has a password, else the one in the
    cookie. Return an empty name if the visitor is anonymous, None if they were not asked."""
    name = session.get("name") if settings().passwords else remembered("name")
    return None if name is None else as_name(name)


def as_name(text: str) -> str:
    """Return a person's name as it is stored and shown."""
    return shown_name(text[:_LONGEST_NAME]).strip()


def remember(response: BaseResponse, name: str, value: str) -> None:
    """Store a reader's choice, such as the language, in a cookie for a year. ``name`` is the name of the choice."""
    response.set_cookie(
        f"quotecast-{name}", quote(value), max_age=_A_YEAR, secure=request.is_secure, samesite="Lax", httponly=True
    )


def remembered(name: str) -> str | None:
    """Return the reader's choice with this name that ``remember`` stored in a cookie, None if there is no cookie."""
    value = request.cookies.get(f"quotecast-{name}")
    return None if value is None else unquote(value)


def incoming() -> Incoming:
    """Return the uploads to the app's library."""
    return Incoming(library().root, settings().max_upload_bytes)


def episode(episode_id: str) -> Episode:
    """Return the episode with this id. Raises NotFound if there is no such episode."""
    return library().episode(episode_id)


@contextlib.contextmanager
def changing(episode_id: str) -> Iterator[Episode]:
    """Context manager: lock and yield an episode. Raises NotFound if it is missing, Busy if it stays locked."""
    with exclusive(episode(episode_id).folder):
        yield episode(episode_id)


def aligned(episode_id: str) -> tuple[Episode, Alignment]:
    """Return the episode with this id and its alignment. Raises NotFound if one of the two is missing. Raises Conflict
    if the page shows an outdated transcript, since the indices of words in the request would then be wrong."""
    found = episode(episode_id)
    alignment = stored_alignment(alignment_file(found))
    if request.headers.get("X-Transcript", alignment.version) != alignment.version:
        raise Conflict("page.changed")
    return found, alignment


def alignment_file(episode: Episode) -> Path:
    """Return the path of an episode's alignment. Raises NotFound if the episode has no alignment."""
    if episode.alignment is None:
        raise NotFound("error.unaligned" if episode.audio else "error.no_audio")
    return episode.alignment


def episode_audio(episode: Episode) -> Path:
    """Return the path of an episode's audio. Raises NotFound if the audio is missing."""
    if episode.audio is None:
        raise NotFound("error.no_audio")
    return episode.audio


def asked(shape: type[T]) -> T:
    """Decode the request's JSON as a ``shape``. Raises UnsupportedMediaType if it is no JSON, WebError if invalid."""
    if request.mimetype and not request.is_json:
        raise UnsupportedMediaType
    try:
        return decode(request.get_data(), shape)
    except ValueError as error:
        raise WebError("error.400") from error


def asked_passage() -> tuple[float, float]:
    """Return the request's parameters ``from`` and ``to``, in seconds of the audio; a missing parameter is -1."""
    return request.args.get("from", -1.0, float), request.args.get("to", -1.0, float)


def submit(folder: Path, work: Work) -> Job:
    """Submit work in an episode's folder in the visitor's name, and return its job; see ``Jobs.submit``."""
    return jobs().submit(folder, work, reader_name() or "")


def align(episode: Episode) -> Job:
    """Submit a job that aligns the episode in the visitor's name or, if there is no transcript, transcribes the audio.
    Return the job. First store the transcript as a version, and cancel open jobs that align or transcribe the episode.
    Raises Conflict if the audio is missing, OutputError if the version cannot be stored."""
    work = alignment_job(episode, reader_name() or "")
    keep_transcript(episode)
    for job in alignments(episode):
        if job.is_open:
            jobs().cancel(job.id)
    return submit(episode.folder, work)


def end_alignments(folder: Path) -> bool:
    """Cancel the jobs that align or transcribe the episode in ``folder``; return whether there were any."""
    return bool(jobs().end(folder, _ALIGNING))


def alignments(episode: Episode) -> list[Job]:
    """Return the jobs that align or transcribe the episode, oldest first."""
    return [job for job in jobs().of(episode.folder) if job.kind in _ALIGNING]


def unfinished(episode: Episode) -> Job | None:
    """Return the last job that aligns or transcribes the episode, if that job is open or failed, else None."""
    last = next(reversed(alignments(episode)), None)
    return last if last and (last.is_open or last.state == "failed") else None


def review_removed(episode: Episode, review: Review | None) -> str | None:
    """Return the last alignment job's warning that it removed the episode's mark "reviewed". Return None if there is no
    such warning, or if a person has marked the episode as reviewed again (``review`` is not None)."""
    last = alignments(episode)[-1:] if review is None else []
    return next((warning for job in last for warning in job.warnings if is_review_removed(warning)), None)
