"""Ids of folders in addresses."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tables import over_rows
from tests.web.library.shelved import plant
from web.errors import NotFound
from web.library import Library
from web.library.folders import free_path, id_of, ids_of


def test_a_name_that_is_taken_gets_a_number_whatever_its_case(tmp_path: Path) -> None:
    (tmp_path / "Été.mp3").touch()
    (tmp_path / "été 2.mp3").touch()
    assert free_path(tmp_path, "été.mp3").name == "été 3.mp3"
    assert free_path(tmp_path / "nowhere", "a.mp3").name == "a.mp3"


@settings(deadline=None)
@given(st.lists(st.text(st.characters(exclude_characters="/\0"), min_size=1), unique=True, max_size=20))
def test_ids_are_plain_and_each_folder_has_its_own(names: list[str]) -> None:
    found = ids_of(Path("/library") / name for name in names if name not in (".", ".."))
    assert len(found) == len([name for name in names if name not in (".", "..")])
    assert all(key.strip("-") == key and key.replace("-", "a").isalnum() and key.isascii() for key in found)


@over_rows(
    "name, begins",
    [
        ("L'été cœur", "l-ete-coeur-"),
        ("L’Œuvre, ex æquo", "l-oeuvre-ex-aequo-"),
        ("Große Straße", "grosse-strasse-"),
        ("Łódź på Ærø", "lodz-pa-aero-"),
        ("Þingvellir og Ðavik", "thingvellir-og-davik-"),
        ("mot " * 30, "mot-" * 15),
        ("a" * 100, "a" * 60 + "-"),
    ],
)
def test_an_id_spells_out_every_letter_and_is_cut_at_a_word(name: str, begins: str) -> None:
    found = id_of(name)
    assert found.startswith(begins)
    assert len(found) == len(begins) + 6


@pytest.mark.parametrize("before", ["l-ete-cur-{}", "lete-coeur-{}"])
def test_an_address_from_before_leads_where_it_did(library: Library, before: str) -> None:
    plant(library.root / "L'été cœur")
    plant(library.root / "other")
    now = id_of("L'été cœur")
    assert library.episode(before.format(now[-6:])).id == now
    with pytest.raises(NotFound):
        library.episode(before.format("0ff0ff"))
