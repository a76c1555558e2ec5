"""Setting text: how wide it is and how it is drawn, whatever characters it holds.

Text falls into runs, each in the first font that knows its characters. Spaces are advances, never glyphs, for many
fonts lack the narrow ones that French wants. An emoji of several characters stays whole; what no font knows is left
out.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from media.errors import FontError

if TYPE_CHECKING:
    from PIL import ImageDraw

    from media.video.colours import Colour

# The share of an em that a space takes, where it is not the font's own space.
_SPACES = {"\u202f": 0.15, "\u2009": 0.15, "\u200a": 0.08, "\u2007": 0.5, "\u2002": 0.5, "\u2003": 1.0}
_LOOK_ALIKES = {"\u2011": "-", "\u00ad": "", "\u200b": "", "\u2060": "", "\ufeff": ""}
_CLUSTER = re.compile(
    "[\U0001f1e6-\U0001f1ff]{2}"  # a flag
    "|.[\u0300-\u036f\u20d0-\u20ff\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]*"
    "(?:\u200d.[\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]*)*",
    re.DOTALL,
)
_MARKS = re.compile("[\u200d\u20e3\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")
_EMOJI_STYLE = "\ufe0f"
_NO_CHARACTER = "\U0010fffe"
_MOST_UNKNOWN = 300  # different characters that no font knows: of such a text nothing is seen, and asking takes time
_SHORT = 200  # characters of a text whose width is worth keeping
_WEIGHT = 600.0  # of fonts whose weight can be set


class Lettering:
    """One size of one stack of fonts."""

    def __init__(self, files: tuple[Path, ...], size: int) -> None:
        self.size = size
        self._fonts = [_open(path, size) for path in files]
        self.space = float(self._fonts[0].getlength(" "))
        self._short_width = lru_cache(maxsize=4096)(self._width)
        self._unknown = 0
        self._font_for = lru_cache(maxsize=32_768)(self._find_font)

    @property
    def cap_height(self) -> int:
        """The height of an H."""
        return int(-self._fonts[0].getbbox("H", anchor="ls")[1])

    def width(self, text: str) -> float:
        """The advance of ``text``, in pixels."""
        return self._short_width(text) if len(text) <= _SHORT else self._width(text)

    def draw(self, draw: ImageDraw.ImageDraw, x: float, baseline: float, text: str, colour: Colour) -> None:
        """Draw ``text`` from ``x`` on."""
        for font, run, width in self._runs(text):
            if font is not None:
                draw.text((x, baseline), run, font=font, fill=colour, anchor="ls")
            x += width

    def unknown(self, text: str) -> str:
        """The characters of ``text`` that no font knows, each once."""
        clusters = (c for c in _CLUSTER.findall(text) if not c[0].isspace() and c not in _LOOK_ALIKES)
        return "".join(dict.fromkeys(c for c in clusters if _MARKS.sub("", c) and self._font_for(c) is None))

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
        return sum(width for _, _, width in self._runs(text))

    def _runs(self, text: str) -> Iterator[tuple[Any, str, float]]:
        """The font of each run, None for space, with its text and width."""
        run: list[str] = []
        font: Any = None
        for match in _CLUSTER.finditer(text):
            cluster = match.group()
            if cluster[0].isspace():
                if run:
                    yield font, (whole := "".join(run)), font.getlength(whole)
                    run = []
                yield None, "", self._space(cluster[0])
                continue
            cluster = "".join(_LOOK_ALIKES.get(character, character) for character in cluster)
            own = self._font_for(cluster)
            if own is None:
                continue
            if run and own is not font:
                yield font, (whole := "".join(run)), font.getlength(whole)
                run = []
            run.append(cluster)
            font = own
        if run:
            yield font, (whole := "".join(run)), font.getlength(whole)

    def _space(self, character: str) -> float:
        return _SPACES[character] * self.size if character in _SPACES else self.space

    def _find_font(self, cluster: str) -> Any:
        plain = _MARKS.sub("", cluster)
        if not plain:
            return None
        fonts = self._fonts
        if _EMOJI_STYLE in cluster:  # the text font's own heart or arrow is not what was meant
            fonts = sorted(fonts, key=lambda font: "Emoji" not in font.getname()[0])
        if self._unknown < _MOST_UNKNOWN:
            for font in fonts:
                if all(_knows(font, character) for character in plain):
                    return font
        self._unknown += 1
        return None


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
    except (OSError, ValueError) as error:
        raise FontError(
            "{path}: cannot be used as a font ({detail}); expected a .ttf or .otf file", path=path, detail=error
        ) from error
    if "[wght]" in path.name:
        font.set_variation_by_axes([_WEIGHT, *(float(axis["default"] or 0) for axis in font.get_variation_axes()[1:])])
    return font


@lru_cache(maxsize=8192)
def _knows(font: Any, character: str) -> bool:
    """Whether the font has a glyph: what it draws differs from what it draws for a character that cannot be."""
    return bool(font.getlength(character) != _missing(font)[0] or bytes(font.getmask(character)) != _missing(font)[1])


@lru_cache(maxsize=128)
def _missing(font: Any) -> tuple[float, bytes]:
    return font.getlength(_NO_CHARACTER), bytes(font.getmask(_NO_CHARACTER))
