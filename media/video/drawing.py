"""Define the layout of audiograms, and draw what Pillow cannot: smooth boxes and moving bars.

The bars are a waveform of the whole clip. Bars already played have the accent colour. Bars near the current time grow
with the loudness.

Conventions
-----------
- Pixels are counted from the top left; boxes are half-open.
- For a right-to-left script, the areas of the picture are mirrored. ``Shape`` computes where lines start, so that the
  same code paints both directions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from media.decode import Waveform
    from media.video.colours import Colour, Palette

    Pixels = NDArray[np.uint8]
    Mask = NDArray[np.float32]
    Levels = NDArray[np.float32]


BARS = 48
MOST_LINES = 5

ShapeName = Literal["portrait", "square", "landscape"]


@dataclass(frozen=True, slots=True)
class Box:
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
        """Return the box enlarged by ``by`` pixels on every side."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of a picture and its areas. No text is drawn outside ``safe``, since apps may cover the edges.

    ``header`` contains the cover and the names of show and episode. The names are below the cover if ``column`` is set,
    otherwise beside the cover. ``quote`` has room for at least ``MOST_LINES`` lines and the speaker's name; ``wave`` is
    the area of the waveform. ``quote_size``, ``name_size`` and ``small_size`` are type sizes in pixels. The episode's
    title has at most ``title_lines`` lines. ``rtl``: the areas are mirrored for a right-to-left script."""

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
    rtl: bool = False

    def facing(self, rtl: bool) -> Shape:
        """Return the shape for right-to-left (``rtl``) or left-to-right text, mirrored if necessary."""
        if rtl == self.rtl:
            return self
        safe, header, quote, wave = map(self._mirrored, (self.safe, self.header, self.quote, self.wave))
        return replace(self, safe=safe, header=header, quote=quote, wave=wave, rtl=rtl)

    def left_edge(self, box: Box, width: float, after: float = 0) -> float:
        """Return the x of the left edge of an object to be placed in ``box``. The object is ``width`` pixels wide, and
        ``after`` pixels from the box's left side or, in a right-to-left shape, from the box's right side."""
        return box.right - after - width if self.rtl else box.left + after

    def along(self, pixels: Pixels) -> Pixels:
        """Return a view of ``pixels`` whose columns are in reading order: reversed in a right-to-left shape."""
        return pixels[:, ::-1] if self.rtl else pixels

    @property
    def bleed(self) -> int:
        """The number of pixels by which the box behind the current word extends beyond the word."""
        return 12

    @property
    def leading(self) -> int:
        """The distance in pixels between the baselines of two lines of the quote."""
        return round(self.quote_size * 1.28)

    @property
    def progress(self) -> Box:
        """The box of the progress line, below the waveform."""
        return Box(self.wave.left, self.safe.bottom - 22, self.wave.right, self.safe.bottom - 16)

    def _mirrored(self, box: Box) -> Box:
        return Box(self.width - box.right, box.top, self.width - box.left, box.bottom)


# Apps for portrait video cover its top 250 and bottom 380 pixels. Text starts 16 pixels inside the safe area, to leave
# room for the box of the lit word.
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


_BAND = 160  # rows blended at a time, to limit memory
_RANGE_DB = 32.0  # from a bar that is a dot to a full one
_CONTRAST = 1.8  # an exponent, as speech averaged over a bar's half second is nearly even
_RESTING = 0.68  # the share of a bar's height that does not depend on the current voice
_REACH = 2.4  # bars to either side over which the swelling fades
_FALL = 0.72  # of the swelling that is left one frame after the voice has stopped
_GAP_SHARE = 0.42  # of a bar's width


def rounded(width: int, height: int, radius: float) -> Mask:
    """Return a mask, 0 to 1 for each pixel, of a rectangle with rounded corners of ``radius``."""
    import numpy as np

    radius = min(radius, width / 2, height / 2)
    across = np.abs(np.arange(width, dtype=np.float32) + 0.5 - width / 2) - (width / 2 - radius)
    down = np.abs(np.arange(height, dtype=np.float32) + 0.5 - height / 2) - (height / 2 - radius)
    distance = np.hypot(np.maximum(across, 0)[None, :], np.maximum(down, 0)[:, None])
    inside = np.minimum(np.maximum(across[None, :], down[:, None]), 0)
    covered: Mask = np.clip(radius - distance - inside * (radius == 0) + 0.5, 0, 1).astype(np.float32)
    return covered


def fill_box(pixels: Pixels, box: Box, colour: Colour, radius: float = 0.0, opacity: float = 1.0) -> None:
    """Draw a filled box with rounded corners on ``pixels``; parts of the box outside the picture are ignored."""
    height, width = pixels.shape[:2]
    top, left, bottom, right = max(box.top, 0), max(box.left, 0), min(box.bottom, height), min(box.right, width)
    if bottom <= top or right <= left:
        return
    mask = rounded(box.width, box.height, radius)[top - box.top : bottom - box.top, left - box.left : right - box.left]
    blend(pixels[top:bottom, left:right], mask * opacity, colour)


def blend(pixels: Pixels, mask: Mask, colour: Colour) -> None:
    """Blend a colour into ``pixels`` in place; ``mask`` is the opacity of the colour for each pixel, 0 to 1."""
    import numpy as np

    over = np.array(colour, np.float32)
    for top in range(0, len(pixels), _BAND):
        part = pixels[top : top + _BAND]
        part[...] = part + (over - part) * mask[top : top + _BAND, :, None] + 0.5


def frame_levels(audio: Waveform, rate: int) -> Levels:
    """Return the loudness of the audio in each video frame, 0 (silence) to 1 (loud). ``rate``: frames a second."""
    import numpy as np

    hop = audio.rate / rate
    squares = np.concatenate([[0.0], np.cumsum(np.square(audio.samples, dtype=np.float64).mean(axis=1))])
    frames = max(1, round(len(audio.samples) / hop))
    edges = np.minimum(np.round(np.arange(frames + 1) * hop).astype(int), len(audio.samples))
    power = np.diff(squares[edges]) / np.maximum(np.diff(edges), 1)
    decibels = 10 * np.log10(np.maximum(power, 1e-10))
    full = np.percentile(decibels, 96)
    levels: Levels = np.clip(1 + (decibels - full) / _RANGE_DB, 0, 1).astype(np.float32)
    return levels * np.float32(full > -70)


class Wave:
    """The waveform of one clip, drawn as bars that change from frame to frame of a video."""

    def __init__(self, levels: Levels, box: Box, colours: Palette) -> None:
        import numpy as np

        self._box, self._colours = box, colours
        edges = np.linspace(0, len(levels), BARS + 1)
        parts = [levels[int(a) : max(int(a) + 1, round(b))] for a, b in pairwise(edges)]
        bars = np.array([np.mean(part) for part in parts], np.float32) ** _CONTRAST
        self._bars = bars / max(float(bars.max()), 1e-6)
        self._swelling = _falling(levels)
        room = box.width / BARS
        self._thickness = max(3, round(room * (1 - _GAP_SHARE)))
        # The last bar ends at the column's edge.
        self._lefts = np.round(np.linspace(0, box.width - self._thickness, BARS)).astype(int)

    def draw(self, pixels: Pixels, frame: int) -> None:
        """Draw the bars of video frame number ``frame`` on ``pixels``, which is the picture's area for the waveform."""
        import numpy as np

        height, thickness = self._box.height, self._thickness
        playhead = (frame + 0.5) / len(self._swelling) * BARS
        near = np.exp(-np.square((np.arange(BARS) + 0.5 - playhead) / _REACH))
        now = self._swelling[min(frame, len(self._swelling) - 1)]
        tall = thickness + (height - thickness) * (self._bars * _RESTING + (1 - _RESTING) * now * near)
        masks = _capsules(tall, thickness, height)
        for number, left in enumerate(self._lefts):
            bar = pixels[:, left : left + thickness]
            played = min(1.0, max(0.0, playhead - number))
            edge = round(played * thickness)
            blend(bar[:, :edge], masks[number][:, :edge], self._colours.accent)
            blend(bar[:, edge:], masks[number][:, edge:], self._colours.rest)


def _falling(levels: Levels) -> Levels:
    """Return ``levels``, the loudness of each frame, but falling more slowly: bars that shrink fast would flicker."""
    held, out = 0.0, levels.copy()
    for index, level in enumerate(levels):
        held = max(float(level), held * _FALL)
        out[index] = held
    return out


def _capsules(heights: NDArray[np.float64], thickness: int, room: int) -> NDArray[np.float32]:
    """Return an array (bar, row, column) with a mask, 0 to 1, for each bar: round ends, centred in ``room`` rows."""
    import numpy as np

    radius = thickness / 2
    across = np.abs(np.arange(thickness, dtype=np.float32) + 0.5 - radius)[None, None, :]
    down = np.abs(np.arange(room, dtype=np.float32) + 0.5 - room / 2)[None, :, None]
    beyond = np.maximum(down - (heights.astype(np.float32)[:, None, None] / 2 - radius), 0)
    masks: NDArray[np.float32] = np.clip(radius - np.hypot(across, beyond) + 0.5, 0, 1)
    return masks
