"""Setting: type grows into the room that a short quote leaves, one size for all its screens, and never into its way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from media.video.backdrop import Style
from media.video.drawing import SHAPES, Shape
from media.video.screens import ShownWord
from media.video.setting import Setting, set_quote, unshown
from tests.media.video.planted import LONG, script_of
from tests.tables import over_rows

shapes = over_rows("shape", SHAPES)


def setting_of(shape: Shape, *turns: str | tuple[str, str]) -> Setting:
    return set_quote(script_of(*turns), Style(), shape)


@shapes
def test_three_words_fill_their_box_well(shape: Shape) -> None:
    setting = setting_of(shape, "Le phare tourne.")
    assert setting.shape.quote_size >= 1.6 * shape.quote_size
    widest = max(sum(piece.gap + piece.width for piece in line) for line in setting.screens[0].lines)
    assert 0.5 * shape.quote.width < widest <= shape.quote.width


@shapes
def test_the_longer_the_quote_the_smaller_its_type(shape: Shape) -> None:
    words = LONG.split(" ")
    sizes = [setting_of(shape, " ".join(words[:count])).shape.quote_size for count in (2, 5, 9, 40)]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) >= 3
    assert min(sizes) == shape.quote_size


def test_type_does_not_grow_so_that_a_word_is_cut_or_a_number_parted_from_its_unit() -> None:
    shape = SHAPES["square"]
    long_word = setting_of(shape, "Une incompréhensibilité totale.")
    assert {piece.text for line in long_word.screens[0].lines for piece in line} == {
        "Une",
        "incompréhensibilité",
        "totale.",
    }
    words = script_of("Encore douze kilomètres").words
    glued = (words[0], replace(words[1], cost=12.0), replace(words[2], cost=500.0))
    (screen,) = set_quote(replace(script_of("Oui."), words=glued), Style(), shape).screens
    assert [piece.text for piece in screen.lines[-1]][-2:] == ["douze", "kilomètres"]


def test_what_cannot_be_shown_is_told_of_words_and_names() -> None:
    script = script_of("Oui \ue000", show="Marées \ue001")
    assert unshown(script, Style(), SHAPES["square"]).missing == ("\ue000", "\ue001")
    assert unshown(script_of("Oui."), Style(), SHAPES["square"]).missing == ()


def test_emoji_in_one_colour_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    script = replace(script_of("Oui."), words=(ShownWord("👍🏽!", 0.0, 1.0),))
    monkeypatch.setattr("media.video.lettering.colour_emoji", lambda size: None)
    assert unshown(script, Style(), SHAPES["square"]).one_colour == ("👍🏽",)
