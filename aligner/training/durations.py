"""Correct the edges of synthesised words, and prolong sounds as people do when they hesitate.

Kokoro's phoneme times are right to about 10 ms inside words but wrong at the edges, as the largest changes of energy
between 200 and 3,000 Hz in 470 utterances show. Edges are moved within the space between two words.

Hesitations and the first sounds of words are prolonged by overlapping short pieces (grains) of their audio (WSOLA:
Verhelst and Roelands, ICASSP 1993). A hiss is made of random grains: grains in order would hum.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.signal import correlate

from aligner.training.phonemes import VOWELS
from aligner.training.records import RATE, Phone, Samples, SpokenUtterance, SpokenWord
from aligner.training.sentences import HESITATIONS

# Kokoro puts a space of about 50 ms between connected words, in which the first word still sounds: before a consonant,
# energy drops 21 to 28 ms before the end of the space, 24 to 29 ms after its start.
_RUN_ON = 0.1  # seconds; a longer space is a pause
# People mark one edge between connected words: at 0.7 of the space in the French reference (tests/bench/french), near
# its end in a few English words.
_END_IN_SPACE = 0.8
_FRICATIVE_IN_SPACE = 0.4  # share of the space that belongs to the next word if it starts with a fricative
_FRICATIVES = set("szʃʒfvçxθð")
_STRESS = "ˈˌ"  # marks that have a duration in Kokoro but no sound

HOP = 0.01  # seconds
_DROP_DB = 32.0  # below the loudest part of the utterance there is no speech
_MARGIN = 0.01  # seconds left after the last sound
_ONSET_HOP, _ONSET_DB = 0.005, 35.0  # as ``HOP`` and ``_DROP_DB``, for starts after a pause
_BEFORE, _AFTER = 0.08, 0.12  # seconds around the start that Kokoro gives, in which such a word starts


def correct_edges(utterance: SpokenUtterance) -> SpokenUtterance:
    """Move the start of each word to where it probably becomes audible, and the end to where it fades out. Kokoro, the
    speech synthesiser, counts a pause as part of the phoneme before; such a phoneme is shortened too."""
    audible, onsets = find_audible(utterance), find_audible(utterance, _ONSET_HOP, _ONSET_DB)
    words, audible_ends = [], {}
    spaces = [np.inf, *(after.start - before.end for before, after in pairwise(utterance.words)), np.inf]
    starts = [_start(word, utterance.phones, spaces[k], onsets) for k, word in enumerate(utterance.words)]
    for k, word in enumerate(utterance.words):
        space = spaces[k + 1]
        run_on = space < _RUN_ON
        end = min(word.end + _END_IN_SPACE * space, starts[k + 1]) if run_on else _audible_end(word, audible)
        audible_ends[word.end] = min(word.end, end)
        words.append(SpokenWord(word.text, starts[k], max(end, starts[k] + HOP)))
    phones = tuple(Phone(p.symbol, p.start, max(p.start, audible_ends.get(p.end, p.end))) for p in utterance.phones)
    return replace(utterance, words=tuple(words), phones=phones)


def _start(word: SpokenWord, phones: Sequence[Phone], space: float, audible: NDArray[np.bool_]) -> float:
    """Return when a word becomes audible. ``space`` is between it and the previous word; ``audible`` flags hops of
    ``_ONSET_HOP`` seconds."""
    own = [phone for phone in phones if word.start - 1e-6 <= phone.start and phone.end <= word.end + 1e-6]
    first = next((phone for phone in own if phone.symbol not in _STRESS), Phone("", word.start, word.end))
    if space < _RUN_ON:
        return first.start - (_FRICATIVE_IN_SPACE * space if first.symbol in _FRICATIVES else 0.0)
    earliest, latest = first.start - min(space, _BEFORE), min(word.end, first.start + _AFTER)
    low, high = (max(0, round(at / _ONSET_HOP)) for at in (earliest, latest))
    hops = np.flatnonzero(audible[low:high])
    if not len(hops) or hops[0] == 0:  # the word is silent, or the noise of the pause goes on, such as a breath
        return first.start
    return (low + hops[0]) * _ONSET_HOP


def find_audible(utterance: SpokenUtterance, hop: float = HOP, drop_db: float = _DROP_DB) -> NDArray[np.bool_]:
    """Divide an utterance into hops (steps) of ``hop`` seconds; return for each hop whether it is audible."""
    n = round(hop * RATE)
    hops = utterance.samples[: len(utterance.samples) // n * n].reshape(-1, n)
    power = np.mean(np.square(hops), axis=1)
    return power > np.percentile(power, 95) * 10 ** (-drop_db / 10) if len(power) else power > 0


def _audible_end(word: SpokenWord, audible: NDArray[np.bool_]) -> float:
    """Return when a word fades out, in seconds; a silent word keeps its end. ``audible`` flags the utterance's hops."""
    first, last = max(0, int(word.start / HOP) + 2), max(0, int(word.end / HOP))
    hops = np.flatnonzero(audible[first:last])
    return min(word.end, (first + hops[-1] + 1) * HOP + _MARGIN) if len(hops) else word.end


