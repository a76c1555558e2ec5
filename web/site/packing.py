"""What scripts of a published page know of an episode, small: a transcript of plain text, and its words as numbers.

A page of three hours has 30,000 words. With an element and its numbers for each, it would be megabytes before a letter
is seen; so its text is plain, and a script of its own, loaded after that, tells where words begin and when they are
said. ``static/js/site/unpacking.js`` makes of both what the app's page has.

Conventions
-----------
A list of whole numbers is a text: each number in digits of base 46, the least first, the last of them one of the first
half of the 92 characters of ``_DIGITS``, the others of the second half. Small numbers, as most are, take a character.
Words are counted in code points. Times are hundredths of a second, outwards, as links have them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

from markupsafe import Markup

from aligner.model import Alignment, Kind, Span
from web.page.data import episode_data
from web.page.transcript import Page, Paragraph

VERSION = 1

_DIGITS = "".join(chr(code) for code in range(33, 127) if chr(code) not in '"\\')
_BASE = len(_DIGITS) // 2
_CLASSES = ("w", "w un", "w in")
_KINDS = tuple(kind.value for kind in Kind)
_WORD = re.compile(r'<span class="(w[^"]*)" data-i="\d+">([^<]*)</span>')
_TAG = re.compile(r"<[^<>]*+>")
_CONTROLS = {"\r": "&#13;", "\0": "\ufffd"}  # which browsers would drop, or take for something else


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a word's element is: so many characters after the one before, so long; and its class."""

    gap: int
    length: int
    shown_as: int


def packed(numbers: Iterable[int]) -> str:
    """Whole numbers, none below 0, as a text.

    Examples
    --------
    >>> packed([0, 1, 45, 46])
    '!#OP#'
    """
    return "".join(_digits_of(number) for number in numbers)


def plain(page: Page) -> Page:
    """The page without elements for words."""

    def emptied(paragraph: Paragraph) -> Paragraph:
        html = _WORD.sub(r"\2", str(paragraph.html))
        for character, instead in _CONTROLS.items():
            html = html.replace(character, instead)
        return replace(paragraph, html=Markup(html))

    turns = (replace(turn, paragraphs=tuple(map(emptied, turn.paragraphs))) for turn in page.turns)
    return replace(page, turns=tuple(turns))


def episode_script(alignment: Alignment, page: Page, id: str, peaks: Sequence[int] | None) -> dict[str, Any]:
    """What ``unpacking.js`` reads; ``id`` is under what a browser remembers where the reader was."""
    data = episode_data(alignment, page)
    names = list(page.speakers)
    turns = _gaps([(turn.words.start, turn.words.stop) for turn in page.turns])
    whos = [
        (names.index(turn.speaker) + 1 if turn.speaker else 0, _KINDS.index(turn.kind.value)) for turn in page.turns
    ]
    sentences = data["sentences"]
    plainly = ("duration", "language", "hash", "title", "show", "url", "chapters", "doubtful", "missing")
    return {
        "version": VERSION,
        "id": id,
        **{name: data[name] for name in plainly},
        "speakers": names,
        "kinds": _KINDS,
        "words": packed(_words(alignment, page)),
        "times": packed(_times([word.span for word in alignment.words])),
        "sentences": packed(_flat(_gaps(list(zip(sentences[::2], sentences[1::2], strict=True))))),
        "turns": packed(n for turn, who in zip(turns, whos, strict=True) for n in (*turn, *who)),
        "peaks": None if peaks is None else packed(peaks),
    }


def _digits_of(number: int) -> str:
    digits = ""
    while number >= _BASE:
        number, digit = divmod(number, _BASE)
        digits += _DIGITS[_BASE + digit]
    return digits + _DIGITS[number]


def signed(number: int) -> int:
    """A number that may be below 0 as one that is not: 0, -1, 1, -2, 2 are 0, 1, 2, 3, 4."""
    return 2 * number if number >= 0 else -2 * number - 1


def _gaps(ranges: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Ranges as how far each begins after the one before, and how long it is."""
    before = 0
    for start, end in ranges:
        yield signed(start - before), end - start
        before = end


def _flat(pairs: Iterable[tuple[int, int]]) -> Iterator[int]:
    for pair in pairs:
        yield from pair


def _words(alignment: Alignment, page: Page) -> Iterator[int]:
    """For each paragraph how many characters after the one before it begins, and how many words it has; for each word
    twice its length, and one more where a mark follows that is not of the link to it; of words about which there is
    more to tell 0, and then all of it."""
    before = 0
    for paragraph in (paragraph for turn in page.turns for paragraph in turn.paragraphs):
        start = alignment.segments[paragraph.segment].segment.char_start
        places, length = _places(str(paragraph.html))
        yield from (signed(start - before), len(places))
        at, expected = start, 0
        for index, place in zip(paragraph.words, places, strict=True):
            word = alignment.words[index].word
            lead = word.char_start - at - place.gap
            trail = at + place.gap + place.length - word.char_end
            if place.gap == expected and not place.shown_as and not lead and trail in (0, 1):
                yield 2 * place.length + trail
            else:
                yield from (0, place.gap, place.length, place.shown_as, signed(lead), signed(trail))
            at, expected = at + place.gap + place.length, 1
        before = start + length


def _places(html: str) -> tuple[list[_Place], int]:
    """Where a paragraph's words are, and how long its text is."""
    pieces = _WORD.split(html)
    places, at = [], 0
    for between, shown_as, text in zip(pieces[::3], pieces[1::3], pieces[2::3], strict=False):
        places.append(_Place(_length(between), _length(text), _CLASSES.index(shown_as)))
        at += places[-1].gap + places[-1].length
    return places, at + _length(pieces[-1])


def _length(html: str) -> int:
    return len(unescape(_TAG.sub("", html)))


def _times(spans: Sequence[Span | None]) -> Iterator[int]:
    """0 for a word that nobody says; else one more than how far it begins after the end of the one before, and how long
    it lasts."""
    before = 0
    for span in spans:
        if span is None:
            yield 0
            continue
        start, end = math.floor(round(span.start * 100, 4)), math.ceil(round(span.end * 100, 4))
        yield from (1 + signed(start - before), end - start)
        before = end
