"""What of a transcript may be read aloud, token by token."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from aligner.languages import language_of
from aligner.model import Kind, Placement, Transcript
from aligner.normalization import is_sign

_LETTER, _LATIN = re.compile(r"[^\W\d_]"), re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏ]")
_LONE_SIGN = re.compile(r"\s(\W)(?=\s|$|[.,;:!?»)])")
_MONEY, _BEFORE_NUMBER = re.compile(r"(?:^|[\s(])([€$£¥])\s$"), re.compile(r"\s[€$£¥]\s\d")

_STOPS, _FULL_STOPS = frozenset(".,;:!?…—–"), frozenset(".!?…")

_MARK = re.compile(r"[\[(^]*(\d{1,3})[\])]*")


def spoken_tokens(transcript: Transcript, language: str) -> list[str | None]:
    """For each word what is read where it stands, None for those of notes and stage directions.

    A sign that stands alone ("80 %") is read with the word before it; in languages where money's sign goes before its
    number ("€ 80"), that is read with the number.
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
        tokens.append(before + word.text + (alone[1] if alone and is_sign(alone[1], language) else ""))
    return tokens


def footnote_marks(transcript: Transcript, placements: Sequence[Placement]) -> Iterator[tuple[int, str]]:
    """The indices of footnote marks between two words that were found, and the number of each, which may be read."""
    for k in range(1, len(placements) - 1):
        word = transcript.words[k]
        found = _MARK.fullmatch(unicodedata.normalize("NFKC", word.text))
        if found is None or transcript.segments[word.segment].kind is not Kind.NOTE:
            continue
        if placements[k - 1].span and placements[k + 1].span and not placements[k].span:
            yield k, found[1]


def is_latin(transcript: Transcript) -> bool:
    """Whether most of the transcript's letters are Latin ones."""
    text = "".join(word.text for word in transcript.words)
    return 2 * len(_LATIN.findall(text)) > len(_LETTER.findall(text))


def words_by_segment(transcript: Transcript) -> list[list[int]]:
    """Indices of words by the segment that holds them."""
    members: dict[int, list[int]] = {}
    for k, word in enumerate(transcript.words):
        members.setdefault(word.segment, []).append(k)
    return list(members.values())


def breaks_after(transcript: Transcript) -> NDArray[np.int64]:
    """How much ends with each word: 0 nothing, 1 a clause, 2 a sentence or a segment."""
    words = transcript.words
    places = [*(word.char_start for word in words[1:]), len(transcript.text)]
    segments = [*(word.segment for word in words[1:]), None]
    breaks = np.zeros(len(words), np.int64)
    for k, (word, place, segment) in enumerate(zip(words, places, segments, strict=False)):
        stop = _stop(transcript.text[word.char_start : place])
        breaks[k] = 2 if word.segment != segment or stop in _FULL_STOPS else 1 if stop else 0
    return breaks


def _stop(text: str) -> str:
    """The first stop after the last word of ``text``, empty if there is none."""
    stop = ""
    for sign in takewhile(lambda sign: not (sign.isalnum() or sign == "_"), reversed(text)):
        stop = sign if sign in _STOPS else stop
    return stop
