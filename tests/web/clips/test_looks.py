"""What a page shows of a look is what the renderer makes of it, and names nothing that is no business of the page."""

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
from web.clips.looks import fonts_for, look_for, shown_look, take_picture
from web.clips.previews import still
from web.errors import Conflict
from web.library import Library
from web.library.incoming import Staged

NAMES = ("colour", "accent", "font", "cover", "end_card")


def shown(source: Source, **choices: Any) -> dict[str, Any]:
    """What a page shows of the look that is made of those choices."""
    style = StyleChoices(**choices)
    look, _ = look_for(source, "square", style, None)
    return shown_look(source, look, style, "les pneus")


def test_fonts_are_offered_that_know_every_letter_of_the_quote() -> None:
    assert {"Source Serif Pro", "Source Sans Pro"} <= set(fonts_for("« L’été, déjà ? » 3,5 %"))
    assert not {"Source Serif Pro", "Source Sans Pro"} & set(fonts_for("une حلقة"))
    assert fonts_for("oui 👍 ✨") == fonts_for("oui")


def test_what_nobody_chose_is_told_as_it_is_drawn(source: Source) -> None:
    look = shown(source, cover="none")
    assert [look[name] for name in NAMES] == [None, None, None, "none", True]
    assert (look["drawn"], look["remembered"], look["own_cover"]) == (["#FBFAF7", "#B3401F"], False, True)


def test_colours_that_text_could_not_be_read_on_are_told_as_the_ones_that_are_drawn(source: Source) -> None:
    look = shown(source, colour="#777777", accent="#767676", cover="none")
    background, accent = (read_colour(colour) for colour in look["drawn"])
    assert background
    assert accent
    assert (look["colour"], look["accent"]) == ("#777777", "#767676")
    assert contrast(background, (0xFB, 0xFA, 0xF7)) >= 7
    assert contrast(background, accent) >= 3
    kept = shown(source, colour="#FBFAF7", accent="#1F5F8B", cover="none")
    assert kept["drawn"] == [kept["colour"], kept["accent"]]


def test_what_is_remembered_is_told_by_names_until_all_of_it_was_chosen_anew(source: Source, tmp_path: Path) -> None:
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


def test_what_is_shown_can_be_asked_for_but_for_files_from_elsewhere(source: Source, tmp_path: Path) -> None:
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


def test_a_picture_of_the_episodes_is_used_and_never_one_that_a_link_leads_to(source: Source, tmp_path: Path) -> None:
    drawn = wanted(source, 20, 23, shape="square", cover="audiogram cover.png")
    with pytest.raises(PictureError):
        still(drawn)
    Library(source.folder.parent)  # which nothing leads out of
    Image.new("RGB", (8, 8), "teal").save(tmp_path / "secret.png")
    (source.folder / "audiogram cover.png").symlink_to(tmp_path / "secret.png")
    with pytest.raises(PictureError):
        still(drawn)
    (source.folder / "audiogram cover.png").unlink()
    Image.new("RGB", (8, 8), "teal").save(source.folder / "audiogram cover.png")
    assert still(drawn) != still(wanted(source, 20, 23, shape="square"))


def test_a_picture_takes_the_place_of_the_one_before_and_of_nothing_that_a_person_made(source: Source) -> None:
    episode, sent = Library(source.folder.parent).episode("roue-libre"), source.folder.parent / "sent.png"
    theirs = source.folder / "audiogram cover.png"
    theirs.write_bytes(b"a person's")
    for colour in ("teal", "navy"):
        Image.new("RGB", (8, 8), colour).save(sent)
        assert take_picture(episode, Staged(sent.parent, None, None, sent)) == theirs.name
        assert theirs.read_bytes() == sent.read_bytes()
    copies = [path for path in source.folder.iterdir() if path.name.startswith("audiogram cover") and path != theirs]
    assert [path.read_bytes() for path in copies] == [b"a person's"]
    with pytest.raises(Conflict, match=r"upload\.missing\.cover"):
        take_picture(episode, Staged(sent.parent, None, None, None))
