"""Pins: what a person fixed of an alignment, which no search moves.

Conventions
-----------
A pin of a word, or of words that are not said, is told by the words, which are pinned; one of a passage stands beside
them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

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
    for (span, pinned), run in groupby(range(len(words)), key=lambda k: (words[k].span, words[k].pinned)):
        indices = list(run)
        if pinned:
            kind = PinKind.WORD if span else PinKind.UNSPOKEN
            yield Pin(kind, range(indices[0], indices[-1] + 1), span)
