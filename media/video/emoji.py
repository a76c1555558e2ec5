"""Emoji in colour, as the system's own font has them: Noto Color Emoji, Apple Color Emoji, Segoe UI Emoji and others.

Fonts of pictures come in few sizes; one that has not the size that is asked for is drawn in its own, and scaled.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from media.video.fonts import colour_emoji_files, has_glyph

if TYPE_CHECKING:
    from PIL import Image

_STRIKES = (109, 160, 136, 128, 96, 72, 64)  # pixels to the em; Noto's, Apple's, those of others
_SAMPLE = "😀"
_HEIGHT, _MIDDLE = 1.08, 0.3  # of the type's size: how tall a picture is, and its middle above the baseline
_DESIGN = 109  # pixels to the em at which a font of outlines is drawn; it is scaled as the others are
_KEPT = 128  # pictures


class ColourEmoji:
    """The pictures of one font at one size of type."""

    def __init__(self, path: Path, font: Any, size: int) -> None:
        self._path, self._font = path, font
        _, top, _, bottom = font.getbbox(_SAMPLE, anchor="ls")
        self._scale = size * _HEIGHT / max(1, bottom - top)
        self._rise = round(size * (_MIDDLE + _HEIGHT / 2))
        self._top = top
        self.picture = lru_cache(maxsize=_KEPT)(self._picture)

    def knows(self, cluster: str) -> bool:
        """Whether the font has the cluster's first character; what changes it changes only its look."""
        return has_glyph(self._path, cluster[0])

    def width(self, cluster: str) -> float:
        """The advance, in pixels."""
        return float(self._font.getlength(cluster) * self._scale)

    def draw(self, image: Image.Image, x: float, baseline: float, cluster: str) -> None:
        """Lay the picture over ``image``, its left edge at ``x``."""
        picture = self.picture(cluster)
        image.paste(picture, (round(x), round(baseline) - self._rise), picture)

    def _picture(self, cluster: str) -> Image.Image:
        from PIL import Image

        whole = _drawn(self._font, cluster, self._top)
        width, height = (max(1, round(side * self._scale)) for side in whole.size)
        return whole.resize((width, height), Image.Resampling.LANCZOS)


@lru_cache(maxsize=16)
def colour_emoji(size: int) -> ColourEmoji | None:
    """The emoji that the system has in colour, for type of ``size``; None if it has none that can be drawn."""
    for path in colour_emoji_files():
        for strike in dict.fromkeys((_DESIGN, *_STRIKES)):
            font = _opened(path, strike)
            if font is not None and has_glyph(path, _SAMPLE) and _is_coloured(font):
                return ColourEmoji(path, font, size)
    return None


def _opened(path: Path, size: int) -> Any:
    from PIL import ImageFont

    try:
        return ImageFont.truetype(str(path), size)
    except (OSError, ValueError):  # no font, or not in this size
        return None


def _is_coloured(font: Any) -> bool:
    """Whether colours come out: there are formats that this machine's FreeType draws as nothing."""
    red, green, blue, _ = _drawn(font, _SAMPLE, font.getbbox(_SAMPLE, anchor="ls")[1]).split()
    return not red.tobytes() == green.tobytes() == blue.tobytes()


def _drawn(font: Any, cluster: str, top: int) -> Image.Image:
    """The cluster in the font's own size, ``top`` at the upper edge."""
    from PIL import Image, ImageDraw

    bottom = font.getbbox(_SAMPLE, anchor="ls")[3]
    picture = Image.new("RGBA", (max(1, round(font.getlength(cluster))), max(1, bottom - top)))
    ImageDraw.Draw(picture).text((0, -top), cluster, font=font, embedded_color=True, anchor="ls")
    return picture
