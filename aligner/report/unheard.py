"""Words that are called heard where something else was: as where somebody moved them by hand, or another program timed
them. What aligns them anew would be as sure of them elsewhere; here no confidence tells.

Each word's letters are held against those that were heard while it is said. By how many of them are there, it is so
many times likelier to be said elsewhere; runs of such words are told where that multiplies to what no chance is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import FRAME, Emissions, spikes
from aligner.model import Alignment, TimedWord
from aligner.normalization import ALPHABET, fold
from aligner.report.hearing import MARGIN

# Of 1,309 words of real voices and 5,571 shifted by 0.3 to 5 s: the logarithm of how much oftener the latter have so
# many of their letters heard, by upper bounds of the share (tests/bench/unheard.py).
SHARES = (0.2, 0.4, 0.5, 0.6, 0.7)
_LIKELIER = (2.6, 1.7, 1.05, -0.1, -1.75, -3.3)
_NO_CHANCE = 5.0  # 150 times likelier


def unheard_runs(alignment: Alignment, emissions: Emissions) -> list[range]:
    """The runs of words that are said to be heard, and by the letters heard there are not; none of them pinned."""
    found: list[range] = []
    first, best, stop, total = 0, 0.0, 0, 0.0
    for k, weight in enumerate([*_weights(alignment.words, emissions), -np.inf]):
        total += weight
        if total <= 0 or total < best - _NO_CHANCE:
            if best >= _NO_CHANCE:
                found.append(range(first, stop))
            first, best, total = k + 1, 0.0, 0.0
        elif total > best:
            best, stop = total, k + 1
    return found


def _weights(words: Sequence[TimedWord], emissions: Emissions) -> Iterator[float]:
    for word, share in zip(words, shares_heard(words, emissions), strict=True):
        if word.pinned:
            yield -np.inf
        else:
            yield 0.0 if share is None else _LIKELIER[bisect_right(SHARES, share)]


def shares_heard(words: Sequence[TimedWord], emissions: Emissions) -> Iterator[float | None]:
    """Which share of each word's letters is heard, in order, while it is said; None of words that are not called heard,
    or have no letters."""
    onsets, heard_letters = _spiked(emissions)
    spans = [(word.span.start - MARGIN, word.span.end + MARGIN) if word.span else (0.0, 0.0) for word in words]
    edges = np.searchsorted(onsets, np.array(spans).reshape(-1, 2) / FRAME).tolist()
    for word, (low, high) in zip(words, edges, strict=True):
        letters = fold(word.word.text) if word.status.is_heard else ""
        yield _in_common(heard_letters[low:high], letters) / len(letters) if letters else None


@lru_cache(maxsize=1)  # a review asks again after each correction
def _spiked(emissions: Emissions) -> tuple[NDArray[np.int64], str]:
    """The frames in which a letter spikes, and the letters, of which each is one character."""
    onsets, classes = spikes(emissions.ctc)
    return onsets, "".join(ALPHABET[c - 1] for c in classes)


def _in_common(one: str, other: str) -> int:
    from rapidfuzz.distance import LCSseq

    return LCSseq.similarity(one, other)
