"""Windows to learn from: utterances one after another with pauses, in a made-up recording, cut every ``CHUNK``.

Conventions: times within a window are seconds from its start, and may lie outside it for a word that crosses its edge,
as happens in use. Windows of one recording share nothing but the speakers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aligner.normalization import readings
from aligner.recognition.letters.encoder import CHUNK
from aligner.training import augmentation, sounds
from aligner.training.edges import by_ear
from aligner.training.holding import held
from aligner.training.records import RATE, SpokenUtterance
from aligner.training.repeating import with_copies

_PAUSES = (0.0, 0.05, 0.15, 0.3, 0.5, 0.9)  # seconds between utterances
_LONG_PAUSE, _LONG_PAUSE_SHARE = (1.0, 6.0), 0.06  # nothing but the background
_BREATH_SHARE, _BREATH_DB = 0.2, (3.0, 25.0)  # of the pauses; below speech
_ONLY_BACKGROUND_SHARE = 0.03  # of the windows: no speech at all


@dataclass(frozen=True, slots=True)
class Spelt:
    """A word in a window as the letters that sound in it; none for a word broken off."""

    letters: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Sounded:
    """A phoneme in a window."""

    symbol: str
    start: float
    end: float


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A window of sound and what is said in it."""

    samples: NDArray[np.float32]
    words: tuple[Spelt, ...]
    phones: tuple[Sounded, ...]


def examples(
    utterances: Sequence[SpokenUtterance], others: Sequence[SpokenUtterance], rng: np.random.Generator
) -> Iterator[Example]:
    """Windows that hold ``utterances`` in turn, disturbed afresh; ``others`` babble in the background."""
    samples, words, phones = _strung(utterances, rng)
    n = round(CHUNK * RATE)
    first = int(rng.integers(0, n))  # windows begin anywhere
    samples = np.concatenate([np.zeros(first, np.float32), samples, np.zeros(n, np.float32)])
    for at in range(0, len(samples) - n, n):
        low = (at - first) / RATE
        piece = samples[at : at + n]
        inside = tuple(Spelt(w.letters, w.start - low, w.end - low) for w in words if _overlaps(w, low))
        sounded = tuple(Sounded(p.symbol, p.start - low, p.end - low) for p in phones if _overlaps(p, low))
        if rng.random() < _ONLY_BACKGROUND_SHARE:
            piece, inside, sounded = np.zeros(n, np.float32), (), ()
        babble = np.resize(others[int(rng.integers(len(others)))].samples, n)
        yield Example(augmentation.of_a_recording(piece, babble, rng), inside, sounded)


def _overlaps(span: Spelt | Sounded, low: float) -> bool:
    return span.end > low and span.start < low + CHUNK


def _strung(
    utterances: Sequence[SpokenUtterance], rng: np.random.Generator
) -> tuple[NDArray[np.float32], list[Spelt], list[Sounded]]:
    """One recording of all the utterances: sound, words, phonemes."""
    pieces: list[NDArray[np.float32]] = []
    words: list[Spelt] = []
    phones: list[Sounded] = []
    at_samples = 0
    for utterance in utterances:
        speaker = augmentation.of_a_speaker(held(by_ear(utterance), rng), rng)
        for said in with_copies(speaker, rng):
            at = at_samples / RATE
            words += [Spelt(w.letters, w.start + at, w.end + at) for w in _spelt(said)]
            phones += [Sounded(p.symbol, p.start + at, p.end + at) for p in said.phones]
            pieces += [said.samples, _pause(rng)]
            at_samples += len(said.samples) + len(pieces[-1])
    return np.concatenate(pieces), words, phones


def _pause(rng: np.random.Generator) -> NDArray[np.float32]:
    """What lies between two utterances: nothing, or someone who breathes or laughs close to the words."""
    long = rng.random() < _LONG_PAUSE_SHARE
    seconds = rng.uniform(*_LONG_PAUSE) if long else rng.choice(_PAUSES)
    pause = np.zeros(int(seconds * RATE), np.float32)
    if rng.random() >= _BREATH_SHARE:
        return pause
    breath = augmentation.LEVEL * 10 ** (-rng.uniform(*_BREATH_DB) / 20) * sounds.breath(rng)
    pause = np.pad(pause, (0, max(0, len(breath) - len(pause))))
    at = int(rng.integers(0, len(pause) - len(breath) + 1))
    pause[at : at + len(breath)] += breath
    return pause


def _spelt(utterance: SpokenUtterance) -> Iterator[Spelt]:
    letters = [ways[0] for ways in readings([word.text for word in utterance.words], utterance.language)]
    for word, letter in zip(utterance.words, letters, strict=True):
        yield Spelt(letter if word.text else "", word.start, word.end)
