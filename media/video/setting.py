"""How a quote is set: in which type, how large, on which screens, and where each part of a line stands.

A quote has one size of type. The shape's own is the smallest; that of a quote which leaves room on its one screen, or
the one of each speaker, grows into it, as long as no word is cut for it and no line ends where a reader minds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from media.video.bidirectional import has_leftwards, levels_of, visual_order
from media.video.fonts import SANS, SERIF, font_files
from media.video.lettering import Lettering, shapes_letters
from media.video.screens import Piece, Screen, Script, ShownWord, lay_out

if TYPE_CHECKING:
    from media.video.backdrop import Style
    from media.video.drawing import Shape

RISE, DROP = 0.87, 0.27  # of the type's size: how far the lit box reaches above and below the baseline
NAME_GAP = 0.45  # of the quote's size, between the speaker's name and the quote

# Of the shape's own size; the largest that fits is taken.
_STEPS = (2.2, 1.9, 1.65, 1.45, 1.3, 1.15)
# The cost of a break that is borne for the size: between two words that mean something; of a quote that is hardly more
# than a line, also one after an article and the like, as on a poster.
_BORNE, _BORNE_ON_POSTERS = 18.0, 400.0
_POSTER_LINES = 2
_ARTICLE = 3  # letters at most


@dataclass(frozen=True, slots=True)
class Setting:
    """A quote as it is set: ``shape`` has the size of its type, and faces as its lines run."""

    shape: Shape
    lettering: Lettering
    screens: tuple[Screen, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Characters of a word that run in one direction, from ``x`` on; a word has several where directions meet."""

    text: str
    word: int
    x: float
    width: float
    baseline: int
    leftwards: bool = False


@dataclass(frozen=True, slots=True)
class Unshown:
    """What of a quote cannot be drawn as it is meant.

    ``missing`` are characters that no font has, ``one_colour`` emoji for which there is no font in colour, ``unjoined``
    tells that letters of scripts that join or reorder them stand one beside the other.
    """

    missing: tuple[str, ...] = ()
    one_colour: tuple[str, ...] = ()
    unjoined: bool = False


def set_quote(script: Script, style: Style, shape: Shape) -> Setting:
    """The quote of ``script`` in the type of ``style``, as large as it fits ``shape``.

    Raises FontError: the font cannot be used.
    """
    shape, files = shape.facing(script.leftwards), font_files(style.font, SERIF)
    normal = _set(script, shape, Lettering(files, shape.quote_size))
    if len(normal.screens) > _asked_screens(script.words) or _cuts_a_word(normal):
        return normal
    is_poster = sum(len(screen.lines) for screen in normal.screens) <= _POSTER_LINES
    borne = max(_BORNE_ON_POSTERS if is_poster else _BORNE, _worst_break(normal))
    for step in _STEPS:
        size = round(shape.quote_size * step)
        larger = _set(script, replace(shape, quote_size=size), Lettering(files, size))
        if _reads_as_well(larger, normal) and _worst_break(larger) <= borne and _fits(script, larger):
            return larger
    return normal


def unshown(script: Script, style: Style, shape: Shape) -> Unshown:
    """What of the quote, and of the names around it, cannot be drawn as it is meant.

    Raises FontError: the font of the quote cannot be used.
    """
    lettering = Lettering(font_files(style.font, SERIF), shape.quote_size)
    names = filter(None, (script.show, script.title, *script.speakers))
    text = " ".join((*(word.text for word in script.words), *names))
    return Unshown(lettering.unknown(text), lettering.in_one_colour(text), _joins(text) and not shapes_letters())


def name_height(shape: Shape, names: Lettering, lettering: Lettering) -> int:
    """What a speaker's name above the quote takes, with the space below it."""
    return names.cap_height + round(shape.quote_size * (NAME_GAP + 1 - DROP)) - lettering.cap_height // 3


def placed_lines(
    screen: Screen, words: Sequence[ShownWord], setting: Setting, left: float, baseline: int
) -> Iterator[list[Part]]:
    """The parts of each line from left to right, in a column that begins at ``left``, the first on ``baseline``.

    ``words`` are those of the quote.
    """
    pieces = [piece for line in screen.lines for piece in line]
    befores = ["", *(words[b.word].before if b.word != a.word else "" for a, b in pairwise(pieces))]
    text = "".join(before + piece.text for before, piece in zip(befores, pieces, strict=True))
    leftwards = setting.shape.leftwards
    levels = levels_of(text, int(leftwards)) if leftwards or has_leftwards(text) else []
    at = number = 0
    for line in screen.lines:
        if levels:
            spaces = befores[number : number + len(line)]
            length = sum(len(space) + len(piece.text) for space, piece in zip(spaces, line, strict=True))
            yield _ordered(line, spaces, levels[at : at + length], setting, left, baseline)
            at, number = at + length, number + len(line)
        else:
            yield list(_rightwards(line, left, baseline))
        baseline += setting.shape.leading


