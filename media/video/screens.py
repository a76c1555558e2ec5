"""What an audiogram shows: the words of a quote, and which of them are on the screen when, on which line.

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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from media.video.lettering import most_that
from media.video.shapes import MOST_LINES

# What a screen costs, and more if it has only one or two lines, in the unit of a break's cost to a reader.
_SCREEN = 40.0
_FEW_LINES = {1: 60.0, 2: 20.0}
_SCREEN_BREAK = 8.0  # times a break's cost at the end of a screen
_LINE_BREAK = 1.2  # and at the end of a line
_RAGGED = 90.0  # for a line that is empty; its square for one that is not
_LONELY = 30.0  # for a single word in the middle of a phrase
_SHORT_END = 30.0  # for a last line of almost nothing
_PHRASE = 5.0  # the cost of a break at a comma or before a clause is less
_INSIDE_WORD = 300.0
_WORD_SPACE = 1.15  # of the font's own, for the lit box takes some of it
_MOST_ON_LINE = 80  # pieces; more fit only if nothing is seen of them
_LEAD = 0.12  # seconds that a screen comes before its first word, where there is a pause to come in

_BREAKABLE = re.compile(r"(?<=[-/–—_@.:·])(?=\w)")

Measure = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class ShownWord:
    """A word with its punctuation, as it will stand on the screen.

    ``before`` parts it from the word before: a space, a no-break space or nothing. ``cost`` is what a reader minds a
    break before it: 0 at the end of a sentence, about 12 between any two words, 1000 where none belongs.
    ``new_line`` and ``new_screen`` are breaks that somebody asked for; a word that ``opens`` a turn begins a line too.
    """

    text: str
    start: float
    end: float
    speaker: str | None = None
    before: str = " "
    cost: float = 12.0
    new_line: bool = False
    new_screen: bool = False
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """A quote, and the show and the episode that it is from; ``duration`` is the sound's, in seconds."""

    words: tuple[ShownWord, ...]
    duration: float
    show: str | None = None
    title: str | None = None

    @property
    def speakers(self) -> tuple[str, ...]:
        """Those who speak, in order of appearance."""
        return tuple(dict.fromkeys(word.speaker for word in self.words if word.speaker))


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, or a part of one too long for a line; ``word`` is its index, ``gap`` the space before it in pixels."""

    text: str
    word: int
    width: float
    gap: float
    cost: float
    new_line: bool = False
    new_screen: bool = False
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Screen:
    """Lines that are shown together from ``start`` (in seconds) on, until the next screen's start."""

    lines: tuple[tuple[Piece, ...], ...]
    speaker: str | None
    start: float


def lay_out(words: Sequence[ShownWord], measure: Measure, width: float) -> tuple[Screen, ...]:
    """The screens of ``words``, with lines no wider than ``width``; the first starts at 0."""
    pieces = [piece for index in range(len(words)) for piece in _pieces(words, index, measure, width)]
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


def _pieces(words: Sequence[ShownWord], index: int, measure: Measure, width: float) -> Iterator[Piece]:
    word = words[index]
    other_speaker = index > 0 and words[index - 1].speaker != word.speaker
    for number, text in enumerate(_parts(word.text, measure, width)):
        if number:
            yield Piece(text, index, measure(text), 0.0, _INSIDE_WORD)
        else:
            gap = measure(word.before) * _WORD_SPACE
            new_screen = index > 0 and (word.new_screen or other_speaker)
            new_line, opens = index > 0 and word.new_line, index > 0 and word.opens
            yield Piece(text, index, measure(text), gap, word.cost, new_line, new_screen, opens)


def _parts(text: str, measure: Measure, width: float) -> Iterator[str]:
    """``text`` whole if it fits a line, else cut where it has a joint, else anywhere with a hyphen."""

    def fitting(begin: int, behind: str) -> int:
        return most_that(len(text) - begin, lambda count: measure(text[begin : begin + count] + behind) <= width)

    begin = 0
    while (end := begin + fitting(begin, "")) < len(text):
        joints = [match.start() for match in _BREAKABLE.finditer(text, begin + 1, end + 1)]
        cut, hyphen = (joints[-1], "") if joints else (begin + max(1, fitting(begin, "-")), "-")
        yield text[begin:cut] + hyphen
        begin = cut
    yield text[begin:]


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
        if too_many or piece.new_line or piece.new_screen or piece.opens:
            return
        yield end + 1, total


def _onward(pieces: Sequence[Piece], start: int, count: int) -> Iterator[tuple[int, float]]:
    """How a line at ``start`` can follow ``count`` lines of a screen: on the same or a new one, at what cost."""
    piece = pieces[start]
    if start == 0:
        yield 0, _SCREEN
        return
    asked = piece.new_line or piece.new_screen or piece.opens
    if count < MOST_LINES and not piece.new_screen:
        yield count, 0.0 if asked else piece.cost * _LINE_BREAK
    # Lines that somebody asked for belong on one screen as long as it has room.
    if piece.new_screen or not piece.new_line or count == MOST_LINES:
        yield 0, _SCREEN + _FEW_LINES.get(count, 0.0) + (0.0 if asked else piece.cost * _SCREEN_BREAK)


def _raggedness(pieces: Sequence[Piece], start: int, end: int, filled: float) -> float:
    """What is minded of a line of ``pieces[start:end]`` that is filled to this share."""
    following = pieces[end] if end < len(pieces) else None
    if following is None or following.new_line or following.new_screen or following.opens:
        return _SHORT_END if filled < 0.25 else 0.0
    lonely = end - start == 1 and following.cost > _PHRASE
    return _RAGGED * (1 - filled) ** 2 + _LONELY * lonely
