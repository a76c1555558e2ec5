"""What of an episode's page differs between two states of its alignment: the turns that are rendered again.

Turns before the first and after the last that differ stay. A turn differs if it shows something else, or if its words
have other times; numbers of words and segments are no difference, for they move with every paragraph that is inserted.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from aligner.model import Alignment, Review, Span, Verdict
from web.page.data import outline_data, word_data
from web.page.transcript import Page, Paragraph, Turn, outline_of, written


@dataclass(frozen=True, slots=True)
class Turns:
    """From turn ``at`` on, ``drop`` turns give way to those of ``page``; what is missing from the transcript stands
    before the turn that follows it, and at its end counts as a turn.

    ``page`` is None if the turns look as before. ``words`` has the ``starts``, ``ends`` and ``chars`` of their words,
    as in the page's data. Characters and segments after them move by ``chars_by`` and ``segments_by``.
    """

    at: int
    drop: int
    page: Page | None
    words: dict[str, list[int | None]]
    chars_by: int
    segments_by: int


@dataclass(frozen=True, slots=True)
class Head:
    """What a page shows of an alignment above its turns and in its list of chapters; ``page`` is without turns."""

    language: str
    verdict: Verdict
    coverage: float
    warnings: tuple[str, ...]
    review: Review | None
    machine_text: bool
    page: Page


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs: ``data`` holds the other fields of the page's data that do, each whole; ``turns`` and ``head`` are
    None if they do not."""

    turns: Turns | None
    data: dict[str, Any]
    head: Head | None


@dataclass(frozen=True, slots=True)
class _Look:
    """What tells a turn from others: what it shows, when each of its words is said, and how many characters of the
    transcript after the turn before it the word begins."""

    shown: Hashable
    words: tuple[tuple[Span | None, int], ...] = ()


def difference_between(old: Alignment, new: Alignment) -> Difference:
    """Return what of the page of ``new`` differs from that of ``old``."""
    pages = outline_of(old), outline_of(new)
    # Finding the sentences takes long; they are the same if the text is.
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
    before, after = _looks(old, pages[0]), _looks(new, pages[1])
    if before == after:
        return None
    at = _alike(before, after)
    kept = _alike(before[at:][::-1], after[at:][::-1])
    gone, come = before[at : len(before) - kept], after[at : len(after) - kept]
    turns = pages[1].turns[at : len(after) - kept]
    words = range(turns[0].words.start, turns[-1].words.stop) if turns else range(0)
    page = None
    if [look.shown for look in gone] != [look.shown for look in come]:
        shown = tuple(written(turn, new) for turn in turns)
        page = replace(pages[1], turns=shown, chapters=(), after=() if kept else pages[1].after)
    return Turns(
        at=at,
        drop=len(gone),
        page=page,
        words=word_data(new.words[words.start : words.stop]),
        chars_by=_last_char(new) - _last_char(old),
        segments_by=len(new.segments) - len(old.segments),
    )


def _last_char(alignment: Alignment) -> int:
    return alignment.words[-1].word.char_end if alignment.words else 0


def _looks(alignment: Alignment, page: Page) -> list[_Look]:
    """The looks of all turns, and of what is missing from the transcript at its end."""
    return [*(_look(turn, alignment) for turn in page.turns), _Look(page.after)]


def _look(turn: Turn, alignment: Alignment) -> _Look:
    paragraphs = tuple(_shown(paragraph, alignment) for paragraph in turn.paragraphs)
    first, stop = turn.words.start, turn.words.stop
    before = alignment.words[first - 1].word.char_end if first else 0
    words = tuple((timed.span, timed.word.char_start - before) for timed in alignment.words[first:stop])
    return _Look((turn.kind, turn.speaker, turn.colour, turn.start, alignment.language, paragraphs), words)


def _shown(paragraph: Paragraph, alignment: Alignment) -> Hashable:
    """What a paragraph shows, with numbers that count from its beginning."""
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


def _alike(one: Sequence[_Look], other: Sequence[_Look]) -> int:
    """Count the first looks that both have."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