def joined(parts: Iterable[Part]) -> Iterator[Part]:
    """Parts that touch, as one."""
    last: Part | None = None
    for part in parts:
        if last is not None and abs(last.x + last.width - part.x) < 1:
            last = replace(last, width=part.x + part.width - last.x)
            continue
        if last is not None:
            yield last
        last = part
    if last is not None:
        yield last


def _set(script: Script, shape: Shape, lettering: Lettering) -> Setting:
    width = shape.quote.width - shape.bleed
    return Setting(shape, lettering, lay_out(script.words, lettering.width, width, script.language))


def _orphan(line: Sequence[Piece], following: Piece) -> float:
    return 0.0 if line[0].word in following.wholes else following.orphan


def _asked_screens(words: Sequence[ShownWord]) -> int:
    """How many screens there are however small the type is."""
    return 1 + sum(word.new_screen or word.speaker != before.speaker for before, word in pairwise(words))


def _cuts_a_word(setting: Setting) -> bool:
    pieces = [piece.word for screen in setting.screens for line in screen.lines for piece in line]
    return len(set(pieces)) < len(pieces)


def _reads_as_well(larger: Setting, normal: Setting) -> bool:
    """Whether no word is cut and no screen begun for the size; nor a line, where somebody asked for lines."""
    pieces = [line[0] for screen in normal.screens for line in screen.lines]
    if any(piece.new_line for piece in pieces) and len(pieces) < sum(len(screen.lines) for screen in larger.screens):
        return False
    return len(larger.screens) == len(normal.screens) and not _cuts_a_word(larger)


def _worst_break(setting: Setting) -> float:
    """The cost of the worst break that nobody asked for, with what it leaves at the end of its line; none is worse than
    between a number and what it counts, or after an article that is alone on its line."""
    lines = [line for screen in setting.screens for line in screen.lines]
    worst = 0.0
    for before, (piece, *_) in pairwise(lines):
        if not (piece.new_line or piece.new_screen):
            left = before[-1].text
            parted = left[-1].isdigit() or (len(before) == 1 and len(left) <= _ARTICLE)
            minded = piece.cost + _orphan(before, piece)
            worst = max(worst, math.inf if parted and piece.cost > _BORNE else minded)
    return worst


def _fits(script: Script, setting: Setting) -> bool:
    """Whether the fullest screen has room for its lines, their lit boxes and a speaker's name."""
    shape, lettering = setting.shape, setting.lettering
    lines = max(len(screen.lines) for screen in setting.screens)
    height = (lines - 1) * shape.leading + round(shape.quote_size * (RISE + DROP))
    if script.speakers:
        height += name_height(shape, Lettering(font_files(None, SANS), shape.name_size), lettering)
    return height <= shape.quote.height


def _rightwards(line: Sequence[Piece], left: float, baseline: int) -> Iterator[Part]:
    x = left
    for index, piece in enumerate(line):
        x += piece.gap if index else 0.0
        yield Part(piece.text, piece.word, x, piece.width, baseline)
        x += piece.width


def _ordered(
    line: Sequence[Piece], spaces: Sequence[str], levels: Sequence[int], setting: Setting, left: float, baseline: int
) -> list[Part]:
    """The parts of a line whose characters, with the space before each piece, have these levels."""
    text, owners = "", list[int]()
    for index, (space, piece) in enumerate(zip(spaces, line, strict=True)):
        text += space + piece.text
        owners += [-1] * len(space) + [index] * len(piece.text)
    first = len(spaces[0])  # what parts the line from the one before takes no room
    text, owners, levels = text[first:], owners[first:], levels[first:]
    shape, parts, x = setting.shape, list[Part](), left
    for start, part, leftwards in _visual(text, levels, owners):
        owner = owners[start]
        width = line[_following(owners, start)].gap if owner < 0 else setting.lettering.width(part)
        if owner >= 0:
            parts.append(Part(part, line[owner].word, x, width, baseline, leftwards))
        x += width
    shift = shape.begin(shape.quote, x - left) - shape.quote.left
    return [replace(part, x=part.x + shift) for part in parts]


def _visual(text: str, levels: Sequence[int], owners: Sequence[int]) -> Iterator[tuple[int, str, bool]]:
    """The parts of a line from left to right, none of which belongs to two words: where each begins in ``text``, its
    characters, and whether they run leftwards."""
    starts = [at for at in range(len(text)) if not at or (levels[at], owners[at]) != (levels[at - 1], owners[at - 1])]
    ends = [*starts[1:], len(text)]
    for position in visual_order([levels[start] for start in starts]):
        start = starts[position]
        yield start, text[start : ends[position]], bool(levels[start] % 2)


def _following(owners: Sequence[int], start: int) -> int:
    """The piece that the space at ``start`` goes before."""
    return next(owner for owner in owners[start:] if owner >= 0)


def _joins(text: str) -> bool:
    """Whether letters of the text change with their neighbours, or stand in another order than they are read."""
    return has_leftwards(text) or any("\u0900" <= character <= "\u1fff" for character in text)
