"""Detect words that may have a wrong time: words of low confidence, and words that differ from the recognised text.

Each word is compared with the characters recognised at its time. The fewer of its characters match, the more probable
is a wrong time. A run of words (consecutive words) is reported if chance cannot explain its mismatches.

If a sentence is not spoken, the aligner may scatter its words over untranscribed speech. Such a sentence resembles the
characters recognised at its time hardly more than those at other times. The comparison with other times takes account
of the language, the voice and noise.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import FRAME, Emissions, spikes
from aligner.locating.acoustic.anchors import DecodedCharacters, decode
from aligner.locating.quality import doubtful_runs, span_of
from aligner.locating.spoken_words import breaks_after
from aligner.model import Alignment, Kind, Recognition, Span, Status, TimedWord
from aligner.normalization import ALPHABET, fold, spell, unaccented
from aligner.recognition.cached import recognition_of

MARGIN = 0.06
"""Seconds by which a character may be recognised outside of its word."""

_LIKELY = 0.5  # probability that a word starts
_LEAD_FRAMES = 1  # by which its first character may come before it


class RecognisedText:
    """The text recognised in an episode: the words of ASR, or the characters of the acoustic model."""

    def __init__(self, recognition: Recognition) -> None:
        self._words, self.emissions = recognition.words, recognition.emissions
        self._middles = [(word.start + word.end) / 2 for word in recognition.words]

    def within(self, span: Span) -> tuple[str, ...]:
        """Return the words recognised in a span; for an acoustic model, characters split into probable words."""
        if self.emissions is not None:
            return tuple(_acoustic_words(self.emissions, span))
        low, high = (bisect_left(self._middles, time) for time in (span.start, span.end))
        return tuple(word.text.strip() for word in self._words[low:high])


def recognised_text_of(alignment: Alignment) -> RecognisedText | None:
    """Return the recognised text of an alignment's audio; None if this machine's cache does not have it."""
    found = recognition_of(alignment)
    return RecognisedText(found[1]) if found else None


def _acoustic_words(emissions: Emissions, span: Span) -> list[str]:
    """Return the characters recognised in a span, split where words probably start. On the French episode of
    ``tests/bench/RESULTS.md``, recall of word starts is 84 %, and precision is 78 %."""
    low, high = (int(max(0.0, time) / FRAME) for time in (span.start - MARGIN, span.end + MARGIN))
    onsets, classes = spikes(emissions.ctc[low:high])
    likely = np.exp(np.asarray(emissions.starts[low:high], np.float32))
    before, after = np.append(0, likely[:-1]), np.append(likely[1:], 0)
    starts = np.flatnonzero((likely >= _LIKELY) & (likely > before) & (likely >= after))
    started = np.searchsorted(starts, onsets + _LEAD_FRAMES, side="right")
    cuts = np.flatnonzero(np.diff(started)) + 1
    return ["".join(ALPHABET[c - 1] for c in word) for word in np.split(classes, cuts) if len(word)]


# From 1,309 words of real voices and 5,571 copies shifted by 0.3 to 5 s: the logarithm of how much more often shifted
# words have so many of their characters recognised, by upper bounds of the share (tests/bench/unheard.py).
SHARES = (0.2, 0.4, 0.5, 0.6, 0.7)
_LOG_RATIOS = (2.6, 1.7, 1.05, -0.1, -1.75, -3.3)
_NO_CHANCE = 5.0  # 150 times likelier


def mismatched_runs(alignment: Alignment, emissions: Emissions) -> list[range]:
    """Return the ranges of consecutive matched words that differ from the recognised characters. Words that a person
    pinned (corrected or accepted) are left out."""
    found: list[range] = []
    first, best, stop, total = 0, 0.0, 0, 0.0
    for k, share in enumerate([*matched_shares(alignment.words, emissions), None]):
        if k == len(alignment.words) or alignment.words[k].pinned:
            total = -np.inf
        elif share is not None:
            total += _LOG_RATIOS[bisect_right(SHARES, share)]
        if total <= 0 or total < best - _NO_CHANCE:
            if best >= _NO_CHANCE:
                found.append(range(first, stop))
            first, best, total = k + 1, 0.0, 0.0
        elif total > best:
            best, stop = total, k + 1
    return found


def matched_shares(words: Sequence[TimedWord], emissions: Emissions) -> Iterator[float | None]:
    """Yield, for each word, the share of its characters that were recognised, in their order, at the word's time. Yield
    None if the word is not matched or has no characters."""
    from rapidfuzz.distance import LCSseq

    onsets, characters = _recognised_characters(emissions)
    spans = [(word.span.start - MARGIN, word.span.end + MARGIN) if word.span else (0.0, 0.0) for word in words]
    edges = np.searchsorted(onsets, np.array(spans).reshape(-1, 2) / FRAME).tolist()
    for word, (low, high) in zip(words, edges, strict=True):
        own = fold(word.word.text) if word.status.is_matched else ""
        yield LCSseq.similarity(characters[low:high], own) / len(own) if own else None


@lru_cache(maxsize=1)  # a review asks again after each correction
def _recognised_characters(emissions: Emissions) -> tuple[NDArray[np.int64], str]:
    onsets, classes = spikes(emissions.ctc)
    return onsets, "".join(ALPHABET[c - 1] for c in classes)


_SENTENCE = 2  # the break that ends one, as ``breaks_after`` numbers them
_ELSEWHERE = 200  # places with which a sentence is compared
_LEAST_ELSEWHERE = 20
_DEVIATIONS = 3.0  # by which a spoken sentence is more similar than elsewhere; by chance 7 of 5,000 places are


def dissimilar_sentences(alignment: Alignment, emissions: Emissions) -> list[range]:
    """Return the word ranges of sentences that may not be spoken. Such a sentence resembles the characters recognised
    at its time hardly more than characters recognised at other times.

    If untranscribed speech divides a sentence, each part is compared separately. A sentence is left out if no word is
    matched, or if a person pinned (corrected or accepted) a word.
    """
    decoded = _decoded(emissions)
    found = []
    for part in _sentence_parts(alignment):
        words = [alignment.words[k] for k in part]
        if any(word.status.is_matched for word in words) and not any(word.pinned for word in words):
            deviations = _deviations(words, alignment.language, decoded)
            if deviations is not None and deviations < _DEVIATIONS:
                found.append(range(part[0], part[-1] + 1))
    return found


def _sentence_parts(alignment: Alignment) -> Iterator[list[int]]:
    breaks = breaks_after(alignment.transcript)
    untranscribed = [(passage.start + passage.end) / 2 for passage in alignment.untranscribed]
    part: list[int] = []
    end = 0.0
    for k, word in enumerate(alignment.words):
        if word.span and alignment.segments[word.word.segment].segment.kind is Kind.SPEECH:
            if part and bisect_left(untranscribed, end) < bisect_left(untranscribed, word.span.start):
                yield part
                part = []
            part.append(k)
            end = word.span.end
        if breaks[k] >= _SENTENCE and part:
            yield part
            part = []


def _deviations(words: Sequence[TimedWord], language: str, decoded: DecodedCharacters) -> float | None:
    """Return how much better words match the characters recognised at their time than those at other times: the
    difference between the similarity at their time and the mean at other times, in standard deviations. Return None if
    the words have no characters or the episode is too short."""
    first, last = words[0].span, words[-1].span
    text = "".join(unaccented(spelled or "") for spelled in spell([word.word.text for word in words], language))
    if not (first and last and text):
        return None
    edges = [(first.start - MARGIN) / FRAME, (last.end + MARGIN) / FRAME]
    low, high = np.searchsorted(decoded.frames, edges).tolist()
    return _compared_with_others(text, low, high, decoded.letters)


@lru_cache(maxsize=20_000)  # a review asks again after each correction, with few new sentences
def _compared_with_others(text: str, low: int, high: int, characters: str) -> float | None:
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import cdist

    size = max(high - low, len(text) // 2, 1)
    starts = np.linspace(0, max(0, len(characters) - size), _ELSEWHERE).astype(np.int64)
    others = [characters[start : start + size] for start in starts.tolist() if start + size <= low or start >= high]
    if len(others) < _LEAST_ELSEWHERE:
        return None
    here = Levenshtein.normalized_similarity(text, characters[low:high])
    elsewhere = cdist([text], others, scorer=Levenshtein.normalized_similarity)[0]
    return float((here - elsewhere.mean()) / max(elsewhere.std(), 1e-3))


@lru_cache(maxsize=1)
def _decoded(emissions: Emissions) -> DecodedCharacters:
    return decode(emissions)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Consecutive words that are in doubt. ``cost`` is the expected number of words with a wrong time. If
    ``dissimilar``, the words may not be spoken at all."""

    words: range
    span: Span
    cost: float
    dissimilar: bool = False


