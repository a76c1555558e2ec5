"""What differs between two states of an episode's page, so that a page that shows one can be made to show the other
without being loaded again.

    {"history": 12,                        changes that are in it now
     "words": {"at": 7, "drop": 2,         so many words from there on give way to these; None where none does
               "starts": [...], "ends": [...], "chars": [...],   as in the page's data
               "shift": -3},               characters by which all words after them move in the text
     "turns": {"at": 4, "drop": 1, "html": "...",   elements right in #transcript give way; None where none does
               "words": 0, "segments": 0}, by how much data-i and data-segment of those after them grow
     "data": {...}}                        the other fields of the page's data that differ, each whole
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

from aligner.model import Alignment, Verdict
from aligner.settled import Signature
from web.page.data import episode_data
from web.page.transcript import Missing, Page, Paragraph, Turn, outline_of, written

_OF_WORDS = ("starts", "ends", "chars")


@dataclass(frozen=True, slots=True)
class NewTurns:
    """Elements of the page's transcript that give way, by their number from ``at`` on; ``page`` has what takes their
    place; ``words`` and ``segments`` is by how much the numbers of those after it grow."""

    at: int
    drop: int
    page: Page
    words: int
    segments: int


@dataclass(frozen=True, slots=True)
class Patch:
    """What differs, but for its HTML: ``head`` is what the page says of the alignment, and ``page`` is
    without its turns; both are None where nothing of that is another."""

    history: int
    words: dict[str, Any] | None
    turns: NewTurns | None
    data: dict[str, Any]
    head: Head | None
    page: Page | None


@dataclass(frozen=True, slots=True)
class Head:
    """What the heading of a page says of an alignment."""

    language: str
    verdict: Verdict
    coverage: float
    warnings: tuple[str, ...]
    signature: Signature | None
    machine_text: bool


@dataclass(frozen=True, slots=True)
class _Shown:
    """An episode's page whose paragraphs are not written."""

    alignment: Alignment
    page: Page
    data: dict[str, Any]


def patch_between(old: Alignment, new: Alignment, history: int) -> Patch:
    """Return what makes a page of the alignment ``old`` show ``new``, which is that of ``history`` changes."""
    # Finding the sentences takes long; they are the same if the text is.
    texts = [(t.text, t.segments, t.words) for t in (old.transcript, new.transcript)]
    sentences: list[int] | None = [] if old.language == new.language and texts[0] == texts[1] else None
    before, after = (_Shown(each, page := outline_of(each), episode_data(each, page, sentences)) for each in (old, new))
    data = {name: told for name, told in after.data.items() if name not in _OF_WORDS and before.data[name] != told}
    heads = [Head(a.language, a.verdict, a.coverage, a.warnings, a.signature, a.machine_text) for a in (old, new)]
    pages = [replace(each.page, turns=(), after=()) for each in (before, after)]
    is_same = heads[0] == heads[1] and pages[0] == pages[1]
    words, turns = _words_between(before.data, after.data), _turns_between(before, after)
    return Patch(history, words, turns, data, None if is_same else heads[1], None if is_same else pages[1])


def _words_between(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any] | None:
    shift = (new["chars"][-1] if new["chars"] else 0) - (old["chars"][-1] if old["chars"] else 0)
    moved = old | {"chars": [place + shift for place in old["chars"]]}
    sizes = {"starts": 1, "ends": 1, "chars": 2}  # of a word in each list
    at = min(_alike(old[name], new[name]) // size for name, size in sizes.items())
    behind = ((moved[name][at * size :][::-1], new[name][at * size :][::-1], size) for name, size in sizes.items())
    same = min(_alike(before, after) // size for before, after, size in behind)
    drop, stop = len(old["starts"]) - same - at, len(new["starts"]) - same
    if not drop and stop == at:
        return None
    told = {name: new[name][at * size : stop * size] for name, size in sizes.items()}
    return {"at": at, "drop": drop, **told, "shift": shift}


@dataclass(frozen=True, slots=True)
class _Block:
    """A turn with the speech before it that the text lacks, or what of that is at the end: ``size`` elements."""

    turn: Turn | None
    after: tuple[Missing, ...]
    size: int
    key: Hashable


def _blocks(state: _Shown) -> list[_Block]:
    page, alignment = state.page, state.alignment
    blocks = [_Block(turn, (), 1 + len(turn.paragraphs[0].before), _key(turn, alignment)) for turn in page.turns]
    return [*blocks, _Block(None, page.after, len(page.after), page.after)]


def _key(turn: Turn, alignment: Alignment) -> Hashable:
    """What is seen of a turn, wherever in the text it is."""
    told = tuple(_told_paragraph(paragraph, alignment) for paragraph in turn.paragraphs)
    return turn.kind, turn.speaker, turn.colour, turn.start, alignment.language, told


def _told_paragraph(paragraph: Paragraph, alignment: Alignment) -> Hashable:
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


def _turns_between(old: _Shown, new: _Shown) -> NewTurns | None:
    before, after = _blocks(old), _blocks(new)
    first = _alike([block.key for block in before], [block.key for block in after])
    last = _alike([b.key for b in before[first:]][::-1], [b.key for b in after[first:]][::-1])
    gone, come = before[first : len(before) - last], after[first : len(after) - last]
    words, segments = (len(getattr(new.alignment, n)) - len(getattr(old.alignment, n)) for n in ("words", "segments"))
    if not gone and not come and not words and not segments:
        return None
    turns = tuple(written(block.turn, new.alignment) for block in come if block.turn)
    at_end = tuple(passage for block in come for passage in block.after)
    page = replace(new.page, turns=turns, chapters=(), after=at_end)
    at = sum(block.size for block in before[:first])
    return NewTurns(at, sum(block.size for block in gone), page, words, segments)


def _alike(one: Sequence[Any], other: Sequence[Any]) -> int:
    """How many both begin with that are the same."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
