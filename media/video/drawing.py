"""What Pillow does not draw, laid over pixels: rounded boxes with smooth edges, and bars that move with the voice.

The bars are the whole clip; what is played is in the accent, and where the voice is now they swell with it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from media.video.shapes import BARS, Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from media.video.colours import Colour, Palette
    from media.waveform import Waveform

    Pixels = NDArray[np.uint8]
    Mask = NDArray[np.float32]
    Levels = NDArray[np.float32]

_BAND = 160  # rows that are blended at a time, for each takes some times its bytes meanwhile
_RANGE_DB = 32.0  # from a bar that is a dot to a full one
_CONTRAST = 1.8  # a power; speech is nearly even over a bar's half second
_RESTING = 0.68  # the share of a bar's height that is there without the voice
_REACH = 2.4  # bars; how far the swelling reaches to either side
_FALL = 0.72  # of the swelling that is left a frame after the voice stopped
_GAP_SHARE = 0.42  # of the room of a bar


def rounded(width: int, height: int, radius: float) -> Mask:
    """How far each pixel is covered, 0 to 1, by a rectangle of the whole size with corners of ``radius``."""
    import numpy as np

    radius = min(radius, width / 2, height / 2)
    across = np.abs(np.arange(width, dtype=np.float32) + 0.5 - width / 2) - (width / 2 - radius)
    down = np.abs(np.arange(height, dtype=np.float32) + 0.5 - height / 2) - (height / 2 - radius)
    distance = np.hypot(np.maximum(across, 0)[None, :], np.maximum(down, 0)[:, None])
    inside = np.minimum(np.maximum(across[None, :], down[:, None]), 0)
    covered: Mask = np.clip(radius - distance - inside * (radius == 0) + 0.5, 0, 1).astype(np.float32)
    return covered


def fill_box(pixels: Pixels, box: Box, colour: Colour, radius: float = 0.0, opacity: float = 1.0) -> None:
    """Fill a box with rounded corners, of one colour, on ``pixels``; the part of ``box`` outside them is left out."""
    height, width = pixels.shape[:2]
    top, left, bottom, right = max(box.top, 0), max(box.left, 0), min(box.bottom, height), min(box.right, width)
    if bottom <= top or right <= left:
        return
    mask = rounded(box.width, box.height, radius)[top - box.top : bottom - box.top, left - box.left : right - box.left]
    blend(pixels[top:bottom, left:right], mask * opacity, colour)


def blend(pixels: Pixels, mask: Mask, colour: Colour) -> None:
    """Lay one colour over ``pixels`` as far as ``mask`` says, in place."""
    import numpy as np

    over = np.array(colour, np.float32)
    for top in range(0, len(pixels), _BAND):
        part = pixels[top : top + _BAND]
        part[...] = part + (over - part) * mask[top : top + _BAND, :, None] + 0.5


def frame_levels(sound: Waveform, rate: int) -> Levels:
    """How loud the sound is in each video frame of ``rate`` a second, 0 to 1 against its own louder parts."""
    import numpy as np

    hop = sound.rate / rate
    squares = np.concatenate([[0.0], np.cumsum(np.square(sound.samples, dtype=np.float64).mean(axis=1))])
    frames = max(1, round(len(sound.samples) / hop))
    edges = np.minimum(np.round(np.arange(frames + 1) * hop).astype(int), len(sound.samples))
    power = np.diff(squares[edges]) / np.maximum(np.diff(edges), 1)
    decibels = 10 * np.log10(np.maximum(power, 1e-10))
    full = np.percentile(decibels, 96)
    levels: Levels = np.clip(1 + (decibels - full) / _RANGE_DB, 0, 1).astype(np.float32)
    return levels * np.float32(full > -70)


class Wave:
    """The bars of one clip, drawn frame by frame."""

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
        # The last bar ends where the column does.
        self._lefts = np.round(np.linspace(0, box.width - self._thickness, BARS)).astype(int)

    def draw(self, pixels: Pixels, frame: int) -> None:
        """Draw the bars of a frame on ``pixels``, which are the box's own."""
        import numpy as np

        height, thickness = self._box.height, self._thickness
        head = (frame + 0.5) / len(self._swelling) * BARS
        near = np.exp(-np.square((np.arange(BARS) + 0.5 - head) / _REACH))
        now = self._swelling[min(frame, len(self._swelling) - 1)]
        tall = thickness + (height - thickness) * (self._bars * _RESTING + (1 - _RESTING) * now * near)
        masks = _capsules(tall, thickness, height)
        for number, left in enumerate(self._lefts):
            bar = pixels[:, left : left + thickness]
            played = min(1.0, max(0.0, head - number))
            edge = round(played * thickness)
            blend(bar[:, :edge], masks[number][:, :edge], self._colours.accent)
            blend(bar[:, edge:], masks[number][:, edge:], self._colours.rest)


def _falling(levels: Levels) -> Levels:
    """Levels that rise at once and fall slowly, so that bars do not flicker."""
    held, out = 0.0, levels.copy()
    for index, level in enumerate(levels):
        held = max(float(level), held * _FALL)
        out[index] = held
    return out


def _capsules(heights: NDArray[np.float64], thickness: int, room: int) -> NDArray[np.float32]:
    """The masks of upright bars with round ends, ``heights`` tall, in the middle of ``room``: (bar, row, column)."""
    import numpy as np

    radius = thickness / 2
    across = np.abs(np.arange(thickness, dtype=np.float32) + 0.5 - radius)[None, None, :]
    down = np.abs(np.arange(room, dtype=np.float32) + 0.5 - room / 2)[None, :, None]
    beyond = np.maximum(down - (heights.astype(np.float32)[:, None, None] / 2 - radius), 0)
    masks: NDArray[np.float32] = np.clip(radius - np.hypot(across, beyond) + 0.5, 0, 1)
    return masks
