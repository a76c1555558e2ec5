"""The end card: cover, show, episode and address, for those who want to hear more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from media.video.backdrop import draw_tile, line_height, paint_ground
from media.video.drawing import fill_box
from media.video.fonts import SANS, font_files
from media.video.lettering import Lettering
from media.video.shapes import Box

if TYPE_CHECKING:
    from media.video.backdrop import Style
    from media.video.colours import Colour
    from media.video.drawing import Pixels
    from media.video.screens import Script
    from media.video.shapes import Shape

SECONDS = 1.5

_SIDE = 0.44  # of the safe area's shorter side: the cover's
_GAPS = 56, 18, 34, 34  # pixels above the show, the episode, the rule and the address
_RULE = 72, 6  # pixels: how wide and tall
_LARGER, _LARGE = 1.7, 1.3  # of the sizes that the names have elsewhere


def has_end_card(script: Script, style: Style) -> bool:
    """Whether there is to be a card, and something to show on it."""
    return style.end_card and any((script.show, script.title, script.address, style.cover))


def paint_end_card(script: Script, style: Style, shape: Shape) -> Pixels:
    """The picture of the end card; it has the ground and the colours of the others.

    Raises
    ------
    PictureError, FontError
        As ``media.video.backdrop.paint_backdrop``.
    """
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
    """An address as people type it, or the site alone where the whole is too long for a line."""
    bare = re.split("[?#]", " ".join(address.split()).rpartition("://")[2])[0].strip("/")
    site, _, path = bare.rpartition("@")[2].removeprefix("www.").partition("/")
    whole = f"{site}/{path}" if path else site
    return whole if lettering.width(whole) <= room else lettering.shortened(site, room)
