"""Setting text: how wide it is and how it is drawn, whatever characters it holds.

Text falls into runs, each in the first font that knows its characters; a run of a script that is written leftwards is
drawn so. Spaces are advances, never glyphs, for many fonts lack the narrow ones that French wants. An emoji of several
characters stays whole, and is in colour where the system has it; what no font knows is left out.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from media.errors import FontError
from media.video.bidirectional import base_level, has_leftwards, levels_of, visual_order
from media.video.clusters import clusters, is_emoji
from media.video.emoji import ColourEmoji, colour_emoji
from media.video.fonts import all_files, has_glyph

if TYPE_CHECKING:
    from PIL import Image

    from media.video.colours import Colour

# The share of an em that a space takes, where it is not the font's own space.
_SPACES = {"\u202f": 0.15, "\u2009": 0.15, "\u200a": 0.08, "\u2007": 0.5, "\u2002": 0.5, "\u2003": 1.0}
# What embeds, overrides and isolates is nothing to draw: whoever shapes the letters would turn others around by it.
_DIRECTING = dict.fromkeys("\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", "")
_LOOK_ALIKES = {"\u2011": "-", "\u00ad": "", "\u200b": "", "\u2060": "", "\ufeff": ""} | _DIRECTING
# What changes how others are drawn: that a font has no glyph of it does not matter.
_MARKS = re.compile("[\u200c-\u200f\u20e3\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_MOST_UNKNOWN = 300  # different characters that no font knows: of such a text nothing is seen, and asking takes time
_MOST_SOUGHT = 24  # of these, in every font of the system
_SHORT = 200  # characters of a text whose width is worth keeping
_WEIGHT = 600.0  # of fonts whose weight can be set


@dataclass(frozen=True, slots=True)
class Run:
    """Characters that are drawn in one go: in ``font``, as pictures of ``emoji``, or a space that is only ``width``."""

    text: str
    width: float
    font: Any = None
    emoji: ColourEmoji | None = None


class Lettering:
    """One size of one stack of fonts."""

    def __init__(self, files: tuple[Path, ...], size: int) -> None:
        self.size = size
        self._files = list(files)
        self._fonts = {path: _open(path, size) for path in files}
        self._first = self._fonts[files[0]]
        self.space = float(self._first.getlength(" "))
        self._short_width = lru_cache(maxsize=4096)(self._width)
        self._unknown = 0
        self._font_for = lru_cache(maxsize=32_768)(self._find_font)

    @property
    def cap_height(self) -> int:
        """The height of an H."""
        return int(-self._first.getbbox("H", anchor="ls")[1])

    def width(self, text: str) -> float:
        """The advance of ``text``, in pixels."""
        return self._short_width(text) if len(text) <= _SHORT else self._width(text)

    def draw(self, image: Image.Image, x: float, baseline: float, text: str, colour: Colour) -> None:
        """Draw the line that ``text`` makes from ``x`` on."""
        base = base_level(text)
        for part, leftwards in directed(text, levels_of(text, base)):
            self.draw_part(image, x, baseline, part, colour, leftwards)
            x += self.width(part)

    def draw_part(
        self, image: Image.Image, x: float, baseline: float, text: str, colour: Colour, leftwards: bool = False
    ) -> None:
        """Draw ``text``, all of which runs rightwards or ``leftwards``, from the left edge ``x`` on."""
        from PIL import ImageDraw

        draw = ImageDraw.Draw(image)
        runs = list(self._runs(text, leftwards))
        for run in reversed(runs) if leftwards else runs:
            if run.font is not None:
                way = _direction(leftwards)
                draw.text((x, baseline), run.text, font=run.font, fill=colour, anchor="ls", direction=way)
            elif run.emoji is not None:
                run.emoji.draw(image, x, baseline, run.text)
            x += run.width

    def draws(self, text: str) -> bool:
        """Whether anything of ``text`` is drawn."""
        return any(run.font is not None or run.emoji is not None for run in self._runs(text, False))

    def unknown(self, text: str) -> tuple[str, ...]:
        """The clusters of ``text`` that no font knows, each once."""
        shown = (c for c in clusters(text) if not c[0].isspace() and c not in _LOOK_ALIKES)
        return tuple(dict.fromkeys(c for c in shown if _MARKS.sub("", c) and not self._is_shown(c)))

    def in_one_colour(self, text: str) -> tuple[str, ...]:
        """The emoji of ``text`` that are drawn as letters are, each once."""
        pictures = (c for c in clusters(text) if is_emoji(c) and self._emoji_for(c) is None)
        return tuple(dict.fromkeys(c for c in pictures if self._font_for(c) is not None))

    def shortened(self, text: str, width: float) -> str:
        """``text``, or as many of its words as fit ``width`` with an ellipsis."""
        if self.width(text) <= width:
            return text
        words = text.split()
        count = most_that(len(words), lambda n: self.width(" ".join(words[:n]) + "…") <= width)
        line = " ".join(words[: max(1, count)]).rstrip(" ,;:.–—-")
        return line[: most_that(len(line), lambda n: self.width(line[:n] + "…") <= width)] + "…"

    def wrapped(self, text: str, width: float, most: int) -> list[str]:
        """``text`` in at most ``most`` lines, the last with an ellipsis if there is more."""
        lines: list[str] = []
        words = text.split()
        while words and len(lines) < most:
            count = 1
            while count < len(words) and self.width(" ".join(words[: count + 1])) <= width:
                count += 1
            line = " ".join(words if len(lines) == most - 1 else words[:count])
            lines.append(self.shortened(line, width))
            words = words[count:]
        return lines

    def _width(self, text: str) -> float:
        if not has_leftwards(text):
            return sum(run.width for run in self._runs(text, False))
        parts = directed(text, levels_of(text, base_level(text)))
        return sum(run.width for part, leftwards in parts for run in self._runs(part, leftwards))

    def _runs(self, text: str, leftwards: bool) -> Iterator[Run]:
        """The runs of ``text``, all of one direction, in the order in which they are read."""
        run: list[str] = []
        font: Any = None

        def finished() -> Iterator[Run]:
            if run:
                whole = _ordered("".join(run), leftwards)
                yield Run(whole, font.getlength(whole, direction=_direction(leftwards)), font)
                run.clear()

        for cluster in clusters(text):
            if cluster[0].isspace():
                yield from finished()
                yield Run("", self._space(cluster[0]))
                continue
            emoji = self._emoji_for(cluster)
            if emoji is not None:
                yield from finished()
                yield Run(cluster, emoji.width(cluster), emoji=emoji)
                continue
            cluster = "".join(_LOOK_ALIKES.get(character, character) for character in cluster)
            own = self._font_for(cluster)
            if own is None:
                continue
            if own is not font:
                yield from finished()
            run.append(cluster)
            font = own
        yield from finished()

    def _space(self, character: str) -> float:
        return _SPACES[character] * self.size if character in _SPACES else self.space

    def _is_shown(self, cluster: str) -> bool:
        return self._emoji_for(cluster) is not None or self._font_for(cluster) is not None

    def _emoji_for(self, cluster: str) -> ColourEmoji | None:
        if cluster.isascii() or not is_emoji(cluster):
            return None
        emoji = colour_emoji(self.size)
        return emoji if emoji is not None and emoji.knows(cluster) else None

    def _find_font(self, cluster: str) -> Any:
        plain = _MARKS.sub("", cluster)
        if not plain:
            return None
        files = self._files
        if is_emoji(cluster):  # the text font's own heart or arrow is not what was meant
            files = sorted(files, key=lambda path: "emoji" not in path.stem.lower())
        if self._unknown < _MOST_UNKNOWN:
            for path in files:
                if _knows(path, plain):
                    return self._fonts[path]
            if self._unknown < _MOST_SOUGHT and (found := next((p for p in all_files() if _knows(p, plain)), None)):
                self._files.append(found)
                self._fonts[found] = _open(found, self.size)
                return self._fonts[found]
        self._unknown += 1
        return None


def directed(text: str, levels: list[int]) -> Iterator[tuple[str, bool]]:
    """The parts of a line from left to right, each in the order in which it is read, and whether it runs leftwards."""
    at, parts = 0, []
    for level, group in groupby(levels):
        end = at + len(list(group))
        parts.append((text[at:end], level))
        at = end
    for position in visual_order([level for _, level in parts]):
        part, level = parts[position]
        yield part, bool(level % 2)


def most_that(count: int, fits: Callable[[int], bool]) -> int:
    """The largest number up to ``count`` that ``fits``, as all smaller ones do; 0 if none does.

    Nobody asks of those far beyond it: a part of a long text is found by measuring hardly more than that part.
    """
    reach = 16
    while reach < count and fits(reach):
        reach *= 2
    return bisect_left(range(1, min(reach, count) + 1), True, key=lambda number: not fits(number))


def _open(path: Path, size: int) -> Any:
    from PIL import ImageFont

    try:
        font = ImageFont.truetype(str(path), size)
        if "[wght]" in path.name:
            others = (float(axis["default"] or 0) for axis in font.get_variation_axes()[1:])
            font.set_variation_by_axes([_WEIGHT, *others])
    except (OSError, ValueError) as error:
        raise FontError(
            "{path}: cannot be used as a font ({detail}); expected a .ttf or .otf file", path=path, detail=error
        ) from error
    return font


def has_letters(path: Path, text: str) -> bool:
    """Whether the font alone has all that is drawn of ``text``, its spaces and marks of no width left aside."""
    drawn = "".join(_LOOK_ALIKES.get(character, character) for character in text if not character.isspace())
    return _knows(path, _MARKS.sub("", drawn))


def _knows(path: Path, plain: str) -> bool:
    return all(has_glyph(path, character) for character in plain)


@cache
def shapes_letters() -> bool:
    """Whether letters are joined and ordered as their script wants: Pillow does by Raqm, if it finds FriBiDi."""
    from PIL import features

    return bool(features.check("raqm"))


def _direction(leftwards: bool) -> str | None:
    return "rtl" if leftwards and shapes_letters() else None


def _ordered(text: str, leftwards: bool) -> str:
    """``text`` as it is given to be drawn: from left to right where nothing orders it."""
    return text if not leftwards or shapes_letters() else "".join(reversed(clusters(text)))
