"""Sources and library in the wrong order are told in a line, and leave nothing anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from media.errors import UserError
from tests.web.archive.feeding import TALK
from tests.web.archive.test_update import folders, library, run
from tests.web.library.shelved import tree, write_sound

__all__ = ["library"]  # a fixture

FEED = "https://anna:gEh31m@example.org/feed.xml?key=gEh31m"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder in which a sound and its transcript lie in one of their own."""
    write_sound(tmp_path / "source" / "phare" / "phare.wav", 2.0)
    (tmp_path / "source" / "phare" / "phare.txt").write_text(TALK, "utf-8")
    return tmp_path / "source"


def add(*given: str | Path) -> int:
    return run("add", "--yes", "--sure", "0.5", "--listen", "none", *given)


def refused(root: Path, *given: str | Path) -> str:
    """What is said of these arguments, by which nothing has changed anywhere."""
    before = tree(root)
    with pytest.raises(UserError) as told:
        add(*given)
    assert tree(root) == before
    return str(told.value)


def test_a_library_that_comes_first_is_told(source: Path, library: Path, tmp_path: Path) -> None:
    add(source, library)
    told = f"{library}: is a library, which comes last, after what its episodes come from"
    (tmp_path / "feed.xml").write_text("<rss/>", "utf-8")
    for last in (source, tmp_path / "new", FEED, tmp_path / "feed.xml"):
        assert refused(tmp_path, library, last) == told


def test_a_new_library_that_comes_first_is_told(source: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    told = f"{new}: nothing is there; expected a feed, a folder or a file, and the library last"
    for last in (source, FEED):
        assert refused(tmp_path, new, last) == told


def test_a_feed_that_comes_last_is_told_without_its_key(source: Path, tmp_path: Path) -> None:
    told = refused(tmp_path, source, FEED)
    assert told == "https://example.org/feed.xml?…: is an address of the web; the library comes last, a folder"


def test_a_file_that_comes_last_is_told(source: Path, tmp_path: Path) -> None:
    sound = source / "phare" / "phare.wav"
    assert refused(tmp_path, source, sound) == f"{sound}: is a file; the library comes last, which is a folder"


def test_a_folder_of_sounds_that_comes_last_is_told(source: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for first, last in ((FEED, source / "phare"), (tmp_path / "empty", source)):
        told = "holds sounds or transcripts as a source does; the library comes last, in a folder of its own"
        assert refused(tmp_path, first, last) == f"{last}: {told}"


def test_a_library_whose_sources_were_forgotten_is_no_library(source: Path, library: Path, tmp_path: Path) -> None:
    """As where a source was once named as one by mistake."""
    (tmp_path / "none").mkdir()
    assert add(tmp_path / "none", library) == 0
    assert run("forget", tmp_path / "none", library) == 0
    write_sound(library / "mer" / "mer.wav", 3.0)
    (library / "mer" / "mer.txt").write_text(TALK.replace("vélo", "mer"), "utf-8")
    assert add(library, tmp_path / "other") == 0
    assert folders(tmp_path / "other") == ["mer"]


def test_of_two_libraries_the_last_is_the_one(source: Path, library: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    add(source, library)
    write_sound(tmp_path / "mer.wav", 3.0)
    (tmp_path / "mer.txt").write_text(TALK.replace("vélo", "mer"), "utf-8")
    add(tmp_path / "mer.wav", tmp_path / "mer.txt", other)
    assert add(library, other) == 0
    assert folders(other) == ["mer", "phare"]


@pytest.mark.parametrize("command", ["update", "forget"])
def test_a_folder_without_an_archive_is_told_and_stays_as_it_is(source: Path, command: str) -> None:
    before = tree(source)
    with pytest.raises(UserError, match="has no sources yet"):
        run(command, *([FEED] if command == "forget" else []), source)
    assert tree(source) == before
