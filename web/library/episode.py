"""The records of the library: an episode, what is known of it, how far it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from aligner.storage.file_names import episode_title, publication_name
from aligner.storage.user_folders import HIDDEN


class EpisodeState(StrEnum):
    """How far an episode is."""

    ALIGNED = "aligned"
    WAITING = "waiting"  # sound and transcript are there, no alignment yet
    INCOMPLETE = "incomplete"  # the sound or the transcript is missing


class EpisodeProblem(StrEnum):
    """What keeps a folder from being read as it should; the names are keys of the catalogue."""

    DETAILS = "problem.details"  # episode.json is damaged, or another program's
    LATER = "problem.later"  # others took too long for this one to be looked into
    ALIGNMENT = "problem.alignment"  # the alignment is damaged, or another program's
    NEWER = "problem.newer"  # the alignment is of a later quotecast
    AUDIO = "problem.audio"  # no sound in the folder, or not the named one
    RENAMED = "problem.renamed"  # a sound and an alignment, which belongs to one of another name
    TRANSCRIPT = "problem.transcript"  # no transcript in the folder
    REFUSED = "problem.refused"  # sound, text, details or our folders that are no such thing, or links not followed
    SEVERAL = "problem.several"  # other sounds with alignments of their own lie in the folder
    COPY = "problem.copy"  # an alignment lies in the folder that belongs to no sound in it


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of an episode as a publication; unknown fields are None.

    ``names`` gives speakers whom the transcript labels otherwise the name to show, by label; ``speakers`` are names to
    show, in order of appearance. ``cover`` is the name of a file in the episode's folder;
    ``guid`` identifies the episode's item in its feed.
    """

    title: str | None = None
    show: str | None = None
    date: str | None = None
    url: str | None = None
    language: str | None = None
    speakers: tuple[str, ...] = ()
    cover: str | None = None
    guid: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode's folder and the files of it that matter; ``id`` names it in addresses.

    ``problem_file`` is the name of the file that the problem is about, as far as that is known.
    """

    id: str
    folder: Path
    details: Details
    audio: Path | None
    transcript: Path | None
    alignment: Path | None
    problem: EpisodeProblem | None = None
    problem_file: str | None = None

    @property
    def hidden(self) -> Path:
        """Where derived files lie, which may be removed at any time."""
        return self.folder / HIDDEN

    @property
    def title(self) -> str:
        """The title, else the folder's name."""
        return episode_title(self.details.title, self.folder)

    @property
    def download_name(self) -> str:
        """What all that is taken from it is called, without an ending."""
        return publication_name(self.title, self.details.date)

    @property
    def state(self) -> EpisodeState:
        if self.audio and self.alignment:
            return EpisodeState.ALIGNED
        return EpisodeState.WAITING if self.audio and self.transcript else EpisodeState.INCOMPLETE
