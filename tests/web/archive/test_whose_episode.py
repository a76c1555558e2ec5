"""Which folder is the episode that an archive made, and whose record says where its transcript was had from."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.web.archive.feeding import TALK, Show
from tests.web.archive.test_update import added, folders, library, run, show
from tests.web.library.shelved import write_sound
from web.archive.adding.remembered import Archive

__all__ = ["library", "show"]  # fixtures


def talk_in(folder: Path) -> str:
    [text] = folder.glob("*.txt")
    return text.read_text("utf-8")


@pytest.mark.nightly
@pytest.mark.parametrize("name", ["0 copy", "Épisode 1 (copy)"])
def test_a_copy_that_a_person_made_of_an_episode_follows_no_source(show: Show, library: Path, name: str) -> None:
    show.add(1)
    added(show, library)
    shutil.copytree(library / "Épisode 1", library / name)
    show.host.put("/text/1.txt", TALK.replace("pluie", "neige").encode(), '"2"')
    assert run("update", library) == 0
    assert "neige" in talk_in(library / "Épisode 1")
    assert "neige" not in talk_in(library / name)


def test_a_transcript_is_asked_for_only_where_this_user_had_it_from(
    show: Show, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show.add(1)
    added(show, library)
    lines = library / ".quotecast" / "archive" / "episodes.jsonl"
    said = show.host.put("/private", TALK.replace("vélo", "secret").encode())
    lines.write_text(lines.read_text("utf-8").replace(f"{show.host.url}/text/1.txt", said), "utf-8")
    assert said in lines.read_text("utf-8")
    monkeypatch.setenv("QUOTECAST_CONFIG", str(tmp_path / "another user's"))
    write_sound(tmp_path / "mine" / "E02.wav", 1.5)
    assert run("add", "--yes", "--listen", "none", "--allow-private", tmp_path / "mine", library) == 0
    show.host.asked.clear()
    assert run("update", library) == 0
    assert show.host.asked == []
    assert "secret" not in talk_in(library / "Épisode 1")


@pytest.mark.nightly
def test_a_record_of_before_seals_follows_its_feed_again_once_that_is_read(show: Show, library: Path) -> None:
    show.add(1)
    added(show, library)
    lines = library / ".quotecast" / "archive" / "episodes.jsonl"
    told = [json.loads(line) for line in lines.read_text("utf-8").splitlines()]
    lines.write_text("".join(f"{json.dumps({**each, 'seal': ''})}\n" for each in told), "utf-8")
    show.add(2)  # the feed has changed
    assert run("update", library) == 0
    show.host.put("/text/1.txt", TALK.replace("pluie", "neige").encode(), '"2"')
    assert run("update", library) == 0
    assert "neige" in talk_in(library / "Épisode 1")


def test_a_transcript_that_was_edited_while_an_update_took_another_stays(
    show: Show, library: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    show.add(1)
    added(show, library)
    [text] = (library / "Épisode 1").glob("*.txt")
    note = Archive.note

    def edited_meanwhile(archive: Archive, made: object) -> None:
        note(archive, made)  # type: ignore[arg-type]
        if getattr(made, "giving", None):
            text.write_text("ANNA: Ce que j'ai écrit.\n", "utf-8")

    monkeypatch.setattr(Archive, "note", edited_meanwhile)
    show.host.put("/text/1.txt", TALK.replace("pluie", "neige").encode(), '"2"')
    assert run("update", library) == 0
    assert text.read_text("utf-8") == "ANNA: Ce que j'ai écrit.\n"
    assert "was edited here too" in capsys.readouterr().err


@pytest.mark.nightly
def test_a_title_of_which_nothing_is_seen_is_that_of_the_file(show: Show, library: Path) -> None:
    show.add(1)
    show.items[0] = show.items[0].replace("<title>Épisode 1<", "<title>\u202e<")
    added(show, library)
    assert folders(library) == ["1"]
