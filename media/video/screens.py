"""Which words of a quote are on the screen when, on which line, and where too long a word is cut.

The patterns are those of pyphen, which are LibreOffice's. Scripts that know no hyphen get none, and what is drawn as
one is never cut.

A screen holds at most ``MOST_LINES`` lines of one speaker. Among all ways to break, the one is taken that breaks best
at sense, with even lines and few screens; a text too long for a screen gets more screens, never smaller type.

Conventions
-----------
- Seconds of the clip: 0 is the first frame.
- Words are in the order of the text and of time; one that was not found in the sound has no length.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any
from unicodedata import name, normalize

from media.video.bidirectional import base_level
from media.video.drawing import MOST_LINES
from media.video.lettering import clusters, most_that

Measure = Callable[[str], float]

_JOINT = re.compile(r"(?<=[-/–—_@.:·])(?=\w)")
_LETTERS = re.compile(r"[^\W\d_][^\W\d_\u00ad]*")
_LEAST_BEFORE, _LEAST_AFTER = 2, 3  # letters of a word on either side of a hyphen
_LONGEST = 200  # letters that anyone takes for a word
_HYPHENATED = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN")  # scripts
_VOWELS = frozenset("aeiouyıœæøαεηιουωаеёиоуыэюяіїєў")


def cut_to_fit(text: str, language: str, measure: Measure, width: float) -> Iterator[str]:
    """``text`` whole if it is no wider than ``width``, else in parts that are, with the hyphens that they end in.

    ``language`` is a code such as ``fr``. No more is measured than some times the text.
    """

    def fitting(begin: int, behind: str) -> int:
        return begin + most_that(
            len(text) - begin, lambda count: measure(text[begin : begin + count] + behind) <= width
        )

    begin, whole = 0, fitting(0, "")
    if whole == len(text):
        yield text
        return
    edges = [0, *accumulate(map(len, clusters(text)))]
    points = hyphenation_points(text, language)
    spaces = [at for at in edges if 0 < at < len(text) and text[at - 1].isspace()]
    syllables = sorted({*points, *_syllables(text)})
    while whole < len(text):
        hyphened = fitting(begin, "-")
        joints = [match.start() for match in _JOINT.finditer(text, begin + 1, whole + 1)]
        cut = joints[-1] if joints else 0
        cut = cut or _last(points, begin + 1, hyphened) or _last(syllables, begin + 1, hyphened)
        cut = (
            cut
            or _last(spaces, begin + 1, whole)
            or _last(edges, begin + 1, hyphened)
            or edges[bisect_right(edges, begin)]
        )
        yield text[begin:cut] + "-" * (not joints and _takes_hyphen(text, cut))
        begin, whole = cut, fitting(cut, "")
    if begin < len(text):
        yield text[begin:]


def hyphenation_points(text: str, language: str) -> list[int]:
    """Where the words of ``text`` may be cut with a hyphen; nowhere if nothing is known of the language."""
    patterns = _patterns(language)
    if patterns is None:
        return []
    words = (match for match in _LETTERS.finditer(text) if len(match.group()) <= _LONGEST)
    # Where spelling changes at the hyphen, another point is taken.
    return [match.start() + int(at) for match in words for at in patterns.positions(match.group()) if at.data is None]


@lru_cache(maxsize=8)
def _patterns(language: str) -> Any:
    import pyphen

    known = pyphen.language_fallback(language)
    return pyphen.Pyphen(lang=known, left=_LEAST_BEFORE, right=_LEAST_AFTER) if known else None


def _syllables(text: str) -> Iterator[int]:
    """Before each consonant that a vowel follows, if a vowel went before it in its word."""
    for match in _LETTERS.finditer(text):
        word = [normalize("NFD", letter)[0] for letter in match.group().lower()]
        heard = False
        for at, letter in enumerate(word[:-1]):
            opens = letter not in _VOWELS and word[at + 1] in _VOWELS
            if opens and heard and _LEAST_BEFORE <= at <= len(word) - _LEAST_AFTER:
                yield match.start() + at
            heard = heard or letter in _VOWELS


def _last(places: list[int], low: int, high: int) -> int:
    """The last of ``places`` from ``low`` to ``high``; 0 if there is none."""
    at = bisect_right(places, high) - 1
    return places[at] if at >= 0 and places[at] >= low else 0


def _takes_hyphen(text: str, cut: int) -> bool:
    """Whether a hyphen at the cut is what a reader of the script knows."""
    return all(side.isalpha() and name(side, "").startswith(_HYPHENATED) for side in text[cut - 1 : cut + 1])


# What a screen costs, and more if it has only one or two lines, in the unit of a break's cost to a reader.
_SCREEN = 40.0
_FEW_LINES = {1: 60.0, 2: 20.0}
_SCREEN_BREAK = 8.0  # times a break's cost at the end of a screen
_UNFINISHED = 120.0  # and more for one that ends in mid-phrase: what comes next is not seen for seconds
_REST = 3.0  # the cost of a break at a comma, a bracket or in a pause is no more
_LINE_BREAK = 2.4  # times its cost at the end of a line
_RAGGED = 90.0  # for a line that is empty; its square for one that is not
_LONELY = 30.0  # for a single word in the middle of a phrase
_SHORT_END, _SHORT = 60.0, 0.5  # for a last line of almost nothing; one that is filled to this share costs nothing
_PHRASE = 5.0  # the cost of a break at a comma or before a clause is less
_INSIDE_WORD = 300.0
_WORD_SPACE = 1.15  # of the font's own, for the lit box takes some of it
_MOST_ON_LINE = 80  # pieces; more fit only if nothing is seen of them
_LEAD = 0.12  # seconds that a screen comes before its first word, where there is a pause to come in


@dataclass(frozen=True, slots=True)
class ShownWord:
    """A word with its punctuation, as it will stand on the screen.

    ``before`` parts it from the word before: a space, a no-break space or nothing. ``cost`` is what a reader minds a
    break before it: 0 at the end of a sentence, about 12 between any two words, 1000 where none belongs. ``orphan`` is
    minded besides, for the word or two of a new sentence or clause that are left at the end of the line before, unless
    that line begins with one of ``wholes``, by their index.
    ``new_line`` and ``new_screen`` are breaks that somebody asked for; a word that ``opens`` a turn begins a line too.
    """

    text: str
    start: float
    end: float
    speaker: str | None = None
    before: str = " "
    cost: float = 12.0
    orphan: float = 0.0
    wholes: tuple[int, ...] = ()
    new_line: bool = False
    new_screen: bool = False
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """A quote, the show and the episode that it is from, and its language's code, ``und`` if it is not known.

    ``duration`` is the sound's, in seconds; ``card`` how many of them, at the end, show the end card with the episode's
    public ``address``.
    """

    words: tuple[ShownWord, ...]
    duration: float
    show: str | None = None
    title: str | None = None
    language: str = "und"
    address: str | None = None
    card: float = 0.0

    @property
    def speakers(self) -> tuple[str, ...]:
        """Those who speak, in order of appearance."""
        return tuple(dict.fromkeys(word.speaker for word in self.words if word.speaker))

    @property
    def leftwards(self) -> bool:
        """Whether the quote is read leftwards, as most of its letters are."""
        return bool(base_level("".join(word.text for word in self.words)))


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, or a part of one too long for a line; ``word`` is its index, ``gap`` the space before it in pixels."""

    text: str
    word: int
    width: float
    gap: float
    cost: float
    orphan: float = 0.0
    wholes: tuple[int, ...] = ()
    new_line: bool = False
    new_screen: bool = False
    opens: bool = False

    @property
    def is_asked(self) -> bool:
        """Whether somebody asked for the break before it."""
        return self.new_line or self.new_screen or self.opens


