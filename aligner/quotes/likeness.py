"""How alike a quote and a passage of the transcript are, in letters and in words, and which of their words meet.

Both sides are given as the letters of their words. Where they part words in other ways ("peut être" and "peut-être"),
the letters that meet still tell which words do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from aligner.normalization import spell, unaccented

_SAME_WORD = 0.75  # share of letters in common from which two words are one, spelled in two ways
# Letters of longer sides that are compared at each end, for memory grows by the square; what is between counts as met.
_END = 2000


@dataclass(frozen=True, slots=True)
class Likeness:
    """``letters`` and ``words`` are the shares that both sides have in common, 0 to 1; ``quote`` and ``passage`` tell
    of each word of a side whether the other has it."""

    letters: float
    words: float
    quote: tuple[bool, ...]
    passage: tuple[bool, ...]


def likeness(quote: Sequence[str], passage: Sequence[str]) -> Likeness:
    """How alike the letters of two sequences of words are.

    Examples
    --------
    >>> likeness(["le", "port", "dort"], ["or", "le", "port"]).passage
    (False, True, True)
    """
    from rapidfuzz.distance import Indel

    sides = quote, passage
    letters = Indel.normalized_similarity("".join(quote), "".join(passage))
    if max(sum(map(len, side)) for side in sides) <= 2 * _END:
        met = _met(*sides)
    else:
        heads, tails = ([_first_words(side[::step]) for side in sides] for step in (1, -1))
        starts = _met(*(side[:count] for side, count in zip(sides, heads, strict=True)))
        ends = _met(*(side[len(side) - count :] for side, count in zip(sides, tails, strict=True)))
        met = tuple(
            (*start, *(True,) * (len(side) - len(start) - len(end)), *end)
            for side, start, end in zip(sides, starts, ends, strict=True)
        )
    words = sum(map(sum, met)) / max(1, len(quote) + len(passage))
    return Likeness(letters, words, met[0], met[1])


def text_likeness(quote: str, passage: str, language: str) -> Likeness:
    """How alike two texts are, whatever their case, accents, punctuation and writing of numbers."""
    return likeness(*(spelled(words_in(text), language) for text in (quote, passage)))


def words_in(text: str) -> list[str]:
    """The words of a text; signs that stand alone, such as % and –, are no words of a transcript either."""
    return [token for token in text.split() if any(map(str.isalnum, token))]


def spelled(words: Sequence[str], language: str) -> tuple[str, ...]:
    """The letters of each word, as it is read aloud."""
    return tuple(map(unaccented, spell(words, language)))


def _first_words(words: Sequence[str]) -> int:
    """How many words the first ``_END`` letters are, half of all at most."""
    return min(len(words) // 2, sum(end <= _END for end in accumulate(map(len, words))))


def _met(quote: Sequence[str], passage: Sequence[str]) -> tuple[tuple[bool, ...], ...]:
    """Of each word of either side whether most of its letters are in common with those that they meet."""
    from rapidfuzz.distance import Indel

    sides = quote, passage
    partners: tuple[dict[int, int], dict[int, int]] = {}, {}
    for block in Indel.opcodes("".join(quote), "".join(passage)):
        if block.tag == "equal":
            one, other = range(block.src_start, block.src_end), range(block.dest_start, block.dest_end)
            partners[0].update(zip(one, other, strict=True))
            partners[1].update(zip(other, one, strict=True))
    return tuple(_met_words(side, met) for side, met in zip(sides, partners, strict=True))


def _met_words(words: Sequence[str], partners: dict[int, int]) -> tuple[bool, ...]:
    met = []
    for word, end in zip(words, accumulate(map(len, words)), strict=True):
        common = [partners[k] for k in range(end - len(word), end) if k in partners]
        stretch = common[-1] - common[0] + 1 if common else 0
        met.append(bool(common) and 2 * len(common) >= _SAME_WORD * (len(word) + stretch))
    return tuple(met)
