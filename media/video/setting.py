"""Typeset a quote: choose the type size and the screens, and place each part of a line.

A quote has a single type size, never below the minimum of the video's shape. If the quote, or each speaker's turn, fits
on one screen and leaves room, the type is enlarged, unless this would cut a word or break a line awkwardly.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from media.video.bidirectional import has_rtl, levels_of, visual_order
from media.video.fonts import SANS, SERIF, font_files
from media.video.lettering import Lettering, shapes_letters
from media.video.screens import Piece, Screen, Script, ShownWord, lay_out

if TYPE_CHECKING:
    from media.video.backdrop import Style
    from media.video.drawing import Shape

RISE, DROP = 0.87, 0.27  # of the type size: how far the lit box extends above and below the baseline
NAME_GAP = 0.45  # of the type size, between the speaker's name and the quote

# Type sizes relative to the shape's own; the largest that fits is used.
_STEPS = (2.2, 1.9, 1.65, 1.45, 1.3, 1.15)
# The worst break that larger type may cause: between two content words; in a quote of hardly more than a line, also
# after an article and the like, as on a poster.
_WORST, _WORST_ON_POSTERS = 18.0, 400.0
_POSTER_LINES = 2
_ARTICLE = 3  # letters at most


@dataclass(frozen=True, slots=True)
class Setting:
    """A typeset quote: the shape with the chosen type size and reading direction, the font, and the screens."""

    shape: Shape
    lettering: Lettering
    screens: tuple[Screen, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Characters of one word that run in one direction. ``word`` is the word's index, ``x`` the left edge in pixels."""

    text: str
    word: int
    x: float
    width: float
    baseline: int
    rtl: bool = False


@dataclass(frozen=True, slots=True)
class Unshown:
    """The characters of a quote that cannot be drawn as intended.

    ``missing`` are characters that no font has, ``one_colour`` emoji without a colour font. ``unjoined`` is true if
    letters cannot be joined or reordered as their script requires."""

    missing: tuple[str, ...] = ()
    one_colour: tuple[str, ...] = ()
    unjoined: bool = False


def set_quote(script: Script, style: Style, shape: Shape) -> Setting:
    """Typeset the quote of ``script`` in the font of ``style``, as large as ``shape`` allows.

    Raises FontError if the font cannot be used."""
    shape, files = shape.facing(script.rtl), font_files(style.font, SERIF)
    normal = _set(script, shape, Lettering(files, shape.quote_size))
    if len(normal.screens) > _requested_screens(script.words) or _cuts_a_word(normal):
        return normal
    is_poster = sum(len(screen.lines) for screen in normal.screens) <= _POSTER_LINES
    worst = max(_WORST_ON_POSTERS if is_poster else _WORST, _worst_break(normal))
    for step in _STEPS:
        size = round(shape.quote_size * step)
        larger = _set(script, replace(shape, quote_size=size), Lettering(files, size))
        if _reads_as_well(larger, normal) and _worst_break(larger) <= worst and _fits(script, larger):
            return larger
    return normal


def unshown(script: Script, style: Style, shape: Shape) -> Unshown:
    """Return which characters of the quote, and of the names shown with the quote, cannot be drawn as intended.

    Raises FontError if the quote's font cannot be used."""
    lettering = Lettering(font_files(style.font, SERIF), shape.quote_size)
    names = filter(None, (script.show, script.title, *script.speakers))
    text = " ".join((*(word.text for word in script.words), *names))
    return Unshown(lettering.unknown(text), lettering.in_one_colour(text), _joins(text) and not shapes_letters())


def name_height(shape: Shape, names: Lettering, lettering: Lettering) -> int:
    """Return the height in pixels of a speaker's name above the quote, with the space below the name."""
    return names.cap_height + round(shape.quote_size * (NAME_GAP + 1 - DROP)) - lettering.cap_height // 3


def placed_lines(
    screen: Screen, words: Sequence[ShownWord], setting: Setting, left: float, baseline: int
) -> Iterator[list[Part]]:
    """Yield, for each line of a screen, the line's parts with their positions, from left to right.

    ``left`` is the x of the text's left edge, ``baseline`` the y of the first line. ``words`` are the whole quote."""
    pieces = [piece for line in screen.lines for piece in line]
    befores = ["", *(words[b.word].before if b.word != a.word else "" for a, b in pairwise(pieces))]
    text = "".join(before + piece.text for before, piece in zip(befores, pieces, strict=True))
    rtl = setting.shape.rtl
    levels = levels_of(text, int(rtl)) if rtl or has_rtl(text) else []
    at = number = 0
    for line in screen.lines:
        if levels:
            spaces = befores[number : number + len(line)]
            length = sum(len(space) + len(piece.text) for space, piece in zip(spaces, line, strict=True))
            yield _ordered(line, spaces, levels[at : at + length], setting, left, baseline)
            at, number = at + length, number + len(line)
        else:
            yield list(_left_to_right(line, left, baseline))
        baseline += setting.shape.leading


