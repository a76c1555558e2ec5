"""Setting: type grows into the room that a short quote leaves, one size for all its screens, and never into its way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from media.video.backdrop import Style
from media.video.screens import ShownWord
from media.video.setting import NAME_GAP, Setting, set_quote, unshown
from media.video.shapes import SHAPES, Shape
from tests.media.video.planted import LONG, script_of

shapes = pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)


def setting_of(shape: Shape, *turns: str | tuple[str, str]) -> Setting:
    return set_quote(script_of(*turns), Style(), shape)


@shapes
def test_three_words_fill_their_box_well(shape: Shape) -> None:
    setting = setting_of(shape, "Le phare tourne.")
    assert setting.shape.quote_size >= 1.6 * shape.quote_size
    widest = max(sum(piece.gap + piece.width for piece in line) for line in setting.screens[0].lines)
    assert 0.5 * shape.quote.width < widest <= shape.quote.width


@shapes
def test_a_long_quote_has_the_shapes_own_size(shape: Shape) -> None:
    setting = setting_of(shape, LONG)
    assert setting.shape == shape
    assert setting.lettering.size == shape.quote_size


@shapes
def test_the_longer_the_quote_the_smaller_its_type(shape: Shape) -> None:
    words = LONG.split(" ")
    sizes = [setting_of(shape, " ".join(words[:count])).shape.quote_size for count in (2, 5, 9, 40)]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) >= 3
    assert min(sizes) == shape.quote_size


@shapes
@pytest.mark.parametrize(
    "turns", [(("Ada", "Oui."), ("Bo", "Non, jamais de la vie.")), (("Ada", LONG[:90]),), ("Oui.",)]
)
def test_lines_lit_boxes_and_a_name_stay_in_their_box(shape: Shape, turns: tuple) -> None:
    setting = setting_of(shape, *turns)
    lines = max(len(screen.lines) for screen in setting.screens)
    height = (lines - 1) * setting.shape.leading + setting.lettering.cap_height
    named = isinstance(turns[0], tuple)
    assert height + named * (shape.name_size * 0.6 + NAME_GAP * setting.shape.quote_size) < shape.quote.height
    for screen in setting.screens:
        for line in screen.lines:
            assert sum(piece.gap + piece.width for piece in line[1:]) + line[0].width <= shape.quote.width


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


def test_a_quote_of_hardly_more_than_a_line_is_a_poster_but_never_parts_a_number_from_what_it_counts() -> None:
    shape = SHAPES["portrait"]
    words = script_of("C’est une promenade").words
    clinging = tuple(replace(word, cost=cost) for word, cost in zip(words, (0.0, 400.0, 400.0), strict=True))
    assert (
        set_quote(replace(script_of("Oui."), words=clinging), Style(), shape).shape.quote_size > 1.6 * shape.quote_size
    )
    words = script_of("Encore 97 promenades").words
    counted = tuple(replace(word, cost=cost) for word, cost in zip(words, (0.0, 18.0, 320.0), strict=True))
    (screen,) = set_quote(replace(script_of("Oui."), words=counted), Style(), shape).screens
    assert [piece.text for piece in screen.lines[-1]] == ["97", "promenades"]


def test_what_cannot_be_shown_is_told_of_words_and_names() -> None:
    script = script_of("Oui \ue000", show="Marées \ue001")
    assert unshown(script, Style(), SHAPES["square"]).missing == ("\ue000", "\ue001")
    assert unshown(script_of("Oui."), Style(), SHAPES["square"]).missing == ()


def test_emoji_in_one_colour_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    script = replace(script_of("Oui."), words=(ShownWord("👍🏽!", 0.0, 1.0),))
    monkeypatch.setattr("media.video.lettering.colour_emoji", lambda size: None)
    assert unshown(script, Style(), SHAPES["square"]).one_colour == ("👍🏽",)


def test_that_letters_are_not_joined_is_told_of_scripts_that_join_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("media.video.setting.shapes_letters", lambda: False)
    told = [unshown(script_of(text), Style(), SHAPES["square"]).unjoined for text in ("قال", "नमस्ते", "Œuvre", "你好")]
    assert told == [True, True, False, False]
