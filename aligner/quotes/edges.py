"""What the times of a quote's first and last word say of a cut beside them.

A word that was said and not printed leaves its mark on its neighbour: the aligner knows nothing of it, and stretches
the neighbour over it, or moves it away. A start is a letter that was heard, and is seldom wrong; an end is what was
left over.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from statistics import median

from aligner.model import Alignment, Span, Status, TimedWord
from aligner.normalization import letters_of, readings
from aligner.typography.sentences import CLOSERS

# Of 250 last words with something said after them, 30 end over 50 ms late; of those 15 last this much longer than their
# letters take, and 10 of the others.
_TOO_LONG = 0.05
# What is said after none but silence may be drawled, and is yet no longer than this.
_DRAWL, _DRAWLED = 2.5, 0.2
_AROUND = 300  # words on either side that tell how fast is spoken
_LETTER = 0.06  # seconds, where no word tells
_LEAST_LETTERS = 4
_FEW_LETTERS = 4  # are found in another word by chance


class QuoteEdges:
    """The first and the last word of a quote, each seen ``opening`` or not."""

    def __init__(self, alignment: Alignment, words: range) -> None:
        self._alignment = alignment
        self._around = alignment.words[max(0, words.start - _AROUND) : words.stop + _AROUND]
        self._said = [(timed, timed.span) for k in words if (timed := alignment.words[k]).span]

    def is_doubtful(self, opening: bool) -> bool:
        """Whether a word that sounds beside the quote without a gap may be in its clip."""
        word, span = self._said[0 if opening else -1]
        too_long = not opening and span.duration > self._natural(word) + _TOO_LONG
        return word.status is not Status.EXACT or too_long or self.is_longer_than_written(opening)

    def beyond_drawl(self, opening: bool) -> Span | None:
        """The outer part of the word, where it lasts longer than any drawl: what sounds there is another word."""
        word, span = self._said[0 if opening else -1]
        natural = self._natural(word)
        longest = max(_DRAWL * natural, natural + _DRAWLED)
        if span.duration <= longest:
            return None
        return Span(span.start, span.end - longest) if opening else Span(span.start + longest, span.end)

    def is_in_place(self, opening: bool) -> bool:
        """Whether the word is surely where it is timed: a few letters are also found in words that nobody printed."""
        word, _ = self._said[0 if opening else -1]
        return word.status is Status.EXACT and self._letters(word) > _FEW_LETTERS

    def is_longer_than_written(self, opening: bool) -> bool:
        """Whether the word ends the quote and is an abbreviation, which may be timed as it is written: ``etc.``"""
        text = self._said[0 if opening else -1][0].word.text.rstrip(CLOSERS)
        if opening or not text.endswith("."):
            return False
        ways = readings([text], self._alignment.language)[0]
        return max(map(len, ways)) > len(letters_of(text, self._alignment.language))

    def inner_pause(self, opening: bool) -> Span:
        """What lies between the word and its neighbour in the quote."""
        (_, one), (_, other) = (
            (self._said[:2] if opening else self._said[-2:]) if len(self._said) > 1 else self._said * 2
        )
        return Span(one.end, max(one.end, other.start))

    def _natural(self, timed: TimedWord) -> float:
        """The seconds that the word takes at the pace around, in the longest way to read it aloud."""
        ways = readings([timed.word.text], self._alignment.language)[0]
        return max(self._letters(timed), *map(len, ways)) * self._pace

    @cached_property
    def _pace(self) -> float:
        """Seconds that a letter takes around the quote."""
        return median([*self._paces()] or [_LETTER])

    def _paces(self) -> Iterator[float]:
        for timed in self._around:
            letters = self._letters(timed)
            if timed.span and timed.status is Status.EXACT and letters >= _LEAST_LETTERS:
                yield timed.span.duration / letters

    def _letters(self, timed: TimedWord) -> int:
        return max(1, len(letters_of(timed.word.text, self._alignment.language)))
