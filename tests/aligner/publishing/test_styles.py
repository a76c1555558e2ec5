"""The style of a show is remembered; a configuration that cannot be used costs only that."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aligner.errors import AlignerError
from aligner.publishing.showing import StyleChoices, recall, remember, style_of
from aligner.storage.database import config_folder
from tests.tables import over_rows

pytestmark = pytest.mark.usefixtures("own_configuration")


def test_what_was_chosen_for_a_show_is_chosen_again_for_it_alone() -> None:
    remember("Marées", StyleChoices(colour="#123456", font="Lato"))
    assert recall("Marées") == StyleChoices(colour="#123456", font="Lato")
    assert recall("Roues") == StyleChoices()
    assert recall("Marées", StyleChoices(colour="#abc", accent=None)) == StyleChoices(colour="#abc", font="Lato")
    remember("Marées", recall("Marées", StyleChoices(colour="auto")))  # which forgets
    assert recall("Marées") == StyleChoices(font="Lato")
    content = (config_folder() / "audiograms.json").read_text(encoding="utf-8")
    assert "Marées" in content
    assert json.loads(content) == {"Marées": {"font": "Lato"}}
    remember(None, StyleChoices(colour="#123456"))
    assert recall(None) == StyleChoices()


def test_that_no_end_card_is_wanted_is_remembered_until_one_is() -> None:
    assert style_of(recall("Marées")).end_card
    remember("Marées", StyleChoices(end_card=False))
    assert not style_of(recall("Marées")).end_card
    assert style_of(recall("Marées", StyleChoices(end_card=True))).end_card


def test_a_cover_is_found_from_any_folder_and_forgotten_where_it_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cover.png").touch()
    remember("Marées", StyleChoices(cover="cover.png"))
    assert recall("Marées") == StyleChoices(cover=str(tmp_path / "cover.png"))
    remember("Marées", StyleChoices(cover=str(tmp_path / "gone.png"), font="Lato"))
    assert recall("Marées") == StyleChoices(font="Lato")
    remember("Marées", StyleChoices(cover="none"))
    assert recall("Marées") == StyleChoices(cover="none")


@over_rows(
    "content", ["", "[]", '{"Marées": 3}', '{"Marées": {"colour": 7}}', '{"Marées": {"end_card": "no"}}', "[" * 5000]
)
def test_a_damaged_configuration_is_none(content: str) -> None:
    config_folder().mkdir(parents=True, exist_ok=True)
    (config_folder() / "audiograms.json").write_text(content, encoding="utf-8")
    assert recall("Marées") == StyleChoices()
    remember("Marées", StyleChoices(colour="#123456"))
    assert recall("Marées") == StyleChoices(colour="#123456")


def test_a_configuration_that_cannot_be_written_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("QUOTECAST_CONFIG", str(tmp_path / "file" / "folder"))
    remember("Marées", StyleChoices(colour="#123456"))
    assert recall("Marées") == StyleChoices()


def test_colours_are_read_and_what_is_none_is_refused() -> None:
    style = style_of(StyleChoices(colour="#1F5F8B", accent="fa0", cover="cover.png"))
    assert (style.colour, style.accent, style.font, style.cover) == (
        (31, 95, 139),
        (255, 170, 0),
        None,
        Path("cover.png"),
    )
    with pytest.raises(AlignerError, match="blue: is no colour; --accent expects one such as"):
        style_of(StyleChoices(accent="blue"))
