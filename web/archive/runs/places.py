"""Where the episodes of an archive lie, as a run sees it: a library in a folder, or one in an object ``store``."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from aligner.storage.user_folders import HIDDEN
from media.confinement import is_folder, status_of
from web.archive.errors import ArchiveError
from web.archive.runs.otherwise import is_done_otherwise
from web.archive.runs.outcome import Outcome, Stage
from web.archive.runs.stages import episode_in, is_made, key_of, work
from web.library import Episode, EpisodeState, Library

Index = Callable[[Sequence[Path]], object]
"""Told the folders of episodes whose alignments are there, a few at a time."""


class AwayError(ArchiveError):
    """It cannot be reached now."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A stage that an episode is to go through: the ``key`` that names all that decides what comes of it, whether what
    it makes lies there, and the sound, by the ending of its name and its size."""

    stage: Stage
    key: str
    is_made: bool
    sound: str
    sound_bytes: int


@dataclass(frozen=True, slots=True)
class Listed:
    """An episode by the name of its folder, and what it is to go through."""

    name: str
    wanted: tuple[Wanted, ...]
    is_incomplete: bool = False


class Place(Protocol):
    """Where episodes lie. ``address`` names it for workers, which ``do`` the stages; ``root`` is a folder of this
    machine, in which is remembered what became of them."""

    address: str
    root: Path
    do: Callable[..., Outcome]

    def episodes(self) -> Iterable[Listed]:
        """All of them, the newest first."""
        ...

    def episode(self, name: str) -> Listed | None:
        """One of them as it is now; None if there is none. Raises AwayError."""
        ...

    def is_done_otherwise(self, name: str, stage: Stage) -> bool:
        """Whether a stage that failed was done since, by whoever else."""
        ...

    def is_there(self, anew: bool = False) -> bool:
        """Whether it can be reached; by another look where that is asked for."""
        ...

    def keep(self, at_last: bool = False) -> None:
        """Bring what is remembered to where it is to lie; called as often as one likes, at last when all is over."""
        ...

    def index(self, names: Sequence[str]) -> int:
        """Take the words of these episodes into the search of their library; of how many it was done."""
        ...


class FolderPlace:
    """The ``library`` in a folder; ``index`` brings its search up to date."""

    do = staticmethod(work)

    def __init__(self, library: Library, index: Index | None = None) -> None:
        self._library, self._index = library, index
        self.root, self.address = library.root, str(library.root)

    def episodes(self) -> Iterable[Listed]:
        newest = sorted(
            self._library.episodes(), key=lambda each: (each.details.date or "", each.folder.name), reverse=True
        )
        return (self._listed(episode) for episode in newest)

    def episode(self, name: str) -> Listed | None:
        episode = episode_in(self.root, name)
        return self._listed(episode) if episode else None

    def is_done_otherwise(self, name: str, stage: Stage) -> bool:
        episode = episode_in(self.root, name)
        return episode is not None and is_done_otherwise(episode, stage)

    def is_there(self, anew: bool = False) -> bool:
        return is_folder(self.root / HIDDEN)

    def keep(self, at_last: bool = False) -> None:
        """It lies there already."""

    def index(self, names: Sequence[str]) -> int:
        if self._index is None:
            return 0
        self._index([self.root / name for name in names])
        return len(names)

    def _listed(self, episode: Episode) -> Listed:
        name = episode.folder.relative_to(self.root).as_posix()
        wanted = list[Wanted]()
        for stage in stages_of(episode):
            assert episode.audio
            with contextlib.suppress(OSError):  # it has just gone
                key, size_bytes = key_of(episode, stage), status_of(episode.audio).st_size
                wanted.append(Wanted(stage, key, is_made(episode, stage), episode.audio.suffix.lower(), size_bytes))
        return Listed(name, tuple(wanted), episode.state is EpisodeState.INCOMPLETE)


def stages_of(episode: Episode) -> list[Stage]:
    """What is to be done to an episode, as far as its files go."""
    if episode.audio is None:
        return []
    return [Stage.ALIGN, Stage.WAVEFORM] if episode.transcript else [Stage.WAVEFORM]
