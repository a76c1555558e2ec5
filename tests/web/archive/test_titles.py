"""An episode that its feed calls otherwise is called so, but where a person gave it a title."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from msgspec.structs import replace

from aligner.storage.alignment_json import read_alignment
from tests.places import SAMPLE
from tests.web.archive.feeding import Show
from tests.web.archive.test_update import added, details, folders, library, run, show
from tests.web.library.shelved import write_sound
from web.archive.adding import exchanges
from web.archive.adding.remembered import Archive
from web.library import Library

__all__ = ["library", "show"]  # fixtures

OLD, NEW = "Épisode 1", "Le vélo, la pluie"


def call(show: Show, title: str, *, before: str = OLD) -> None:
    show.items[0] = show.items[0].replace(f"<title>{before}<", f"<title>{title}<")
    show.publish()


def give(library: Path, title: str) -> None:
    """Give the episode a title, as a person does."""
    (library / OLD / "episode.json").write_text(json.dumps(details(library, OLD) | {"title": title}), "utf-8")


@pytest.fixture
def made(show: Show, library: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    show.add(1)
    added(show, library)
    capsys.readouterr()
    return library


@pytest.mark.nightly
def test_a_new_title_is_taken_and_nothing_else_changes(
    show: Show, made: Path, sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(sample / "episode.alignment.json", made / OLD / "1.alignment.json")
    before = details(made, OLD)
    call(show, "  Le vélo, la   pluie ")
    assert run("update", made) == 0
    assert capsys.readouterr() == (f"Title     {OLD}: {NEW}\n", "")
    assert details(made, OLD) == before | {"title": NEW}
    told = read_alignment(made / OLD / "1.alignment.json").episode
    assert told
    assert told.title == NEW
    assert folders(made) == [OLD]
    show.publish()
    assert run("update", made) == 0
    assert capsys.readouterr() == ("", "")
    call(show, "Encore", before="  Le vélo, la   pluie ")
    assert run("update", made) == 0
    assert capsys.readouterr().out == f"Title     {NEW}: Encore\n"


@pytest.mark.nightly
def test_an_episode_is_called_by_the_title_that_it_has_now_and_by_its_folder_where_two_are_called_so(
    show: Show, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show.add(2)
    assert run("update", made) == 0
    call(show, NEW)
    assert run("update", made) == 0
    capsys.readouterr()
    show.host.put("/text/1.txt", b"ANNA: Le port, la nuit, et encore le port.\n", '"2"')
    assert run("update", made) == 0
    assert capsys.readouterr().out == f"Text      {NEW}: its transcript is the new one\n"
    give(made, "Épisode 2")
    show.host.put("/text/1.txt", b"ANNA: La mer, le matin, et encore la mer.\n", '"3"')
    assert run("update", made) == 0
    assert capsys.readouterr().out == f"Text      Épisode 2 ({OLD}): its transcript is the new one\n"


@pytest.mark.nightly
def test_a_title_that_a_person_gave_stays(show: Show, made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    give(made, "La pluie")
    call(show, NEW)
    for _ in range(2):
        assert run("update", made) == 0
        assert capsys.readouterr() == ("", "")
        show.publish()
    assert details(made, OLD)["title"] == "La pluie"


@pytest.mark.nightly
def test_where_a_person_gave_the_new_title_first_the_next_is_taken(
    show: Show, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    give(made, NEW)
    call(show, NEW)
    assert run("update", made) == 0
    assert capsys.readouterr() == ("", "")
    call(show, "Encore", before=NEW)
    assert run("update", made) == 0
    assert details(made, OLD)["title"] == "Encore"


@pytest.mark.nightly
def test_of_what_was_made_before_titles_were_remembered_the_title_stays(
    show: Show, made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = Archive(Library(made))
    [told] = archive.read().episodes.values()
    assert told.title == OLD
    archive.note(replace(told, title=None))
    call(show, NEW)
    assert run("update", made) == 0
    assert capsys.readouterr() == ("", "")
    assert details(made, OLD)["title"] == OLD


@pytest.mark.nightly
def test_the_title_of_another_episodes_sound_is_not_taken(
    show: Show, made: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(SAMPLE / "transcript.txt", made / OLD / "1.alignment.json")
    monkeypatch.setattr(exchanges, "move_times", lambda *_: "another episode")
    url = show.host.put("/sound/1b.wav", write_sound(show.folder / "other.wav", 3.0).read_bytes())
    show.items[0] = show.items[0].replace(f"{show.host.url}/sound/1.wav", url)
    call(show, NEW)
    assert run("update", made) == 0
    assert "another episode" in capsys.readouterr().err
    assert details(made, OLD)["title"] == OLD


def test_a_feed_that_moved_gives_the_new_title(show: Show, made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call(show, NEW)
    show.host.files["/neu.xml"] = show.host.files.pop("/feed.xml")
    assert run("add", "--yes", "--allow-private", f"{show.host.url}/neu.xml", made) == 0
    capsys.readouterr()
    assert run("update", made) == 3
    assert capsys.readouterr().out == f"Title     {OLD}: {NEW}\n"
    assert folders(made) == [OLD]
