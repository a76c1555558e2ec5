"""Split a quote into screens and lines, and hyphenate words that are too long for a line.

Hyphenation uses pyphen with LibreOffice's patterns. A word without a fitting pattern is cut where the line is full; in
scripts without hyphens, without a hyphen. Grapheme clusters are never cut.

A screen has at most ``MOST_LINES`` lines of one speaker. Of all ways to break the text, the one of lowest cost is
chosen: breaks at phrase boundaries, even lines and few screens cost least. A long text gets more screens.

Conventions
-----------
- Seconds count from the first frame of the clip.
- Words are in the order of the text and of time. A word that was not found in the audio has equal start and end.
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
from unicodedata import name

from media.video.bidirectional import base_level
from media.video.drawing import MOST_LINES
from media.video.lettering import clusters, most_that

Measure = Callable[[str], float]

_JOINT = re.compile(r"(?<=[-/–—_@.:·])(?=\w)")
_LETTERS = re.compile(r"[^\W\d_][^\W\d_\u00ad]*")
_LEAST_BEFORE, _LEAST_AFTER = 2, 3  # letters of a word on either side of a hyphen
_LONGEST = 200  # letters; anything longer is not a word
_HYPHENATED = ("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN")  # scripts


def cut_to_fit(text: str, language: str, measure: Measure, width: float) -> Iterator[str]:
    """Cut ``text`` into pieces that fit ``width`` and yield the pieces, with a hyphen where a word is cut.

    ``measure`` returns the width of a text. ``language`` is a code such as ``fr``. Runs in linear time."""

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
    while whole < len(text):
        hyphened = fitting(begin, "-")
        joints = [match.start() for match in _JOINT.finditer(text, begin + 1, whole + 1)]
        cut = joints[-1] if joints else 0
        cut = (
            cut
            or _last(points, begin + 1, hyphened)
            or _last(spaces, begin + 1, whole)
            or _last(edges, begin + 1, hyphened)
            or edges[bisect_right(edges, begin)]
        )
        yield text[begin:cut] + "-" * (not joints and _takes_hyphen(text, cut))
        begin, whole = cut, fitting(cut, "")
    if begin < len(text):
        yield text[begin:]


def hyphenation_points(text: str, language: str) -> list[int]:
    """Return the offsets at which words of ``text`` may be hyphenated; empty for an unknown language."""
    patterns = _patterns(language)
    if patterns is None:
        return []
    words = (match for match in _LETTERS.finditer(text) if len(match.group()) <= _LONGEST)
    # Points at which the spelling would change are skipped.
    return [match.start() + int(at) for match in words for at in patterns.positions(match.group()) if at.data is None]


@lru_cache(maxsize=8)
def _patterns(language: str) -> Any:
    import pyphen

    known = pyphen.language_fallback(language)
    return pyphen.Pyphen(lang=known, left=_LEAST_BEFORE, right=_LEAST_AFTER) if known else None


def _last(positions: list[int], low: int, high: int) -> int:
    """Return the largest of the sorted ``positions`` from ``low`` to ``high``, both included; 0 if there is none."""
    at = bisect_right(positions, high) - 1
    return positions[at] if at >= 0 and positions[at] >= low else 0


def _takes_hyphen(text: str, cut: int) -> bool:
    """Return whether to show a hyphen where ``text`` is cut: between two letters of scripts that use hyphens."""
    return all(side.isalpha() and name(side, "").startswith(_HYPHENATED) for side in text[cut - 1 : cut + 1])


# The cost of a screen, and more if it has only one or two lines, in the unit of the cost of a break.
_SCREEN = 40.0
_FEW_LINES = {1: 60.0, 2: 20.0}
_SCREEN_BREAK = 8.0  # factor of a break's cost at the end of a screen
_UNFINISHED = 120.0  # added for a screen that ends within a phrase: its continuation is hidden for seconds
_REST = 3.0  # the highest cost of a break at a comma, a bracket or in a pause
_LINE_BREAK = 2.4  # factor of a break's cost at the end of a line
_RAGGED = 90.0  # times the square of the unfilled share of a line
_LONELY = 30.0  # for a single word in the middle of a phrase
_SHORT_END, _SHORT = 60.0, 0.5  # for an almost empty last line; one filled to this share costs nothing
_PHRASE = 5.0  # above the cost of a break at a comma or before a clause
_INSIDE_WORD = 300.0
_WORD_SPACE = 1.15  # times the font's own, for the lit box takes some of it
_MOST_ON_LINE = 80  # pieces; more would be illegible
_LEAD = 0.12  # seconds that a screen appears before its first word, if there is a pause


@dataclass(frozen=True, slots=True)
class ShownWord:
    """A word with its punctuation, as it is shown on the screen.

    ``before`` separates the word from the previous word: a space, a no-break space or nothing. ``cost`` is the cost of
    a line break before the word: 0 after a sentence, about 12 between any two words, 1000 where a break is wrong.
    ``orphan`` is added to the cost if the first word or two of a clause would be left at the end of the line above,
    behind other words. Nothing is added if that line starts with the clause, at one of the words of index ``wholes``.
    ``new_line`` and ``new_screen``: the user set a break before the word. ``opens``: the word begins a speaker's turn
    and must start a line."""

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
    """The content of an audiogram: a quote, the names of show and episode, and the quote's language (``und``: unknown).

    ``duration`` is the audio's length in seconds. An end card with the episode's public ``address`` is shown for
    ``card`` seconds at the end."""

    words: tuple[ShownWord, ...]
    duration: float
    show: str | None = None
    title: str | None = None
    language: str = "und"
    address: str | None = None
    card: float = 0.0

    @property
    def speakers(self) -> tuple[str, ...]:
        """The names of the speakers in order of appearance."""
        return tuple(dict.fromkeys(word.speaker for word in self.words if word.speaker))

    @property
    def rtl(self) -> bool:
        """Whether most letters of the quote run right to left."""
        return bool(base_level("".join(word.text for word in self.words)))


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, or a part of a word that is too long for a line. ``word`` is the index of the word, ``gap`` the width of
    the space before the piece. The other fields are as in ``ShownWord``."""

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
    def is_required(self) -> bool:
        """Whether the piece must start a new line, because the user set a break or a speaker's turn begins."""
        return self.new_line or self.new_screen or self.opens


