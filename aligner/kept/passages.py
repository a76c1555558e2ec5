"""Words that are kept as a quote: their text, and how many there may be."""

from __future__ import annotations

from aligner.model import Alignment
from aligner.quotes import read_printed
from aligner.storage.kept_quotes import LONGEST


def text_of(alignment: Alignment, words: range) -> str:
    """What is printed of the words."""
    return read_printed(alignment, words).text or as_it_stands(alignment, words)


def as_it_stands(alignment: Alignment, words: range) -> str:
    """The words of a heading or a note, which have no line of print as a quote has."""
    return " ".join(alignment.words[k].word.text for k in words)


def chars_of(alignment: Alignment, words: range) -> int:
    """How many characters there are from the first of the words to the last."""
    return alignment.words[words[-1]].word.char_end - alignment.words[words[0]].word.char_start


def is_too_long(alignment: Alignment, words: range) -> bool:
    """Whether the words are more than a quote may hold."""
    return chars_of(alignment, words) > LONGEST
