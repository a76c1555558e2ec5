"""Read an episode's folder, which is untrusted, and derive the id of the episode in addresses.

episode.json names the audio and transcript; without it, file names and extensions decide. ``NAME.alignment.json``
belongs to the audio file NAME. The list of episodes reports files that must not be opened, such as links out of the
library. Lists read only an alignment's head: its fields without words. Before a thread of the server parses a whole
alignment, a worker process with limits of time and memory parses it as a test.
"""

from __future__ import annotations

import hashlib
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import count
from pathlib import Path

from aligner.corrections.repair import RecognisedAudio
from aligner.errors import AlignmentError
from aligner.languages import language_code
from aligner.model import Alignment
from aligner.normalization import fold
from aligner.outputs import publication_name
from aligner.publication import published_date
from aligner.recognition.cached import recognition_of
from aligner.storage import file_names
from aligner.storage.alignment_json import AlignmentHead, read_alignment, read_head
from aligner.storage.database import HIDDEN, OWN
from aligner.storage.file_names import JSON_SUFFIX, composed, shown_name
from aligner.storage.transcript_file import transcript_hash
from media.safe_fs import entries, listed
from web.caching import until_changed
from web.library.details import NAME, Details, EpisodeFile, read_details
from web.worker_pool import call

AUDIO_TYPES = frozenset(
    [
        ".mp3", ".m4a", ".m4b", ".mp4", ".aac", ".wav", ".flac", ".ogg", ".oga", ".opus", ".webm", ".mkv", ".mov",
        ".avi", ".wma", ".aif", ".aiff", ".mka", ".mpga",
    ]
)  # fmt: skip
TEXT_TYPES = (".txt", ".text", ".md", ".markdown", ".docx", ".html", ".htm", ".xhtml", ".json", ".srt", ".vtt")
_CAPTIONS = (".srt", ".vtt")
_NO_TRANSCRIPTS = (NAME, "quotes.json")
_COVERS = ("cover.jpg", "cover.jpeg", "cover.png", "cover.webp")
_LONGEST_ID, _HASH_DIGITS = 60, 6  # characters of an id without its hash, and digits of that
_MOST_CACHED_FILES = 16_384  # heads and ids
_MOST_CACHED_ALIGNMENTS = 4  # three hours of words take some 30 MB
_LONGEST_TEXT = 2_000  # characters of a field in an alignment's episode details


class EpisodeProblem(StrEnum):
    """A problem with an episode's folder. Each value is a key of the interface's strings."""

    DETAILS = "problem.details"  # episode.json is damaged, or another program's
    ALIGNMENT = "problem.alignment"  # the alignment is damaged, or from another program or version
    AUDIO = "problem.audio"  # the folder has no audio, or not the named one
    RENAMED = "problem.renamed"  # the alignment is for audio with another name
    TRANSCRIPT = "problem.transcript"  # the folder has no transcript
    REFUSED = "problem.refused"  # a file that matters is a link or another special file


@dataclass(frozen=True, slots=True)
class Episode:
    """An episode and its files, None for a missing file. ``id`` identifies the episode in addresses; ``head`` is the
    alignment without words. ``problem`` is None for a usable episode; ``problem_file`` is the file with the problem."""

    id: str
    folder: Path
    details: Details
    audio: Path | None
    transcript: Path | None
    alignment: Path | None
    problem: EpisodeProblem | None = None
    problem_file: str | None = None
    head: AlignmentHead | None = None

    @property
    def hidden(self) -> Path:
        """Return the folder of files derived from the episode. This folder can be deleted at any time."""
        return self.folder / HIDDEN

    @property
    def title(self) -> str:
        """Return the episode's title. Without a title, return the folder's name."""
        return self.details.title or shown_name(self.folder)

    @property
    def download_name(self) -> str:
        """Return the file name of downloads, without the extension."""
        return publication_name(self.title, self.details.date)

    @property
    def is_waiting(self) -> bool:
        """Return whether the episode has audio and a transcript but no alignment."""
        return bool(self.audio and self.transcript and not self.alignment)

    @property
    def is_outdated(self) -> bool:
        """Return whether the transcript has changed since it was aligned."""
        now = transcript_hash(self.transcript) if self.head and self.transcript else None
        return bool(self.head and now and now != self.head.transcript.sha256)


