"""Sources that are read no more; what was made of them stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from aligner.errors import OutputError
from tests.tables import over_rows
from tests.web.archive.feeding import TALK, Show
from tests.web.archive.test_update import added, folders, library, run, show
from tests.web.library.shelved import tree, write_sound
from web.archive.adding.remembered import Archive
from web.archive.doubts.record import doubts_in
from web.archive.errors import ArchiveError
from web.library import Library

__all__ = ["library", "show"]  # fixtures


def sources(library: Path) -> list[str]:
    return [*Archive(Library(library)).read().sources]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an episode."""
    write_sound(tmp_path / "folder" / "phare.wav", 2.0)
    (tmp_path / "folder" / "phare.txt").write_text(TALK.replace("vélo", "phare"), "utf-8")
    return tmp_path / "folder"


def add_folder(folder: Path, library: Path) -> None:
    assert run("add", "--yes", "--sure", "0.5", "--listen", "none", folder, library) == 0


@pytest.mark.nightly
def test_a_dead_feed_that_was_forgotten_is_asked_no_more_and_its_episodes_stay(
    show: Show, library: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show.add(1)
    added(show, library)
    add_folder(folder, library)
    show.host.files.clear()
    assert run("update", library) == 3
    before, feed = tree(library / "Épisode 1"), f"{show.host.url}/feed.xml"
    capsys.readouterr()
    assert run("forget", feed, library) == 0
    assert capsys.readouterr() == (f"Forgotten {feed}\n", "")
    show.host.asked.clear()
    assert run("update", library) == 0
    assert capsys.readouterr() == ("", "")
    assert show.host.asked == []
    assert sources(library) == [str(folder)]
    assert folders(library) == ["phare", "Épisode 1"]
    assert tree(library / "Épisode 1") == before
    assert [*(library / ".quotecast" / "archive" / "feeds").iterdir()] == []


@pytest.mark.nightly
def test_a_feed_that_was_forgotten_and_added_again_goes_on(show: Show, library: Path, folder: Path) -> None:
    show.add(1)
    added(show, library)
    assert run("forget", show.publish(), library) == 0
    show.host.put("/text/1.txt", TALK.replace("pluie", "neige").encode(), '"2"')
    added(show, library)
    assert run("update", library) == 0
    assert folders(library) == ["Épisode 1"]
    assert "neige" in (library / "Épisode 1" / "transcript.txt").read_text("utf-8")


@pytest.mark.nightly
def test_several_are_forgotten_a_folder_by_its_name_from_here(
    show: Show, library: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show.add(1)
    added(show, library)
    add_folder(folder, library)
    monkeypatch.chdir(folder.parent)
    assert run("forget", "folder/", show.publish(), library) == 0
    assert sources(library) == []
    with pytest.raises(ArchiveError, match="has no sources yet"):
        run("forget", folder, library)


@pytest.mark.nightly
def test_a_private_feed_is_forgotten_by_what_is_shown_of_it(
    show: Show, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show.add(1)
    feeds = [f"{show.publish()}?key=gEh31m{number}" for number in (1, 2)]
    told = f"{show.host.url}/feed.xml?…"
    for feed in feeds:
        assert run("add", "--yes", "--allow-private", feed, library) == 0
    with pytest.raises(ArchiveError) as error:  # which of them?
        run("forget", told, library)
    assert str(error.value) == f"{told}: is no source of {library}; its sources are {told}, {told}"
    assert run("forget", feeds[0], library) == 0
    assert run("forget", told, library) == 0
    assert sources(library) == []
    assert "gEh31m" not in "".join(capsys.readouterr())


def test_where_one_is_no_source_none_is_forgotten(library: Path, folder: Path) -> None:
    add_folder(folder, library)
    other = "https://anna:gEh31m@example.org/feed.xml"
    with pytest.raises(ArchiveError) as error:
        run("forget", folder, other, library)
    told = f"https://example.org/feed.xml: is no source of {library}; its sources are {folder}"
    assert str(error.value) == told
    assert sources(library) == [str(folder)]


@pytest.mark.nightly
def test_a_folder_that_was_copied_and_forgotten_is_followed_where_it_was_added_anew(
    library: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add_folder(folder, library)
    new = folder.with_name("new")
    new.mkdir()
    for path in folder.iterdir():
        (new / path.name).write_bytes(path.read_bytes())
    assert run("forget", folder, library) == 0
    add_folder(new, library)
    assert run("update", library) == 0
    capsys.readouterr()
    (new / "phare.txt").write_text(TALK.replace("pluie", "neige"), "utf-8")
    assert run("update", library) == 0
    assert "Text      phare: its transcript is the new one" in capsys.readouterr().out


@pytest.mark.nightly
def test_what_was_not_taken_of_a_source_is_not_told_once_it_is_forgotten(
    show: Show, library: Path, folder: Path
) -> None:
    show.add(1)
    added(show, library)
    add_folder(folder, library)
    [transcript] = (library / "Épisode 1").glob("*.txt")
    transcript.write_text("ANNA: Edited here.\n", "utf-8")
    show.host.put("/text/1.txt", b"ANNA: Edited there.\n", '"2"')
    assert run("update", library) == 0
    archive = Archive(Library(library)).folder
    assert [(each.folder, each.kind) for each in doubts_in(archive).stays] == [("Épisode 1", "edited")]
    assert run("forget", f"{show.host.url}/feed.xml", library) == 0
    assert doubts_in(archive).stays == ()


@over_rows("command", [("update",), ("forget", "folder")])
def test_no_library_is_made_where_there_is_none(tmp_path: Path, command: tuple[str, ...]) -> None:
    with pytest.raises(OutputError, match="nothing is there; expected a library"):
        run(*command, tmp_path / "lirbary")
    assert not (tmp_path / "lirbary").exists()


@pytest.mark.nightly
def test_a_folder_is_one_source_however_it_is_named(folder: Path, library: Path) -> None:
    add_folder(folder, library)
    add_folder(folder / ".." / folder.name, library)
    assert sources(library) == [str(folder)]
    assert run("forget", folder / ".." / folder.name, library) == 0
    assert sources(library) == []


def test_a_library_is_no_source_of_itself(folder: Path, library: Path) -> None:
    add_folder(folder, library)
    with pytest.raises(ArchiveError, match="is the library itself"):
        run("add", "--yes", library, library)
    assert sources(library) == [str(folder)]


@pytest.mark.nightly
@pytest.mark.parametrize("changed", [("wav",), ("txt",), ("wav", "txt")])
def test_files_that_were_forgotten_and_changed_are_no_second_episode_where_their_folder_is_added(
    folder: Path, library: Path, capsys: pytest.CaptureFixture[str], changed: tuple[str, ...]
) -> None:
    sound, text = folder / "phare.wav", folder / "phare.txt"
    how = ("--yes", "--sure", "0.5", "--listen", "none", "--without-transcript")
    assert run("add", *how, sound, text, library) == 0
    for each in (sound, text):
        assert run("forget", each, library) == 0
    if "wav" in changed:
        write_sound(sound, 3.0)
    if "txt" in changed:
        text.write_text(TALK.replace("pluie", "neige"), "utf-8")
    capsys.readouterr()
    assert run("add", *how, folder, library) == 0
    assert capsys.readouterr().out.splitlines() == [
        "Changed   phare: what it was made of has changed, which an update takes up",
        "Found     0 sure, 0 in doubt; left over: 0 sounds, 0 transcripts",
        "Made      nothing",
    ]
    assert run("update", library) == 0
    assert folders(library) == ["phare"]
    assert (library / "phare" / "phare.wav").read_bytes() == sound.read_bytes()
    assert (library / "phare" / "phare.txt").read_text("utf-8") == text.read_text("utf-8")
