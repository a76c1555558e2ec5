"""The records that pass between the stages of training, and how they are kept. Seconds; half-open spans."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

RATE = 16_000  # samples per second, everywhere in training


@dataclass(frozen=True, slots=True)
class Said:
    """A word to be said: as written, the punctuation that follows it, and how it is to be said."""

    text: str
    mark: str = ""  # one of , . ! ? ; : or …, or nothing
    cut: float = 1.0  # share of its sounds that are said: below 1 the speaker breaks off
    drawl: int = 0  # length marks put on its last vowel: a hesitation


@dataclass(frozen=True, slots=True)
class Plan:
    """One utterance before it is spoken. The same plan always gives the same speech."""

    language: str  # ISO 639-1
    dialect: str  # espeak-ng's name of the voice that reads the words
    words: tuple[Said, ...]
    voice: tuple[tuple[str, float], ...]  # Kokoro voices and their weights, which sum to 1
    speed: float
    seed: int


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word as it was said. A broken-off word has no letters that could be known: its text is empty."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Phone:
    """One phoneme as it was said, in espeak-ng's IPA."""

    symbol: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class SpokenUtterance:
    """Speech with the time of every word and phoneme of it."""

    language: str
    samples: NDArray[np.float32]  # mono, RATE
    words: tuple[SpokenWord, ...]
    phones: tuple[Phone, ...]


def save_arrays(path: Path, arrays: dict[str, ArrayLike]) -> None:
    """Write ``arrays`` to ``path`` (.npz), whole or not at all: a run may be stopped at any moment."""
    building = path.with_name(path.name + ".part")
    with building.open("wb") as file:
        np.savez(file, **arrays)
    building.replace(path)