class _Folder:
    """The content of an episode's folder. ``files`` are regular files by name, ``alignments`` are alignments by audio
    name. ``audio`` and ``alignment`` belong to the episode. ``details`` are those in episode.json, None if there is no
    such file or if the file ``is_damaged``. ``refused`` are files that must not be opened, such as links."""

    def __init__(self, folder: Path) -> None:
        entries = list(listed(folder))
        self.files = {path.name: path for path, status in entries if stat.S_ISREG(status.st_mode) and _is_shown(path)}
        plain = (stat.S_IFREG, stat.S_IFDIR)
        self.refused = [path for path, status in entries if stat.S_IFMT(status.st_mode) not in plain and _matters(path)]
        found = (path for path in self.files.values() if path.name.endswith(JSON_SUFFIX))
        self.alignments = {composed(path.name.removesuffix(JSON_SUFFIX)): path for path in found}
        self.details: EpisodeFile | None = None
        self.is_damaged = False
        try:
            self.details = read_details(folder) if NAME in self.files else None
        except ValueError:
            self.is_damaged = True
        named = self.details and self.details.audio
        self.audio = file_names.named(named, self.files) if named else self._likely_audio()
        self.alignment = self.alignments.get(composed(self.audio.stem)) if self.audio else None

    @property
    def audio_files(self) -> list[Path]:
        return [path for path in self.files.values() if path.suffix.lower() in AUDIO_TYPES]

    def _likely_audio(self) -> Path | None:
        """Return the likeliest audio file or None. Prefer one with an alignment, then one named like a transcript."""
        texts = {path.stem for path in self.files.values() if path.suffix.lower() in TEXT_TYPES}
        aligned = self.alignments.keys()
        return min(
            self.audio_files,
            key=lambda path: (composed(path.stem) not in aligned, path.stem not in texts),
            default=None,
        )

    def likely_transcript(self) -> Path | None:
        """Return the likeliest transcript or None. Prefer documents to captions, then one named like the audio."""
        texts = (path for path in self.files.values() if path.suffix.lower() in TEXT_TYPES)
        likely = (p for p in texts if p.name not in _NO_TRANSCRIPTS and not p.name.endswith(JSON_SUFFIX))
        of_audio = self.audio.stem if self.audio else ""
        return min(likely, key=lambda path: (path.suffix.lower() in _CAPTIONS, path.stem != of_audio), default=None)


def read_folder(folder: Path, episode_id: str) -> Episode | None:
    """Return the episode in a folder of the library, None if the folder contains no episode."""
    found = _Folder(folder)
    # Without audio, any alignment has the details of the episode.
    described = found.alignment or (None if found.audio else next(iter(found.alignments.values()), None))
    is_episode = found.details or found.is_damaged or found.audio or described
    if not is_episode and not any(path.suffix.lower() in AUDIO_TYPES for path in found.refused):
        return None
    head = head_of(described) if described else None
    details = _details_of(head) if head else Details()
    details = found.details.over(details) if found.details else details
    details = replace(details, cover=next((path.name for path in covers_in(found.files, details)), None))
    named = (found.details.transcript if found.details else None) or (head.transcript.file if head else None)
    transcript = file_names.named(named, found.files) if named else found.likely_transcript()
    episode = Episode(
        episode_id, folder, details, found.audio, transcript, found.alignment, head=head if found.alignment else None
    )
    problem, about = _problem(episode, found)
    if problem is EpisodeProblem.AUDIO:
        about = (found.details.audio if found.details else None) or (head.audio.file if head else None)
    return replace(episode, problem=problem, problem_file=about and file_names.shown_name(Path(about)))


def alignment_in(folder: Path) -> Path | None:
    """Return the path of the alignment in an episode's folder, None if there is none."""
    return _Folder(folder).alignment


def covers_in(files: Mapping[str, Path], details: Details) -> list[Path]:
    """Return those of an episode's ``files`` (by name) that may be the cover, the preferred one first."""
    found = (file_names.named(name, files) for name in (details.cover, *_COVERS) if name)
    return list(dict.fromkeys(path for path in found if path))


