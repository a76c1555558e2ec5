"""Where words begin and end by ear: Kokoro's lengths are right to some 10 ms within words, not at their edges.

Conventions: measured on 470 utterances, as where energy changes most between 200 and 3,000 Hz. ``SpokenWord`` times are
seconds; only edges move, never past the space between two words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from aligner.training.records import RATE, Phone, SpokenUtterance, SpokenWord

# Kokoro gives the space between two words that are run on a length of its own, 50 ms mostly, in which the first word
# goes on sounding: before a consonant energy drops 21 to 28 ms before the space's end, 24 to 29 ms after its start.
_RUN_ON = 0.1  # seconds: a longer space is a pause
# Real words that are run on have one edge between them, as people mark it: 0.7 of the space was right by the French
# reference made by eye (tests/bench/french), nearly all of it by the few English words marked by hand.
_END_IN_SPACE = 0.8
_FRICATIVE_IN_SPACE = 0.4  # of the space belongs to a fricative that follows, heard before its nominal start
_FRICATIVES = "szʃʒfvçxθð"
_STRESS = "ˈˌ"  # marks that Kokoro gives a length though nothing sounds

HOP = 0.01  # seconds
_DROP_DB = 32.0  # below the loudest part of the utterance, speech has ended
_MARGIN = 0.01  # seconds left after the last sound


def by_ear(utterance: SpokenUtterance) -> SpokenUtterance:
    """The utterance with its words' edges where they are heard.

    Kokoro counts the silence of a pause to the phoneme before it: that phoneme, too, ends with its sound.
    """
    sounds = loud(utterance)
    words, heard_ends = [], {}
    starts = [
        _start(_first(word, utterance.phones), word.start - utterance.words[k - 1].end if k else np.inf)
        for k, word in enumerate(utterance.words)
    ]
    for k, word in enumerate(utterance.words):
        space = utterance.words[k + 1].start - word.end if k + 1 < len(utterance.words) else np.inf
        run_on = space < _RUN_ON
        end = min(word.end + _END_IN_SPACE * space, starts[k + 1]) if run_on else _end_of_sound(word, sounds)
        heard_ends[word.end] = min(word.end, end)
        words.append(SpokenWord(word.text, starts[k], max(end, starts[k] + HOP)))
    phones = tuple(Phone(p.symbol, p.start, max(p.start, heard_ends.get(p.end, p.end))) for p in utterance.phones)
    return replace(utterance, words=tuple(words), phones=phones)


def _first(word: SpokenWord, phones: Sequence[Phone]) -> Phone:
    """The first phoneme of a word that sounds."""
    own = [phone for phone in phones if word.start - 1e-6 <= phone.start and phone.end <= word.end + 1e-6]
    return next((phone for phone in own if phone.symbol not in _STRESS), Phone("", word.start, word.end))


def _start(first: Phone, space: float) -> float:
    if space < _RUN_ON and first.symbol in tuple(_FRICATIVES):
        return first.start - _FRICATIVE_IN_SPACE * space
    return first.start


def loud(utterance: SpokenUtterance) -> NDArray[np.bool_]:
    """For each ``HOP`` whether something sounds in it."""
    n = round(HOP * RATE)
    hops = utterance.samples[: len(utterance.samples) // n * n].reshape(-1, n)
    power = np.mean(np.square(hops), axis=1)
    return power > np.percentile(power, 95) * 10 ** (-_DROP_DB / 10) if len(power) else power > 0


def _end_of_sound(word: SpokenWord, sounds: NDArray[np.bool_]) -> float:
    """The last sound in a word; its own end if nothing is found."""
    first, last = max(0, int(word.start / HOP) + 2), max(0, int(word.end / HOP))
    sounding = np.flatnonzero(sounds[first:last])
    return min(word.end, (first + sounding[-1] + 1) * HOP + _MARGIN) if len(sounding) else word.end
