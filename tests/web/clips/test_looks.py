"""The page gets the style of an audiogram as it is rendered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from aligner.publishing.excerpt import Source
from aligner.publishing.screens import StyleChoices, remember
from media.errors import PictureError
from media.video.colours import contrast, read_colour
from tests.web.clips.conftest import wanted
from web.clips.previews import frame
from web.clips.styles import fonts_for, save_cover, style_facts, style_for
from web.errors import Conflict
from web.library import Library
from web.library.incoming import Staged

NAMES = ("colour", "accent", "font", "cover", "end_card")


def shown(source: Source, **choices: Any) -> dict[str, Any]:
    """What a page shows of the look that is made of those choices."""
    style = StyleChoices(**choices)
    look, _ = style_for(source, "square", style, None)
    return style_facts(source, look, style, "les pneus")


def test_fonts_with_all_characters_of_the_quote_are_offered() -> None:
    assert {"Source Serif Pro", "Source Sans Pro"} <= set(fonts_for("« L’été, déjà ? » 3,5 %"))
    assert not {"Source Serif Pro", "Source Sans Pro"} & set(fonts_for("une حلقة"))
    assert fonts_for("oui 👍 ✨") == fonts_for("oui")


def test_defaults_are_reported_as_they_are_drawn(source: Source) -> None:
    look = shown(source, cover="none")
    assert [look[name] for name in NAMES] == [None, None, None, "none", True]
    assert (look["drawn"], look["remembered"], look["own_cover"]) == (["#FBFAF7", "#B3401F"], False, True)


def test_colours_with_too_little_contrast_are_reported_as_they_are_drawn(source: Source) -> None:
    look = shown(source, colour="#777777", accent="#767676", cover="none")
    background, accent = (read_colour(colour) for colour in look["drawn"])
    assert background
    assert accent
    assert (look["colour"], look["accent"]) == ("#777777", "#767676")
    assert contrast(background, (0xFB, 0xFA, 0xF7)) >= 7
    assert contrast(background, accent) >= 3
    kept = shown(source, colour="#FBFAF7", accent="#1F5F8B", cover="none")
    assert kept["drawn"] == [kept["colour"], kept["accent"]]


def test_remembered_choices_are_reported_until_all_are_replaced(source: Source, tmp_path: Path) -> None:
    Image.new("RGB", (8, 8), "teal").save(tmp_path / "brand.png")
    remember("Roue libre", StyleChoices(colour="#113355", cover=str(tmp_path / "brand.png"), end_card=False))
    look = shown(source)
    assert (look["colour"], look["cover"], look["end_card"], look["remembered"]) == (
        "#113355",
        "brand.png",
        False,
        True,
    )
    assert str(tmp_path) not in str(look)
    assert shown(source, colour="auto", end_card=True)["remembered"]
    assert not shown(source, colour="auto", cover="auto", end_card=True)["remembered"]


def test_the_reported_choices_request_the_same_style(source: Source, tmp_path: Path) -> None:
    usual = shown(source)["choices"]
    assert [usual[name] for name in NAMES] == ["auto", "auto", "auto", "auto", True]
    Image.new("RGB", (8, 8), "teal").save(source.folder / "audiogram cover.png")
    own = source.folder / "audiogram cover.png"
    remember("Roue libre", StyleChoices("#123", None, "DejaVu Sans", str(own), False))
    ours = shown(source)["choices"]
    assert [ours[name] for name in NAMES] == ["#112233", "auto", "DejaVu Sans", "audiogram cover.png", False]
    Image.new("RGB", (8, 8), "teal").save(tmp_path / "audiogram cover.png")  # which another episode has
    remember("Roue libre", StyleChoices(cover=str(tmp_path / "audiogram cover.png")))
    assert shown(source)["choices"]["cover"] is None


def test_a_cover_that_is_a_link_is_not_used(source: Source, tmp_path: Path) -> None:
    drawn = wanted(source, 20, 23, shape="square", cover="audiogram cover.png")
    with pytest.raises(PictureError):
        frame(drawn)
    Library(source.folder.parent)  # which nothing leads out of
    Image.new("RGB", (8, 8), "teal").save(tmp_path / "secret.png")
    (source.folder / "audiogram cover.png").symlink_to(tmp_path / "secret.png")
    with pytest.raises(PictureError):
        frame(drawn)
    (source.folder / "audiogram cover.png").unlink()
    Image.new("RGB", (8, 8), "teal").save(source.folder / "audiogram cover.png")
    assert frame(drawn) != frame(wanted(source, 20, 23, shape="square"))


def test_a_new_cover_replaces_only_earlier_uploads(source: Source) -> None:
    episode, sent = Library(source.folder.parent).episode("roue-libre"), source.folder.parent / "sent.png"
    theirs = source.folder / "audiogram cover.png"
    theirs.write_bytes(b"a person's")
    for colour in ("teal", "navy"):
        Image.new("RGB", (8, 8), colour).save(sent)
        assert save_cover(episode, Staged(sent.parent, None, None, sent)) == theirs.name
        assert theirs.read_bytes() == sent.read_bytes()
    copies = [path for path in source.folder.iterdir() if path.name.startswith("audiogram cover") and path != theirs]
    assert [path.read_bytes() for path in copies] == [b"a person's"]
    with pytest.raises(Conflict, match=r"upload\.missing\.cover"):
        save_cover(episode, Staged(sent.parent, None, None, None))
