"""Things said again, as people insist, correct themselves and start anew.

Conventions: a copy is the same sound, played a little faster or slower half of the time. What lies between two copies
is left to whoever strings utterances together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from aligner.training.augmentation import stretched
from aligner.training.records import RATE, Phone, SpokenUtterance, SpokenWord

_SHARE = 0.12  # of the utterances
_WHOLE_SHARE = 0.5  # of these; of the others some words are said again, before all or after it
_PERCENT = (97, 103)  # of its length, that a copy takes
_FADE = 80  # samples, at the edges of words that are cut out


def with_copies(utterance: SpokenUtterance, rng: np.random.Generator) -> Iterator[SpokenUtterance]:
    """``utterance``, and now and then a copy of it, or of a part of it, before or after it."""
    if rng.random() >= _SHARE or not utterance.words:
        yield utterance
        return
    copy = utterance if rng.random() < _WHOLE_SHARE else _part(utterance, rng)
    if rng.random() < 0.5:
        copy = stretched(copy, int(rng.integers(_PERCENT[0], _PERCENT[1] + 1)))
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
