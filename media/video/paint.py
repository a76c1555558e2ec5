"""The frames of an audiogram, each painted over the one before where something changes.

Conventions
-----------
Frame ``n`` shows the clip at ``n / RATE`` seconds.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from media.video.backdrop import Style, paint_backdrop
from media.video.drawing import Wave, blend, fill_box, rounded
from media.video.fonts import SANS, SERIF, font_files
from media.video.lettering import Lettering
from media.video.screens import Piece, Screen, Script, lay_out
from media.video.shapes import Box, Shape

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from media.video.drawing import Pixels

RATE = 30  # frames a second

_FADE = 0.12  # seconds
_HELD = 0.25  # seconds; a word stays lit over a shorter pause after it
_RISE, _DROP = 0.87, 0.27  # of the type's size: how far the lit box reaches above and below the baseline
_NAME_GAP = 0.45  # of the quote's size, between the speaker's name and the quote


class Painter:
    """Paints one audiogram. Frames may be asked for in any order; in order they come fastest.

    Raises
    ------
    PictureError, FontError
        As ``paint_backdrop``; or the font of the quote cannot be used.
    """

    def __init__(self, script: Script, style: Style, shape: Shape, levels: NDArray[np.float32]) -> None:
        backdrop = paint_backdrop(script, style, shape)
        self.shape, self.colours = shape, backdrop.colours
        self._script, self._backdrop = script, backdrop.pixels
        self._type = type_of(style, shape)
        self._names = Lettering(font_files(None, SANS), shape.name_size)
        self.screens = screens_of(script, self._type, shape)
        self._speakers = script.speakers
        self._starts = [screen.start for screen in self.screens]
        self._said = [index for index, word in enumerate(script.words) if word.end > word.start]
        self._said_starts = [script.words[index].start for index in self._said]
        self._wave = Wave(levels, shape.wave, self.colours)
        self._quote = shape.quote.grown(shape.bleed)
        self._first_baseline = self._place()
        self._frame = self._backdrop.copy()
        self.changed: list[Box] = []
        self._shown: tuple[int, int | None, float] | None = None
        self._state = lru_cache(maxsize=4)(self._paint_state)

    @property
    def frames(self) -> int:
        """How many frames the clip has."""
        return max(1, round(self._script.duration * RATE))

    def frame(self, number: int) -> Pixels:
        """The frame as (row, column, RGB). It is painted over when the next is asked for, where ``changed`` says."""
        self.changed = [self.shape.wave, self.shape.progress]
        self._show_words(number / RATE)
        self._clear(self.shape.wave)
        self._wave.draw(_part(self._frame, self.shape.wave), number)
        self._show_progress((number + 1) / self.frames)
        return self._frame

    def lit(self, time: float) -> int | None:
        """The index of the word that is lit: the one being said, or said until a moment ago."""
        position = bisect_right(self._said_starts, time) - 1
        if position < 0:
            return None
        end = self._script.words[self._said[position]].end
        following = self._said_starts[position + 1] if position + 1 < len(self._said) else None
        if following is not None and following - end < _HELD:
            end = following
        return self._said[position] if time < end else None

    def _place(self) -> int:
        """The first baseline: name and quote together stand in the middle of their box, as the fullest screen does."""
        lines = max(len(screen.lines) for screen in self.screens)
        name = self._name_height if self._speakers else 0
        text = self._type.cap_height + (lines - 1) * self.shape.leading
        box = self.shape.quote
        return box.top + (box.height - name - text) // 2 + name + self._type.cap_height

    @property
    def _name_height(self) -> int:
        return (
            self._names.cap_height + round(self.shape.quote_size * (_NAME_GAP + 1 - _DROP)) - self._type.cap_height // 3
        )

    def _show_words(self, time: float) -> None:
        number = max(0, bisect_right(self._starts, time) - 1)
        fade = min(1.0, (time - self._starts[number]) / _FADE) if number else 1.0
        shown = (number, self.lit(time), fade)
        if shown == self._shown:
            return
        self._shown = shown
        self.changed.append(self._quote)
        pixels = self._state(number, self.lit(time))
        if fade < 1:
            before = self._state(number - 1, None)
            mixed = before + (pixels.astype("float32") - before) * fade + 0.5
            pixels = mixed.astype("uint8")
        _part(self._frame, self._quote)[...] = pixels

    def _paint_state(self, number: int, lit: int | None) -> Pixels:
        """The part of the picture that holds the quote, with one word lit."""
        import numpy as np
        from PIL import Image, ImageDraw

        screen = self.screens[number]
        pixels = _part(self._backdrop, self._quote).copy()
        placed = list(self._placed(screen))
        rise, drop = (round(self.shape.quote_size * share) for share in (_RISE, _DROP))
        pad = self.shape.bleed - 4
        for piece, x, baseline in placed:
            if piece.word == lit:
                box = Box(round(x) - pad, baseline - rise, round(x + piece.width) + pad, baseline + drop)
                fill_box(pixels, box, self.colours.lit, radius=12)
        image = Image.fromarray(pixels)
        draw = ImageDraw.Draw(image)
        for piece, x, baseline in placed:
            colour = self.colours.on_lit if piece.word == lit else self.colours.ink
            self._type.draw(draw, x, baseline, piece.text, colour)
        pixels = np.array(image)
        self._draw_name(pixels, screen.speaker)
        return pixels

    def _placed(self, screen: Screen) -> Iterator[tuple[Piece, float, int]]:
        """Each piece with its left end and its baseline, seen from the quote's part of the picture."""
        left, baseline = self.shape.quote.left - self._quote.left, self._first_baseline - self._quote.top
        for line in screen.lines:
            leftwards = _runs_leftwards(line)
            x = float(left + self.shape.quote.width if leftwards else left)
            for index, piece in enumerate(line):
                gap = piece.gap if index else 0.0
                if leftwards:
                    x -= gap + piece.width
                    yield piece, x, baseline
                else:
                    yield piece, x + gap, baseline
                    x += gap + piece.width
            baseline += self.shape.leading

    def _draw_name(self, pixels: Pixels, speaker: str | None) -> None:
        """The speaker's name above the quote, with a mark in the speaker's colour."""
        import numpy as np
        from PIL import Image, ImageDraw

        if speaker is None:
            return
        colours = self.colours.speakers
        colour = colours[self._speakers.index(speaker) % len(colours)]
        left = self.shape.quote.left - self._quote.left
        top = self._first_baseline - self._type.cap_height - self._name_height - self._quote.top
        cap = self._names.cap_height
        fill_box(pixels, Box(left, top - 6, left + 8, top + cap + 6), colour, radius=4)
        image = Image.fromarray(pixels)
        name = self._names.shortened(speaker, self.shape.quote.width - 26)
        self._names.draw(ImageDraw.Draw(image), left + 26, top + cap, name, self.colours.ink)
        pixels[...] = np.asarray(image)

    def _show_progress(self, share: float) -> None:
        import numpy as np

        box = self.shape.progress
        self._clear(box)
        pixels, mask = _part(self._frame, box), rounded(box.width, box.height, box.height / 2)
        blend(pixels, mask, self.colours.rest)
        played = np.clip(share * box.width - np.arange(box.width), 0, 1).astype(np.float32)
        blend(pixels, mask * played, self.colours.accent)

    def _clear(self, box: Box) -> None:
        _part(self._frame, box)[...] = _part(self._backdrop, box)


def type_of(style: Style, shape: Shape) -> Lettering:
    """The type that the quote is set in.

    Raises
    ------
    FontError
        The font cannot be used.
    """
    return Lettering(font_files(style.font, SERIF), shape.quote_size)


def screens_of(script: Script, lettering: Lettering, shape: Shape) -> tuple[Screen, ...]:
    """The words as they stand on the screen."""
    return lay_out(script.words, lettering.width, shape.quote.width - shape.bleed)


def _part(pixels: Pixels, box: Box) -> Pixels:
    return pixels[box.top : box.bottom, box.left : box.right]


def _runs_leftwards(line: tuple[Piece, ...]) -> bool:
    """Whether the first letter of the line is of a script that is written from right to left."""
    directions = (unicodedata.bidirectional(character) for piece in line for character in piece.text)
    return next((direction != "L" for direction in directions if direction in ("L", "R", "AL")), False)
