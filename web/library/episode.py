"""Episodes: a folder each, which may come from anybody; what lies in one, and its id in addresses.

episode.json names the files; where it does not, or is missing, their names tell what they are. ``NAME.alignment.json``
belongs to the audio NAME. Whatever may not be opened, as a link out of the library, is a problem that the list shows.
Lists read the head of an alignment; a whole one is read by a worker with limits before a thread of the server does.
"""

from __future__ import annotations

import contextlib
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
from aligner.transcript import most_bytes
from media.safe_fs import entries, listed, read_regular
from web.caching import until_changed
from web.library.details import NAME, Details, EpisodeFile, read_details
from web.worker_pool import call

SOUNDS = frozenset(
    [
        ".mp3", ".m4a", ".m4b", ".mp4", ".aac", ".wav", ".flac", ".ogg", ".oga", ".opus", ".webm", ".mkv", ".mov",
        ".avi", ".wma", ".aif", ".aiff", ".mka", ".mpga",
    ]
)  # fmt: skip
TEXTS = (".txt", ".text", ".md", ".markdown", ".docx", ".html", ".htm", ".xhtml", ".json", ".srt", ".vtt")
_CAPTIONS = (".srt", ".vtt")
_NO_TRANSCRIPTS = (NAME, "quotes.json")
_COVERS = ("cover.jpg", "cover.jpeg", "cover.png", "cover.webp")
_LONGEST_ID, _HASH_DIGITS = 60, 6  # characters of a name that an id repeats, and digits of its hash
_FILES = 16_384  # of which hashes and heads are kept
_AT_HAND = 4  # alignments; three hours of words take some 30 MB
_LONGEST_TEXT = 2_000  # characters of what an alignment says of its episode


class EpisodeProblem(StrEnum):
    """What is wrong with a folder; the names are keys of the catalogue."""

    DETAILS = "problem.details"  # episode.json is damaged, or another program's
    ALIGNMENT = "problem.alignment"  # the alignment is damaged, or of another program or version
    AUDIO = "problem.audio"  # no audio in the folder, or not the named one
    RENAMED = "problem.renamed"  # the alignment belongs to audio of another name
    TRANSCRIPT = "problem.transcript"  # no transcript in the folder
    REFUSED = "problem.refused"  # audio, text, details or our folders are no such thing, or links out of the library


@dataclass(frozen=True, slots=True)
class Episode:
    """An episode's folder and the files of it that matter; ``id`` names it in addresses.

    ``problem_file`` is the name of the file that the problem is about; ``head`` is that of its alignment.
    """

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
        """The folder of derived files, which may be removed at any time."""
        return self.folder / HIDDEN

    @property
    def title(self) -> str:
        """The title, else the folder's name."""
        return self.details.title or shown_name(self.folder)

    @property
    def download_name(self) -> str:
        """The name of files that are downloaded, without an ending."""
        return publication_name(self.title, self.details.date)

    @property
    def is_waiting(self) -> bool:
        """Whether it has all that is needed to be aligned, and is not."""
        return bool(self.audio and self.transcript and not self.alignment)

    @property
    def is_outdated(self) -> bool:
        """Whether the transcript has changed since it was aligned."""
        with contextlib.suppress(OSError):  # removed meanwhile
            if self.head and self.transcript:
                return transcript_hash(self.transcript) != self.head.transcript.sha256
        return False


