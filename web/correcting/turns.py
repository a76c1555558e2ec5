"""Compute the differences between the pages of two states of an alignment: the turns to render again, and other data.

A turn is consecutive paragraphs by one speaker. From the first turn that differs to the last one, all are replaced.
Turns differ if their content or the time of a word differs. Indices of words and segments are not compared, since every
inserted paragraph shifts the indices after it.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from aligner.model import Alignment, Review, Span, Verdict
from web.page.data import outline_data, word_data
from web.page.transcript import Page, Paragraph, Turn, outline_of, rendered


@dataclass(frozen=True, slots=True)
class Turns:
    """A replacement of turns: the ``drop`` turns of the old page from index ``at`` on become the turns of ``page``.

    ``page`` is None if only word times or offsets differ. Untranscribed speech after the last turn counts as a turn.
    ``words`` is the ``word_data`` of the new turns. ``chars_by`` is what the page must add to the character offsets of
    all later turns, and ``segments_by`` what it must add to their segment indices.
    """

    at: int
    drop: int
    page: Page | None
    words: dict[str, list[int | None]]
    chars_by: int
    segments_by: int


@dataclass(frozen=True, slots=True)
class Head:
    """The data for the heading and the chapters of a page. The field ``page`` is the page without its turns."""

    language: str
    verdict: Verdict
    coverage: float
    warnings: tuple[str, ...]
    review: Review | None
    machine_text: bool
    page: Page


@dataclass(frozen=True, slots=True)
class Difference:
    """The differences between two pages. ``turns`` and ``head`` are None if unchanged. ``data`` has the new values of
    those fields of ``outline_data`` that have changed."""

    turns: Turns | None
    data: dict[str, Any]
    head: Head | None


@dataclass(frozen=True, slots=True)
class _TurnContent:
    """A turn, for comparison: the content ``shown``, and each word's time and offset from the previous turn's end."""

    shown: Hashable
    words: tuple[tuple[Span | None, int], ...] = ()


def difference_between(old: Alignment, new: Alignment) -> Difference:
    """Return the differences between the pages of the alignments ``old`` and ``new``."""
    pages = outline_of(old), outline_of(new)
    # Finding sentences is slow, and unnecessary if the text is the same.
    texts = [(each.language, each.transcript.text, each.transcript.words) for each in (old, new)]
    sentences: list[int] | None = [] if texts[0] == texts[1] else None
    before, after = (outline_data(each, page, sentences) for each, page in zip((old, new), pages, strict=True))
    data = {name: value for name, value in after.items() if value != before[name]}
    heads = [_head(each, page) for each, page in zip((old, new), pages, strict=True)]
    return Difference(_turns(old, new, pages), data, None if heads[0] == heads[1] else heads[1])


def _head(alignment: Alignment, page: Page) -> Head:
    return Head(
        language=alignment.language,
        verdict=alignment.verdict,
        coverage=alignment.coverage,
        warnings=alignment.warnings,
        review=alignment.review,
        machine_text=alignment.machine_text,
        page=replace(page, turns=(), after=()),
    )


def _turns(old: Alignment, new: Alignment, pages: tuple[Page, Page]) -> Turns | None:
    before, after = _contents(old, pages[0]), _contents(new, pages[1])
    if before == after:
        return None
    at = _common_prefix(before, after)
    same = _common_prefix(before[at:][::-1], after[at:][::-1])
    removed, added = before[at : len(before) - same], after[at : len(after) - same]
    turns = pages[1].turns[at : len(after) - same]
    words = range(turns[0].words.start, turns[-1].words.stop) if turns else range(0)
    page = None
    if [each.shown for each in removed] != [each.shown for each in added]:
        shown = tuple(rendered(turn, new) for turn in turns)
        page = replace(pages[1], turns=shown, chapters=(), after=() if same else pages[1].after)
    return Turns(
        at=at,
        drop=len(removed),
        page=page,
        words=word_data(new.words[words.start : words.stop]),
        chars_by=_last_char(new) - _last_char(old),
        segments_by=len(new.segments) - len(old.segments),
    )


def _last_char(alignment: Alignment) -> int:
    return alignment.words[-1].word.char_end if alignment.words else 0


def _contents(alignment: Alignment, page: Page) -> list[_TurnContent]:
    return [*(_content(turn, alignment) for turn in page.turns), _TurnContent(page.after)]


def _content(turn: Turn, alignment: Alignment) -> _TurnContent:
    paragraphs = tuple(_shown(paragraph, alignment) for paragraph in turn.paragraphs)
    first, stop = turn.words.start, turn.words.stop
    before = alignment.words[first - 1].word.char_end if first else 0
    words = tuple((timed.span, timed.word.char_start - before) for timed in alignment.words[first:stop])
    return _TurnContent((turn.kind, turn.speaker, turn.colour, turn.start, alignment.language, paragraphs), words)


def _shown(paragraph: Paragraph, alignment: Alignment) -> Hashable:
    """Return a paragraph's content for the comparison of turns; indices are relative to the paragraph's start."""
    number, first = paragraph.segment, paragraph.words.start
    own, start = alignment.segments[number].segment, alignment.segments[number].segment.char_start
    inner = (alignment.segments[k].segment for k in paragraph.inner)
    words = ((timed.word, timed.status) for timed in alignment.words[first : paragraph.words.stop])
    return (
        alignment.transcript.text[start : own.char_end],
        tuple((each.kind, each.char_start - start, each.char_end - start) for each in inner),
        tuple((w.char_start - start, w.char_end - start, w.segment - number, status) for w, status in words),
        tuple((k - first, missing) for k, missing in paragraph.inside),
        paragraph.before,
        paragraph.dashed,
    )


def _common_prefix(one: Sequence[_TurnContent], other: Sequence[_TurnContent]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
