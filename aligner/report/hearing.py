"""What was heard at any place of an episode, as far as this machine still knows."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import FRAME, Emissions, spikes
from aligner.model import Alignment, Recognition, Span
from aligner.normalization import ALPHABET
from aligner.recognition.before import heard_before

MARGIN = 0.06
"""Seconds by which a letter may be spiked outside the word that it belongs to."""

_LIKELY = 0.5  # probability that a word starts
_LEAD_FRAMES = 1  # by which its first letter may be spiked before it


class Hearing:
    """What an ear made of the episode."""

    def __init__(self, recognition: Recognition) -> None:
        self._words, self.emissions = recognition.words, recognition.emissions
        self._middles = [(word.start + word.end) / 2 for word in recognition.words]

    def within(self, span: Span) -> tuple[str, ...]:
        """The words that were heard in ``span``; where letters were, these, parted where words seem to begin."""
        if self.emissions is not None:
            return tuple(lettered_words(self.emissions, span))
        low, high = (bisect_left(self._middles, time) for time in (span.start, span.end))
        return tuple(word.text.strip() for word in self._words[low:high])


def hearing_of(alignment: Alignment) -> Hearing | None:
    """What was heard of the sound that ``alignment`` was made of; None where this machine has not heard it, or has
    forgotten."""
    found = heard_before(alignment)
    return Hearing(found[1]) if found else None


def lettered_words(emissions: Emissions, span: Span) -> list[str]:
    """The letters spiked in ``span``, cut where a word probably starts.

    Of the starts of words in the French episode of ``docs/measuring.md`` 84 % are cut so, and 78 % of the cuts are
    such; by the ends of words it was better with one head and much worse with another.
    """
    low, high = (int(max(0.0, time) / FRAME) for time in (span.start - MARGIN, span.end + MARGIN))
    onsets, classes = spikes(emissions.ctc[low:high])
    starts = _peaks(np.exp(np.asarray(emissions.starts[low:high], np.float32)))
    started = np.searchsorted(starts, onsets + _LEAD_FRAMES, side="right")
    cuts = np.flatnonzero(np.diff(started)) + 1
    return ["".join(ALPHABET[c - 1] for c in word) for word in np.split(classes, cuts) if len(word)]


def _peaks(likely: NDArray[np.float32]) -> NDArray[np.int64]:
    """The frames in which a word is likelier to start than beside them, and likelier than not."""
    before, after = np.append(0, likely[:-1]), np.append(likely[1:], 0)
    return np.flatnonzero((likely >= _LIKELY) & (likely > before) & (likely >= after))
