"""What is printed against what was heard: which words of either side the other has, letter by letter."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from aligner.normalization import spell, unaccented
from aligner.report.facts import Piece

_MET = 0.6  # share of a word's letters that the other side must have in their order


def compared(
    printed: Sequence[str], heard: Sequence[str] | None, language: str
) -> tuple[tuple[Piece, ...], tuple[Piece, ...] | None]:
    """Both sides in pieces; where nobody knows what was heard, all that is printed counts as matched.

    Examples
    --------
    >>> [piece.matches for piece in compared(["le", "port", "dort"], ["lepor"], "fr")[0]]
    [True, True, False]
    """
    if heard is None:
        return tuple(Piece(word, True) for word in printed), None
    sides = [[unaccented(letters) for letters in spell(words, language)] for words in (printed, heard)]
    met = _letters_met("".join(sides[0]), "".join(sides[1]))
    first, second = (
        tuple(Piece(word, share) for word, share in zip(words, _words_met(letters, flags), strict=True))
        for words, letters, flags in zip((printed, heard), sides, met, strict=True)
    )
    return first, second


def _letters_met(printed: str, heard: str) -> tuple[list[bool], list[bool]]:
    """Which letters of either side are in the longest common subsequence."""
    from rapidfuzz.distance import LCSseq

    flags = [False] * len(printed), [False] * len(heard)
    for step in LCSseq.opcodes(printed, heard):
        if step.tag == "equal":
            flags[0][step.src_start : step.src_end] = [True] * (step.src_end - step.src_start)
            flags[1][step.dest_start : step.dest_end] = [True] * (step.dest_end - step.dest_start)
    return flags


def _words_met(words: Sequence[str], letters: Sequence[bool]) -> list[bool]:
    """Of each word whether enough of its letters are met; one without letters is."""
    ends = accumulate(map(len, words))
    return [sum(letters[end - len(word) : end]) >= _MET * len(word) for word, end in zip(words, ends, strict=True)]
