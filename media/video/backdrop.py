"""Paint the still parts of an audiogram: background, header and end card."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from media.pictures import open_picture
from media.video.colours import (
    LEAST_CONTRAST,
    PAPER,
    Colour,
    Palette,
    contrast,
    luminance,
    luminances,
    mix,
    palette,
)
from media.video.drawing import Box, Shape, fill_box, rounded
from media.video.fonts import SANS, SERIF, font_files
from media.video.lettering import Lettering
from media.video.screens import Script

if TYPE_CHECKING:
    from PIL import Image

    from media.video.drawing import Pixels


_DARKENED = 0.20  # the highest luminance of a cover behind the plate
_PLATE_LUMINANCE = 0.018  # of a plate in the cover's own hue
_PLATE_OPACITY = 0.62  # at least; more if the text would not be readable
_PLATE_MARGIN = 28
_TITLE_GAP = 10  # between the names of show and episode in a column
_MARGIN = 0.1  # of contrast, for the pixels that are not sampled
_INK_CONTRAST = 7.0


@dataclass(frozen=True, slots=True)
class Style:
    """The look of an audiogram: the ``colour`` of the background, the ``accent`` colour of the played part of the
    waveform, the ``font`` (a file or a name), the ``cover`` (a picture file), and whether an end card with the address
    follows the quote. If a colour or the font is None, a suitable one is chosen."""

    colour: Colour | None = None
    accent: Colour | None = None
    font: str | None = None
    cover: Path | None = None
    end_card: bool = True


@dataclass(frozen=True, slots=True)
class Backdrop:
    """What all frames share: the painted background and header (``pixels``), and the colours for everything else."""

    pixels: Pixels
    colours: Palette


def check_style(style: Style, shape: Shape) -> None:
    """Check that the cover and the font of a style can be used; otherwise raise PictureError or FontError."""
    Lettering(font_files(style.font, SERIF), shape.quote_size)
    if style.cover:
        open_picture(style.cover)


def paint_backdrop(script: Script, style: Style, shape: Shape) -> Backdrop:
    """Paint and return the background and header that all frames share, with the colours of the audiogram.

    Raises PictureError if the cover is missing, damaged or too large, FontError if no font is found."""
    cover, pixels, colours = paint_ground(style, shape)
    _draw_header(pixels, cover, colours, script, shape)
    return Backdrop(pixels, colours)


def paint_ground(style: Style, shape: Shape) -> tuple[Image.Image | None, Pixels, Palette]:
    """Paint the background without the header; return the cover (None without one), the pixels, and the colours.

    Raises PictureError if the cover is missing, damaged or too large."""
    import numpy as np

    cover = open_picture(style.cover) if style.cover else None
    if cover is not None:
        return cover, *_covered(cover, style, shape)
    colours = palette(style.colour or PAPER, style.accent)
    return None, np.full((shape.height, shape.width, 3), colours.background, np.uint8), colours


def _covered(cover: Image.Image, style: Style, shape: Shape) -> tuple[Pixels, Palette]:
    """Return the blurred cover with a plate (a plain box for the text), and colours that are readable on the plate."""
    pixels = _blurred(cover, shape)
    plate = shape.safe.grown(_PLATE_MARGIN)
    colours = palette(style.colour or _tint(cover), style.accent)
    # After the blur, every fourth pixel represents its neighbours.
    under = pixels[plate.top : plate.bottom : 4, plate.left : plate.right : 4].reshape(-1, 3)
    # A colour that the user chose must not be tinted by a bright cover.
    fill_box(pixels, plate, colours.background, 36, 1.0 if style.colour else _opacity(under, colours))
    return pixels, colours


def _opacity(under: Pixels, colours: Palette) -> float:
    """Return how opaque the box behind the text must be to keep the text readable. ``under``: pixels under the box."""
    import numpy as np

    for opacity in np.arange(_PLATE_OPACITY, 1.0, 0.04):
        mixed = (under + (np.array(colours.background) - under) * opacity + 0.5).astype(np.uint8)
        shades = luminances(mixed)
        extremes = [_colour(mixed[int(index)]) for index in (shades.argmin(), shades.argmax())]
        if all(_is_readable(colours, background) for background in extremes):
            return float(opacity)
    return 1.0


def _tint(cover: Image.Image) -> Colour:
    """Return the mean colour of the cover, darkened so that light text is readable on this colour."""
    from PIL import Image

    mean = _colour(cover.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0)))
    share = 0.0
    while luminance(mix(mean, (0x12, 0x13, 0x15), share)) > _PLATE_LUMINANCE and share < 1:
        share += 0.02
    return mix(mean, (0x12, 0x13, 0x15), share)


def _is_readable(colours: Palette, background: Colour) -> bool:
    return (
        contrast(colours.ink, background) >= _INK_CONTRAST
        and contrast(colours.muted, background) >= LEAST_CONTRAST + _MARGIN
    )


def _colour(pixel: Any) -> Colour:
    red, green, blue = (int(value) for value in pixel)
    return red, green, blue


def _blurred(cover: Image.Image, shape: Shape) -> Pixels:
    """Return the cover, enlarged to fill the picture, darkened, and blurred until no text on it can be read."""
    import numpy as np
    from PIL import Image, ImageFilter, ImageOps

    small = ImageOps.fit(cover, (shape.width // 8, shape.height // 8), Image.Resampling.BOX)
    blurred = small.filter(ImageFilter.GaussianBlur(9))
    brightest = float(luminances(np.asarray(blurred)).max())
    share = min(1.0, (_DARKENED / brightest) ** (1 / 2.2)) if brightest else 1.0  # sRGB is about a power of 2.2
    darkened = blurred.point(lambda value: int(value * share))
    return np.array(darkened.resize((shape.width, shape.height), Image.Resampling.BICUBIC))


def _draw_header(pixels: Pixels, cover: Image.Image | None, colours: Palette, script: Script, shape: Shape) -> None:
    import numpy as np
    from PIL import Image

    box = shape.header
    show, title = script.show or script.title, script.title if script.show else None
    if cover is None and show is None:
        return
    names = Lettering(font_files(None, SANS), shape.name_size if shape.column else shape.small_size + 4)
    small = Lettering(font_files(None, SANS), shape.small_size)
    side = box.width if shape.column else box.height
    after = 0 if shape.column else side + 28
    room = box.width - after
    lines = [(names, text, colours.ink) for text in names.wrapped(show or "", room, 2 if shape.column else 1)]
    gap = _TITLE_GAP * len(lines[:1]) * shape.column
    lines += [(small, text, colours.muted) for text in small.wrapped(title or "", room, shape.title_lines)]
    height = sum(line_height(lettering) for lettering, _, _ in lines) + gap
    if shape.column:
        top = box.top + (box.height - side - 36 - height) // 2
        upper = top + side + 36
    else:
        top, upper = box.top, box.top + (side - height) // 2
    left = round(shape.left_edge(box, side))
    draw_tile(pixels, Box(left, top, left + side, top + side), cover, colours, show or "")
    image = Image.fromarray(pixels)
    for lettering, text, colour in lines:
        if lettering is small:
            upper, gap = upper + gap, 0
        x = shape.left_edge(box, lettering.width(text), after)
        lettering.draw(image, x, upper + line_height(lettering) * 0.76, text, colour)
        upper += line_height(lettering)
    pixels[...] = np.asarray(image)


def line_height(lettering: Lettering) -> int:
    """Return the height in pixels of a line in which the name of the show or the episode is written."""
    return round(lettering.size * 1.3)


def draw_tile(pixels: Pixels, box: Box, cover: Image.Image | None, colours: Palette, show: str) -> None:
    """Draw the cover in ``box``, with rounded corners; without a cover, draw the initials of the show's name."""
    import numpy as np
    from PIL import Image, ImageOps

    side = box.width
    if cover is None:
        on_paper = luminance(colours.background) > 0.5
        ground = colours.accent if on_paper else mix(colours.background, colours.ink, 0.14)
        tile = Image.new("RGB", (side, side), ground)
        lettering = Lettering(font_files(None, SERIF), round(side * 0.42))
        ink = max(((255, 255, 255), (0, 0, 0)), key=lambda colour: contrast(colour, ground))
        initials = _initials(show)
        x, y = (side - lettering.width(initials)) / 2, (side + lettering.cap_height) / 2
        lettering.draw(tile, x, y, initials, ink)
    else:
        tile = ImageOps.fit(cover, (side, side), Image.Resampling.LANCZOS)
    mask = rounded(side, side, max(10, side * 0.06))[..., None]
    under = pixels[box.top : box.bottom, box.left : box.right]
    under[...] = np.asarray(tile) * mask + under * (1 - mask) + 0.5