def _problem(episode: Episode, found: _Folder) -> tuple[EpisodeProblem | None, str | None]:
    if found.refused:
        return EpisodeProblem.REFUSED, None
    if found.is_damaged:
        return EpisodeProblem.DETAILS, None
    if episode.audio is None:
        return EpisodeProblem.AUDIO, None
    if episode.alignment is None:
        names = {composed(path.stem) for path in found.audio_files}
        orphan = next((path for name, path in found.alignments.items() if name not in names), None)
        if orphan and (other := head_of(orphan)):
            return EpisodeProblem.RENAMED, other.audio.file
        return (None if episode.transcript else EpisodeProblem.TRANSCRIPT), None
    return (None if episode.head else EpisodeProblem.ALIGNMENT), None


def _is_shown(path: Path) -> bool:
    return not path.name.startswith(".")


def _matters(path: Path) -> bool:
    """Return whether the path is named like audio, like a transcript, or like a file or folder of quotecast."""
    return path.name in OWN or (_is_shown(path) and path.suffix.lower() in (*AUDIO_TYPES, *TEXT_TYPES))


def ids_of(folders: Iterable[Path]) -> dict[str, Path]:
    """Return the episodes' folders by id (see ``id_of``). If two folders have the same id, one gets a hash added."""
    found: dict[str, Path] = {}
    for folder in folders:
        name = folder.absolute().name
        shortest = id_of(name)
        found[shortest if shortest not in found else f"{shortest}-{_hash(str(folder.absolute()))}"] = folder
    return found


@lru_cache(maxsize=_MOST_CACHED_FILES)
def id_of(name: str) -> str:
    """Return the id for a folder's name. An id has only lower-case ASCII letters, digits and hyphens. If the name has
    other characters, a hash of the name is added, as in ``episode-3-55fd68`` for "Épisode 3"."""
    slug = "-".join(re.findall(r"[a-z0-9]+", fold(name, "-")))
    if len(slug) > _LONGEST_ID:
        slug = slug[: _LONGEST_ID + 1].rpartition("-")[0] or slug[:_LONGEST_ID]
    return slug if slug and slug == name else f"{slug}-{_hash(name)[:_HASH_DIGITS]}".lstrip("-")


def free_path(folder: Path, name: str) -> Path:
    """Return the path of ``name`` in ``folder``, with a number added if the name is in use, regardless of case."""
    return folder / free_name(name, (path.name for path in entries(folder)))


def free_name(name: str, others: Iterable[str]) -> str:
    """Return ``name``; if it is among ``others`` regardless of case, add a number before the extension."""
    taken = {composed(other).casefold() for other in others}
    stem, ending = file_names.parted(name)
    numbered = (f"{stem} {number}{ending}" if number > 1 else name for number in count(1))
    return next(each for each in numbered if composed(each).casefold() not in taken)


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "backslashreplace")).hexdigest()


def head_of(alignment: Path) -> AlignmentHead | None:
    """Return an alignment's head (its fields without words), None if unreadable; cached until the file changes."""
    try:
        return _head(alignment)
    except OSError:
        return None


@until_changed(_MOST_CACHED_FILES)
def _head(path: Path) -> AlignmentHead | None:
    try:
        return read_head(path)
    except AlignmentError:
        return None


def _details_of(head: AlignmentHead) -> Details:
    of = head.episode
    title, show, url, guid = (each and each[:_LONGEST_TEXT] for each in (of.title, of.show, of.url, of.guid))
    day = published_date(of.date or "") or (of.date and of.date[:_LONGEST_TEXT])
    return Details(title, show, day, url, language_code(head.language), cover=of.cover, guid=guid)


def stored_alignment(path: Path) -> Alignment:
    """Return the alignment at ``path``, cached until the file changes. Raises AlignmentError if the file is missing or
    damaged, Unusable if parsing exceeds the limits, Busy if the server has too much work."""
    try:
        return _stored(path)
    except OSError:
        return read_alignment(path)  # raises AlignmentError


@until_changed(_MOST_CACHED_ALIGNMENTS)
def _stored(path: Path) -> Alignment:
    call(_check, path)
    return read_alignment(path)


def _check(path: Path) -> None:
    read_alignment(path)


def recognised_audio_of(alignment: Alignment) -> RecognisedAudio | None:
    """Return an alignment's audio and the recogniser's output for it, None if this machine's cache lacks either."""
    found = recognition_of(alignment)
    return RecognisedAudio(*found) if found else None
