"""Runs of words: which they are in the alignment and in its text."""

from __future__ import annotations

from dataclasses import dataclass

from aligner.model import Alignment


@dataclass(frozen=True, slots=True)
class WordRange:
    """Indices into ``Alignment.words`` and characters of ``Transcript.text``, both half-open."""

    first: int
    stop: int
    char_start: int
    char_end: int

    def __len__(self) -> int:
        return self.stop - self.first


def word_range(alignment: Alignment, words: range) -> WordRange:
    """The words with the characters that they take."""
    first, last = alignment.words[words.start].word, alignment.words[words.stop - 1].word
    return WordRange(words.start, words.stop, first.char_start, last.char_end)
