"""Measure and draw text, including emoji and combining characters.

Grapheme clusters follow Unicode's annex 29 as far as transcripts need: a letter and its marks, the two letters of a
flag, an emoji with its skin tone, gender and family.

Bitmap fonts exist in few sizes: if the wanted size is missing, another is drawn and scaled.

Text is split into runs, each drawn with the first font that has its characters. Spaces are drawn as distances, not as
glyphs, because many fonts lack the narrow spaces of French. An emoji of several characters is drawn as one picture, in
colour if the system has a colour font. Characters that no font has are omitted.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import category, combining

from media.errors import FontError
from media.video.bidirectional import base_level, has_rtl, levels_of, visual_order
from media.video.fonts import all_files, colour_emoji_files, has_glyph

if TYPE_CHECKING:
    from PIL import Image

    from media.video.colours import Colour


_JOINER, _VIRAMA = "\u200d", 9
_FLAG_LETTER = re.compile("[\U0001f1e6-\U0001f1ff]")
_EXTENDING = re.compile("[\u200c\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_SIMPLE = re.compile("[\\0-\u02ff\u0370-\u0482\u2010-\u2027\u202f-\u205f\u20a0-\u20cf]*")
_TEXT_STYLE, _EMOJI_STYLE, _KEYCAP = "\ufe0e", "\ufe0f", "\u20e3"
# Emoji_Presentation of Unicode's TR 51 below U+1F000, and the emoji planes above.
_PICTURE = re.compile(
    "[\u231a\u231b\u23e9-\u23ec\u23f0\u23f3\u25fd\u25fe\u2614\u2615\u2648-\u2653\u267f\u2693\u26a1\u26aa\u26ab\u26bd"
    "\u26be\u26c4\u26c5\u26ce\u26d4\u26ea\u26f2\u26f3\u26f5\u26fa\u26fd\u2705\u270a\u270b\u2728\u274c\u274e\u2753-\u2755"
    "\u2757\u2795-\u2797\u27b0\u27bf\u2b1b\u2b1c\u2b50\u2b55\U0001f000-\U0001faff]"
)


def clusters(text: str) -> list[str]:
    """Split ``text`` into grapheme clusters, groups of characters that are shown as one."""
    if _SIMPLE.fullmatch(text):
        return list(text)
    starts, flag_letters = [0], 0
    for at, (before, character) in enumerate(pairwise(text), 1):
        flag_letters = flag_letters + 1 if _FLAG_LETTER.match(before) else 0
        if not (_extends(before, character) or (flag_letters % 2 and _FLAG_LETTER.match(character))):
            starts.append(at)
    return [text[start:end] for start, end in pairwise([*starts, len(text)]) if text]


def is_emoji(cluster: str) -> bool:
    """Return whether a cluster should be drawn as an emoji in colour."""
    if _TEXT_STYLE in cluster:
        return False
    return _EMOJI_STYLE in cluster or _KEYCAP in cluster or _PICTURE.match(cluster) is not None


def _extends(before: str, character: str) -> bool:
    if _EXTENDING.match(character) or category(character)[0] == "M":
        return True
    if before == _JOINER:
        return _PICTURE.match(character) is not None or "\u2190" <= character <= "\u2bff"
    return combining(before) == _VIRAMA and category(character) == "Lo"


_STRIKES = (109, 160, 136, 128, 96, 72, 64)  # pixels per em of bitmaps: Noto's, Apple's, others'
_SAMPLE = "😀"
_HEIGHT, _MIDDLE = 1.08, 0.3  # of the type size: an emoji's height, and its middle above the baseline
_DESIGN = 109  # pixels per em at which an outline font is drawn, then scaled like the others
_CACHED_EMOJI = 128


class ColourEmoji:
    """A font of colour emoji at one type size."""

    def __init__(self, path: Path, font: Any, size: int) -> None:
        self._path, self._font = path, font
        _, top, _, bottom = font.getbbox(_SAMPLE, anchor="ls")
        self._scale = size * _HEIGHT / max(1, bottom - top)
        self._rise = round(size * (_MIDDLE + _HEIGHT / 2))
        self._top = top
        self.picture = lru_cache(maxsize=_CACHED_EMOJI)(self._picture)

    def knows(self, cluster: str) -> bool:
        """Return whether the font has the first character of ``cluster``; the others only modify this one."""
        return has_glyph(self._path, cluster[0])

    def width(self, cluster: str) -> float:
        """Return the width of an emoji in pixels, including the space around it."""
        return float(self._font.getlength(cluster) * self._scale)

    def draw(self, image: Image.Image, x: float, baseline: float, cluster: str) -> None:
        """Draw an emoji on ``image`` with its left edge at ``x`` and its baseline at ``baseline``."""
        picture = self.picture(cluster)
        image.paste(picture, (round(x), round(baseline) - self._rise), picture)

    def _picture(self, cluster: str) -> Image.Image:
        from PIL import Image

        whole = _drawn(self._font, cluster, self._top)
        width, height = (max(1, round(side * self._scale)) for side in whole.size)
        return whole.resize((width, height), Image.Resampling.LANCZOS)


@lru_cache(maxsize=16)
def colour_emoji(size: int) -> ColourEmoji | None:
    """Return the system's font of colour emoji at this type size; None if there is no usable font."""
    for path in colour_emoji_files():
        for strike in dict.fromkeys((_DESIGN, *_STRIKES)):
            font = _load(path, strike)
            if font is not None and has_glyph(path, _SAMPLE) and _is_coloured(font):
                return ColourEmoji(path, font, size)
    return None


