"""The parts of a book: one for each heading, and what they show in the order of the text.

A heading that stands right under another is in its part. A part that is longer than an hour of talk is cut between
paragraphs, so that reading systems open it in a moment.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from aligner.formats.material import Material, Paragraph, Turn
from aligner.model import Kind

_MOST = 60_000  # characters of a part: about an hour


@dataclass(frozen=True, slots=True)
class Part:
    """What stands under the ``headings`` that it begins with; one without any is the beginning, or goes on with what
    the part before it had."""

    number: int
    turns: tuple[Turn, ...]

    @property
    def name(self) -> str:
        """What its files are called."""
        return f"part{self.number:03}"

    @property
    def headings(self) -> tuple[Paragraph, ...]:
        """The headings, which stand in no other place of it."""
        return tuple(each for turn in self.turns if turn.kind is Kind.HEADING for each in turn.paragraphs)

    @property
    def start(self) -> float | None:
        """When the first of it is said."""
        return next((turn.span.start for turn in self.turns if turn.span), None)


def parts_of(material: Material) -> tuple[Part, ...]:
    """All of the text, one part at least."""
    under: list[list[Turn]] = [[]]
    for turn in material.turns:
        before = under[-1][-1].kind if under[-1] else Kind.HEADING
        if turn.kind is Kind.HEADING and before is not Kind.HEADING:
            under.append([])
        under[-1].append(turn)
    cut = [part for turns in under for part in _cut(turns)]
    return tuple(Part(number, tuple(turns)) for number, turns in enumerate(cut, start=1))


def _cut(turns: Sequence[Turn]) -> Iterator[Sequence[Turn]]:
    """The turns in as few parts as may be, all of about one length."""
    pieces = [replace(turn, paragraphs=(each,)) for turn in turns for each in turn.paragraphs]
    ends = [*accumulate(len(piece.paragraphs[0].text) for piece in pieces)]
    count = -(-ends[-1] // _MOST) if ends else 1
    if count == 1:
        yield turns
        return
    edges = sorted({bisect_left(ends, ends[-1] * number / count) for number in range(1, count)} - {0})
    for first, last in pairwise([0, *edges, len(pieces)]):
        yield pieces[first:last]