def _initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0].upper() for word in words[:2]) or "“"


SECONDS = 1.5

_SIDE = 0.44  # of the safe area's shorter side: the cover's
_GAPS = 56, 18, 34, 34  # pixels above the show, the episode, the rule and the address
_RULE = 72, 6  # width and height in pixels
_LARGER, _LARGE = 1.7, 1.3  # times the sizes that the names have elsewhere


def has_end_card(script: Script, style: Style) -> bool:
    """Return whether to add an end card: the style asks for one, and there is a name, address or cover to show."""
    return style.end_card and any((script.show, script.title, script.address, style.cover))


def paint_end_card(script: Script, style: Style, shape: Shape) -> Pixels:
    """Return the end card, on the same background and in the same colours as the other frames.

    Raises the same errors as ``paint_backdrop``."""
    import numpy as np
    from PIL import Image

    cover, pixels, colours = paint_ground(style, shape)
    show, title = script.show or script.title, script.title if script.show else None
    names = Lettering(font_files(None, SANS), round(shape.name_size * _LARGER))
    small = Lettering(font_files(None, SANS), round(shape.small_size * _LARGE))
    room = shape.safe.width - 2 * shape.bleed
    blocks: list[list[tuple[Lettering, str, Colour]]] = [
        [(names, line, colours.ink) for line in names.wrapped(show or "", room, 2)],
        [(small, line, colours.muted) for line in small.wrapped(title or "", room, 3)],
        [(small, shown_address(script.address, small, room), colours.ink)] if script.address else [],
    ]
    side = round(min(shape.safe.width, shape.safe.height) * _SIDE) if show or cover else 0
    heights = [sum(line_height(lettering) for lettering, _, _ in block) for block in blocks]
    above = [gap if height else 0 for gap, height in zip((*_GAPS[:2], sum(_GAPS[2:])), heights, strict=True)]
    middle = (shape.safe.left + shape.safe.right) // 2
    upper = (shape.safe.top + shape.progress.top - side - sum(heights) - sum(above)) // 2
    if side:
        draw_tile(
            pixels, Box(middle - side // 2, upper, middle - side // 2 + side, upper + side), cover, colours, show or ""
        )
    upper += side
    for block, height, gap in zip(blocks, heights, above, strict=True):
        if block is blocks[-1] and height:
            top = upper + _GAPS[2]
            fill_box(
                pixels,
                Box(middle - _RULE[0] // 2, top, middle + _RULE[0] // 2, top + _RULE[1]),
                colours.accent,
                radius=3,
            )
        image = Image.fromarray(pixels)
        upper += gap
        for lettering, text, colour in block:
            x = middle - lettering.width(text) / 2
            lettering.draw(image, x, upper + line_height(lettering) * 0.76, text, colour)
            upper += line_height(lettering)
        pixels[...] = np.asarray(image)
    return pixels


def shown_address(address: str, lettering: Lettering, room: float) -> str:
    """Shorten a web address: ``https://www.a.org/b?c`` -> ``a.org/b``, or ``a.org`` if ``room`` pixels are too few."""
    bare = re.split("[?#]", " ".join(address.split()).rpartition("://")[2])[0].strip("/")
    site, _, path = bare.rpartition("@")[2].removeprefix("www.").partition("/")
    whole = f"{site}/{path}" if path else site
    return whole if lettering.width(whole) <= room else lettering.shortened(site, room)
