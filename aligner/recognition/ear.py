"""What an ear is: the small interface that every recogniser stands behind.

Conventions
-----------
- Progress is told as seconds of the episode, per stage: ``speech`` (decoding, finding speech) and the ear's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from aligner.model import HeardWord, Span

if TYPE_CHECKING:
    from aligner.emissions import LetterScores

Progress = Callable[[str, float, float], None]
"""Told ``(stage, done, total)``, both in seconds of the episode; a total of 0 is not known yet."""


def silent(stage: str, done: float, total: float) -> None:
    """A progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Sound:
    """An episode's sound before anyone listens to the words: how long it is and where someone talks.

    ``duration`` is what was decoded; ``speech`` as in ``Heard``; ``sha256`` is of the file's bytes.
    """

    path: Path
    sha256: str
    duration: float
    speech: tuple[Span, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hearing:
    """What an ear understood: words, in order of time, each ending after it starts; or the letters of every frame."""

    words: tuple[HeardWord, ...]
    language: str
    warnings: tuple[str, ...] = ()
    letters: LetterScores | None = None


class Ear(Protocol):
    """Something that turns sound into timed words or letters."""

    @property
    def name(self) -> str:
        """The kind of ear, as in ``alignment.json``."""

    @property
    def model(self) -> str:
        """The model it listens with, as the user named it."""

    def identity(self) -> dict[str, object]:
        """All that decides what is heard besides the sound, as JSON values; cheap, for it is the cache's key."""

    def hear(self, sound: Sound, progress: Progress) -> Hearing:
        """Listen to the whole episode."""
