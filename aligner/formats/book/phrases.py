"""Split the text of a book into phrases, which are highlighted one at a time: sentences, or parts of long sentences.

Long sentences are split where a break disturbs least, so that a phrase seldom continues on the next page. Every
sentence is split at long pauses in speech.

Conventions
-----------
- The phrases of a paragraph are in order and disjoint. No phrase starts or ends with white space, or inside a note or a
  stage direction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from aligner.formats.material import Material, Paragraph
from aligner.languages import language_of
from aligner.model import Alignment, Segment, Span
from aligner.typography.breaks import GLUE, SENTENCE, break_costs
from aligner.typography.tokens import Token, width

LONGEST_PAUSE = 3.0
"""Longest pause within speech, in seconds; a longer one is music, an ad or speech missing from the transcript."""

_MOST = 140  # characters; two or three lines on a phone
_LEAST = 30
_OFF_CENTRE = 10.0  # cost of a break at the edge of a sentence, in the unit of ``break_costs``


@dataclass(frozen=True, slots=True)
class Phrase:
    """A range of the transcript's characters to highlight; ``span`` is when the text is spoken, None if it is not."""

    char_start: int
    char_end: int
    span: Span | None


@dataclass(frozen=True, slots=True)
class _Piece:
    """A token: the range of characters, the time, the displayed width, and the ``cost`` of a break before the token."""

    char_start: int
    char_end: int
    span: Span | None
    width: int
    cost: float


def phrases_of(material: Material, paragraph: Paragraph) -> list[Phrase]:
    """Return the phrases of a paragraph; a paragraph without tokens is one phrase."""
    outer = material.alignment.segments[paragraph.segment].segment
    pieces = _pieces(material, paragraph, outer)
    if not pieces:
        return [Phrase(outer.char_start, outer.char_end, paragraph.span)]
    edges = [at for at, piece in enumerate(pieces) if at == 0 or piece.cost == SENTENCE]
    sentences = (pieces[first:last] for first, last in pairwise([*edges, len(pieces)]))
    return [_phrase(part) for sentence in sentences for part in _cut(sentence)]


def inner_segments(alignment: Alignment, paragraph: Paragraph) -> Iterator[Segment]:
    """Yield the notes and stage directions in a paragraph, without those nested in another note or direction."""
    outer = alignment.segments[paragraph.segment].segment
    end = outer.char_start
    for timed in alignment.segments[paragraph.segment + 1 :]:
        if timed.segment.char_end > outer.char_end:
            return
        if timed.segment.char_start >= end:
            yield timed.segment
            end = timed.segment.char_end


def _pieces(material: Material, paragraph: Paragraph, outer: Segment) -> list[_Piece]:
    """Return a paragraph's tokens without stage directions; [] if the tokens do not match the text of the paragraph.
    ``outer`` is the alignment's segment for this paragraph."""
    alignment = material.alignment
    shown = material.tokens.get(paragraph.segment, ()) if paragraph.words else ()
    tokens = [each for each in shown if not each.stage]
    offsets = list(_token_offsets(alignment, paragraph, outer))
    if not tokens or sum(len(_shown(token)) for token in tokens) != len(offsets):
        return []
    pauses = _pauses(tokens)
    costs = break_costs(tokens, pauses, language_of(alignment.language).captioning)
    pieces, at = [], 0
    for token, cost, pause in zip(tokens, costs, pauses, strict=True):
        length = len(_shown(token))
        start, end = offsets[at], offsets[at + length - 1] + 1
        cost = SENTENCE if pause > LONGEST_PAUSE else cost
        pieces.append(_Piece(start, end, token.span, width(token.before) + width(token.text), cost))
        at += length
    return pieces


def _token_offsets(alignment: Alignment, paragraph: Paragraph, outer: Segment) -> Iterator[int]:
    """Yield the offset of each character of a paragraph, except white space, notes and stage directions."""
    text, at = alignment.transcript.text, outer.char_start
    for start, end in [
        *((s.char_start, s.char_end) for s in inner_segments(alignment, paragraph)),
        (outer.char_end,) * 2,
    ]:
        yield from (offset for offset in range(at, start) if not text[offset].isspace())
        at = end


def _shown(token: Token) -> str:
    return "".join(token.text.split())


def _pauses(tokens: Sequence[Token]) -> list[float]:
    pauses, end = [], 0.0
    for token in tokens:
        pauses.append(max(0.0, token.span.start - end) if token.span and end else 0.0)
        end = token.span.end if token.span else end
    return pauses


def _cut(pieces: Sequence[_Piece]) -> Iterator[Sequence[_Piece]]:
    """Split a long sentence at the best break, then split any part that is still too long. Yield the parts in order."""
    widths = [0]
    for piece in pieces:
        widths.append(widths[-1] + piece.width)
    length = widths[-1]
    breaks = [
        (piece.cost + _OFF_CENTRE * abs(2 * widths[at] / length - 1), at)
        for at, piece in enumerate(pieces)
        if piece.cost < GLUE and widths[at] >= _LEAST and length - widths[at] >= _LEAST
    ]
    if length <= _MOST or not breaks:
        yield pieces
        return
    _, at = min(breaks)
    yield from _cut(pieces[:at])
    yield from _cut(pieces[at:])


def _phrase(pieces: Sequence[_Piece]) -> Phrase:
    spans = [piece.span for piece in pieces if piece.span]
    span = Span(min(each.start for each in spans), max(each.end for each in spans)) if spans else None
    return Phrase(pieces[0].char_start, pieces[-1].char_end, span)
