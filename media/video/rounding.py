"""Rounded rectangles with smooth edges, which Pillow does not draw, laid over pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from media.video.shapes import Box

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from media.video.colours import Colour

    Pixels = NDArray[np.uint8]
    Mask = NDArray[np.float32]


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


def lay(pixels: Pixels, box: Box, colour: Colour, radius: float = 0.0, opacity: float = 1.0) -> None:
    """Lay a rounded rectangle of one colour over ``pixels``; the part of ``box`` outside them is left out."""
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
    pixels[...] = pixels + (over - pixels) * mask[..., None] + 0.5