_HESITATION = (0.3, 1.0)  # seconds of a prolonged hesitation
_OPENING = (0.15, 0.4)  # seconds of a prolonged first sound
_HESITATIONS_SHARE, _OPENINGS_SHARE = 0.6, 0.05  # of the hesitations, of the words that can be prolonged
_HISSES = _FRICATIVES | {"h"}
_PROLONGABLE = _HISSES | set(VOWELS + "lmnɲŋɹʁwj")
_UNCHANGED = 0.1  # share of a phoneme at each edge, where its neighbours are audible

_GRAIN, _STEP = 240, 120  # samples
_SEARCH = 100  # samples on each side to search for the best next grain: half a period of a voice of 80 Hz


def prolong(utterance: SpokenUtterance, rng: np.random.Generator) -> SpokenUtterance:
    """Prolong hesitations and first sounds of words, chosen at random, and delay what follows."""
    audible = np.repeat(find_audible(utterance), round(HOP * RATE))
    for phone, extra in reversed(list(_chosen(utterance, rng))):  # from the end, so that earlier times stay the same
        margin = _UNCHANGED * (phone.end - phone.start)
        low, high = (round(at * RATE) for at in (phone.start + margin, phone.end - margin))
        if low >= _GRAIN and low + _GRAIN <= high <= len(utterance.samples) - _GRAIN and audible[low:high].mean() > 0.5:
            utterance = lengthened(utterance, low, high, round(extra * RATE), phone.symbol in _HISSES, rng)
    return utterance


def _chosen(utterance: SpokenUtterance, rng: np.random.Generator) -> Iterator[tuple[Phone, float]]:
    """Yield randomly chosen phonemes to prolong, in order of time, each with the seconds to add."""
    phones = _with_length_marks(utterance.phones)
    for word in utterance.words:
        own = [p for p in phones if word.start <= (p.start + p.end) / 2 < word.end and p.symbol in _PROLONGABLE]
        if word.text.lower() in HESITATIONS[utterance.language]:
            if own and rng.random() < _HESITATIONS_SHARE:
                longest = max(own, key=lambda phone: phone.end - phone.start)
                yield longest, max(0.0, rng.uniform(*_HESITATION) - (word.end - word.start))
        elif own and own[0].start - word.start < 0.06 and rng.random() < _OPENINGS_SHARE:
            yield own[0], max(0.0, rng.uniform(*_OPENING) - (own[0].end - own[0].start))


def _with_length_marks(phones: Sequence[Phone]) -> list[Phone]:
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
    """Prolong the samples ``[low, high)`` by ``extra`` samples, and delay what follows. A ``hiss`` is prolonged by
    random pieces of audio (grains)."""
    samples = _grains(utterance.samples, low, high, extra, hiss, rng)

    def moved(second: float) -> float:
        beyond = np.clip((second * RATE - low) / (high - low), 0.0, 1.0)
        return second + float(beyond) * extra / RATE

    return utterance.retimed(np.concatenate([utterance.samples[:low], samples, utterance.samples[high:]]), moved)


def _grains(samples: Samples, low: int, high: int, extra: int, hiss: bool, rng: np.random.Generator) -> Samples:
    """Return ``samples[low:high]`` prolonged by ``extra`` samples; a ``hiss`` is made of random pieces (grains)."""
    length = high - low + extra
    window = np.hanning(_GRAIN + 2)[1:-1].astype(np.float32)
    out, weight = np.zeros(length + 2 * _GRAIN, np.float32), np.full(length + 2 * _GRAIN, 1e-6, np.float32)
    before = low - _STEP
    for at in range(0, length + _STEP, _STEP):  # out[_STEP:] is the audio from ``low`` on
        if at == 0:
            position = before
        elif at >= length - _STEP:
            position = high - length - _STEP + at
        elif hiss:
            position = int(rng.integers(low, high - _GRAIN + 1))
        else:
            position = _best_grain(samples, before + _STEP, low + round((high - low - _GRAIN) * at / length))
        out[at : at + _GRAIN] += window * samples[position : position + _GRAIN]
        weight[at : at + _GRAIN] += np.square(window) if hiss else window
        before = position
    whole = out / (np.sqrt(weight) if hiss else weight)
    return whole[_STEP : _STEP + length]


def _best_grain(samples: Samples, natural: int, wanted: int) -> int:
    """Return the start, near sample ``wanted``, of the grain (piece of audio) most like the one at ``natural``."""
    first = max(0, wanted - _SEARCH)
    around = samples[first : wanted + _SEARCH + _GRAIN]
    if len(around) < _GRAIN or natural + _GRAIN > len(samples):
        return wanted
    return first + int(np.argmax(correlate(around, samples[natural : natural + _GRAIN], "valid", "direct")))
