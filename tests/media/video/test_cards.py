"""A card shows any quote inside its picture; a video ends with one if there is something to show."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from media.video import backdrop
from media.video.backdrop import Style, has_end_card, paint_ground, shown_address
from media.video.card import CARD, _painter, card_png
from media.video.drawing import SHAPES, Shape
from media.video.fonts import SANS, font_files
from media.video.lettering import Lettering
from media.video.paint import RATE
from media.video.screens import Script, ShownWord
from tests.media.video.planted import painter_of, script_of
from tests.tables import over_rows


def script(text: str, speaker: str | None = "Ana", **told: str) -> Script:
    words = (ShownWord(word, float(at), at + 0.5, speaker) for at, word in enumerate(text.split()))
    return Script(tuple(words), 60.0, **told)


def printed(given: Script) -> str:
    """What the one screen of the card holds."""
    painter = _painter(given, Style())
    assert len(painter.screens) == 1
    return " ".join(piece.text for line in painter.screens[0].lines for piece in line)


def test_a_short_quote_is_complete_and_large() -> None:
    given = script("Un vélo qui dort dans une cave.", show="Roue libre", title="Une promenade")
    assert printed(given) == "Un vélo qui dort dans une cave."
    with Image.open(io.BytesIO(card_png(given, Style()))) as picture:
        assert (picture.size, picture.mode) == ((1200, 630), "RGB")


def test_a_long_quote_is_shortened_with_an_ellipsis() -> None:
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


shapes = over_rows("shape", SHAPES)
FRAMES = round(backdrop.SECONDS * RATE)


def with_card(script: Script) -> Script:
    """The card is shown in the last seconds of the audio."""
    return replace(script, card=backdrop.SECONDS, duration=script.duration + backdrop.SECONDS)


def test_there_is_a_card_if_there_is_something_to_show(tmp_path: Path) -> None:
    nothing = script_of("Oui.", show=None, title=None)
    assert not has_end_card(nothing, Style())
    assert has_end_card(script_of("Oui."), Style())
    assert has_end_card(replace(nothing, address="https://example.org"), Style())
    assert has_end_card(nothing, Style(cover=tmp_path / "cover.png"))
    assert not has_end_card(script_of("Oui."), Style(end_card=False))


@pytest.mark.nightly
@shapes
def test_the_card_takes_the_last_second_and_a_half_and_changes_nothing_else(shape: Shape) -> None:
    script = script_of(("Ada", "Le phare tourne."))
    plain, painter = painter_of(script, shape), painter_of(with_card(script), shape)
    assert painter.frames == plain.frames + FRAMES
    above = slice(0, shape.progress.top)
    for number in (0, 20, plain.frames - 1):
        assert (painter.frame(number)[above] == plain.frame(number)[above]).all()
    last = painter.frame(painter.frames - 1).copy()
    quote = plain.frame(plain.frames - 1)
    assert (last[above] != quote[above]).any()
    ground = paint_ground(Style(), shape)[1]
    rows, columns = np.nonzero((last != ground).any(axis=2))
    assert shape.safe.top <= rows.min()
    assert rows.max() < shape.safe.bottom
    assert shape.safe.left <= columns.min()
    assert columns.max() < shape.safe.right
    assert len(rows) > 20_000


def test_changed_areas_cover_every_change_of_a_frame() -> None:
    painter = painter_of(with_card(script_of("Oui.")), SHAPES["square"])
    shown = painter.frame(0).copy()
    for number in range(painter.frames):
        frame = painter.frame(number)
        for box in painter.changed:
            part = slice(box.top, box.bottom), slice(box.left, box.right)
            shown[part] = frame[part]
        assert (shown == frame).all()


@over_rows(
    "address, shown",
    [
        ("https://www.marees.example/episodes/le-phare/?utm_source=x#t=5", "marees.example/episodes/le-phare"),
        ("marees.example", "marees.example"),
        ("https://ada:secret@marees.example/", "marees.example"),
        ("https://marees.example/" + "une-adresse-bien-trop-longue/" * 9, "marees.example"),
    ],
)
def test_an_address_can_be_typed(address: str, shown: str) -> None:
    assert shown_address(address, Lettering(font_files(None, SANS), 40), 800) == shown
