"""A quote as a card: all of it where it fits, its beginning where it does not, whatever it is written in."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from media.video.backdrop import Style
from media.video.card import CARD, _painter, card_png
from media.video.screens import Script, ShownWord
from tests.tables import over_rows


def script(text: str, speaker: str | None = "Ana", **told: str) -> Script:
    words = (ShownWord(word, float(at), at + 0.5, speaker) for at, word in enumerate(text.split()))
    return Script(tuple(words), 60.0, **told)


def printed(given: Script) -> str:
    """What the one screen of the card holds."""
    painter = _painter(given, Style())
    assert len(painter.screens) == 1
    return " ".join(piece.text for line in painter.screens[0].lines for piece in line)


def test_a_short_quote_is_there_whole_and_large() -> None:
    given = script("Un vélo qui dort dans une cave.", show="Roue libre", title="Une promenade")
    assert printed(given) == "Un vélo qui dort dans une cave."
    with Image.open(io.BytesIO(card_png(given, Style()))) as picture:
        assert (picture.size, picture.mode) == ((1200, 630), "RGB")


def test_of_a_long_quote_there_is_the_beginning_and_a_mark_that_it_goes_on() -> None:
    text = printed(script("mot, " * 400))
    assert text.endswith("mot…")
    assert text.count("…") == 1


@over_rows("text", ["שלום עולם abc", "🚲 👩‍👩‍👧‍👦 vélo", "Donaudampfschifffahrtsgesellschaft" * 4, "<b>&amp;</b>"])
def test_any_text_is_drawn_within_the_card(text: str) -> None:
    with Image.open(io.BytesIO(card_png(script(text, speaker=None), Style()))) as picture:
        pixels = np.asarray(picture)
    safe = CARD.safe
    inner = pixels[safe.top : safe.bottom, safe.left : safe.right]
    assert len(np.unique(inner[..., 0])) > 10
    edge = np.concatenate([pixels[: safe.top].reshape(-1, 3), pixels[:, : safe.left].reshape(-1, 3)])
    assert (edge == edge[0]).all()
