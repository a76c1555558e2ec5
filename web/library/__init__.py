"""The library on disk: a folder of episodes, each a folder of plain files."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from aligner.store import read_alignment
from web.errors import EpisodeNotFound

_ALIGNMENT = ".alignment.json"


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of an episode as a publication; unknown fields are None."""

    title: str | None = None
    show: str | None = None
    date: str | None = None
    url: str | None = None
    language: str | None = None
    speakers: tuple[str, ...] = ()
    cover: str | None = None


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode's folder and the files of it that matter; ``id`` names it in addresses."""

    id: str
    folder: Path
    details: Details
    audio: Path | None
    transcript: Path | None
    alignment: Path | None

    @property
    def hidden(self) -> Path:
        """Where derived files lie, which may be removed at any time."""
        return self.folder / ".quotecast"


class Library:
    """The episodes in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def episodes(self) -> list[Episode]:
        """All of them, the root itself among them if it is one."""
        folders = [self.root, *sorted(p for p in self.root.iterdir() if p.is_dir() and not p.name.startswith("."))]
        return [episode for folder in folders if (episode := _read(folder))]

    def episode(self, episode_id: str) -> Episode:
        """The episode of that id.

        Raises
        ------
        EpisodeNotFound
            There is none, or no longer.
        """
        for episode in self.episodes():
            if episode.id == episode_id:
                return episode
        raise EpisodeNotFound("the library has no such episode, or no longer")


def _read(folder: Path) -> Episode | None:
    alignment = next(iter(sorted(folder.glob(f"*{_ALIGNMENT}"))), None)
    if alignment is None:
        return None
    stored = read_alignment(alignment)
    known = stored.episode
    details = Details(known.title, known.show, known.date, known.url, stored.language, (), known.cover)
    audio = folder / stored.audio.file
    return Episode(_slug(folder.resolve().name), folder, details, audio if audio.is_file() else None, None, alignment)


def _slug(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", bare).strip("-")
    if slug == name:
        return slug
    return f"{slug}-{hashlib.sha256(name.encode('utf-8', 'surrogateescape')).hexdigest()[:6]}".lstrip("-")
