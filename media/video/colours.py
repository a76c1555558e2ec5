"""Choose readable colours: contrast as in WCAG 2.2, and a palette for any background.

Conventions
-----------
Colours are (red, green, blue) in sRGB, 0 to 255 each. Luminance is relative, from 0 (black) to 1 (white).
"""

from __future__ import annotations

import colorsys
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Colour = tuple[int, int, int]

LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3: text of any size
_INK_CONTRAST = 7.0  # 1.4.6: a phone must be readable in the sun
_MARK_CONTRAST = 3.0  # 1.4.11: anything but text

PAPER: Colour = (0xFB, 0xFA, 0xF7)
ACCENT: Colour = (0xB3, 0x40, 0x1F)
_ACCENT_ON_DARK: Colour = (0xFF, 0x94, 0x66)
_INK_DARK: Colour = (0x1C, 0x1B, 0x19)
_INK_LIGHT: Colour = (0xFB, 0xFA, 0xF7)
# Share of ink in the bars not yet played; more on dark, where the cover shows through the plate.
_REST_ON_LIGHT, _REST_ON_DARK = 0.24, 0.42
_LIT: Colour = (0xFF, 0xDD, 0x7A)
# In order of appearance; a speaker has the same index on light and on dark.
_SPEAKERS_ON_LIGHT = ("1F5F8B", "8A3B12", "2F6B3C", "6B3E99", "8C2F5D", "4A5A12", "0B6A6A", "7A4A00")
_SPEAKERS_ON_DARK = ("7CC0F0", "F3A37A", "8FD3A0", "C7A6F2", "F19BC2", "C3D16B", "6FD6D1", "E8BE6A")


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of an audiogram.

    ``ink`` is for text, ``muted`` for secondary text. ``accent`` is for bars of the waveform already played, ``rest``
    for the other bars. ``lit`` is for the box behind the current word, ``on_lit`` for this word. ``speakers`` are for
    the marks beside speakers' names, one colour for each speaker."""

    background: Colour
    ink: Colour
    muted: Colour
    accent: Colour
    rest: Colour
    lit: Colour
    on_lit: Colour
    speakers: tuple[Colour, ...]


def read_colour(text: str) -> Colour | None:
    """Parse a colour written as #RGB or #RRGGBB (the # may be missing); return None for any other text."""
    digits = text.strip().removeprefix("#")
    if re.fullmatch(r"[0-9a-fA-F]{3}", digits):
        digits = "".join(digit * 2 for digit in digits)
    return _from_hex(digits) if re.fullmatch(r"[0-9a-fA-F]{6}", digits) else None


def _from_hex(digits: str) -> Colour:
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def luminance(colour: Colour) -> float:
    """Return the relative luminance of a colour (WCAG 2.2), from 0 to 1."""
    red, green, blue = (_linear(value / 255) for value in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def luminances(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return the relative luminance of every pixel of an array whose last axis is red, green and blue."""
    import numpy as np

    table = np.array([_linear(value / 255) for value in range(256)])
    weighted: NDArray[np.float64] = table[pixels] @ np.array([0.2126, 0.7152, 0.0722])
    return weighted


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2), from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Return a mixture of two colours: ``one`` if ``share`` is 0, ``other`` if ``share`` is 1."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def palette(background: Colour, accent: Colour | None = None) -> Palette:
    """Return colours that are readable on ``background``. Darken the background if no text would be readable on it;
    lighten or darken ``accent`` if it has too little contrast. If ``accent`` is None, choose one."""
    while max(contrast(background, _INK_DARK), contrast(background, _INK_LIGHT)) < _INK_CONTRAST:
        background = mix(background, (0, 0, 0), 0.05)
    on_light = contrast(background, _INK_DARK) >= contrast(background, _INK_LIGHT)
    ink = _INK_DARK if on_light else _INK_LIGHT
    lit = _lit(background, on_light)
    names = _SPEAKERS_ON_LIGHT if on_light else _SPEAKERS_ON_DARK
    return Palette(
        background=background,
        ink=ink,
        muted=_readable(mix(ink, background, 0.32), background, LEAST_CONTRAST),
        accent=_readable(accent or (ACCENT if on_light else _ACCENT_ON_DARK), background, _MARK_CONTRAST),
        rest=mix(background, ink, _REST_ON_LIGHT if on_light else _REST_ON_DARK),
        lit=lit,
        on_lit=_INK_DARK,
        speakers=tuple(_readable(_from_hex(name), background, _MARK_CONTRAST) for name in names),
    )


def _lit(background: Colour, on_light: bool) -> Colour:
    """Return the colour of the box behind the current word: yellow, or white on a light yellow background."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(value / 255 for value in background))
    yellow = 0.08 < hue < 0.2 and saturation > 0.4 and lightness > 0.4
    return (0xFF, 0xFF, 0xFF) if on_light and yellow else _LIT


def _readable(colour: Colour, background: Colour, least: float) -> Colour:
    """Lighten or darken ``colour`` until its contrast with ``background`` is at least ``least``, and return it."""
    end: Colour = (0, 0, 0) if luminance(background) > 0.18 else (255, 255, 255)
    share = 0.0
    while contrast(mix(colour, end, share), background) < least and share < 1:
        share += 0.02
    return mix(colour, end, min(1.0, share))
