"""Passages that occur twice or more, in the text or in speech that it lacks, and the place that each was given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from aligner.locating.quality import span_of
from aligner.model import Alignment, Kind
from aligner.normalization import spell, unaccented
from aligner.report.word_range import WordRange, word_range

_LEAST_WORDS = 6  # fewer are a turn of phrase
_LEAST_LETTERS = 20
_LISTED = 10  # copies of a passage
_NONE = -1


@dataclass(frozen=True, slots=True)
class Copy:
    """One of the places of a passage: ``start`` and ``end`` are when it is said, None where it is not.

    ``words`` is None where the text lacks the copy; its times are then those of all speech that is lacking there.
    """

    words: WordRange | None
    start: float | None
    end: float | None


@dataclass(frozen=True, slots=True)
class Repeat:
    """A passage of ``length`` words with the first of its copies: those of the text in order, then those that the sound
    alone has; ``count`` is how many there are."""

    text: str
    length: int
    count: int
    copies: tuple[Copy, ...]


@dataclass(frozen=True, slots=True)
class _Token:
    """A word's letters, and which it is: of the transcript, or of an untranscribed passage."""

    letters: str
    word: int = _NONE
    passage: int = _NONE


def repeats_of(alignment: Alignment) -> list[Repeat]:
    """The passages of six words or more that occur again, the longest first."""
    tokens = [*_of_text(alignment), *_of_sound(alignment)]
    found = [_repeat(alignment, tokens, starts, length) for starts, length in _copies(tokens)]
    return sorted(found, key=lambda repeat: -repeat.length)


def _of_text(alignment: Alignment) -> Iterator[_Token]:
    segments = alignment.segments
    speech = [k for k, w in enumerate(alignment.words) if segments[w.word.segment].segment.kind is Kind.SPEECH]
    letters = spell([alignment.words[k].word.text for k in speech], alignment.language)
    yield from (_Token(unaccented(each), word=k) for k, each in zip(speech, letters, strict=True) if each)


def _of_sound(alignment: Alignment) -> Iterator[_Token]:
    """The words heard in speech that the text lacks, something between one passage and the next."""
    for number, passage in enumerate(alignment.untranscribed):
        yield _Token("")
        letters = spell(passage.text.split(), alignment.language)
        yield from (_Token(unaccented(each), passage=number) for each in letters if each)


def _copies(tokens: Sequence[_Token]) -> Iterator[tuple[list[int], int]]:
    """Where the copies of each passage begin, and how many tokens it has.

    A place that belongs to a passage begins no other, so that of long texts that repeat themselves the work stays
    small, too.
    """
    letters = [token.letters for token in tokens]
    places: dict[tuple[str, ...], list[int]] = {}
    for start in range(len(letters) - _LEAST_WORDS + 1):
        window = tuple(letters[start : start + _LEAST_WORDS])
        if all(window) and sum(map(len, window)) >= _LEAST_LETTERS:
            places.setdefault(window, []).append(start)
    taken = [False] * len(letters)
    for window_places in places.values():
        if taken[window_places[0]]:
            continue
        starts = _apart(window_places)
        if len(starts) > 1:
            length = _length(letters, starts)
            yield starts, length
            for start in starts:
                taken[start : start + length] = [True] * length


def _apart(places: Sequence[int]) -> list[int]:
    """Those of the places, in order, that do not overlap the one before."""
    starts: list[int] = []
    for place in places:
        if not starts or place - starts[-1] >= _LEAST_WORDS:
            starts.append(place)
    return starts


def _length(letters: Sequence[str], starts: Sequence[int]) -> int:
    """For how many tokens all copies agree, none of them running into the next."""
    room = min(after - before for before, after in pairwise(starts))
    length = _LEAST_WORDS
    while length < room and starts[-1] + length < len(letters):
        following = {letters[start + length] for start in starts}
        if len(following) > 1 or "" in following:
            break
        length += 1
    return length


def _repeat(alignment: Alignment, tokens: Sequence[_Token], starts: Sequence[int], length: int) -> Repeat:
    text = " ".join(_written(alignment, token) for token in tokens[starts[0] : starts[0] + length])
    copies = (_copy(alignment, tokens[start : start + length]) for start in starts[:_LISTED])
    return Repeat(text, length, len(starts), tuple(copies))


def _written(alignment: Alignment, token: _Token) -> str:
    return alignment.words[token.word].word.text if token.word != _NONE else token.letters


def _copy(alignment: Alignment, tokens: Sequence[_Token]) -> Copy:
    if tokens[0].passage != _NONE:
        passage = alignment.untranscribed[tokens[0].passage]
        return Copy(None, passage.start, passage.end)
    run = range(tokens[0].word, tokens[-1].word + 1)
    words, span = word_range(alignment, run), span_of(alignment, run)
    return Copy(words, span.start, span.end) if span else Copy(words, None, None)
