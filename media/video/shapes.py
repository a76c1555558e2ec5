"""The three shapes of an audiogram: where everything goes, and what the apps draw over.

Conventions
-----------
Pixels from the top left; boxes are half-open. A quote that runs leftwards has the mirrored shape, and is painted by the
same code: that asks the shape where lines begin, and paints what time runs along as it is read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from media.video.drawing import Pixels

BARS = 48
MOST_LINES = 5

ShapeName = Literal["portrait", "square", "landscape"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of the picture."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def grown(self, by: int) -> Box:
        """The rectangle with ``by`` pixels more on every side."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)


@dataclass(frozen=True, slots=True)
class Shape:
    """A picture's size and its places. Nothing that is read is drawn outside ``safe``.

    ``header`` holds the cover and the names of show and episode, set as a column where ``column`` says so; ``quote``
    is at least as tall as ``MOST_LINES`` lines and a line with the speaker's name. Sizes are of type. ``leftwards`` is
    how all of it is read.
    """

    name: ShapeName
    width: int
    height: int
    safe: Box
    header: Box
    quote: Box
    wave: Box
    quote_size: int
    name_size: int
    small_size: int
    title_lines: int = 1
    column: bool = False
    leftwards: bool = False

    def facing(self, leftwards: bool) -> Shape:
        """The shape in which a quote is read that way: this one or its mirror image."""
        if leftwards == self.leftwards:
            return self
        safe, header, quote, wave = map(self._mirrored, (self.safe, self.header, self.quote, self.wave))
        return replace(self, safe=safe, header=header, quote=quote, wave=wave, leftwards=leftwards)

    def begin(self, box: Box, width: float, after: float = 0) -> float:
        """The left edge of something ``width`` wide that begins ``after`` pixels from where the lines of ``box`` do."""
        return box.right - after - width if self.leftwards else box.left + after

    def along(self, pixels: Pixels) -> Pixels:
        """The same ``pixels``, their columns in the order in which they are read."""
        return pixels[:, ::-1] if self.leftwards else pixels

    @property
    def bleed(self) -> int:
        """How far the box of the lit word reaches beyond it."""
        return 12

    @property
    def leading(self) -> int:
        """From baseline to baseline."""
        return round(self.quote_size * 1.28)

    @property
    def progress(self) -> Box:
        """The thin line at the bottom of the text's column."""
        return Box(self.wave.left, self.safe.bottom - 22, self.wave.right, self.safe.bottom - 16)

    def _mirrored(self, box: Box) -> Box:
        return Box(self.width - box.right, box.top, self.width - box.left, box.bottom)


# The apps that play upright video draw over its top 250 and bottom 380 pixels. Text begins 16 pixels inside the safe
# area, so that the box behind a word has room.
PORTRAIT = Shape(
    name="portrait",
    width=1080,
    height=1920,
    safe=Box(80, 250, 1000, 1540),
    header=Box(96, 266, 984, 410),
    quote=Box(96, 450, 984, 1280),
    wave=Box(96, 1310, 984, 1470),
    quote_size=84,
    name_size=44,
    small_size=36,
    title_lines=2,
)
SQUARE = Shape(
    name="square",
    width=1080,
    height=1080,
    safe=Box(48, 48, 1032, 1032),
    header=Box(64, 64, 1016, 160),
    quote=Box(64, 196, 1016, 812),
    wave=Box(64, 836, 1016, 966),
    quote_size=72,
    name_size=38,
    small_size=30,
)
LANDSCAPE = Shape(
    name="landscape",
    width=1920,
    height=1080,
    safe=Box(80, 80, 1840, 1000),
    header=Box(96, 96, 576, 984),
    quote=Box(688, 96, 1824, 780),
    wave=Box(688, 804, 1824, 934),
    quote_size=80,
    name_size=42,
    small_size=34,
    title_lines=3,
    column=True,
)
SHAPES: dict[ShapeName, Shape] = {shape.name: shape for shape in (PORTRAIT, SQUARE, LANDSCAPE)}