class _Folder:
    """What lies in a folder: visible ``files`` by name, what episode.json says (``said``; ``is_damaged`` if it cannot
    be read), the audio, ``alignments`` by the name of their audio, and what is ``refused``, as links are."""

    def __init__(self, folder: Path) -> None:
        known = list(listed(folder))
        self.files = {path.name: path for path, status in known if stat.S_ISREG(status.st_mode) and _is_shown(path)}
        kept = (stat.S_IFREG, stat.S_IFDIR)
        self.refused = [path for path, status in known if stat.S_IFMT(status.st_mode) not in kept and _matters(path)]
        written = (path for path in self.files.values() if path.name.endswith(JSON_SUFFIX))
        self.alignments = {composed(path.name.removesuffix(JSON_SUFFIX)): path for path in written}
        self.said: EpisodeFile | None = None
        self.is_damaged = False
        try:
            self.said = read_details(folder) if NAME in self.files else None
        except ValueError:
            self.is_damaged = True
        named = self.said and self.said.audio
        self.audio = file_names.named(named, self.files) if named else self._likely_audio()
        self.alignment = self.alignments.get(composed(self.audio.stem)) if self.audio else None

    @property
    def sounds(self) -> list[Path]:
        """All audio."""
        return [path for path in self.files.values() if path.suffix.lower() in SOUNDS]

    def _likely_audio(self) -> Path | None:
        """Return the audio that has an alignment, else one with a transcript of its name, else the first."""
        written = {path.stem for path in self.files.values() if path.suffix.lower() in TEXTS}
        aligned = self.alignments.keys()
        return min(
            self.sounds, key=lambda path: (composed(path.stem) not in aligned, path.stem not in written), default=None
        )

    def likely_transcript(self) -> Path | None:
        """Return the likeliest transcript by name: that of the audio first, captions last."""
        texts = (path for path in self.files.values() if path.suffix.lower() in TEXTS)
        likely = (p for p in texts if p.name not in _NO_TRANSCRIPTS and not p.name.endswith(JSON_SUFFIX))
        of_audio = self.audio.stem if self.audio else ""
        return min(likely, key=lambda path: (path.suffix.lower() in _CAPTIONS, path.stem != of_audio), default=None)


def read_folder(folder: Path, episode_id: str) -> Episode | None:
    """Return the episode in a folder of the library; None if there is none."""
    found = _Folder(folder)
    # Without audio an alignment is of some that is elsewhere.
    described = found.alignment or (None if found.audio else next(iter(found.alignments.values()), None))
    is_there = found.said or found.is_damaged or found.audio or described
    if not is_there and not any(path.suffix.lower() in SOUNDS for path in found.refused):
        return None  # a folder of something else
    head = head_of(described) if described else None
    details = _details_of(head) if head else Details()
    details = found.said.over(details) if found.said else details
    details = replace(details, cover=next((path.name for path in covers_in(found.files, details)), None))
    named = (found.said.transcript if found.said else None) or (head.transcript.file if head else None)
    transcript = file_names.named(named, found.files) if named else found.likely_transcript()
    episode = Episode(
        episode_id, folder, details, found.audio, transcript, found.alignment, head=head if found.alignment else None
    )
    problem, about = _problem(episode, found)
    if problem is EpisodeProblem.AUDIO:
        about = (found.said.audio if found.said else None) or (head.audio.file if head else None)
    return replace(episode, problem=problem, problem_file=about and file_names.shown_name(Path(about)))


def alignment_in(folder: Path) -> Path | None:
    """Return the alignment of the episode in a folder of the library; None if there is none."""
    return _Folder(folder).alignment


def covers_in(files: Mapping[str, Path], details: Details) -> list[Path]:
    """Return those of an episode's files that are its cover, or would be if those before were missing."""
    found = (file_names.named(name, files) for name in (details.cover, *_COVERS) if name)
    return list(dict.fromkeys(path for path in found if path))


def _problem(episode: Episode, found: _Folder) -> tuple[EpisodeProblem | None, str | None]:
    """Return what is wrong with an episode, and with which file."""
    if found.refused:
        return EpisodeProblem.REFUSED, None
    if found.is_damaged:
        return EpisodeProblem.DETAILS, None
    if episode.audio is None:
        return EpisodeProblem.AUDIO, None
    if episode.alignment is None:
        sounds = {composed(path.stem) for path in found.sounds}
        lost = next((path for name, path in found.alignments.items() if name not in sounds), None)
        if lost and (other := head_of(lost)):
            return EpisodeProblem.RENAMED, other.audio.file
        return (None if episode.transcript else EpisodeProblem.TRANSCRIPT), None
    return (None if episode.head else EpisodeProblem.ALIGNMENT), None


