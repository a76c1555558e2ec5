"""Colours have the contrast of WCAG, and text is readable on any background."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.video.colours import contrast, palette, read_colour
from tests.tables import over_rows

colours = st.tuples(*(st.integers(0, 255) for _ in range(3)))


def test_contrast_is_that_of_wcag() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((0x76, 0x76, 0x76), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)
    assert contrast((255, 255, 255), (255, 255, 255)) == 1


@given(background=colours, accent=st.none() | colours)
def test_text_is_readable_on_any_background(background: tuple[int, int, int], accent: tuple[int, int, int]) -> None:
    chosen = palette(background, accent)
    assert contrast(chosen.ink, chosen.background) >= 7
    assert contrast(chosen.muted, chosen.background) >= 4.5
    assert contrast(chosen.on_lit, chosen.lit) >= 7
    assert contrast(chosen.accent, chosen.background) >= 3
    assert all(contrast(mark, chosen.background) >= 3 for mark in chosen.speakers)


@over_rows(
    "text, colour",
    [("#1F5F8B", (0x1F, 0x5F, 0x8B)), ("1f5f8b", (0x1F, 0x5F, 0x8B)), ("#fa0", (255, 170, 0)), (" #000 ", (0, 0, 0))],
)
def test_a_colour_is_parsed_with_or_without_a_hash(text: str, colour: tuple[int, int, int]) -> None:
    assert read_colour(text) == colour