def find_doubtful(alignment: Alignment, emissions: Emissions | None = None) -> list[Doubt]:
    """Return the passages that are probably mistimed, not spoken or, in an automatic transcript, misrecognised; those
    with most such words first. A passage is doubtful if its words have a low confidence or, if ``emissions`` of the
    acoustic model are passed, if its words differ from the recognised characters."""
    found = [Doubt(run, span, _cost(alignment, run)) for run, span in doubtful_runs(alignment)]
    if emissions:
        for run in mismatched_runs(alignment, emissions):
            if not _meeting(found, run):
                found = _with(found, alignment, run, dissimilar=False)
        for run in dissimilar_sentences(alignment, emissions):
            found = _with(found, alignment, run, dissimilar=True)
    return sorted(found, key=lambda doubt: (-doubt.cost, doubt.span.start))


def _meeting(found: Sequence[Doubt], run: range) -> list[Doubt]:
    return [each for each in found if run.start < each.words.stop and each.words.start < run.stop]


def _with(found: Sequence[Doubt], alignment: Alignment, run: range, *, dissimilar: bool) -> list[Doubt]:
    met = _meeting(found, run)
    runs = [run, *(each.words for each in met)]
    words = range(min(each.start for each in runs), max(each.stop for each in runs))
    span = span_of(alignment, words)
    if span is None:
        return [*found]
    spoken = float(sum(alignment.words[k].span is not None for k in run))
    cost = max([spoken, *(each.cost for each in met)])
    return [*(each for each in found if each not in met), Doubt(words, span, cost, dissimilar)]


def _cost(alignment: Alignment, run: range) -> float:
    return sum(1 - word.confidence for word in alignment.words[run.start : run.stop] if word.span)


def unspoken_runs(alignment: Alignment) -> Iterator[range]:
    """Yield ranges of consecutive unspoken words of speech; those marked by a person are in separate ranges."""
    kinds = [timed.segment.kind for timed in alignment.segments]
    speech = ((k, word) for k, word in enumerate(alignment.words) if kinds[word.word.segment] is Kind.SPEECH)
    for (is_unspoken, _), group in groupby(speech, lambda each: (each[1].status is Status.UNSPOKEN, each[1].pinned)):
        if is_unspoken:
            indices = [index for index, _ in group]
            yield range(indices[0], indices[-1] + 1)
