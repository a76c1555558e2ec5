"""Doubtful words: not found, unlike what was recognised, or recognised as others.

Each word's letters are held against those that were heard while it is said. By how many of them are there, it is so
many times likelier to be said elsewhere; runs of such words are told where that multiplies to what no chance is.

Where a sentence is said that the text lacks, one that nobody says may be timed in its place, its words here and there
among the letters that were heard. How like its text they are is held against how like it is what was heard elsewhere in
the same sound: so there is no other measure than the episode itself, whatever its language, its voices and its noise.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import FRAME, Emissions, spikes
from aligner.locating.letters.anchors import DecodedLetters, decode
from aligner.locating.quality import doubtful_runs, span_of
from aligner.locating.spoken_words import breaks_after
from aligner.model import Alignment, Kind, Recognition, Span, Status, TimedWord
from aligner.normalization import ALPHABET, fold, spell, unaccented
from aligner.recognition.cached import recognition_of

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
    found = recognition_of(alignment)
    return Hearing(found[1]) if found else None


def lettered_words(emissions: Emissions, span: Span) -> list[str]:
    """The letters spiked in ``span``, cut where a word probably starts.

    Of the starts of words in the French episode of ``tests/bench/RESULTS.md`` 84 % are cut so, and 78 % of the cuts are
    such; by the ends of words it was better with one head and much worse with another.
    """
    low, high = (int(max(0.0, time) / FRAME) for time in (span.start - MARGIN, span.end + MARGIN))
    onsets, classes = spikes(emissions.ctc[low:high])
    likely = np.exp(np.asarray(emissions.starts[low:high], np.float32))
    before, after = np.append(0, likely[:-1]), np.append(likely[1:], 0)
    starts = np.flatnonzero((likely >= _LIKELY) & (likely > before) & (likely >= after))
    started = np.searchsorted(starts, onsets + _LEAD_FRAMES, side="right")
    cuts = np.flatnonzero(np.diff(started)) + 1
    return ["".join(ALPHABET[c - 1] for c in word) for word in np.split(classes, cuts) if len(word)]


# Of 1,309 words of real voices and 5,571 shifted by 0.3 to 5 s: the logarithm of how much oftener the latter have so
# many of their letters heard, by upper bounds of the share (tests/bench/unheard.py).
SHARES = (0.2, 0.4, 0.5, 0.6, 0.7)
_LIKELIER = (2.6, 1.7, 1.05, -0.1, -1.75, -3.3)
_NO_CHANCE = 5.0  # 150 times likelier


def unheard_runs(alignment: Alignment, emissions: Emissions) -> list[range]:
    """The runs of words that are said to be heard, and by the letters heard there are not; none of them pinned."""
    found: list[range] = []
    first, best, stop, total = 0, 0.0, 0, 0.0
    shares = [*shares_heard(alignment.words, emissions), None]
    for k, share in enumerate(shares):
        if k == len(alignment.words) or alignment.words[k].pinned:
            total = -np.inf
        elif share is not None:
            total += _LIKELIER[bisect_right(SHARES, share)]
        if total <= 0 or total < best - _NO_CHANCE:
            if best >= _NO_CHANCE:
                found.append(range(first, stop))
            first, best, total = k + 1, 0.0, 0.0
        elif total > best:
            best, stop = total, k + 1
    return found


def shares_heard(words: Sequence[TimedWord], emissions: Emissions) -> Iterator[float | None]:
    """Which share of each word's letters is heard, in order, while it is said; None of words that are not called heard,
    or have no letters."""
    from rapidfuzz.distance import LCSseq

    onsets, heard_letters = _spiked(emissions)
    spans = [(word.span.start - MARGIN, word.span.end + MARGIN) if word.span else (0.0, 0.0) for word in words]
    edges = np.searchsorted(onsets, np.array(spans).reshape(-1, 2) / FRAME).tolist()
    for word, (low, high) in zip(words, edges, strict=True):
        letters = fold(word.word.text) if word.status.is_matched else ""
        yield LCSseq.similarity(heard_letters[low:high], letters) / len(letters) if letters else None


@lru_cache(maxsize=1)  # a review asks again after each correction
def _spiked(emissions: Emissions) -> tuple[NDArray[np.int64], str]:
    """The frames in which a letter spikes, and the letters, of which each is one character."""
    onsets, classes = spikes(emissions.ctc)
    return onsets, "".join(ALPHABET[c - 1] for c in classes)


_SENTENCE = 2  # what ends one, as of ``breaks_after``
_ELSEWHERE = 200  # places elsewhere that a sentence is held against
_LEAST_ELSEWHERE = 20  # fewer tell nothing
_DEVIATIONS = 3.0  # by which what is heard is more like the text than elsewhere: seven of 5,000 places are by chance


def unlike_runs(alignment: Alignment, emissions: Emissions) -> list[range]:
    """Sentences, or parts of them between speech that the text lacks, of which words are called heard, and that are no
    more like what is heard there than what is heard anywhere. None of their words is pinned."""
    heard = _decoded(emissions)
    return [
        _range(part)
        for parts in _sentences(alignment)
        for part in parts
        if any(alignment.words[k].status.is_matched for k in part)
        and not any(alignment.words[k].pinned for k in part)
        and (deviations := _deviations(alignment, part, heard)) is not None
        and deviations < _DEVIATIONS
    ]


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


def _deviations(alignment: Alignment, part: Sequence[int], heard: DecodedLetters) -> float | None:
    """Return how many standard deviations more like the text is what is heard than elsewhere; None if the text has no
    letters, or nothing is heard elsewhere to compare it with."""
    first, last = alignment.words[part[0]].span, alignment.words[part[-1]].span
    text = _spelled(tuple(alignment.words[k].word.text for k in part), alignment.language)
    if not (first and last and text):
        return None
    edges = [(first.start - MARGIN) / FRAME, (last.end + MARGIN) / FRAME]
    low, high = np.searchsorted(heard.frames, edges).tolist()
    return _compared_with_others(text, low, high, heard.letters)


@lru_cache(maxsize=20_000)  # a review asks again after each correction, of few others
def _compared_with_others(text: str, low: int, high: int, letters: str) -> float | None:
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import cdist

    size = max(high - low, len(text) // 2, 1)
    starts = np.linspace(0, max(0, len(letters) - size), _ELSEWHERE).astype(np.int64)
    others = [letters[start : start + size] for start in starts.tolist() if start + size <= low or start >= high]
    if len(others) < _LEAST_ELSEWHERE:
        return None
    like = Levenshtein.normalized_similarity(text, letters[low:high])
    elsewhere = cdist([text], others, scorer=Levenshtein.normalized_similarity)[0]
    return float((like - elsewhere.mean()) / max(elsewhere.std(), 1e-3))


@lru_cache(maxsize=20_000)
def _spelled(words: tuple[str, ...], language: str) -> str:
    return "".join(unaccented(letters or "") for letters in spell(words, language))


@lru_cache(maxsize=1)
def _decoded(emissions: Emissions) -> DecodedLetters:
    return decode(emissions)


def _range(part: Sequence[int]) -> range:
    return range(part[0], part[-1] + 1)


class Why(StrEnum):
    """Why a run of words is in doubt."""

    UNSURE = "unsure"  # by its confidence
    UNHEARD = "unheard"  # other letters are heard than those of its words
    UNLIKE = "unlike"  # what is heard is no more like the sentence than what is heard anywhere


@dataclass(frozen=True, slots=True)
class Doubt:
    """A run of words that deserves a look; ``cost`` is how many of them may be at a wrong time."""

    words: range
    span: Span
    cost: float
    why: Why = Why.UNSURE


def doubts(alignment: Alignment, emissions: Emissions | None = None) -> list[Doubt]:
    """The runs in doubt, the costliest first: by confidence, which is the chance that a word's time is right; and, by
    the ``emissions`` of the sound where they are known, words that are called heard where other letters were, and
    sentences that may be said elsewhere or by nobody."""
    found = [Doubt(run, span, _cost(alignment, run)) for run, span in doubtful_runs(alignment)]
    if emissions:
        for why, runs in (
            (Why.UNHEARD, unheard_runs(alignment, emissions)),
            (Why.UNLIKE, unlike_runs(alignment, emissions)),
        ):
            for run in runs:
                found = _with(found, alignment, run, why)
    return sorted(found, key=lambda doubt: (-doubt.cost, doubt.span.start))


def _with(found: Sequence[Doubt], alignment: Alignment, run: range, why: Why) -> list[Doubt]:
    """The doubts with one more run; with those that it meets, it is one."""
    met = [each for each in found if run.start < each.words.stop and each.words.start < run.stop]
    if why is Why.UNHEARD and met:
        return [*found]
    runs = [run, *(each.words for each in met)]
    words = range(min(each.start for each in runs), max(each.stop for each in runs))
    span = span_of(alignment, words)
    if span is None:
        return [*found]
    said = float(sum(alignment.words[k].span is not None for k in run))
    cost = max([said, *(each.cost for each in met)])
    return [*(each for each in found if each not in met), Doubt(words, span, cost, why)]


def _cost(alignment: Alignment, run: range) -> float:
    return sum(1 - word.confidence for word in alignment.words[run.start : run.stop] if word.span)


def unspoken_runs(alignment: Alignment) -> Iterator[range]:
    """Runs of words of speech without a time, those of which a person says so apart from others; words of other kinds
    neither break a run nor join it."""
    kinds = [timed.segment.kind for timed in alignment.segments]
    speech = ((k, word) for k, word in enumerate(alignment.words) if kinds[word.word.segment] is Kind.SPEECH)
    for (is_unspoken, _), group in groupby(speech, lambda each: (each[1].status is Status.UNSPOKEN, each[1].pinned)):
        if is_unspoken:
            indices = [index for index, _ in group]
            yield range(indices[0], indices[-1] + 1)
