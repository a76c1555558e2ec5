"""A recording of which all is known: every word is a tone of its own, every fifth one ends a sentence."""

from __future__ import annotations

import numpy as np

from aligner.model import Span, Status, TimedWord, Word
from tests.bench.recordings import RATE, Recording, Said

SOUND, PERIOD, SENTENCE = 0.3, 0.5, 5  # seconds of a word, seconds from word to word, words


def pitch(k: int) -> float:
    """In Hz, of the ``k``-th word."""
    return 300.0 + 12 * k


def recording_of_tones(words: int = 120, name: str = "tones", language: str = "fr") -> Recording:
    t = np.arange(round(SOUND * RATE)) / RATE
    samples = np.zeros(round(words * PERIOD * RATE), np.float32)
    text, said = "", []
    for k in range(words):
        start = k * PERIOD + 0.1
        at = round(start * RATE)
        samples[at : at + len(t)] = 0.3 * np.sin(2 * np.pi * pitch(k) * t)
        token = f"mot{k}." if k % SENTENCE == SENTENCE - 1 else f"mot{k}"
        said.append(Said(len(text), len(text) + len(token), start, start, start + SOUND))
        text += token + " "
    return Recording(name, language, samples, text, tuple(said), frozenset())


def pitch_at(samples: np.ndarray, start: float) -> float:
    """In Hz, of the sound in the 0.2 s from 0.05 s after ``start`` on, to within 3 Hz."""
    heard = samples[round((start + 0.05) * RATE) :][: round(0.2 * RATE)]
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard)), 8 * len(heard)))
    return float(spectrum.argmax() * RATE / (8 * len(heard)))


def sounds_from(samples: np.ndarray, start: float) -> bool:
    """Whether a sound begins at ``start``, to within 12 ms."""
    at, near = round(start * RATE), RATE * 12 // 1000
    before, after = (np.abs(piece).max() for piece in (samples[at - 2 * near : at - near], samples[at : at + near]))
    return bool(before < 0.02 < after)


def timed(text: str, char_start: int, char_end: int, start: float | None) -> TimedWord:
    """A word of an alignment, exact from ``start`` on or unspoken."""
    word = Word(text[char_start:char_end], char_start, char_end, segment=0)
    if start is None:
        return TimedWord(word, None, Status.UNSPOKEN, 0.0)
    return TimedWord(word, Span(start, start + 0.1), Status.EXACT, 0.9)
