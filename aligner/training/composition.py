"""Windows to learn from: utterances one after another with pauses, in a made-up recording, cut every ``CHUNK``.

Conventions: times within a window are seconds from its start, and may lie outside it for a word that crosses its edge,
as happens in use. Windows of one recording share nothing but the speakers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aligner.normalization import readings
from aligner.recognition.acoustic.encoder import CHUNK
from aligner.training import augmentation, sounds
from aligner.training.holding import by_ear, held
from aligner.training.records import RATE, Phone, SpokenUtterance, SpokenWord

_PAUSES = (0.0, 0.05, 0.15, 0.3, 0.5, 0.9)  # seconds between utterances
_LONG_PAUSE, _LONG_PAUSE_SHARE = (1.0, 6.0), 0.06  # nothing but the background
_BREATH_SHARE, _BREATH_DB = 0.2, (3.0, 25.0)  # of the pauses; below speech
_ONLY_BACKGROUND_SHARE = 0.03  # of the windows: no speech at all

# Things said again, as people insist, correct themselves and start over: the same sound, half of the time played a
# little faster or slower.
_AGAIN_SHARE = 0.12  # of the utterances
_WHOLE_SHARE = 0.5  # of these; of the others some words are said again, before all or after it
_PERCENT = (97, 103)  # of its length, that a copy takes
_FADE = 80  # samples, at the edges of words that are cut out


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A window of sound and what is said in it, each word's text being the letters that sound in it; it has none where
    the word is broken off."""

    samples: NDArray[np.float32]
    words: tuple[SpokenWord, ...]
    phones: tuple[Phone, ...]


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
        inside = tuple(SpokenWord(w.text, w.start - low, w.end - low) for w in words if _overlaps(w, low))
        sounded = tuple(Phone(p.symbol, p.start - low, p.end - low) for p in phones if _overlaps(p, low))
        if rng.random() < _ONLY_BACKGROUND_SHARE:
            piece, inside, sounded = np.zeros(n, np.float32), (), ()
        babble = np.resize(others[int(rng.integers(len(others)))].samples, n)
        yield Example(augmentation.of_a_recording(piece, babble, rng), inside, sounded)


def _overlaps(span: SpokenWord | Phone, low: float) -> bool:
    return span.end > low and span.start < low + CHUNK


def _strung(
    utterances: Sequence[SpokenUtterance], rng: np.random.Generator
) -> tuple[NDArray[np.float32], list[SpokenWord], list[Phone]]:
    """One recording of all the utterances: sound, words, phonemes."""
    pieces: list[NDArray[np.float32]] = []
    words: list[SpokenWord] = []
    phones: list[Phone] = []
    at_samples = 0
    for utterance in utterances:
        speaker = augmentation.of_a_speaker(held(by_ear(utterance), rng), rng)
        for said in with_copies(speaker, rng):
            at = at_samples / RATE
            words += [SpokenWord(w.text, w.start + at, w.end + at) for w in _spelt(said)]
            phones += [Phone(p.symbol, p.start + at, p.end + at) for p in said.phones]
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


def _spelt(utterance: SpokenUtterance) -> Iterator[SpokenWord]:
    letters = [ways[0] for ways in readings([word.text for word in utterance.words], utterance.language)]
    for word, letter in zip(utterance.words, letters, strict=True):
        yield SpokenWord(letter if word.text else "", word.start, word.end)


def with_copies(utterance: SpokenUtterance, rng: np.random.Generator) -> Iterator[SpokenUtterance]:
    """``utterance``, and now and then a copy of it, or of a part of it, before or after it."""
    if rng.random() >= _AGAIN_SHARE or not utterance.words:
        yield utterance
        return
    copy = utterance if rng.random() < _WHOLE_SHARE else _part(utterance, rng)
    if rng.random() < 0.5:
        copy = augmentation.stretched(copy, int(rng.integers(_PERCENT[0], _PERCENT[1] + 1)))
    yield from (copy, utterance) if rng.random() < 0.5 else (utterance, copy)


def _part(utterance: SpokenUtterance, rng: np.random.Generator) -> SpokenUtterance:
    """One word of it to all, half of the time from its beginning: a start that is broken off."""
    first = 0 if rng.random() < 0.5 else int(rng.integers(len(utterance.words)))
    return cut_out(utterance, first, int(rng.integers(first + 1, len(utterance.words) + 1)))


def cut_out(utterance: SpokenUtterance, first: int, stop: int) -> SpokenUtterance:
    """Words ``[first, stop)`` alone."""
    words = utterance.words[first:stop]
    low, high = max(0, round(words[0].start * RATE)), min(len(utterance.samples), round(words[-1].end * RATE))
    samples = utterance.samples[low:high].copy()
    fade = np.linspace(0, 1, min(_FADE, len(samples)), dtype=np.float32)
    samples[: len(fade)] *= fade
    samples[len(samples) - len(fade) :] *= fade[::-1]
    at = low / RATE
    return replace(
        utterance,
        samples=samples,
        words=tuple(SpokenWord(w.text, w.start - at, w.end - at) for w in words),
        phones=tuple(
            Phone(p.symbol, p.start - at, p.end - at)
            for p in utterance.phones
            if words[0].start - 1e-6 <= p.start and p.end <= words[-1].end + 1e-6
        ),
    )
