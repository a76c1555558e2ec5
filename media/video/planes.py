"""Frames as an encoder takes them: BT.709 in limited range, colour at half the size (yuv420p).

Only what changes from frame to frame is converted. Coefficients are those of ITU-R BT.709; a sample of colour is the
mean of its four pixels.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from media.video.shapes import Box

if TYPE_CHECKING:
    from media.video.rounding import Pixels

_RED, _GREEN, _BLUE = 0.2126, 0.7152, 0.0722
_LUMA = np.array([_RED, _GREEN, _BLUE], np.float32) * (219 / 255)
_CHROMA = np.array(
    [
        np.array([-_RED, -_GREEN, 1 - _BLUE]) / (2 * (1 - _BLUE)),
        np.array([1 - _RED, -_GREEN, -_BLUE]) / (2 * (1 - _RED)),
    ],
    np.float32,
).T * (224 / 255)


class Planes:
    """One frame as three planes in a row; sides are even."""

    def __init__(self, pixels: Pixels) -> None:
        height, width = pixels.shape[:2]
        self._buffer = np.empty(width * height * 3 // 2, np.uint8)
        luma, blue, red = np.split(self._buffer, [width * height, width * height * 5 // 4])
        self._luma = luma.reshape(height, width)
        self._chroma = blue.reshape(height // 2, width // 2), red.reshape(height // 2, width // 2)
        self.update(pixels, [Box(0, 0, width, height)])

    @property
    def data(self) -> memoryview:
        """The bytes of the frame."""
        return self._buffer.data

    def update(self, pixels: Pixels, changed: Iterable[Box]) -> None:
        """Convert the parts of ``pixels`` that changed."""
        for box in changed:
            top, left = box.top // 2 * 2, box.left // 2 * 2
            bottom, right = (box.bottom + 1) // 2 * 2, (box.right + 1) // 2 * 2
            part = pixels[top:bottom, left:right].astype(np.float32)
            self._luma[top:bottom, left:right] = part @ _LUMA + 16.5
            quarter = (part[0::2, 0::2] + part[1::2, 0::2] + part[0::2, 1::2] + part[1::2, 1::2]) / 4
            chroma = quarter @ _CHROMA + 128.5
            for plane, values in zip(self._chroma, np.moveaxis(chroma, 2, 0), strict=True):
                plane[top // 2 : bottom // 2, left // 2 : right // 2] = values