@dataclass(frozen=True, slots=True)
class Screen:
    """Lines that are shown together from ``start`` (in seconds) on, until the next screen's start."""

    lines: tuple[tuple[Piece, ...], ...]
    speaker: str | None
    start: float


def lay_out(words: Sequence[ShownWord], measure: Measure, width: float, language: str = "und") -> tuple[Screen, ...]:
    """The screens of ``words``, with lines no wider than ``width``; the first starts at 0.

    A word too long for a line is cut as ``language``, a code such as ``fr``, hyphenates.
    """
    pieces = [
        piece
        for index, word in enumerate(words)
        for piece in _pieces(words, index, cut_to_fit(word.text, language, measure, width), measure)
    ]
    screens: list[Screen] = []
    for lines in _best(pieces, width):
        first, speaker = words[lines[0][0].word], words[lines[0][0].word].speaker
        before = words[lines[0][0].word - 1].end if screens else 0.0
        start = max(before, first.start - _LEAD) if screens else 0.0
        screens.append(Screen(lines, speaker, min(start, first.start)))
    return tuple(screens)


def written(words: Sequence[ShownWord], screens: Sequence[Screen]) -> str:
    """The words as they are set: a line of text for each line, an empty line between screens."""
    text = ""
    begun = -1
    for screen in screens:
        for number, line in enumerate(screen.lines):
            for column, piece in enumerate(line):
                if piece.word == begun:  # the rest of a word too long for a line
                    continue
                begun = piece.word
                word = words[begun]
                text += (word.before if column else "\n" if number else "\n\n") + word.text
    return text.strip("\n")


