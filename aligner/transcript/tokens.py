"""Segments to words: the tokens between white space, cut where a mark is glued to them.

Worked example: in ``du monde[1].`` the segment of ``[1]`` lies inside the paragraph's, so the words are ``du``,
``monde`` (the paragraph's) and ``[1]`` (the note's); the full stop has no letter and is no word of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aligner.model import Segment, Word, outermost

TOKEN = re.compile(r"\S+")


def words_of(text: str, segments: Sequence[Segment]) -> tuple[Word, ...]:
    """Every token of the segments that has a letter or a digit, in order of the text.

    `segments` are in order of ``char_start``, nested ones after the one that holds them.
    """
    return tuple(
        Word(token.group(), token.start(), token.end(), index)
        for start, end, index in _stretches(segments)
        for token in TOKEN.finditer(text, start, end)
        if any(char.isalnum() for char in token.group())
    )


def _stretches(segments: Sequence[Segment]) -> Iterator[tuple[int, int, int]]:
    """(start, end, index of the innermost segment), in order, without overlap."""
    for at, within in outermost(segments):
        position = segments[at].char_start
        for inner in within:
            yield position, segments[inner].char_start, at
            yield segments[inner].char_start, segments[inner].char_end, inner
            position = segments[inner].char_end
        yield position, segments[at].char_end, at
