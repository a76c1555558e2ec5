"""Emoji are in colour where the system has a font of them, one picture each, in the line of the text."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from media.video.fonts import SERIF, colour_emoji_files, font_files
from media.video.lettering import Lettering
from tests.tables import over_rows

SIZE = 80
SEVERAL = ["👩‍🚀", "👨‍👩‍👧‍👦", "👍🏽", "🇫🇷", "1️⃣", "❤️", "🏳️‍🌈"]

in_colour = pytest.mark.skipif(not colour_emoji_files(), reason="no font of emoji in colour is installed")


def drawn(text: str, colour: tuple[int, int, int] = (0, 0, 0)) -> np.ndarray:
    image = Image.new("RGB", (900, 160), "white")
    Lettering(font_files(None, SERIF), SIZE).draw(image, 20, 110, text, colour)
    return np.asarray(image).astype(int)


def colourful(pixels: np.ndarray) -> int:
    """How many pixels are of a colour that is no grey."""
    return int((pixels.max(axis=2) - pixels.min(axis=2) > 60).sum())


@in_colour
@over_rows("cluster", ["😀", "⭐", "❤️", "👍🏽", "🇫🇷"])
def test_an_emoji_is_in_colour_and_a_letter_is_not(cluster: str) -> None:
    assert colourful(drawn(f"a{cluster}")) > 300
    assert colourful(drawn("a❤\ufe0e1")) == 0


@in_colour
@over_rows("cluster", SEVERAL)
def test_an_emoji_of_several_characters_is_one_picture(cluster: str) -> None:
    lettering = Lettering(font_files(None, SERIF), SIZE)
    assert lettering.width(cluster) == pytest.approx(lettering.width("😀"), rel=0.1)
    assert SIZE < lettering.width(cluster) < 1.4 * SIZE


def test_without_a_font_in_colour_emoji_are_drawn_as_letters_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("media.video.lettering.colour_emoji", lambda size: None)
    pixels = drawn("😀", (200, 0, 0))
    assert (pixels.max(axis=(0, 1)) == 255).all()
    assert (pixels[..., 1] == pixels[..., 2]).all()  # nothing but red on white
    assert (pixels[..., 1] < 100).any()
