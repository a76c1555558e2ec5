"""Select the words of a transcript that may be read aloud, and place unmatched words between matched ones.

Conventions
-----------
- Times are in seconds. A *gap* is a group of unmatched words. The *room* of a gap is the speech between the matched
  words around it. The words of a gap are placed only if the room is long enough, and no word spans a pause.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from aligner.languages import language_of
from aligner.model import Kind, Placement, Span, Status, Transcript
from aligner.normalization import is_sign, readings, unaccented
from aligner.spans import JoinedSpans

_LETTER, _LATIN = re.compile(r"[^\W\d_]"), re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏ]")
_LONE_SIGN = re.compile(r"\s(\W)(?=\s|$|[.,;:!?»)])")
_MONEY, _BEFORE_NUMBER = re.compile(r"(?:^|[\s(])([€$£¥])\s$"), re.compile(r"\s[€$£¥]\s\d")

# A footnote mark that is read aloud: least similarity of the letters, most seconds after the previous word, confidence.
_MARK, _ALIKE, _SOON, _DOUBT = re.compile(r"[\[(^]*(\d{1,3})[\])]*"), 0.5, 3.0, 0.3
_AROUND, _AROUND_SHARE = 6, 0.3  # words on each side of a found word, and the least share of these that must be found
_STOPS, _FULL_STOPS = frozenset(".,;:!?…—–"), frozenset(".!?…")


def spoken_tokens(transcript: Transcript, language: str) -> list[str | None]:
    """Return the text to read aloud for each word, None for a word of a note or stage direction.

    A separate sign, as in "80 %", is read with the word before it. In languages with the currency sign before the
    number ("€ 80"), the sign is read with the number.
    """
    text, currency_first = transcript.text, language_of(language).reading.currency_first
    tokens: list[str | None] = []
    for word in transcript.words:
        if transcript.segments[word.segment].kind not in (Kind.SPEECH, Kind.HEADING):
            tokens.append(None)
            continue
        money = _MONEY.search(text[max(0, word.char_start - 3) : word.char_start]) if currency_first else None
        opens_number = currency_first and _BEFORE_NUMBER.match(text, word.char_end)
        alone = None if opens_number else _LONE_SIGN.match(text, word.char_end)
        before = money[1] if money and word.text[0].isdigit() else ""
        tokens.append(before + word.text + (alone[1] if alone and is_sign(alone[1]) else ""))
    return tokens


def place_footnote_marks(
    transcript: Transcript,
    placements: Sequence[Placement],
    decoded: tuple[str, NDArray[np.floating], NDArray[np.floating]],
    language: str,
) -> tuple[Placement, ...]:
    """Return all placements, after placing the footnote marks that are read aloud. A mark is read aloud if its number
    is recognised between the words before and after the mark. ``decoded`` holds all recognised letters, and the start
    and the end of each letter in seconds."""
    placed, (letters, starts, ends) = list(placements), decoded
    for k, (before, word, after) in enumerate(zip(placements, transcript.words[1:], placements[2:], strict=False), 1):
        mark = _MARK.fullmatch(unicodedata.normalize("NFKC", word.text))
        if mark is None or transcript.segments[word.segment].kind is not Kind.NOTE or placements[k].span:
            continue
        if before.span and after.span:
            room = [before.span.end, min(after.span.start, before.span.end + _SOON)]
            low, high = np.searchsorted(starts, room).tolist()
            ways = map(unaccented, readings([mark[1]], language)[0])
            if low < high and max(similarity(way, letters[low:high]) for way in ways) >= _ALIKE:
                start, stop = max(room[0], float(starts[low])), min(after.span.start, float(ends[high - 1]))
                placed[k] = Placement(Span(start, max(stop, start + _LEAST_WORD)), Status.FUZZY, _DOUBT)
    return tuple(placed)


def is_latin(transcript: Transcript) -> bool:
    """Return whether most letters of the transcript are of the Latin script."""
    text = "".join(word.text for word in transcript.words)
    return 2 * len(_LATIN.findall(text)) > len(_LETTER.findall(text))


def words_by_segment(transcript: Transcript) -> list[list[int]]:
    """Return a list of word indices for each segment of the transcript that has words."""
    members: dict[int, list[int]] = {}
    for k, word in enumerate(transcript.words):
        members.setdefault(word.segment, []).append(k)
    return list(members.values())


def is_supported(found: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Flag the words of a paragraph with enough ``found`` words around them. Other matches are due to chance."""
    hits, place = np.append(0, np.cumsum(found)), np.arange(len(found))
    low, high = np.maximum(0, place - _AROUND), np.minimum(len(found), place + _AROUND + 1)
    supported: NDArray[np.bool_] = (hits[high] - hits[low]) / (high - low) >= _AROUND_SHARE
    return supported


