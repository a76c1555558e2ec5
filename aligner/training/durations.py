"""Edges of words by ear, and sounds held as people hold them and the synthesiser does not.

Kokoro's lengths are right to some 10 ms within words, not at their edges: measured on 470 utterances, as where energy
changes most between 200 and 3,000 Hz. ``SpokenWord`` times are seconds; only edges move, never past the space between
two words.

Hesitations and openings of words are made longer by overlapping grains of their sound (WSOLA: Verhelst and Roelands,
ICASSP 1993); grains of a hiss are taken at random, for laid out in order they would hum. All that comes later moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.signal import correlate

from aligner.training.records import RATE, Phone, SpokenUtterance, SpokenWord
from aligner.training.sentences import HESITATIONS

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


Samples = NDArray[np.float32]
_Timed = TypeVar("_Timed", SpokenWord, Phone)

_HESITATION = (0.3, 1.0)  # seconds that a word of hesitation is held to
_OPENING = (0.15, 0.4)  # seconds that a word's first sound is held to
_HESITATIONS_SHARE, _OPENINGS_SHARE = 0.6, 0.05  # of such words
_HISSES = "szʃʒfvçxθðh"
_HELD = "aeiouyøœɐɑɒɔəɚɛɜɪʊʌæ" + _HISSES + "lmnɲŋɹʁwj"  # phonemes that can be held
_KEPT = 0.1  # of a phoneme at each edge is left as it is, for neighbours sound in it

_GRAIN, _STEP = 240, 120  # samples
_SEARCH = 100  # samples to each side, in which a grain that goes on well is sought: a period of a voice of 80 Hz


def held(utterance: SpokenUtterance, rng: np.random.Generator) -> SpokenUtterance:
    """``utterance`` with some of its hesitations and openings made longer."""
    sounds = np.repeat(loud(utterance), round(HOP * RATE))
    for phone, extra in reversed(list(_chosen(utterance, rng))):  # from the end, so that the times before it stay
        margin = _KEPT * (phone.end - phone.start)
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
    before = low - _STEP
    for at in range(0, length + _STEP, _STEP):  # out[_STEP:] is the sound from ``low`` on
        if at == 0:
            place = before
        elif at >= length - _STEP:
            place = high - length - _STEP + at
        elif hiss:
            place = int(rng.integers(low, high - _GRAIN + 1))
        else:
            place = _going_on(samples, before + _STEP, low + round((high - low - _GRAIN) * at / length))
        out[at : at + _GRAIN] += window * samples[place : place + _GRAIN]
        weight[at : at + _GRAIN] += np.square(window) if hiss else window
        before = place
    whole = out / (np.sqrt(weight) if hiss else weight)
    return whole[_STEP : _STEP + length]


def _going_on(samples: Samples, natural: int, wanted: int) -> int:
    """The place near ``wanted`` whose grain is most like the one at ``natural``, which would follow by itself."""
    first = max(0, wanted - _SEARCH)
    around = samples[first : wanted + _SEARCH + _GRAIN]
    if len(around) < _GRAIN or natural + _GRAIN > len(samples):
        return wanted
    return first + int(np.argmax(correlate(around, samples[natural : natural + _GRAIN], "valid", "direct")))
