"""An episode that nothing gives a title is called as a person would read the name of its file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.tables import over_rows
from tests.web.archive.feeding import TALK
from tests.web.archive.test_update import details, folders, library, run
from tests.web.library.shelved import write_sound
from web.archive.adding.file_titles import date_by_name, titles_by_name
from web.archive.adding.remembered import Archive
from web.library import Library

__all__ = ["library"]  # a fixture


@over_rows(
    "name, title",
    [
        ("S02E02_MASTER_16bit", "S02E02"),
        ("S02E01 greve estivadores MASTER", "S02E01 greve estivadores"),
        ("01 - Maré alta (final_v2)", "01 - Maré alta"),
        ("T1E02_O farol da Ilha_12.03.2024", "T1E02 O farol da Ilha"),
        ("especial_natal_2024-12-24", "especial natal"),
        ("São João no cais, 24 de junho de 2024", "São João no cais"),
        ("La mer (2024-05-01) partie 2", "La mer partie 2"),
        ("Le port 48kHz 24bit.wav", "Le port"),
        ("Jeux (suite) v3", "Jeux (suite)"),
        ("第1回 市場_v2", "第1回 市場"),
        ("roue-final", "roue"),
    ],
)
def test_technical_words_at_its_end_and_its_date_are_left_out(name: str, title: str) -> None:
    assert titles_by_name(name, date_by_name(name))[0] == title


@over_rows(
    "name",
    ["O grande final", "The Final Mix", "Bilan du 24 juin 2024", "2024-12-24", "Master", "v2", "Corrida 10k", "A.C."],
)
def test_what_is_said_is_kept(name: str) -> None:
    assert titles_by_name(name, date_by_name(name)) == (name,)


def test_a_date_that_is_not_the_episodes_is_kept() -> None:
    assert titles_by_name("La mer 2024-05-01", "2025-01-01") == ("La mer 2024-05-01",)


def test_between_dots_the_day_stands_first() -> None:
    assert [date_by_name(name) for name in ("a 03.12.2024", "a 12.03.2024", "a 24 juin 2024", "a")] == [
        "2024-12-03", "2024-03-12", "2024-06-24", None
    ]  # fmt: skip


def laid(source: Path, sound: str, text: str) -> None:
    write_sound(source / f"{sound}.wav", 2.0 + sum(map(ord, sound)) % 50)
    (source / f"{text}.txt").write_text(f"{TALK}\nANNA: {sound}.\n", "utf-8")


def add(source: Path, library: Path) -> None:
    assert run("add", "--yes", "--sure", "0.5", "--listen", "none", source, library) == 0


@pytest.mark.nightly
def test_the_date_of_a_transcripts_name_is_the_episodes_where_nothing_else_tells_one(
    tmp_path: Path, library: Path
) -> None:
    laid(tmp_path / "source", "S02E02_MASTER_16bit", "S02E02 rendeiras – 11 fev 2025")
    add(tmp_path / "source", library)
    told = details(library, "S02E02")
    assert (told["title"], told["date"]) == ("S02E02", "2025-02-11")


@pytest.mark.nightly
def test_what_others_would_be_called_too_tells_them_apart(tmp_path: Path, library: Path) -> None:
    source = tmp_path / "source"
    for name in ("Jornal 2024-05-01", "Jornal 2024-05-08", "E1_v2", "E1 ao vivo_v2"):
        laid(source, name, name)
    add(source, library)
    assert folders(library) == ["E1", "E1 ao vivo", "Jornal 2024-05-01", "Jornal 2024-05-08"]
    laid(source, "E1 ao vivo (final)", "E1 ao vivo (final)")
    assert run("update", "--sure", "0.5", "--no-listen", library) == 0
    assert folders(library)[2] == "E1 ao vivo (final)"


@pytest.mark.parametrize("given", [None, "Minha rede"])
def test_what_was_called_as_its_file_before_is_called_plainly_but_where_a_person_gave_a_title(
    tmp_path: Path, library: Path, capsys: pytest.CaptureFixture[str], given: str | None
) -> None:
    laid(tmp_path / "source", "S02E02_MASTER_16bit", "S02E02 rendeiras – 11 fev 2025")
    add(tmp_path / "source", library)
    archive, raw = Archive(Library(library)), "S02E02 MASTER 16bit"
    [told] = archive.read().episodes.values()
    archive.note(replace(told, title=raw, named=None))
    before = details(library, "S02E02") | {"title": given or raw, "date": None}
    (library / "S02E02" / "episode.json").write_text(json.dumps(before), "utf-8")
    capsys.readouterr()
    for said in ("" if given else f"Title     {raw}: S02E02\n", ""):
        assert run("update", "--no-listen", library) == 0
        assert capsys.readouterr() == (said, "")
    after = details(library, "S02E02")
    assert (after["title"], after["date"]) == ((given, None) if given else ("S02E02", "2025-02-11"))
