"""Words end where their sound ends: Kokoro counts the silence of a pause to the phoneme before it.

Conventions: only a word before a pause is looked at; its end moves earlier, never later.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from aligner.training.records import RATE, Phone, Utterance, Word

_PAUSE = 0.1  # seconds to the next word from which on there is a pause
_HOP = 0.01  # seconds
_DROP_DB = 32.0  # below the loudest part of the utterance, speech has ended
_MARGIN = 0.01  # seconds left after the last sound
_STRESS = "ˈˌ"  # marks that Kokoro gives a length though nothing sounds


def trimmed(utterance: Utterance) -> Utterance:
    """Words that end before a pause end with their sound, and those that begin with a stress mark begin after it."""
    loud = _loud(utterance)
    following = [word.start for word in utterance.words[1:]] + [np.inf]
    words, ends = [], {}
    for word, after in zip(utterance.words, following, strict=True):
        end = _end_of_sound(word, loud) if after - word.end >= _PAUSE else word.end
        ends[word.end] = end
        words.append(Word(word.text, _begins(word, utterance.phones), end))
    phones = tuple(Phone(p.symbol, p.start, max(p.start, ends.get(p.end, p.end))) for p in utterance.phones)
    return replace(utterance, words=tuple(words), phones=phones)


def _loud(utterance: Utterance) -> np.ndarray:
    """For each hop whether something sounds in it."""
    n = round(_HOP * RATE)
    hops = utterance.samples[: len(utterance.samples) // n * n].reshape(-1, n)
    power = np.mean(np.square(hops), axis=1)
    return power > np.percentile(power, 95) * 10 ** (-_DROP_DB / 10) if len(power) else power > 0


def _end_of_sound(word: Word, loud: np.ndarray) -> float:
    """The last sound in a word; its own end if nothing is found."""
    first, last = max(0, int(word.start / _HOP) + 2), max(0, int(word.end / _HOP))
    sounding = np.flatnonzero(loud[first:last])
    return min(word.end, (first + sounding[-1] + 1) * _HOP + _MARGIN) if len(sounding) else word.end


def _begins(word: Word, phones: tuple[Phone, ...]) -> float:
    for phone in phones:
        if phone.start >= word.start - 1e-6 and (phone.symbol not in _STRESS or phone.end >= word.end):
            return phone.start
    return word.start
