"""Pins: what a person fixed of an alignment, which no search moves.

Conventions
-----------
A pin of a word, or of words that are not said, is told by the words, which are pinned; one of a passage stands beside
them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import groupby, pairwise
from math import inf
from sys import maxsize

from aligner.model import Alignment, Span, TimedWord


class PinKind(StrEnum):
    """What a person has fixed: when a word is said, that words are not said, or where they are said together."""

    WORD = "word"
    UNSPOKEN = "unspoken"
    PASSAGE = "passage"


@dataclass(frozen=True, slots=True)
class Pin:
    """What a person fixed of the words ``words``, indices into a transcript's: a word's ``span``, that of a passage in
    which they are all said if they are, or that they are not, ``span`` being None.
    """

    kind: PinKind
    words: range
    span: Span | None

    def __post_init__(self) -> None:
        if not 0 <= self.words.start < self.words.stop or self.words.step != 1:
            raise ValueError(f"a pin of words {self.words.start} to {self.words.stop} holds none")
        if self.kind is PinKind.WORD and len(self.words) > 1:
            raise ValueError(f"a word's pin holds {len(self.words)}")
        if (self.span is None) != (self.kind is PinKind.UNSPOKEN) or (self.span and self.span.start < 0):
            raise ValueError(f"a pin of kind {self.kind} is at {self.span}")


@dataclass(frozen=True, slots=True)
class LostPin:
    """A pin whose words the text has no more, or whose sound is another: what it said, and their text."""

    kind: PinKind
    text: str
    span: Span | None


def pins_of(alignment: Alignment) -> tuple[Pin, ...]:
    """All that a person fixed, in order of the words."""
    return tuple(sorted([*alignment.pinned_passages, *_word_pins(alignment.words)], key=lambda pin: pin.words.start))


def _word_pins(words: Sequence[TimedWord]) -> Iterator[Pin]:
    """A pin for each pinned word that is said, one for each run of those that are not."""
    for (_, pinned), run in groupby(range(len(words)), key=lambda k: (words[k].span and k, words[k].pinned)):
        indices = list(run)
        if pinned:
            span = words[indices[0]].span
            kind = PinKind.WORD if span else PinKind.UNSPOKEN
            yield Pin(kind, range(indices[0], indices[-1] + 1), span)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words that are sought in ``span`` and nowhere else: those of ``words`` that no pin places."""

    words: range
    span: Span


def stretches(pins: Sequence[Pin], whole: Stretch) -> list[Stretch]:
    """What the pins part ``whole`` into, in order; of pins of other words as well, what lies among its own.

    Stretches may be without words: what was said there, the transcript lacks.

    Raises
    ------
    ValueError
        The pins contradict each other: a word would have to be said before one that stands before it.
    """
    ends = [(whole.words.start, whole.span.start), (whole.words.stop, whole.span.end)]
    walls = sorted([*ends, *walls_among(pins, whole.words)])
    if any(after < before for (_, before), (_, after) in pairwise(walls)):
        raise ValueError("pins contradict each other: their words are in another order than their times")
    return [Stretch(range(first, stop), Span(start, end)) for (first, start), (stop, end) in pairwise(walls)]


def walls_among(pins: Sequence[Pin], words: range) -> Iterator[tuple[int, float]]:
    """The words among ``words`` before which pins are a wall, and the times: what is before is said before, what is
    after, after. A pin that has words beyond them too has its own wall among them at most."""
    for pinned, span in _placed(pins):
        is_within = words.start <= pinned.start and pinned.stop <= words.stop
        yield from (wall for wall in _walls(pinned, span) if is_within or words.start < wall[0] < words.stop)


def rooms_between(pins: Sequence[Pin], whole: Stretch) -> list[Span]:
    """The sound that pins leave to each word of ``whole``, as of ``stretches``."""
    return [stretch.span for stretch in stretches(pins, whole) for _ in stretch.words]


def _placed(pins: Sequence[Pin]) -> Iterator[tuple[range, Span]]:
    """The pins with a time; a word that lasts into the next pinned one ends where that begins."""
    yield from ((pin.words, pin.span) for pin in pins if pin.kind is PinKind.PASSAGE and pin.span)
    placed = [(pin.words.start, pin.span) for pin in pins if pin.kind is PinKind.WORD and pin.span]
    words = sorted((word, span.start, span.end) for word, span in placed)
    following = [*(start for _, start, _ in words[1:]), inf]
    for (word, start, end), latest in zip(words, following, strict=False):
        yield range(word, word + 1), Span(start, min(end, max(start, latest)))


def agreeing(pins: Sequence[Pin]) -> tuple[list[Pin], list[Pin]]:
    """Pins, in order of their words, that do not contradict each other: as many of words as can be, and of passages
    what goes with these; and those that are left over."""
    placed = [pin for pin in pins if pin.kind is PinKind.WORD and pin.span]
    kept = {id(placed[k]) for k in longest_in_order([pin.span.start for pin in placed if pin.span])}
    walls = [(-1, -inf), (maxsize, inf)]
    for words, span in _placed([pin for pin in placed if id(pin) in kept]):
        walls += _walls(words, span)
    walls.sort()
    for pin in pins:
        if pin.kind is PinKind.PASSAGE and pin.span:
            added = _walls(pin.words, pin.span)
            for wall in added:
                insort(walls, wall)
            if all(map(partial(_is_in_order, walls), added)):
                kept.add(id(pin))
            else:
                for wall in added:
                    del walls[bisect_left(walls, wall)]
    agree = [pin for pin in pins if pin.span is None or id(pin) in kept]
    return agree, [pin for pin in pins if pin.span and id(pin) not in kept]


def _walls(words: range, span: Span) -> list[tuple[int, float]]:
    """The words before which, and the times: what is before is said before, what is after, after."""
    return [(words.start, span.start), (words.stop, span.end)]


def _is_in_order(walls: Sequence[tuple[int, float]], wall: tuple[int, float]) -> bool:
    at = bisect_left(walls, wall)
    return walls[at - 1][1] <= wall[1] <= walls[at + 1][1]


def longest_in_order(times: Sequence[float]) -> list[int]:
    """The places of a longest part of the times that never falls (patience sorting)."""
    ends: list[float] = []
    places: list[int] = []  # of the times in ``ends``
    before: list[int] = []
    for place, time in enumerate(times):
        length = bisect_right(ends, time)
        before.append(places[length - 1] if length else -1)
        ends[length : length + 1], places[length : length + 1] = [time], [place]
    chain, place = [], places[-1] if places else -1
    while place >= 0:
        chain.append(place)
        place = before[place]
    return chain[::-1]
