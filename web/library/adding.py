"""Making an episode: its folder is put together out of sight and appears whole, or not at all; then it is aligned."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path

from aligner.corrections.told_structure import FILE as STRUCTURE
from aligner.demo import SAMPLE
from aligner.errors import OutputError
from aligner.storage.file_names import JSON_SUFFIX, safe_name, without_slashes
from aligner.transcript import read_transcript
from media.moving import copy, is_taken, link, make_folder, move, remove_folder
from media.temporary import flush_names, temporary_path
from web.errors import Conflict, Unusable
from web.library.details import NAME, checked_details, write_details
from web.library.episode import Details, Episode
from web.library.folders import free_path
from web.library.incoming import Incoming
from web.library.preview import labels_in, speakers_of
from web.library.sent_files import check_sound, cover_name
from web.library.shelf import Library, unreserved

_SAMPLE = ("episode.mp3", "transcript.txt")


@dataclass(frozen=True, slots=True)
class EpisodeForm:
    """What a page sends of an episode: fields by name, by the transcript's labels the names to show, the token of what
    it uploaded, empty if nothing, the version of the details that it shows, empty if it is to be saved anyway, whether
    the cover that the episode has stays, and whether it may come without a transcript, for a draft to be made."""

    fields: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    token: str = ""
    version: str = ""
    keeps_cover: bool = True
    draft: bool = False


def create(library: Library, incoming: Incoming, token: str, form: EpisodeForm) -> Episode:
    """Make an episode of an upload: its files as they were given, and episode.json.

    Raises
    ------
    NotFound
        No such upload.
    Unusable
        Sound or transcript are missing or cannot be used, or a field cannot be as it is.
    OutputError
        The library cannot be written. In every case the upload is still there, and no episode.
    """
    with library.adding:
        return _create(library, incoming, token, form)


def _create(library: Library, incoming: Incoming, token: str, form: EpisodeForm) -> Episode:
    staged = incoming.staged(token)
    if staged.audio is None:
        raise Unusable("upload.missing.audio", "audio")
    if staged.transcript is None and not form.draft:
        raise Unusable("upload.missing.transcript", "transcript")
    check_sound(staged.audio)
    told = incoming.told(token)
    labels = labels_in(staged.transcript, told) if staged.transcript else ()
    details = checked_details(form.fields, form.names, labels)
    audio, transcript = staged.audio.name, None
    sources = {audio: staged.audio}
    if staged.transcript:
        audio, transcript = file_names(audio, staged.transcript.name)
        sources[transcript] = staged.transcript
        sources |= {STRUCTURE: staged.structure} if told else {}
    if staged.cover:
        details = replace(details, cover=cover_name(staged.cover))
        sources[str(details.cover)] = staged.cover
    episode = make_episode(library, sources, details, (audio, transcript))
    incoming.drop(token)
    return episode


def add_sample(library: Library) -> Episode:
    """Lay the sample of the demo in the library as an episode.

    Raises
    ------
    OutputError
        The library cannot be written.
    """
    with resources.as_file(SAMPLE) as sample:
        said = json.loads((sample / "details.json").read_text(encoding="utf-8"))
        speakers = tuple(speakers_of(read_transcript(sample / "transcript.txt")))
        details = Details(said["title"], said["show"], said["date"], said["url"], "fr", speakers)
        sources = {name: sample / name for name in _SAMPLE}
        return make_episode(library, sources, details, _SAMPLE, copied=_SAMPLE)


def file_names(audio: str, transcript: str) -> tuple[str, str]:
    """The names that sound and transcript get, so that neither lies where something else will be written.

    Examples
    --------
    >>> file_names("roue.mp3", "roue.srt")
    ('roue.mp3', 'roue transcript.srt')
    """
    stem = Path(audio).stem
    taken = {NAME, STRUCTURE, "quotes.json", audio, *(f"{stem}{ending}" for ending in (".vtt", ".srt", JSON_SUFFIX))}
    if transcript.casefold() in {name.casefold() for name in taken}:
        transcript = f"{Path(transcript).stem} transcript{Path(transcript).suffix}"
    return audio, transcript


def folder_name(title: str) -> str:
    """The folder's name for an episode of that title: none that the library keeps for something else."""
    return unreserved(safe_name(without_slashes(title), "episode"))


def make_episode(
    library: Library,
    sources: Mapping[str, Path],
    details: Details,
    named: tuple[str, str | None],
    copied: Container[str] = (),
) -> Episode:
    """Make an episode of files by the names that they get, of which ``named`` are those of sound and transcript; those
    that are ``copied`` are somebody's, the others uploads, which get a second name.

    Raises
    ------
    OutputError
        The library cannot be written; there is no episode then.
    """
    with _workshop(library) as folder:
        for name, source in sources.items():
            # A second name leaves the upload whole, should something fail afterwards.
            copy(source, folder / name) if name in copied else link(source, folder / name)
        write_details(folder, details, *named)
        made = _appear(library, folder, details.title or "episode")
    return library.episode_in(made)


@contextlib.contextmanager
def _workshop(library: Library) -> Iterator[Path]:
    """An empty folder among the uploads, where what a fall leaves is swept; whatever is left of it is removed."""
    try:
        folder = temporary_path(library.hidden / "incoming")
        make_folder(folder)
        try:
            yield folder
        finally:
            remove_folder(folder)
    except OSError as error:
        raise OutputError("{path}: cannot be written ({reason})", path=library.root, reason=error.strerror) from error


def _appear(library: Library, folder: Path, title: str) -> Path:
    """Move ``folder`` into the library, under a name that no other episode has."""
    for _ in range(10):
        free = free_path(library.root, folder_name(title))
        try:
            move(folder, free)
        except OSError:
            if is_taken(free):  # another request has taken the name meanwhile
                continue
            raise
        flush_names(library.root)
        return free
    raise Conflict("upload.busy")
