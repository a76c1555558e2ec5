"""Ids of folders in addresses, and names of files from outside."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from web.library.folders import free_path, id_of, ids_of, safe_name


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("episode.mp3", "episode.mp3"),
        ("Épisode 3 – l’été.mp3", "Épisode 3 – l’été.mp3"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\a.mp3", "a.mp3"),
        ("a\0b\n\x1b[2Jc.mp3", "ab[2Jc.mp3"),
        ("..", "audio"),
        ("", "audio"),
        (".hidden.mp3", "hidden.mp3"),
        (".mp3", "audio.mp3"),
        ("CON.mp3", "CON_.mp3"),
        ("lpt1", "lpt1_"),
        ("con.tar.gz", "con.tar_.gz"),
        ("a" * 300 + ".mp3", "a" * 146 + ".mp3"),
        ("é" * 300 + ".mp3", "é" * 73 + ".mp3"),
        ("e\u0301.mp3", "é.mp3"),
        ("\u202egpj.exe", "gpj.exe"),
        ("a?b*c|d.mp3", "a b c d.mp3"),
        ("name. .mp3", "name.mp3"),
        ("\ud83d.mp3", "audio.mp3"),
    ],
)
def test_a_name_from_outside_becomes_a_file_name(given: str, name: str) -> None:
    assert safe_name(given, "audio") == name


@settings(deadline=None)
@given(st.text(st.characters()))
def test_no_name_leaves_its_folder_hides_or_breaks_a_file_system(given: str) -> None:
    name = safe_name(given, "audio")
    assert Path("/folder", name).parent == Path("/folder")
    assert name == Path("/folder", name).name
    assert not name.startswith(".")
    assert not name.endswith((".", " "))
    assert 0 < len(name.encode("utf-8")) <= 150
    assert not any(unicodedata.category(c).startswith("C") for c in name)
    assert unicodedata.is_normalized("NFC", name)
    assert safe_name(name, "audio") == name


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


@settings(deadline=None)
@given(st.text(st.characters(exclude_characters="/\0"), min_size=1))
def test_an_id_depends_on_the_name_alone(name: str) -> None:
    assert id_of(name) == id_of(name)
    assert id_of(name) == name or "-" in id_of(name) or len(id_of(name)) == 6
