"""The records of the library: an episode, what is known of it, how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from aligner.storage.user_folders import HIDDEN


class EpisodeState(StrEnum):
    """How far an episode is."""

    ALIGNED = "aligned"
    WAITING = "waiting"  # sound and transcript are there, no alignment yet
    INCOMPLETE = "incomplete"  # the sound or the transcript is missing


class EpisodeProblem(StrEnum):
    """What keeps a folder from being read as it should; the names are keys of the catalogue."""

    DETAILS = "problem.details"  # episode.json is damaged, or another program's
    ALIGNMENT = "problem.alignment"  # the alignment is damaged, or another program's
    NEWER = "problem.newer"  # the alignment is of a later quotecast
    AUDIO = "problem.audio"  # no sound in the folder
    TRANSCRIPT = "problem.transcript"  # no transcript in the folder
    REFUSED = "problem.refused"  # sound, text or details that are no regular file, or a link out of the library
    SEVERAL = "problem.several"  # other sounds with alignments of their own lie in the folder


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of an episode as a publication; unknown fields are None.

    ``names`` gives speakers whom the transcript labels otherwise the name to show, by label; ``speakers`` are names to
    show, in order of appearance. ``cover`` is the name of a file in the episode's folder.
    """

    title: str | None = None
    show: str | None = None
    date: str | None = None
    url: str | None = None
    language: str | None = None
    speakers: tuple[str, ...] = ()
    cover: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode's folder and the files of it that matter; ``id`` names it in addresses."""

    id: str
    folder: Path
    details: Details
    audio: Path | None
    transcript: Path | None
    alignment: Path | None
    problem: EpisodeProblem | None = None

    @property
    def hidden(self) -> Path:
        """Where derived files lie, which may be removed at any time."""
        return self.folder / HIDDEN

    @property
    def title(self) -> str:
        """The title, else the folder's name."""
        return self.details.title or shown_name(self.folder)

    @property
    def state(self) -> EpisodeState:
        if self.audio and self.alignment:
            return EpisodeState.ALIGNED
        return EpisodeState.WAITING if self.audio and self.transcript else EpisodeState.INCOMPLETE


def shown_name(path: Path) -> str:
    """A file's or folder's name as text, also where its bytes are no text."""
    return printable(path.absolute().name)


def printable(text: str) -> str:
    """Text with another character for each that is none: NUL, and the halves of characters that JSON and the names of
    files can hold."""
    return text.replace("\0", "?").encode("utf-8", "replace").decode("utf-8")
