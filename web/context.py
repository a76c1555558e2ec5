"""What the app that answers the current request holds."""

from __future__ import annotations

import contextlib
import string
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote_from_bytes
from wsgiref.types import WSGIEnvironment

from flask import Request, Response, current_app, request

from aligner.model import Alignment, Signature
from aligner.settled import is_taken_off
from aligner.storage.checked_json import decode
from web.access.limits import Guesses, Places
from web.errors import Conflict, NotFound, WebError, WrongKind
from web.jobs import Job, Jobs
from web.jobs.kinds import Align, Transcribe
from web.library import Episode, Library, stored_alignment
from web.library.changing import keep_transcript
from web.library.episode import EpisodeProblem
from web.library.incoming import Incoming
from web.library.library import exclusive
from web.page.aligning import alignment_of, said_of
from web.settings import Settings

T = TypeVar("T")

_LISTENING = (Align.kind, Transcribe.kind)


class Answered(Response):
    """An answer that may hold the name of a file whose bytes are no text: what is none of it is a question mark."""

    def set_data(self, value: bytes | str) -> None:
        super().set_data(value.encode("utf-8", "replace") if isinstance(value, str) else value)


class Asked(Request):
    """A request of which the address is text, whatever was sent: bytes of its query that are none of ASCII's are
    written as browsers write them."""

    def __init__(self, environ: WSGIEnvironment, *_: object, **__: object) -> None:
        query = environ.get("QUERY_STRING", "")
        if not query.isascii():
            environ["QUERY_STRING"] = quote_from_bytes(query.encode("latin-1", "replace"), string.punctuation)
        super().__init__(environ)


@dataclass(frozen=True, slots=True)
class Limits:
    """What all visitors share: bundles of clips, which lie on the disk until they are read; guesses of the password."""

    bundles: Places = field(default_factory=lambda: Places(8))
    guesses: Guesses = field(default_factory=Guesses)


def limits() -> Limits:
    found: Limits = current_app.extensions["limits"]
    return found


def settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def library() -> Library:
    found: Library = current_app.extensions["library"]
    return found


def episode(episode_id: str) -> Episode:
    """The episode that an address names.

    Raises
    ------
    NotFound
        There is none, or no longer.
    """
    return library().episode(episode_id)


@contextlib.contextmanager
def changing(episode_id: str) -> Iterator[Episode]:
    """The episode that an address names, which nobody else changes meanwhile.

    Raises
    ------
    NotFound
        There is none, or no longer.
    Busy
        Another change of it takes too long.
    """
    with exclusive(episode(episode_id).folder):
        yield episode(episode_id)


def aligned(episode_id: str) -> tuple[Episode, Alignment]:
    """The episode that an address names, and its alignment.

    Raises
    ------
    NotFound
        There is no such episode, or as ``alignment_file``.
    Conflict
        The page that asks was made of another transcript: the words of that have other numbers.
    """
    found = episode(episode_id)
    alignment = stored_alignment(alignment_file(found))
    if request.headers.get("X-Transcript", alignment.version) != alignment.version:
        raise Conflict("page.changed")
    return found, alignment


def alignment_file(episode: Episode) -> Path:
    """The file of an episode's alignment.

    Raises
    ------
    NotFound
        It has no word times yet, or they are not known to be its own, for its sound is gone.
    """
    if episode.alignment is None:
        raise NotFound("error.unaligned" if episode.audio else "error.no_audio")
    return episode.alignment


def asked(shape: type[T]) -> T:
    """The JSON that the request holds, as a record of type ``shape``.

    Raises
    ------
    WrongKind
        It is of another kind than JSON.
    WebError
        It is damaged, or another record.
    """
    if request.mimetype and not request.is_json:
        raise WrongKind("error.415")
    try:
        return decode(request.get_data(), shape)
    except ValueError as error:
        raise WebError("error.400") from error


def asked_stretch() -> tuple[float, float]:
    """From which second to which of a sound the request asks; what it does not say is -1."""
    start, end = (request.args.get(name, -1.0, float) for name in ("from", "to"))
    return start, end


def jobs() -> Jobs:
    found: Jobs = current_app.extensions["jobs"]
    return found


def incoming() -> Incoming:
    """The uploads on their way."""
    return Incoming(library().root, settings().max_upload_bytes)


def align(episode: Episode, who: str = "") -> Job:
    """Have the episode aligned as it is now, by ``who``; an alignment that has begun with what it was before is ended.
    The transcript is kept among its versions first.

    Raises
    ------
    Conflict
        Sound or transcript are missing.
    OutputError
        The version cannot be written.
    """
    work = replace(alignment_of(episode), who=who)
    keep_transcript(episode)
    return _instead(episode, work)


def transcribe(episode: Episode) -> Job:
    """Have a first transcript made of an episode that has none.

    Raises
    ------
    Conflict
        The sound is missing, or a transcript is there.
    """
    if episode.audio is None:
        raise Conflict(EpisodeProblem.AUDIO)
    if episode.transcript is not None:
        raise Conflict("transcribe.there")
    return _instead(episode, Transcribe(**said_of(episode, episode.audio)))


def _instead(episode: Episode, work: Align | Transcribe) -> Job:
    for job in alignments(episode):
        if job.is_open:
            jobs().cancel(job.id)
    return jobs().submit(episode.folder, work)


@contextlib.contextmanager
def realigning(episode: Episode) -> Iterator[Callable[[Path], object]]:
    """What ends the alignment of the episode, which would write over what is changed; if it did, it begins anew."""
    ended: list[Job] = []
    try:
        yield lambda folder: ended.extend(job for kind in _LISTENING for job in jobs().end(folder, kind))
    finally:
        if ended:
            found = library().episode(episode.id)
            align(found) if found.transcript else transcribe(found)


def unfinished(jobs: Sequence[Job]) -> Job | None:
    """The last of ``jobs`` if it is still open or has failed: what a reader must know of."""
    last = jobs[-1] if jobs else None
    return last if last and (last.is_open or last.state == "failed") else None


def taken_off(episode: Episode, signature: Signature | None) -> str | None:
    """That aligning the episode last took off a signature, while nobody has signed since."""
    last = alignments(episode)[-1:] if signature is None else []
    return next((warning for job in last for warning in job.warnings if is_taken_off(warning)), None)


def alignments(episode: Episode) -> list[Job]:
    """The jobs that align the episode, or make its first transcript, in the order asked for."""
    return [job for job in jobs().of(episode.folder) if job.kind in _LISTENING]
