"""What was heard at any place of an episode, as far as this machine still knows.

An ear's output lies in the user's cache under the sound's hash, with all that decided it. An alignment names the ear
and its model, and the language that came out; whether that was asked for or told by the ear it does not say, so both
are looked up.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import FRAME, Emissions, spikes
from aligner.model import Alignment, Recognition, Span
from aligner.normalization import ALPHABET
from aligner.recognition import Ear, cache, recognised_before

_EDGE = 0.06  # seconds by which a letter may be spiked outside the word that it belongs to
_LIKELY = 0.5  # probability that a word starts
_LEAD_FRAMES = 1  # by which its first letter may be spiked before it


class Hearing:
    """What an ear made of the episode."""

    def __init__(self, recognition: Recognition) -> None:
        self._words, self._emissions = recognition.words, recognition.emissions
        self._middles = [(word.start + word.end) / 2 for word in recognition.words]

    def within(self, span: Span) -> tuple[str, ...]:
        """The words that were heard in ``span``; where letters were, these, parted where words seem to begin."""
        if self._emissions is not None:
            return tuple(lettered_words(self._emissions, span))
        low, high = (bisect_left(self._middles, time) for time in (span.start, span.end))
        return tuple(word.text.strip() for word in self._words[low:high])


def hearing_of(alignment: Alignment) -> Hearing | None:
    """What was heard of the sound that ``alignment`` was made of; None where this machine has not heard it, or has
    forgotten."""
    audio = cache.load_audio(Path(alignment.audio.file), alignment.audio.sha256)
    if audio is None:
        return None
    for ear in _ears(alignment):
        recognition = recognised_before(audio, ear)
        if recognition is not None:
            return Hearing(recognition)
    return None


def _ears(alignment: Alignment) -> Iterator[Ear]:
    """The ears that may have listened; none where the words were given, for nobody says by which file."""
    from aligner.recognition.letters import LettersEar
    from aligner.recognition.words import WordsEar

    engine = alignment.engine
    for language in (None, alignment.language):
        if engine.ear == LettersEar.name:
            yield LettersEar(engine.model, language)
        elif engine.ear == WordsEar.name:
            yield WordsEar(engine.model, language)


def lettered_words(emissions: Emissions, span: Span) -> list[str]:
    """The letters spiked in ``span``, cut where a word probably starts.

    Of the starts of words in the French episode of ``docs/measuring.md`` 84 % are cut so, and 78 % of the cuts are
    such; by the ends of words it was better with one head and much worse with another.
    """
    low, high = (int(max(0.0, time) / FRAME) for time in (span.start - _EDGE, span.end + _EDGE))
    onsets, classes = spikes(emissions.ctc[low:high])
    starts = _peaks(np.exp(np.asarray(emissions.starts[low:high], np.float32)))
    started = np.searchsorted(starts, onsets + _LEAD_FRAMES, side="right")
    cuts = np.flatnonzero(np.diff(started)) + 1
    return ["".join(ALPHABET[c - 1] for c in word) for word in np.split(classes, cuts) if len(word)]


def _peaks(likely: NDArray[np.float32]) -> NDArray[np.int64]:
    """The frames in which a word is likelier to start than beside them, and likelier than not."""
    before, after = np.append(0, likely[:-1]), np.append(likely[1:], 0)
    return np.flatnonzero((likely >= _LIKELY) & (likely > before) & (likely >= after))
