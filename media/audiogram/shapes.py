"""The three shapes of an audiogram: where everything goes, and what the apps draw over.

Conventions
-----------
Pixels from the top left; boxes are half-open.
"""

from __future__ import annotations

from dataclasses import dataclass

BARS = 48
MOST_LINES = 5


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
    """A picture's size and its places. Nothing is drawn outside ``safe`` but background.

    ``header`` holds the cover and the names of show and episode, set as a column where ``column`` says so; ``quote``
    is at least as tall as ``MOST_LINES`` lines and a line with the speaker's name. Sizes are of type.
    """

    name: str
    width: int
    height: int
    safe: Box
    header: Box
    quote: Box
    wave: Box
    quote_size: int
    name_size: int
    small_size: int
    column: bool = False

    @property
    def leading(self) -> int:
        """From baseline to baseline."""
        return round(self.quote_size * 1.28)

    @property
    def progress(self) -> Box:
        """The thin line at the bottom of the text's column."""
        return Box(self.wave.left, self.safe.bottom - 6, self.wave.right, self.safe.bottom)


# The apps that play upright video draw over its top 250 and bottom 380 pixels.
PORTRAIT = Shape(
    name="portrait",
    width=1080,
    height=1920,
    safe=Box(96, 250, 984, 1540),
    header=Box(96, 250, 984, 370),
    quote=Box(96, 440, 984, 1260),
    wave=Box(96, 1310, 984, 1480),
    quote_size=80,
    name_size=40,
    small_size=34,
)
SQUARE = Shape(
    name="square",
    width=1080,
    height=1080,
    safe=Box(64, 64, 1016, 1016),
    header=Box(64, 64, 1016, 160),
    quote=Box(64, 200, 1016, 800),
    wave=Box(64, 830, 1016, 970),
    quote_size=72,
    name_size=38,
    small_size=30,
)
LANDSCAPE = Shape(
    name="landscape",
    width=1920,
    height=1080,
    safe=Box(96, 96, 1824, 984),
    header=Box(96, 96, 608, 984),
    quote=Box(704, 96, 1824, 770),
    wave=Box(704, 800, 1824, 940),
    quote_size=80,
    name_size=40,
    small_size=34,
    column=True,
)
SHAPES = {shape.name: shape for shape in (PORTRAIT, SQUARE, LANDSCAPE)}