@dataclass(frozen=True, slots=True)
class Screen:
    """Lines that are shown together from ``start``, in seconds, until the next screen starts."""

    lines: tuple[tuple[Piece, ...], ...]
    speaker: str | None
    start: float


def lay_out(words: Sequence[ShownWord], measure: Measure, width: float, language: str = "und") -> tuple[Screen, ...]:
    """Divide ``words`` into screens of lines no wider than ``width``; the first screen starts at 0 s.

    ``measure`` returns the width of a text. Words too long for a line are hyphenated as usual in ``language``."""
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
    """Return the quote as text with the line breaks of ``screens``, and an empty line between two screens."""
    text = ""
    last = -1
    for screen in screens:
        for number, line in enumerate(screen.lines):
            for column, piece in enumerate(line):
                if piece.word == last:  # the rest of a word too long for a line
                    continue
                last = piece.word
                word = words[last]
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
    """The cheapest layout that ``_best`` has found for the beginning of a text. Of this layout only the last line is
    stored: it starts with the piece of index ``start``, below ``lines`` other lines on the same screen."""

    cost: float
    start: int = 0
    lines: int = 0  # on the same screen before this line


def _best(pieces: Sequence[Piece], width: float) -> Iterator[tuple[tuple[Piece, ...], ...]]:
    """Find the layout of lowest cost, by dynamic programming, and yield the lines of each screen.

    ``ways[end][count]`` holds the cheapest layout of ``pieces[:end]`` with ``count`` lines on the last screen."""
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
    """Yield (end, line width) for each possible line ``pieces[start:end]``: one piece, or pieces that fit ``width``."""
    total = pieces[start].width
    yield start + 1, total
    for end in range(start + 1, len(pieces)):
        piece = pieces[end]
        total += piece.gap + piece.width
        too_many = end - start >= _MOST_ON_LINE or total > width
        if too_many or piece.is_required:
            return
        yield end + 1, total


def _onward(pieces: Sequence[Piece], start: int, count: int) -> Iterator[tuple[int, float]]:
    """Yield the places for a new line, which starts with piece ``start``: below the ``count`` lines of the current
    screen, or on a new screen. A place is (number of lines above on the screen, cost)."""
    piece = pieces[start]
    if start == 0:
        yield 0, _SCREEN
        return
    if count < MOST_LINES and not piece.new_screen:
        yield count, 0.0 if piece.is_required else piece.cost * _LINE_BREAK
    # Lines that the user chose share a screen as long as it has room.
    if piece.new_screen or not piece.new_line or count == MOST_LINES:
        cost = 0.0 if piece.is_required else piece.cost * _SCREEN_BREAK + _UNFINISHED * (piece.cost > _REST)
        yield 0, _SCREEN + _FEW_LINES.get(count, 0.0) + cost


def _raggedness(pieces: Sequence[Piece], start: int, end: int, filled: float) -> float:
    """Return the cost of the line ``pieces[start:end]``: high if the line is short, a single word or ends in an orphan.
    ``filled`` is the share of the width that the line fills, 0 to 1."""
    following = pieces[end] if end < len(pieces) else None
    if following is None or following.is_required:
        return _SHORT_END * max(0.0, 1 - filled / _SHORT)
    lonely = end - start == 1 and following.cost > _PHRASE
    orphan = 0.0 if pieces[start].word in following.wholes else following.orphan
    return _RAGGED * (1 - filled) ** 2 + _LONELY * lonely + orphan
