"""Concatenate utterances with pauses, and split the result into windows of ``CHUNK`` seconds to train on.

Conventions: times are seconds from the start of the window. A word may be only partly inside its window, as happens
when an episode is aligned. Each window of a recording is degraded differently.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from aligner.normalization import readings
from aligner.recognition.acoustic.encoder import CHUNK
from aligner.training import augmentation, noises
from aligner.training.durations import correct_edges, prolong
from aligner.training.records import RATE, Phone, SpokenUtterance, SpokenWord

_PAUSES = (0.0, 0.05, 0.15, 0.3, 0.5, 0.9)  # seconds between utterances
_LONG_PAUSE, _LONG_PAUSE_SHARE = (1.0, 6.0), 0.06  # only background
_BREATH_SHARE, _BREATH_DB = 0.2, (3.0, 25.0)  # share of the pauses; decibels below speech
_ONLY_BACKGROUND_SHARE = 0.03  # of the windows: no speech

# Repetitions, as when people insist or correct themselves: the same audio, half of the time slightly faster or slower.
_REPEATED_SHARE = 0.12  # of the utterances
_WHOLE_SHARE = 0.5  # of these; in the others only some words are repeated
_PERCENT = (97, 103)  # length of a copy
_FADE = 80  # samples, at the edges of copied words


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A window of audio, its words (spelled in ``ALPHABET``) and its phonemes. Broken-off words have no text."""

    samples: NDArray[np.float32]
    words: tuple[SpokenWord, ...]
    phones: tuple[Phone, ...]


def examples(
    utterances: Sequence[SpokenUtterance], others: Sequence[SpokenUtterance], rng: np.random.Generator
) -> Iterator[Example]:
    """Concatenate ``utterances``; yield windows, degraded at random, some with one of ``others`` in the background."""
    samples, words, phones = _concatenate(utterances, rng)
    n = round(CHUNK * RATE)
    first = int(rng.integers(0, n))  # the first window may begin anywhere
    samples = np.concatenate([np.zeros(first, np.float32), samples, np.zeros(n, np.float32)])
    for at in range(0, len(samples) - n, n):
        low = (at - first) / RATE
        piece = samples[at : at + n]
        inside = tuple(SpokenWord(w.text, w.start - low, w.end - low) for w in words if _overlaps(w, low))
        inside_phones = tuple(Phone(p.symbol, p.start - low, p.end - low) for p in phones if _overlaps(p, low))
        if rng.random() < _ONLY_BACKGROUND_SHARE:
            piece, inside, inside_phones = np.zeros(n, np.float32), (), ()
        babble = np.resize(others[int(rng.integers(len(others)))].samples, n)
        yield Example(augmentation.degrade_recording(piece, babble, rng), inside, inside_phones)


def _overlaps(span: SpokenWord | Phone, low: float) -> bool:
    return span.end > low and span.start < low + CHUNK


def _concatenate(
    utterances: Sequence[SpokenUtterance], rng: np.random.Generator
) -> tuple[NDArray[np.float32], list[SpokenWord], list[Phone]]:
    pieces: list[NDArray[np.float32]] = []
    words: list[SpokenWord] = []
    phones: list[Phone] = []
    at_samples = 0
    for utterance in utterances:
        speaker = augmentation.vary_speaker(prolong(correct_edges(utterance), rng), rng)
        for spoken in with_copies(speaker, rng):
            at = at_samples / RATE
            words += [SpokenWord(w.text, w.start + at, w.end + at) for w in _with_letters(spoken)]
            phones += [Phone(p.symbol, p.start + at, p.end + at) for p in spoken.phones]
            pieces += [spoken.samples, _pause(rng)]
            at_samples += len(spoken.samples) + len(pieces[-1])
    return np.concatenate(pieces), words, phones


def _pause(rng: np.random.Generator) -> NDArray[np.float32]:
    """Return the samples of a pause: silence, sometimes with a breath or laughter."""
    long = rng.random() < _LONG_PAUSE_SHARE
    seconds = rng.uniform(*_LONG_PAUSE) if long else rng.choice(_PAUSES)
    pause = np.zeros(int(seconds * RATE), np.float32)
    if rng.random() >= _BREATH_SHARE:
        return pause
    breath = augmentation.LEVEL * 10 ** (-rng.uniform(*_BREATH_DB) / 20) * noises.breath(rng)
    pause = np.pad(pause, (0, max(0, len(breath) - len(pause))))
    at = int(rng.integers(0, len(pause) - len(breath) + 1))
    pause[at : at + len(breath)] += breath
    return pause


def _with_letters(utterance: SpokenUtterance) -> Iterator[SpokenWord]:
    letters = [ways[0] for ways in readings([word.text for word in utterance.words], utterance.language)]
    for word, letter in zip(utterance.words, letters, strict=True):
        yield SpokenWord(letter if word.text else "", word.start, word.end)


def with_copies(utterance: SpokenUtterance, rng: np.random.Generator) -> Iterator[SpokenUtterance]:
    """Yield the utterance and sometimes, before or after it, a repetition of the utterance or of some of its words."""
    if rng.random() >= _REPEATED_SHARE or not utterance.words:
        yield utterance
        return
    copy = utterance if rng.random() < _WHOLE_SHARE else _part(utterance, rng)
    if rng.random() < 0.5:
        copy = augmentation.change_speed(copy, int(rng.integers(_PERCENT[0], _PERCENT[1] + 1)))
    yield from (copy, utterance) if rng.random() < 0.5 else (utterance, copy)


def _part(utterance: SpokenUtterance, rng: np.random.Generator) -> SpokenUtterance:
    """Cut the utterance to random consecutive words; half of the time, to its first words, as in a false start."""
    first = 0 if rng.random() < 0.5 else int(rng.integers(len(utterance.words)))
    return extract_words(utterance, first, int(rng.integers(first + 1, len(utterance.words) + 1)))


def extract_words(utterance: SpokenUtterance, first: int, stop: int) -> SpokenUtterance:
    """Return the utterance cut to the words with the indices ``[first, stop)``, their audio and phonemes."""
    words = utterance.words[first:stop]
    low, high = max(0, round(words[0].start * RATE)), min(len(utterance.samples), round(words[-1].end * RATE))
    samples = utterance.samples[low:high].copy()
    fade = np.linspace(0, 1, min(_FADE, len(samples)), dtype=np.float32)
    samples[: len(fade)] *= fade
    samples[len(samples) - len(fade) :] *= fade[::-1]
    first_second, last_second = words[0].start - 1e-6, words[-1].end + 1e-6
    phones = tuple(p for p in utterance.phones if first_second <= p.start and p.end <= last_second)
    return replace(utterance, words=words, phones=phones).retimed(samples, lambda second: second - low / RATE)