def _is_shown(path: Path) -> bool:
    return not path.name.startswith(".")


def _matters(path: Path) -> bool:
    """Return whether it would be an episode's audio, text or details, or a folder in which quotecast keeps files."""
    return path.name in OWN or (_is_shown(path) and path.suffix.lower() in (*SOUNDS, *TEXTS))


@until_changed(_FILES)
def transcript_hash(transcript: Path) -> str:
    """Return the SHA-256 of a transcript; raises OSError if it is missing, or too large to be one."""
    return hashlib.sha256(read_regular(transcript, most_bytes(transcript.name))).hexdigest()


def ids_of(folders: Iterable[Path]) -> dict[str, Path]:
    """Return the folders by their ids, each id once."""
    found: dict[str, Path] = {}
    for folder in folders:
        name = folder.absolute().name
        shortest = id_of(name)
        found[shortest if shortest not in found else f"{shortest}-{_hash(str(folder.absolute()))}"] = folder
    return found


@lru_cache(maxsize=_FILES)
def id_of(name: str) -> str:
    """Return the id of a folder's name, as ``episode-3-55fd68`` of Épisode 3: its letters and digits, cut at a whole
    word, and a hash where these are not the whole name. An id is never a path."""
    slug = "-".join(re.findall(r"[a-z0-9]+", fold(name, "-")))
    if len(slug) > _LONGEST_ID:
        slug = slug[: _LONGEST_ID + 1].rpartition("-")[0] or slug[:_LONGEST_ID]
    return slug if slug and slug == name else f"{slug}-{_hash(name)[:_HASH_DIGITS]}".lstrip("-")


def free_path(folder: Path, name: str) -> Path:
    """Return a free path in ``folder``: ``name``, else the same with a number; case does not tell names apart."""
    return folder / free_name(name, (path.name for path in entries(folder)))


def free_name(name: str, others: Iterable[str]) -> str:
    """Return ``name``, else the same with a number before its ending, so that it is none of ``others``."""
    taken = {composed(other).casefold() for other in others}
    stem, ending = file_names.parted(name)
    numbered = (f"{stem} {number}{ending}" if number > 1 else name for number in count(1))
    return next(each for each in numbered if composed(each).casefold() not in taken)


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "backslashreplace")).hexdigest()


def head_of(alignment: Path) -> AlignmentHead | None:
    """Return the head of an alignment, None if the file cannot be read as one; kept until the file changes."""
    try:
        return _head(alignment)
    except OSError:
        return None


@until_changed(_FILES)
def _head(path: Path) -> AlignmentHead | None:
    try:
        return read_head(path)
    except AlignmentError:
        return None


def _details_of(head: AlignmentHead) -> Details:
    said = head.episode
    title, show, url, guid = (each and each[:_LONGEST_TEXT] for each in (said.title, said.show, said.url, said.guid))
    day = published_date(said.date or "") or (said.date and said.date[:_LONGEST_TEXT])
    return Details(title, show, day, url, language_code(head.language), cover=said.cover, guid=guid)


def stored_alignment(path: Path) -> Alignment:
    """Return the alignment at ``path``, which a worker reads before this thread does. Raises AlignmentError if it is
    missing or damaged; Unusable, Busy if it cannot be read within the limits, or now."""
    try:
        return _stored(path)
    except OSError:
        return read_alignment(path)  # which says what is wrong


@until_changed(_AT_HAND)
def _stored(path: Path) -> Alignment:
    call(_look_through, path)
    return read_alignment(path)


def _look_through(path: Path) -> None:
    read_alignment(path)


def recognised_audio_of(alignment: Alignment) -> RecognisedAudio | None:
    """Return the recognition that an alignment was made of; None if it is not in this machine's cache."""
    found = recognition_of(alignment)
    return RecognisedAudio(*found) if found else None