def joined(parts: Iterable[Part]) -> Iterator[Part]:
    """Merge neighbouring parts that touch each other, so that one box is drawn behind them; yield the result."""
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


def _requested_screens(words: Sequence[ShownWord]) -> int:
    return 1 + sum(word.new_screen or word.speaker != previous.speaker for previous, word in pairwise(words))


def _cuts_a_word(setting: Setting) -> bool:
    pieces = [piece.word for screen in setting.screens for line in screen.lines for piece in line]
    return len(set(pieces)) < len(pieces)


def _reads_as_well(larger: Setting, normal: Setting) -> bool:
    """Return whether ``larger`` reads as well as ``normal``: no word is cut, no screen is added and, if the user
    has set line breaks, no line is added."""
    pieces = [line[0] for screen in normal.screens for line in screen.lines]
    if any(piece.new_line for piece in pieces) and len(pieces) < sum(len(screen.lines) for screen in larger.screens):
        return False
    return len(larger.screens) == len(normal.screens) and not _cuts_a_word(larger)


def _worst_break(setting: Setting) -> float:
    """Return the highest cost of an automatic line break, including the cost of an orphan (see ``ShownWord``).

    The cost is infinite for a break between a number and its unit, or after a line that is only an article."""
    lines = [line for screen in setting.screens for line in screen.lines]
    worst = 0.0
    for previous, (piece, *_) in pairwise(lines):
        if not (piece.new_line or piece.new_screen):
            left = previous[-1].text
            parted = left[-1].isdigit() or (len(previous) == 1 and len(left) <= _ARTICLE)
            cost = piece.cost + _orphan(previous, piece)
            worst = max(worst, math.inf if parted and piece.cost > _WORST else cost)
    return worst


def _fits(script: Script, setting: Setting) -> bool:
    """Return whether the screen with most lines, below the speaker's name (if any), fits the quote's box."""
    shape, lettering = setting.shape, setting.lettering
    lines = max(len(screen.lines) for screen in setting.screens)
    height = (lines - 1) * shape.leading + round(shape.quote_size * (RISE + DROP))
    if script.speakers:
        height += name_height(shape, Lettering(font_files(None, SANS), shape.name_size), lettering)
    return height <= shape.quote.height


def _left_to_right(line: Sequence[Piece], left: float, baseline: int) -> Iterator[Part]:
    x = left
    for index, piece in enumerate(line):
        x += piece.gap if index else 0.0
        yield Part(piece.text, piece.word, x, piece.width, baseline)
        x += piece.width


def _ordered(
    line: Sequence[Piece], spaces: Sequence[str], levels: Sequence[int], setting: Setting, left: float, baseline: int
) -> list[Part]:
    """Return the parts of a line with their positions, from left to right. ``spaces`` has the space before each piece,
    ``levels`` the bidirectional level of each character of the line, spaces included."""
    text, owners = "", list[int]()
    for index, (space, piece) in enumerate(zip(spaces, line, strict=True)):
        text += space + piece.text
        owners += [-1] * len(space) + [index] * len(piece.text)
    first = len(spaces[0])  # the space before a line takes no room
    text, owners, levels = text[first:], owners[first:], levels[first:]
    shape, parts, x = setting.shape, list[Part](), left
    for start, part, rtl in _visual(text, levels, owners):
        owner = owners[start]
        width = line[_following(owners, start)].gap if owner < 0 else setting.lettering.width(part)
        if owner >= 0:
            parts.append(Part(part, line[owner].word, x, width, baseline, rtl))
        x += width
    shift = shape.left_edge(shape.quote, x - left) - shape.quote.left
    return [replace(part, x=part.x + shift) for part in parts]


def _visual(text: str, levels: Sequence[int], owners: Sequence[int]) -> Iterator[tuple[int, str, bool]]:
    """Split a line where a piece ends or the direction changes; yield the parts in the order shown, from left to right.

    A part is (offset, text, is right to left). ``owners`` has the index of each character's piece, -1 for spaces."""
    starts = [at for at in range(len(text)) if not at or (levels[at], owners[at]) != (levels[at - 1], owners[at - 1])]
    ends = [*starts[1:], len(text)]
    for position in visual_order([levels[start] for start in starts]):
        start = starts[position]
        yield start, text[start : ends[position]], bool(levels[start] % 2)


def _following(owners: Sequence[int], start: int) -> int:
    """Return the index of the first piece after a space, which is at offset ``start``; ``owners``: see ``_visual``."""
    return next(owner for owner in owners[start:] if owner >= 0)


def _joins(text: str) -> bool:
    """Return whether ``text`` may be in a script that joins or reorders letters, as Arabic and Devanagari do."""
    return has_rtl(text) or any("\u0900" <= character <= "\u1fff" for character in text)
