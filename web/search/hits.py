"""What is shown of a place where a query was found: its words among others, when they are said, and by whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from aligner.languages import language_of
from aligner.model import Span
from aligner.typography import ends_sentence, unbroken
from web.search.places import Place
from web.search.word_index import Words

BEFORE, AFTER = 100, 140  # characters of a snippet around what was found
_LONGEST_MATCH = 500  # characters; of a longer one the beginning is shown
_WORD = re.compile(r"\S+\s*")


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a query was found. ``words`` index the alignment's; ``span`` is when they are said, if any is;
    ``start`` where that begins, or, of a heading that nobody says, what stands under it.

    ``before``, ``match`` and ``after`` are the transcript's own text with no-break spaces, whole sentences of one
    passage where they are short; a long match is cut. ``marked`` are the characters of the match that were sought; with
    ``by_speaker`` the name of who speaks was.
    """

    words: range
    chars: range
    start: float | None
    span: Span | None
    speaker: str | None
    before: str
    match: str
    after: str
    marked: tuple[range, ...]
    by_speaker: bool = False

    @property
    def pieces(self) -> Iterator[tuple[str, bool]]:
        """The match in pieces, each with whether it was sought."""
        at = 0
        for each in self.marked:
            yield self.match[at : each.start], False
            yield self.match[each.start : each.stop], True
            at = each.stop
        yield self.match[at:], False


def hit_at(index: Words, place: Place) -> Hit:
    """The hit at a place in the words of an episode."""
    words = place.words
    start, end = index.char_starts[words[0]], index.char_ends[words[-1]]
    first, last, speaker = index.passages[index.segments[words[0]]]
    said = [k for k in words if index.ends_ms[k] >= 0]
    start_ms = next((index.starts_ms[k] for k in said or words if index.starts_ms[k] >= 0), None)
    match = index.text[start:end] if end - start <= _LONGEST_MATCH else f"{index.text[start : start + _LONGEST_MATCH]}…"
    before, after = (
        _before(index.text, range(first, start), index.language),
        _after(index.text, range(end, max(last, end)), index.language),
    )
    # A number, or a word and its marks, may be only in part what was sought.
    shown = unbroken(before + match + after, index.language)
    return Hit(
        words=words,
        chars=range(start, end),
        start=None if start_ms is None else start_ms / 1000,
        span=Span(index.starts_ms[said[0]] / 1000, index.ends_ms[said[-1]] / 1000) if said else None,
        speaker=speaker,
        before=shown[: len(before)],
        match=shown[len(before) : len(before) + len(match)],
        after=shown[len(before) + len(match) :],
        marked=tuple(_within(match, index, each, start) for each in place.marked),
        by_speaker=place.by_speaker,
    )


def _within(match: str, index: Words, words: range, start: int) -> range:
    """The characters of a match, which starts at ``start``, that some words of it have."""
    first, last = index.char_starts[words[0]] - start, index.char_ends[words[-1]] - start
    return range(min(first, len(match)), min(last, len(match)))


def _before(text: str, passage: range, language: str) -> str:
    """What stands before a match: from the beginning of a sentence if one is near, else from a word."""
    near = text[max(passage.start, passage.stop - BEFORE) : passage.stop]
    if len(near) == len(passage):
        return near
    start = next(_ends(f"{near}{text[passage.stop : passage.stop + 1]}", language), None)
    return near[start:].lstrip("»”) ") if start is not None else f"… {near.partition(' ')[2]}"


def _after(text: str, passage: range, language: str) -> str:
    """What stands after a match: to the end of a sentence if one is near, else to a word."""
    near = text[passage.start : min(passage.stop, passage.start + AFTER)]
    if len(near) == len(passage):
        return near
    ends = sentence_ends(near, language)
    return near[: ends[-1]].rstrip() if ends else f"{near.rpartition(' ')[0]} …"


def sentence_ends(text: str, language: str) -> list[int]:
    """Where sentences end in a piece of text that goes on after them, spaces included."""
    return list(_ends(text, language))


def _ends(text: str, language: str) -> Iterator[int]:
    known = language_of(language).captioning
    for word, following in pairwise(_WORD.finditer(text)):
        if ends_sentence(word[0].rstrip(), following[0], known):
            yield word.end()
