"""Define the records that one stage of training passes to the next. Times are in seconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

RATE = 16_000  # samples per second, everywhere in training
Samples = NDArray[np.float32]  # mono, ``RATE``


@dataclass(frozen=True, slots=True)
class PlannedWord:
    """A word to speak."""

    text: str
    mark: str = ""  # the punctuation after it: one of , . ! ? ; : or …, or nothing
    cut: float = 1.0  # the share of its phonemes to speak; below 1 it is broken off
    drawl: int = 0  # length marks on its last vowel, as in hesitation


@dataclass(frozen=True, slots=True)
class Plan:
    """An utterance to speak. ``voice`` lists Kokoro voices to blend, with weights. Equal plans give equal speech."""

    language: str  # ISO 639-1
    dialect: str  # the name of an espeak-ng voice
    words: tuple[PlannedWord, ...]
    voice: tuple[tuple[str, float], ...]  # Kokoro voices and their weights, whose sum is 1
    speed: float
    seed: int


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A spoken word. The text of a broken-off word is empty, because its letters are unknown."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Phone:
    """A spoken phoneme: its symbol in the IPA of espeak-ng, and its start and end in seconds."""

    symbol: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class SpokenUtterance:
    """Speech with the time of each word and phoneme."""

    language: str
    samples: Samples
    words: tuple[SpokenWord, ...]
    phones: tuple[Phone, ...]

    def retimed(self, samples: Samples, move: Callable[[float], float]) -> SpokenUtterance:
        """Return the utterance with other samples, and with each time changed by ``move``."""
        words = tuple(replace(word, start=move(word.start), end=move(word.end)) for word in self.words)
        phones = tuple(replace(phone, start=move(phone.start), end=move(phone.end)) for phone in self.phones)
        return replace(self, samples=samples, words=words, phones=phones)


def save_arrays(path: Path, arrays: dict[str, ArrayLike]) -> None:
    """Write arrays to the .npz file ``path``. The file is renamed to ``path`` only when it is complete."""
    building = path.with_name(path.name + ".part")
    with building.open("wb") as file:
        np.savez(file, **arrays)
    building.replace(path)