def _load(path: Path, size: int) -> Any:
    from PIL import ImageFont

    try:
        return ImageFont.truetype(str(path), size)
    except (OSError, ValueError):  # not a font, or not available in this size
        return None


def _is_coloured(font: Any) -> bool:
    """Return whether this font's emoji come out in colour. They do not if FreeType cannot read the font's colours."""
    red, green, blue, _ = _drawn(font, _SAMPLE, font.getbbox(_SAMPLE, anchor="ls")[1]).split()
    return not red.tobytes() == green.tobytes() == blue.tobytes()


def _drawn(font: Any, cluster: str, top: int) -> Image.Image:
    """Return a picture of an emoji, not yet scaled, with its upper edge at y = ``top`` (the baseline is at y = 0)."""
    from PIL import Image, ImageDraw

    bottom = font.getbbox(_SAMPLE, anchor="ls")[3]
    picture = Image.new("RGBA", (max(1, round(font.getlength(cluster))), max(1, bottom - top)))
    ImageDraw.Draw(picture).text((0, -top), cluster, font=font, embedded_color=True, anchor="ls")
    return picture


# The width in em of spaces that differ from the font's own.
_SPACES = {"\u202f": 0.15, "\u2009": 0.15, "\u200a": 0.08, "\u2007": 0.5, "\u2002": 0.5, "\u2003": 1.0}
# Direction controls are not drawn: they would make the shaping engine reorder the letters.
_DIRECTING = dict.fromkeys("\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", "")
_LOOK_ALIKES = {"\u2011": "-", "\u00ad": "", "\u200b": "", "\u2060": "", "\ufeff": ""} | _DIRECTING
# Characters that only modify others: a font needs no glyph for them.
_MARKS = re.compile("[\u200c-\u200f\u20e3\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_MOST_UNKNOWN = 300  # different characters without a font: beyond, the text is unreadable anyway, and searching is slow
_MOST_SEARCHED = 24  # of these, searched for in all fonts of the system
_SHORT = 200  # characters of a text whose width is cached
_WEIGHT = 600.0  # of variable fonts


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text drawn at once: text in one ``font``, an emoji of the font ``emoji``, or a space of some width."""

    text: str
    width: float
    font: Any = None
    emoji: ColourEmoji | None = None


class Lettering:
    """Fonts at one type size, which measure and draw text. Each character is drawn with the first font that has it."""

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
        """The height of a capital letter in pixels."""
        return int(-self._first.getbbox("H", anchor="ls")[1])

    def width(self, text: str) -> float:
        """Return the width of ``text`` in pixels."""
        return self._short_width(text) if len(text) <= _SHORT else self._width(text)

    def draw(self, image: Image.Image, x: float, baseline: float, text: str, colour: Colour) -> None:
        """Draw a line of text with its left edge at ``x``."""
        base = base_level(text)
        for part, rtl in directed(text, levels_of(text, base)):
            self.draw_part(image, x, baseline, part, colour, rtl)
            x += self.width(part)

    def draw_part(
        self, image: Image.Image, x: float, baseline: float, text: str, colour: Colour, rtl: bool = False
    ) -> None:
        """Draw ``text``, whose characters all run in one direction, with its left edge at ``x``."""
        from PIL import ImageDraw

        draw = ImageDraw.Draw(image)
        runs = list(self._runs(text, rtl))
        for run in reversed(runs) if rtl else runs:
            if run.font is not None:
                way = _direction(rtl)
                draw.text((x, baseline), run.text, font=run.font, fill=colour, anchor="ls", direction=way)
            elif run.emoji is not None:
                run.emoji.draw(image, x, baseline, run.text)
            x += run.width

    def draws(self, text: str) -> bool:
        """Return whether any character of ``text`` is visible when drawn."""
        return any(run.font is not None or run.emoji is not None for run in self._runs(text, False))

    def unknown(self, text: str) -> tuple[str, ...]:
        """Return the clusters of ``text`` that no font has, without repetitions."""
        shown = (c for c in clusters(text) if not c[0].isspace() and c not in _LOOK_ALIKES)
        return tuple(dict.fromkeys(c for c in shown if _MARKS.sub("", c) and not self._is_shown(c)))

    def in_one_colour(self, text: str) -> tuple[str, ...]:
        """Return the emoji of ``text`` that are drawn in a single colour, without repetitions."""
        pictures = (c for c in clusters(text) if is_emoji(c) and self._emoji_for(c) is None)
        return tuple(dict.fromkeys(c for c in pictures if self._font_for(c) is not None))

    def shortened(self, text: str, width: float) -> str:
        """Return ``text``, cut after a word and ended by an ellipsis if it is wider than ``width`` pixels."""
        if self.width(text) <= width:
            return text
        words = text.split()
        count = most_that(len(words), lambda n: self.width(" ".join(words[:n]) + "…") <= width)
        line = " ".join(words[: max(1, count)]).rstrip(" ,;:.–—-")
        return line[: most_that(len(line), lambda n: self.width(line[:n] + "…") <= width)] + "…"

    def wrapped(self, text: str, width: float, most: int) -> list[str]:
        """Split ``text`` into at most ``most`` lines of ``width`` pixels; an ellipsis shows that text is left out."""
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
        if not has_rtl(text):
            return sum(run.width for run in self._runs(text, False))
        parts = directed(text, levels_of(text, base_level(text)))
        return sum(run.width for part, rtl in parts for run in self._runs(part, rtl))

    def _runs(self, text: str, rtl: bool) -> Iterator[Run]:
        """Split ``text``, whose characters all run in one direction, into runs (see ``Run``) in reading order."""
        run: list[str] = []
        font: Any = None

        def finished() -> Iterator[Run]:
            if run:
                whole = _ordered("".join(run), rtl)
                yield Run(whole, font.getlength(whole, direction=_direction(rtl)), font)
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
        if is_emoji(cluster):  # a text font's own heart or arrow is not an emoji
            files = sorted(files, key=lambda path: "emoji" not in path.stem.lower())
        if self._unknown < _MOST_UNKNOWN:
            for path in files:
                if _knows(path, plain):
                    return self._fonts[path]
            if self._unknown < _MOST_SEARCHED and (found := next((p for p in all_files() if _knows(p, plain)), None)):
                self._files.append(found)
                self._fonts[found] = _open(found, self.size)
                return self._fonts[found]
        self._unknown += 1
        return None


def directed(text: str, levels: list[int]) -> Iterator[tuple[str, bool]]:
    """Split a line into parts that run in one direction; yield the parts in the order shown, from left to right.

    A part is (text, is right to left). ``levels`` has the bidirectional level of each character."""
    at, parts = 0, []
    for level, group in groupby(levels):
        end = at + len(list(group))
        parts.append((text[at:end], level))
        at = end
    for position in visual_order([level for _, level in parts]):
        part, level = parts[position]
        yield part, bool(level % 2)


def most_that(count: int, fits: Callable[[int], bool]) -> int:
    """Return the largest number from 1 to ``count`` for which ``fits`` is true; 0 if there is none.

    If ``fits`` is true for a number, it must be true for all smaller ones. Much larger numbers are not tried."""
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
    """Return whether the font at ``path`` alone can draw ``text``; spaces and invisible marks are ignored."""
    drawn = "".join(_LOOK_ALIKES.get(character, character) for character in text if not character.isspace())
    return _knows(path, _MARKS.sub("", drawn))


def _knows(path: Path, plain: str) -> bool:
    return all(has_glyph(path, character) for character in plain)


@cache
def shapes_letters() -> bool:
    """Return whether Pillow has the library Raqm, which joins and reorders letters as some scripts require."""
    from PIL import features

    return bool(features.check("raqm"))


def _direction(rtl: bool) -> str | None:
    return "rtl" if rtl and shapes_letters() else None


def _ordered(text: str, rtl: bool) -> str:
    """Return ``text`` in the order that Pillow needs: right-to-left text is reversed if Pillow cannot reorder it."""
    return text if not rtl or shapes_letters() else "".join(reversed(clusters(text)))