def _pieces(words: Sequence[ShownWord], index: int, parts: Iterable[str], measure: Measure) -> Iterator[Piece]:
    word = words[index]
    other_speaker = index > 0 and words[index - 1].speaker != word.speaker
    for number, text in enumerate(parts):
        if number:
            yield Piece(text, index, measure(text), 0.0, _INSIDE_WORD)
        else:
            gap = measure(word.before) * _WORD_SPACE
            new_screen = index > 0 and (word.new_screen or other_speaker)
            new_line, opens = index > 0 and word.new_line, index > 0 and word.opens
            orphan = word.cost, word.orphan, word.wholes
            yield Piece(text, index, measure(text), gap, *orphan, new_line, new_screen, opens)


@dataclass(frozen=True, slots=True)
class _Way:
    """The cheapest way to set the pieces so far: its cost, and the line that it ends with."""

    cost: float
    start: int = 0
    lines: int = 0  # on its screen before this line; 0 if this line begins one


def _best(pieces: Sequence[Piece], width: float) -> Iterator[tuple[tuple[Piece, ...], ...]]:
    """The lines of each screen. ``ways[end][count]`` sets the first ``end`` pieces with ``count`` lines on its last."""
    ways: list[dict[int, _Way]] = [{0: _Way(0.0)}, *({} for _ in pieces)]
    for start in range(len(pieces)):
        for end, line_width in _lines_from(pieces, start, width):
            for count, way in ways[start].items():
                for lines, cost in _onward(pieces, start, count):
                    total = way.cost + cost + _raggedness(pieces, start, end, line_width / width)
                    if total < ways[end].get(lines + 1, _Way(math.inf)).cost:
                        ways[end][lines + 1] = _Way(total, start, count)
    screens: list[list[tuple[Piece, ...]]] = []
    end = len(pieces)
    count = min(ways[end], key=lambda lines: ways[end][lines].cost + _FEW_LINES.get(lines, 0.0))
    fresh = True
    while end:
        way = ways[end][count]
        if fresh:
            screens.append([])
        screens[-1].append(tuple(pieces[way.start : end]))
        fresh = count == 1
        end, count = way.start, way.lines
    for screen in reversed(screens):
        yield tuple(reversed(screen))


def _lines_from(pieces: Sequence[Piece], start: int, width: float) -> Iterator[tuple[int, float]]:
    """The ends of the lines that can begin at ``start``, with their widths; one piece always makes a line."""
    total = pieces[start].width
    yield start + 1, total
    for end in range(start + 1, len(pieces)):
        piece = pieces[end]
        total += piece.gap + piece.width
        too_many = end - start >= _MOST_ON_LINE or total > width
        if too_many or piece.is_asked:
            return
        yield end + 1, total


def _onward(pieces: Sequence[Piece], start: int, count: int) -> Iterator[tuple[int, float]]:
    """How a line at ``start`` can follow ``count`` lines of a screen: on the same or a new one, at what cost."""
    piece = pieces[start]
    if start == 0:
        yield 0, _SCREEN
        return
    if count < MOST_LINES and not piece.new_screen:
        yield count, 0.0 if piece.is_asked else piece.cost * _LINE_BREAK
    # Lines that somebody asked for belong on one screen as long as it has room.
    if piece.new_screen or not piece.new_line or count == MOST_LINES:
        minded = 0.0 if piece.is_asked else piece.cost * _SCREEN_BREAK + _UNFINISHED * (piece.cost > _REST)
        yield 0, _SCREEN + _FEW_LINES.get(count, 0.0) + minded


def _raggedness(pieces: Sequence[Piece], start: int, end: int, filled: float) -> float:
    """What is minded of a line of ``pieces[start:end]`` that is filled to this share."""
    following = pieces[end] if end < len(pieces) else None
    if following is None or following.is_asked:
        return _SHORT_END * max(0.0, 1 - filled / _SHORT)
    lonely = end - start == 1 and following.cost > _PHRASE
    orphan = 0.0 if pieces[start].word in following.wholes else following.orphan
    return _RAGGED * (1 - filled) ** 2 + _LONELY * lonely + orphan
