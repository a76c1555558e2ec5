"""Sounds held as people hold them and the synthesiser does not: hesitations, and openings of words.

Conventions: a sound is made longer by overlapping grains of itself (WSOLA: Verhelst and Roelands, ICASSP 1993); grains
of a hiss are taken at random, for laid out in order they would hum. All that comes later moves with its sound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.signal import correlate

from aligner.training.edges import HOP, loud
from aligner.training.records import RATE, Phone, SpokenUtterance, SpokenWord
from aligner.training.sentences import HESITATIONS

Samples = NDArray[np.float32]
_Timed = TypeVar("_Timed", SpokenWord, Phone)

_HESITATION = (0.3, 1.0)  # seconds that a word of hesitation is held to
_OPENING = (0.15, 0.4)  # seconds that a word's first sound is held to
_HESITATIONS_SHARE, _OPENINGS_SHARE = 0.6, 0.05  # of such words
_HISSES = "szʃʒfvçxθðh"
_HELD = "aeiouyøœɐɑɒɔəɚɛɜɪʊʌæ" + _HISSES + "lmnɲŋɹʁwj"  # phonemes that can be held
_MARGIN = 0.1  # of a phoneme at each edge is left as it is, for neighbours sound in it

_GRAIN, _HOP = 240, 120  # samples
_SEARCH = 100  # samples to each side, in which a grain that goes on well is sought: a period of a voice of 80 Hz


def held(utterance: SpokenUtterance, rng: np.random.Generator) -> SpokenUtterance:
    """``utterance`` with some of its hesitations and openings made longer."""
    sounds = np.repeat(loud(utterance), round(HOP * RATE))
    for phone, extra in reversed(list(_chosen(utterance, rng))):  # from the end, so that the times before it stay
        margin = _MARGIN * (phone.end - phone.start)
        low, high = (round(at * RATE) for at in (phone.start + margin, phone.end - margin))
        if low >= _GRAIN and low + _GRAIN <= high <= len(utterance.samples) - _GRAIN and sounds[low:high].mean() > 0.5:
            utterance = lengthened(utterance, low, high, round(extra * RATE), phone.symbol in _HISSES, rng)
    return utterance


def _chosen(utterance: SpokenUtterance, rng: np.random.Generator) -> Iterator[tuple[Phone, float]]:
    """Phonemes to be held, in order, and by how many seconds."""
    phones = _with_length_marks(utterance.phones)
    for word in utterance.words:
        own = [p for p in phones if word.start <= (p.start + p.end) / 2 < word.end and p.symbol in _HELD]
        if word.text.lower() in HESITATIONS[utterance.language]:
            if own and rng.random() < _HESITATIONS_SHARE:
                longest = max(own, key=lambda phone: phone.end - phone.start)
                yield longest, max(0.0, rng.uniform(*_HESITATION) - (word.end - word.start))
        elif own and own[0].start - word.start < 0.06 and rng.random() < _OPENINGS_SHARE:
            yield own[0], max(0.0, rng.uniform(*_OPENING) - (own[0].end - own[0].start))


def _with_length_marks(phones: Sequence[Phone]) -> list[Phone]:
    """Phonemes that take in the length marks after them."""
    whole: list[Phone] = []
    for phone in phones:
        if phone.symbol == "ː" and whole:
            whole[-1] = replace(whole[-1], end=phone.end)
        else:
            whole.append(phone)
    return whole


def lengthened(
    utterance: SpokenUtterance, low: int, high: int, extra: int, hiss: bool, rng: np.random.Generator
) -> SpokenUtterance:
    """What sounds in samples ``[low, high)``, two grains or more, made longer by ``extra`` samples."""
    samples = _grains(utterance.samples, low, high, extra, hiss, rng)

    def moved(second: float) -> float:
        beyond = np.clip((second * RATE - low) / (high - low), 0.0, 1.0)
        return second + float(beyond) * extra / RATE

    return replace(
        utterance,
        samples=np.concatenate([utterance.samples[:low], samples, utterance.samples[high:]]),
        words=_moved(utterance.words, moved),
        phones=_moved(utterance.phones, moved),
    )


def _moved(timed: tuple[_Timed, ...], moved: Callable[[float], float]) -> tuple[_Timed, ...]:
    return tuple(replace(one, start=moved(one.start), end=moved(one.end)) for one in timed)


def _grains(samples: Samples, low: int, high: int, extra: int, hiss: bool, rng: np.random.Generator) -> Samples:
    """The sound between ``low`` and ``high``, ``extra`` longer; its first and last grains are where they were."""
    length = high - low + extra
    window = np.hanning(_GRAIN + 2)[1:-1].astype(np.float32)
    out, weight = np.zeros(length + 2 * _GRAIN, np.float32), np.full(length + 2 * _GRAIN, 1e-6, np.float32)
    before = low - _HOP
    for at in range(0, length + _HOP, _HOP):  # out[_HOP:] is the sound from ``low`` on
        if at == 0:
            place = before
        elif at >= length - _HOP:
            place = high - length - _HOP + at
        elif hiss:
            place = int(rng.integers(low, high - _GRAIN + 1))
        else:
            place = _going_on(samples, before + _HOP, low + round((high - low - _GRAIN) * at / length))
        out[at : at + _GRAIN] += window * samples[place : place + _GRAIN]
        weight[at : at + _GRAIN] += np.square(window) if hiss else window
        before = place
    whole = out / (np.sqrt(weight) if hiss else weight)
    return whole[_HOP : _HOP + length]


def _going_on(samples: Samples, natural: int, wanted: int) -> int:
    """The place near ``wanted`` whose grain is most like the one at ``natural``, which would follow by itself."""
    first = max(0, wanted - _SEARCH)
    around = samples[first : wanted + _SEARCH + _GRAIN]
    if len(around) < _GRAIN or natural + _GRAIN > len(samples):
        return wanted
    return first + int(np.argmax(correlate(around, samples[natural : natural + _GRAIN], "valid", "direct")))
