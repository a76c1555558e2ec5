"""Planted emissions, as the acoustic model would give for a recording in which every letter has a known time.

Word edges rise and fall around their true times as in the model's training, in a bell of one frame's width.
"""

import numpy as np

from aligner.emissions import CLASSES, COLUMNS, FRAME, Emissions
from aligner.model import Span
from aligner.normalization import ALPHABET, readings
from tests.aligner.episodes import Planted

Said = list[tuple[float, float]]

_SURE, _REST = np.log(0.9), np.log(0.1 / (CLASSES - 1))
_PRIOR = np.array([0.5, *np.full(CLASSES - 1, 0.5 / (CLASSES - 1))], np.float32)


class Tape:
    """A recording to which speech is appended; times are seconds. ``misheard`` is the share of misrecognised
    letters."""

    def __init__(self, misheard: float = 0.0, letter: float = 0.067, language: str = "en", seed: int = 1) -> None:
        self.now = 0.0
        self._misheard, self._letter, self._language = misheard, letter, language
        self._rng = np.random.default_rng(seed)
        self._letters: list[tuple[int, float, float]] = []
        self._hums: list[tuple[float, float]] = []
        self._starts: list[float] = []
        self._ends: list[float] = []
        self._speech: list[Span] = []

    def pause(self, seconds: float) -> float:
        self.now += seconds
        return self.now

    def say(self, text: str, gap: float = 0.0) -> Said:
        """Say words one after the other, ``gap`` seconds apart; return the time of each."""
        began, said = self.now, []
        for (way, *_), token in zip(readings(text.split(), self._language), text.split(), strict=True):
            assert way, f"{token!r} has no letters"
            said.append(self._word(way))
            self.now += gap
        self.now -= gap
        self._speech.append(Span(began, self.now))
        return said

    def hum(self, seconds: float) -> None:
        """Append a hesitation: a vowel that is more likely no letter than one."""
        self._hums.append((self.now, self.now + seconds))
        self._speech.append(Span(self.now, self.now + seconds))
        self.now += seconds

    def music(self, seconds: float) -> None:
        """Append music that the speech detector takes for speech, without letters."""
        self._speech.append(Span(self.now, self.now + seconds))
        self.now += seconds

    def heard(self) -> Planted:
        """Return the recognition of the recording."""
        values = np.full((int(np.ceil(self.now / FRAME)) + 1, COLUMNS), _REST)
        values[:, [0, CLASSES]] = _SURE
        for number, start, stop in self._letters:
            low, high = int(np.ceil(start / FRAME - 1e-6)), int(np.ceil(stop / FRAME - 1e-6))
            values[low:high, CLASSES : 2 * CLASSES] = _REST
            values[low:high, CLASSES + number] = _SURE
            values[low, :CLASSES] = _REST
            values[low, number] = _SURE
        for start, stop in self._hums:
            low, high = int(np.ceil(start / FRAME)), int(np.ceil(stop / FRAME))
            values[low:high, [CLASSES, CLASSES + 1 + ALPHABET.index("e")]] = np.log([0.85, 0.1])
        frames = np.arange(len(values))
        for side, edges in ((-2, self._starts), (-1, self._ends)):
            bell = np.full(len(values), 1e-4)
            for edge in edges:
                near = slice(max(0, int(edge / FRAME) - 5), int(edge / FRAME) + 6)
                bell[near] = np.maximum(bell[near], 0.9 * np.exp(-0.5 * (frames[near] - edge / FRAME) ** 2))
            values[:, side] = np.log(bell)
        scores = Emissions(values.astype(np.float16), _PRIOR)
        spans = [span for span in self._speech if span.duration]
        return Planted((), tuple(_joined(spans)), self.now, self._language, scores)

    def _word(self, way: str) -> tuple[float, float]:
        start = self.now
        for letter in way:
            number = 1 + ALPHABET.index(letter)
            if self._rng.random() < self._misheard:
                number = int(self._rng.integers(1, CLASSES))
            self._letters.append((number, self.now, self.now + self._letter))
            self.now += self._letter
        self._starts.append(start)
        self._ends.append(self.now)
        return start, self.now


def _joined(spans: list[Span]) -> list[Span]:
    """Return the spans as a speech detector gives them, with those that touch joined."""
    joined: list[Span] = []
    for span in spans:
        if joined and span.start - joined[-1].end < 0.2:
            joined[-1] = Span(joined[-1].start, span.end)
        else:
            joined.append(span)
    return joined
