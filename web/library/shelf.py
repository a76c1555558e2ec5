"""The library: a folder of episodes, each a folder of plain files, found by looking; and the list of them to show."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from aligner.model import Verdict
from aligner.storage.file_states import until_changed
from aligner.storage.user_folders import HIDDEN
from aligner.transcript import MAX_BYTES
from media.confinement import confine, is_folder, read_regular, status_of, where
from media.listing import folders
from web.errors import NotFound
from web.library.digests import digest_of
from web.library.episode import Episode
from web.library.folders import ids_of, read_folder

TRASH = "trash"
RESERVED = frozenset([TRASH, "clips", "jobs"])
"""Names of folders, in small letters, that are no episodes: within the library, and within one that is an episode."""

_AT_HAND = 4096  # hashes of transcripts


@dataclass(frozen=True, slots=True)
class Row:
    """An episode and how it went; ``duration`` in seconds, None before it is aligned.

    ``outdated``: the transcript has changed since it was aligned.
    """

    episode: Episode
    duration: float | None = None
    coverage: float | None = None
    verdict: Verdict | None = None
    outdated: bool = False


class Library:
    """The episodes in the folder ``root``, out of which nothing leads; nothing is remembered that is not on disk."""

    def __init__(self, root: Path) -> None:
        confine(root)  # by whatever name it is reached
        self.root = root.resolve()
        self._has_hidden = False
        self.adding = threading.Lock()  # what is sent twice, by an impatient hand, is made once

    @property
    def hidden(self) -> Path:
        """Our own folder: uploads on their way, and what the server needs."""
        return self.root / HIDDEN

    @property
    def is_there(self) -> bool:
        """Whether the folder is the library still: not moved away, its disk not taken out. Where our own folder has
        been seen in it, it is the library with that alone: what a disk is mounted on is a folder too."""
        found = is_folder(self.hidden)
        self._has_hidden = self._has_hidden or found
        return found or (not self._has_hidden and is_folder(self.root))

    def episodes(self) -> list[Episode]:
        """All of them, the root itself first if it is one, by folder name."""
        found = ((folder, read_folder(folder, key)) for key, folder in self._folders().items())
        return [episode for _, episode in found if episode]

    def episode(self, episode_id: str) -> Episode:
        """The episode of that id.

        Raises
        ------
        NotFound
            There is none, or no longer.
        """
        folder = self._folders().get(episode_id)
        episode = read_folder(folder, episode_id) if folder else None
        if episode is None:
            raise NotFound("error.episode")
        return episode

    def _folders(self) -> dict[str, Path]:
        """Every folder that may be an episode, by id."""
        skipped = RESERVED if read_folder(self.root, "") else {TRASH}
        inner = (folder for folder in subfolders(self.root) if folder.name.casefold() not in skipped)
        return ids_of([self.root, *inner])


def subfolders(folder: Path) -> list[Path]:
    """The folders in ``folder`` by name, hidden ones and links out of the library left out."""
    return [path for path in folders(folder) if not path.name.startswith(".")]


def rows(library: Library) -> list[Row]:
    """A row for each episode, newest first: by its date, else by the day its folder was last changed."""
    return sorted(map(row_of, library.episodes()), key=lambda row: _age(row.episode), reverse=True)


def row_of(episode: Episode) -> Row:
    """The row of an episode."""
    digest = digest_of(episode.alignment) if episode.alignment else None
    if digest is None:
        return Row(episode)
    outdated = episode.transcript is not None and _differs(episode.transcript, digest.transcript_sha256)
    return Row(episode, digest.duration, digest.coverage, digest.verdict, outdated)


def _age(episode: Episode) -> tuple[str, float]:
    try:
        changed = where(episode.folder).stat().st_mtime
        return episode.details.date or date.fromtimestamp(changed).isoformat(), changed
    except (OSError, OverflowError, ValueError):
        return episode.details.date or "", 0.0  # removed meanwhile, or a clock that was wrong


def _differs(transcript: Path, sha256: str) -> bool:
    try:
        return _hash_of(transcript) != sha256
    except OSError:
        return False  # removed meanwhile


@until_changed(_AT_HAND)
def _hash_of(transcript: Path) -> str | None:
    """The SHA-256 of a transcript; None for what is too large to be one, of which nothing is read."""
    if status_of(transcript).st_size > MAX_BYTES:
        return None
    return hashlib.sha256(read_regular(transcript, MAX_BYTES)).hexdigest()
