"""Sentences that are timed where no such sentence is heard, and words that are torn from theirs.

Where a sentence is said that the text lacks, one that nobody says may be timed in its place, its words here and there
among the letters that were heard. How like its text they are is held against how like it is what was heard elsewhere in
the same sound: so there is no other measure than the episode itself, whatever its language, its voices and its noise.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import erfc, sqrt

import numpy as np

from aligner.emissions import FRAME, Emissions
from aligner.locating.letters.anchors import DecodedLetters, decode
from aligner.locating.spoken_words import breaks_after
from aligner.model import Alignment, Kind
from aligner.normalization import spell, unaccented
from aligner.report.hearing import MARGIN

_SENTENCE = 2  # what ends one, as of ``breaks_after``
_ELSEWHERE = 200  # places elsewhere that a sentence is held against
_LEAST_ELSEWHERE = 20  # fewer tell nothing
_DEVIATIONS = 3.0  # by which what is heard is more like the text than elsewhere: seven of 5,000 places are by chance
_CHANCE = 0.05  # as good a place somewhere in the sound between, by chance


@dataclass(frozen=True, slots=True)
class _Likeness:
    """How much more like a text what is heard is than elsewhere, in standard deviations; ``rate`` is the share of
    places that are as like it."""

    deviations: float
    rate: float


def unlike_runs(alignment: Alignment, emissions: Emissions) -> list[range]:
    """Sentences, or parts of them between speech that the text lacks, of which words are called heard, and that are no
    more like what is heard there than what is heard anywhere. None of their words is pinned."""
    heard = _decoded(emissions)
    return [
        _range(part)
        for parts in _sentences(alignment)
        for part in parts
        if any(alignment.words[k].status.is_heard for k in part)
        and not any(alignment.words[k].pinned for k in part)
        and (found := _likeness(alignment, part, heard))
        and found.deviations < _DEVIATIONS
    ]


def torn_runs(alignment: Alignment, emissions: Emissions) -> list[range]:
    """Parts of sentences that speech which the text lacks parts from the rest, and that may be there by chance: so much
    lies between that something as like them is heard in it anyhow. None of their words is pinned."""
    heard = _decoded(emissions)
    found: list[range] = []
    for parts in _sentences(alignment):
        sizes = [(any(alignment.words[k].pinned for k in part), len(_text(alignment, part))) for part in parts]
        stays = sizes.index(max(sizes))
        for k, part in enumerate(parts):
            if k == stays or sizes[k][0]:
                continue
            first, last = (part, parts[stays]) if k < stays else (parts[stays], part)
            places = _between(alignment, first[-1], last[0], heard)
            likeness = _likeness(alignment, part, heard)
            if likeness and places * likeness.rate >= _CHANCE:
                found.append(_range(part))
    return found


def _between(alignment: Alignment, first: int, last: int, heard: DecodedLetters) -> int:
    """How many letters are heard between two words that are said."""
    one, other = alignment.words[first].span, alignment.words[last].span
    low, high = _letters(one.end if one else 0.0, other.start if other else 0.0, heard)
    return max(0, high - low)


def _sentences(alignment: Alignment) -> Iterator[list[list[int]]]:
    """The words of each sentence that are said, in parts between which lies speech that the text lacks."""
    breaks = breaks_after(alignment.transcript)
    lacking = [(passage.start + passage.end) / 2 for passage in alignment.untranscribed]
    sentence: list[int] = []
    for k, word in enumerate(alignment.words):
        if word.span and alignment.segments[word.word.segment].segment.kind is Kind.SPEECH:
            sentence.append(k)
        if breaks[k] >= _SENTENCE and sentence:
            yield _parted(alignment, sentence, lacking)
            sentence = []


def _parted(alignment: Alignment, sentence: Sequence[int], lacking: Sequence[float]) -> list[list[int]]:
    parts = [[sentence[0]]]
    for before, k in pairwise(sentence):
        one, other = alignment.words[before].span, alignment.words[k].span
        if one and other and bisect_left(lacking, one.end) < bisect_left(lacking, other.start):
            parts.append([])
        parts[-1].append(k)
    return parts


def _likeness(alignment: Alignment, part: Sequence[int], heard: DecodedLetters) -> _Likeness | None:
    """None where it has no letters, or nothing is heard elsewhere to hold it against."""
    first, last = alignment.words[part[0]].span, alignment.words[part[-1]].span
    text = _text(alignment, part)
    if not (first and last and text):
        return None
    return _held_against_others(text, *_letters(first.start - MARGIN, last.end + MARGIN, heard), heard.letters)


@lru_cache(maxsize=20_000)  # a review asks again after each correction, of few others
def _held_against_others(text: str, low: int, high: int, letters: str) -> _Likeness | None:
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import cdist

    size = max(high - low, len(text) // 2, 1)
    starts = np.linspace(0, max(0, len(letters) - size), _ELSEWHERE).astype(np.int64)
    others = [letters[start : start + size] for start in starts.tolist() if start + size <= low or start >= high]
    if len(others) < _LEAST_ELSEWHERE:
        return None
    like = Levenshtein.normalized_similarity(text, letters[low:high])
    elsewhere = cdist([text], others, scorer=Levenshtein.normalized_similarity)[0]
    deviations = float((like - elsewhere.mean()) / max(elsewhere.std(), 1e-3))
    by_chance = erfc(deviations / sqrt(2)) / 2  # of what is spread as errors are
    return _Likeness(deviations, max(by_chance, float((elsewhere >= like).mean())))


def _text(alignment: Alignment, part: Sequence[int]) -> str:
    return _spelled(tuple(alignment.words[k].word.text for k in part), alignment.language)


@lru_cache(maxsize=20_000)
def _spelled(words: tuple[str, ...], language: str) -> str:
    return "".join(unaccented(letters or "") for letters in spell(words, language))


@lru_cache(maxsize=1)
def _decoded(emissions: Emissions) -> DecodedLetters:
    return decode(emissions)


def _letters(start: float, end: float, heard: DecodedLetters) -> tuple[int, int]:
    """The first letter that is heard from ``start`` on, and the one after the last before ``end``."""
    low, high = np.searchsorted(heard.frames, [start / FRAME, end / FRAME])
    return int(low), int(high)


def _range(part: Sequence[int]) -> range:
    return range(part[0], part[-1] + 1)
