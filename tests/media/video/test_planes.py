"""Planes: what an encoder is given is what was painted, and only what changed is converted."""

from __future__ import annotations

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.video.planes import Planes
from media.video.shapes import Box


def decoded(planes: Planes, width: int, height: int) -> np.ndarray:
    """The frame as a player shows it."""
    raw = np.frombuffer(planes.data, np.uint8).reshape(height * 3 // 2, width)
    frame = av.VideoFrame.from_ndarray(raw, format="yuv420p")
    return frame.reformat(format="rgb24", src_colorspace="ITU709", dst_colorspace="ITU709").to_ndarray()


@given(colour=st.tuples(*(st.integers(0, 255) for _ in range(3))))
def test_a_colour_is_shown_as_painted(colour: tuple[int, int, int]) -> None:
    shown = decoded(Planes(np.full((16, 32, 3), colour, np.uint8)), 32, 16)
    assert shown.reshape(-1, 3).astype(int) == pytest.approx(np.tile(colour, (512, 1)), abs=4)


@given(
    left=st.integers(0, 30),
    top=st.integers(0, 14),
    width=st.integers(1, 10),
    height=st.integers(1, 10),
    seed=st.integers(0, 99),
)
def test_converting_what_changed_is_converting_it_all(left: int, top: int, width: int, height: int, seed: int) -> None:
    box = Box(left, top, min(32, left + width), min(16, top + height))
    pixels = np.random.default_rng(seed).integers(0, 256, (16, 32, 3), np.uint8)
    planes = Planes(pixels)
    pixels[box.top : box.bottom, box.left : box.right] = 77
    planes.update(pixels, [box])
    assert bytes(planes.data) == bytes(Planes(pixels).data)
