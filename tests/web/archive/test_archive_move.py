"""Whose archive a library has, at which path, and how its sources are forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.aligner.command import assert_refused
from tests.tables import over_rows
from tests.web.archive.archiving import archive, archive_of, done, folders, name_of, reword, write_episode
from tests.web.library.shelved import tree

ALL = [name_of(number) for number in (1, 2, 3)]


@pytest.fixture
def added(source: Path, library: Path) -> Path:
    done("add", "--yes", source, library)
    return library


def test_a_library_that_was_moved_keeps_what_is_remembered_of_it(added: Path, source: Path, tmp_path: Path) -> None:
    new = tmp_path / "new place"
    added.rename(new)
    assert_refused(archive("update", new), "no archive of yours; .*archive move follows a library that was moved")
    assert f"Moved     {added} -> {new}" in done("move", added, new)
    assert done("update", new) == ""
    reword(source / f"{ALL[0]}.txt")
    done("update", new)
    assert f"Changed   {ALL[0]}" in done("status", new)


def test_what_cannot_be_moved_is_refused_and_stays(added: Path, source: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    done("add", "--yes", source, other)
    assert_refused(archive("move", added, other), "other: has an archive of its own already")
    assert_refused(archive("move", tmp_path / "nowhere", added), "has an archive of its own|no archive of yours was")
    assert_refused(archive("move", added, tmp_path / "nowhere"), "nothing is there; expected a library")
    assert not (tmp_path / "nowhere").exists()
    assert done("update", added) == done("update", other) == ""


@over_rows("command", ["update", "status", "forget", "run"])
def test_a_library_that_somebody_sent_has_no_archive_here(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that authorises reading a source lies in the user's own data folder, and nothing in the library."""
    library = tmp_path / "library"
    _, text = write_episode(tmp_path / "source", 1)
    done("add", "--yes", tmp_path / "source", library)
    before = tree(library)
    assert not [name for name, content in before.items() if str(tmp_path).encode() in content]
    monkeypatch.setenv("QUOTECAST_DATA", str(tmp_path / "another user"))
    text.write_text("Anna: Secret.\n", "utf-8")
    if command != "run":
        more = (str(tmp_path / "source"),) if command == "forget" else ()
        assert_refused(archive(command, library, *more), "no archive of yours")
    assert tree(library) == before


def test_a_library_is_known_by_its_real_path(added: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to(added)
    for name in ("library", "./library/", "link"):
        assert done("update", name) == ""
        assert f"Source    {tmp_path / 'source'}" in done("status", name)


def test_a_source_that_is_forgotten_is_read_no_more_and_its_episodes_stay(
    added: Path, source: Path, tmp_path: Path
) -> None:
    write_episode(tmp_path / "more", 4)
    done("add", "--yes", tmp_path / "more", added)
    before = folders(added)
    assert done("forget", added, source) == f"Forgotten {source}; its episodes stay\n"
    write_episode(source, 5)
    reword(source / f"{ALL[0]}.txt")
    assert done("update", added) == ""
    assert (archive_of(added).changes(), "Gone" in done("status", added)) == ([], False)
    assert folders(added) == before
    refused = archive("forget", added, source)
    assert_refused(refused, "is no source and no missing episode")
