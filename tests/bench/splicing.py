"""Sounds put together of pieces of recordings, as an editor does, and aligned with their text.

Conventions: seconds; every piece fades in and out over 8 ms, so that no join clicks.
"""

from __future__ import annotations

import re
import tempfile
import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from aligner.evaluation import TrueWord, paired
from aligner.model import TimedWord
from aligner.pipeline import AlignOptions, align
from aligner.recognition.letters import LettersEar
from tests.bench.recordings import RATE, Recording, Said, Samples, loudness

_CLOSING = re.compile(r"(?:[ \u00a0\u202f]?[»?!:;.,…”)])*")
_FADE_SAMPLES = RATE // 125
_TONE = 0.15  # seconds of the quietest sound, of which a longer one is made


class Splice:
    """A sound that grows at its end."""

    def __init__(self) -> None:
        self._pieces: list[Samples] = []
        self._samples = 0

    @property
    def duration(self) -> float:
        return self._samples / RATE

    @property
    def samples(self) -> Samples:
        return np.concatenate(self._pieces)

    def add(self, piece: Samples) -> float:
        """Put a piece at the end; where it begins."""
        begin = self.duration
        self._pieces.append(faded(piece))
        self._samples += len(piece)
        return begin


def faded(piece: Samples) -> Samples:
    ramp = np.minimum(1.0, np.arange(1, len(piece) + 1) / _FADE_SAMPLES)
    return (piece * ramp * ramp[::-1]).astype(np.float32)


def room_tone(recording: Recording, seconds: float) -> Samples:
    """The recording's quietest moment, to and fro for so long: nobody speaks in it, and the room stays."""
    levels = np.square(loudness(recording.samples))
    frames = round(_TONE * RATE / 40)
    energies = np.convolve(levels, np.ones(frames), "valid")
    at = int(energies.argmin()) * 40
    tone = recording.samples[at : at + frames * 40]
    wanted = round(seconds * RATE)
    return np.resize(np.concatenate([tone, tone[::-1]]), wanted).astype(np.float32)


def altered(piece: Samples, speed: float, gain_db: float) -> Samples:
    """A piece played so much faster, which raises its pitch as much, and so much louder."""
    at = np.arange(round(len(piece) / speed)) * speed
    return (np.interp(at, np.arange(len(piece)), piece) * 10 ** (gain_db / 20)).astype(np.float32)


def after_word(text: str, word: Said) -> int:
    """Where the punctuation ends that closes a word."""
    closing = _CLOSING.match(text, word.char_end)
    return closing.end() if closing else word.char_end


def aligned(
    samples: Samples, text: str, language: str | None, words: Sequence[tuple[int, int]]
) -> list[TimedWord | None]:
    """What the letters ear and the search make of each of the text's ``words``, which are ranges of characters."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with wave.open(str(folder / "episode.wav"), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes((samples.clip(-1, 1) * 32767).astype("<i2").tobytes())
        (folder / "transcript.txt").write_text(text, encoding="utf-8", newline="")
        ears = (LettersEar(language=language),)
        found = align(folder / "episode.wav", folder / "transcript.txt", AlignOptions(), ears=ears).alignment
    return [timed for _, timed in paired(found.words, [TrueWord(*word, None) for word in words])]