def breaks_after(transcript: Transcript) -> NDArray[np.int64]:
    """Return what ends after each word: 0 nothing, 1 a clause, 2 a sentence or a segment."""
    words = transcript.words
    places = [*(word.char_start for word in words[1:]), len(transcript.text)]
    segments = [*(word.segment for word in words[1:]), None]
    breaks = np.zeros(len(words), np.int64)
    for k, (word, place, segment) in enumerate(zip(words, places, segments, strict=False)):
        stop = _stop(transcript.text[word.char_start : place])
        breaks[k] = 2 if word.segment != segment or stop in _FULL_STOPS else 1 if stop else 0
    return breaks


def _stop(text: str) -> str:
    """Return the first punctuation mark after the last word of ``text``, or ""."""
    stop = ""
    for sign in takewhile(lambda sign: not (sign.isalnum() or sign == "_"), reversed(text)):
        stop = sign if sign in _STOPS else stop
    return stop


_LEAST_WORD = 0.02  # seconds
_LONGEST_COMPARED = 5_000  # letters, some six minutes of speech; a longer match would have been found before


@dataclass(frozen=True, slots=True)
class Gap:
    """Consecutive unmatched speech words, and the matched words before and after them, None at the ends of the
    transcript. All are indices into ``Transcript.words``."""

    words: tuple[int, ...]
    before: int | None
    after: int | None


def find_gaps(transcript: Transcript, placements: Sequence[Placement]) -> list[Gap]:
    """Return the gaps in order: all groups of consecutive speech words without a time. Words of other kinds, such as
    notes, are ignored. There are no gaps if no word was matched."""
    gaps: list[Gap] = []
    words: list[int] = []
    before: int | None = None
    for k, (word, placement) in enumerate(zip(transcript.words, placements, strict=True)):
        if placement.span:
            if words:
                gaps.append(Gap(tuple(words), before, k))
            words, before = [], k
        elif transcript.segments[word.segment].kind is Kind.SPEECH:
            words.append(k)
    if words and before is not None:
        gaps.append(Gap(tuple(words), before, None))
    return gaps


def share_out(
    room: Sequence[Span], words: Sequence[int], lengths: Sequence[float], confidence: float = 0.0
) -> Iterator[tuple[int, Placement]]:
    """Divide the spans of ``room`` among words in proportion to ``lengths``; yield each word's index and placement."""
    if not words:
        return
    for word, span in zip(words, JoinedSpans(room).share_out(lengths), strict=True):
        yield word, Placement(span, Status.INTERPOLATED, confidence)


def similarity(letters: str, others: str) -> float:
    """Return the length of the longest common subsequence, as a share of the longer string; 0 for very long strings."""
    from rapidfuzz.distance import LCSseq

    if max(len(letters), len(others)) > _LONGEST_COMPARED:
        return 0.0
    return float(LCSseq.normalized_similarity(letters, others))


def in_order(placements: Sequence[Placement], duration: float) -> tuple[Placement, ...]:
    """Return the placements so that starts never decrease and ends come after starts. A word that overlaps the next one
    ends where the next one starts, but lasts at least 20 ms."""
    latest, starts = max(0.0, duration - _LEAST_WORD), []
    previous = 0.0
    for placement in placements:
        if placement.span:
            previous = min(max(placement.span.start, previous), latest)
            starts.append(previous)
    edges = iter(zip(starts, [*starts[1:], duration], strict=True))
    ordered = []
    for placement in placements:
        if placement.span is None:
            ordered.append(placement)
            continue
        start, following = next(edges)
        span = Span(start, max(min(placement.span.end, following), start + _LEAST_WORD))
        ordered.append(placement if span == placement.span else replace(placement, span=span))
    return tuple(ordered)
