"""The search index is as the folders are, whoever changes them, and whatever becomes of its file."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.tables import over_rows
from tests.web.library.shelved import TALK, plant
from tests.web.search.asking import answer_of, search
from web.library import Library
from web.search import Unread, Wanted, rebuild, update
from web.search import search as search_page
from web.search.upkeep import upkeep_of


def matches(library: Library, query: str) -> list[str]:
    return [hit.match for found in search(library, query) for hit in found.hits]


def file_of(library: Library) -> Path:
    return upkeep_of(library).index.database.path


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The alignments of which the words were read."""
    made: list[Path] = []

    def call(function, path):  # type: ignore[no-untyped-def]
        made.append(path)
        return function(path)

    monkeypatch.setattr("web.search.reading.call", call)
    return made


def test_a_new_alignment_is_searched_at_once(library: Library) -> None:
    folder = plant(library.root / "summer")
    assert matches(library, "vélos") == ["vélos."]
    plant(folder, TALK.replace("vélos", "trains"))
    assert matches(library, "trains") == ["trains."]
    assert matches(library, "vélos") == []


def test_an_episode_that_went_or_came_back_is_so_in_the_index(library: Library, tmp_path: Path) -> None:
    folder = plant(library.root / "summer")
    plant(library.root / "winter", "A: Le vélo dort.\n")
    assert len(matches(library, "velo")) == 2
    shutil.move(folder, tmp_path / "away")
    assert len(matches(library, "velo")) == 1
    shutil.move(tmp_path / "away", library.root / "autumn")
    assert [found.episode.id for found in search(library, "vélos")] == ["autumn"]


def test_words_are_read_once_and_again_when_they_have_changed(library: Library, counted: list[Path]) -> None:
    folder = plant(library.root / "summer")
    for _ in range(3):
        assert len(matches(library, "vélos")) == 1
    (folder / "notes.txt").write_text("another file")
    assert len(matches(Library(library.root), "vélos")) == 1  # in a server that was started again
    assert len(counted) == 1
    alignment = folder / "talk.alignment.json"
    before = alignment.stat()
    alignment.write_bytes(alignment.read_bytes().replace("vélos".encode(), "métro".encode()))
    os.utime(alignment, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert alignment.stat().st_size == before.st_size
    assert matches(library, "métro") == ["métro."]
    assert len(counted) == 2


def test_a_title_that_was_changed_is_found_without_its_words_being_read(library: Library, counted: list[Path]) -> None:
    folder = plant(library.root / "summer")
    [before] = search(library, "vélos")
    (folder / "episode.json").write_text('{"format": "quotecast-episode", "version": 1, "title": "Une promenade"}')
    [after] = search(library, "promenade vélos")
    assert (after.episode.title, after.hits) == ("Une promenade", before.hits)
    assert search(library, "“un été” vélos") == []
    assert len(counted) == 1


def test_nothing_is_written_into_the_library(library: Library) -> None:
    plant(library.root / "summer")
    before = {str(path): path.stat().st_mtime_ns for path in library.root.rglob("*")}
    assert matches(library, "vélos")
    assert {str(path): path.stat().st_mtime_ns for path in library.root.rglob("*")} == before


def test_two_libraries_have_two_indexes(library: Library, tmp_path: Path) -> None:
    plant(library.root / "summer")
    other = Library(plant(tmp_path / "other" / "summer", "A: Un tram.\n").parent)
    assert (matches(library, "tram"), matches(other, "tram")) == ([], ["tram."])
    assert file_of(library) != file_of(other)


@over_rows("content", [b"", b"no database at all" * 300, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_none_is_set_aside_and_made_anew(tmp_path: Path, content: bytes) -> None:
    library = Library(tmp_path)
    plant(library.root / "summer")
    path = file_of(library)
    path.write_bytes(content)
    assert matches(library, "vélos") == ["vélos."]
    assert path.with_name(f"{path.name}.damaged").exists() == bool(content)


def test_an_index_whose_pages_are_damaged_gives_no_error_and_is_made_anew(library: Library) -> None:
    for k in range(10):
        plant(library.root / str(k), f"A: {' '.join(f'mot{n}' for n in range(k, k + 900))} vélos\n")
    assert len(matches(library, "vélos")) == 10
    upkeep_of(library).index.database.close()
    path = file_of(library)
    sqlite3.connect(path).execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()
    content = bytearray(path.read_bytes())
    start = len(content) // 2
    content[start : start + len(content) // 5] = os.urandom(len(content) // 5)
    path.write_bytes(content)
    again = Library(library.root)
    for k in range(3):
        plant(library.root / str(k), "A: Des vélos ?\n")
    matches(again, "vélos")  # by which it is found out, unless it has been before
    matches(again, "mot1 mot2")
    assert len(matches(again, "vélos")) in range(11)
    rebuild(again)
    assert len(matches(again, "vélos")) == 10


def test_what_another_version_made_is_replaced(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(library.root / "summer")
    assert matches(library, "vélos") == ["vélos."]
    before = file_of(library)
    monkeypatch.setattr("web.search.database._VERSION", "999-0")
    later = Library(library.root)
    assert matches(later, "vélos") == ["vélos."]
    assert file_of(later) != before
    assert not before.exists()


def test_where_the_cache_cannot_be_written_there_is_an_index_all_the_same(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way of a folder")
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path / "file" / "cache"))
    plant(library.root / "summer")
    assert matches(library, "vélos") == ["vélos."]
    folder = file_of(library).parent
    upkeep_of(library).index.database.close()
    assert not folder.exists()


def test_an_episode_whose_words_are_too_many_fails_alone_and_is_tried_once(
    library: Library, counted: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    large = plant(library.root / "large", TALK + "mot " * 5000) / "talk.alignment.json"
    plant(library.root / "small")
    monkeypatch.setattr("web.search.word_index.LARGEST_BYTES", 100_000)
    for _ in range(2):
        answer = answer_of(library, "vélos")
        assert [found.episode.id for found in answer.found] == ["small"]
        assert [(why, each.id) for why, each in answer.unread] == [(Unread.TOO_LARGE, "large")]
    assert counted.count(large) == 1


def test_in_a_large_library_what_changed_elsewhere_is_never_shown_as_it_was(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.search.upkeep._FEW", 0)  # looked at in the background
    monkeypatch.setattr("web.search.upkeep._REST", 1e9)  # and not again
    folder = plant(library.root / "summer")
    rebuild(library)
    plant(folder, TALK.replace("vélos", "vélos bleus"))
    [hit] = search_page(library, Wanted("vélos")).found[0].hits
    assert hit.after.startswith(" bleus")
    shutil.rmtree(folder)
    assert search_page(library, Wanted("vélos")).found == []
    episode = Library(plant(folder).parent).episode("summer")
    assert search_page(library, Wanted("vélos")).found == []  # as nobody has looked
    update(library, episode)
    assert len(search_page(library, Wanted("vélos")).found) == 1


@pytest.mark.nightly
def test_many_search_while_much_changes(library: Library) -> None:
    folders = [plant(library.root / str(k), f"A: Le vélo {k}.\n") for k in range(6)]
    assert len(matches(library, "vélo")) == 6

    def ask(number: int) -> int:
        if number % 4 == 0:
            plant(folders[number % 6], f"A: Un vélo {number}.\n")
        return len(matches(library, "vélo"))

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(24))) <= set(range(7))
    assert len(matches(library, "vélo")) == 6


_CHILD = """
import sys
from pathlib import Path
from web.library import Library
from web.search import rebuild, update
from web.search.upkeep import upkeep_of
library = Library(Path(sys.argv[1]))
print("ready", flush=True)
for _ in range(int(sys.argv[2])):
    upkeep_of(library).look()
    for folder in library.folders().values():
        (folder / "touched").write_bytes(b"")
        (folder / "touched").unlink()
"""


def child(library: Library, times: int) -> subprocess.Popen[str]:
    asked = [sys.executable, "-c", _CHILD, str(library.root), str(times)]
    return subprocess.Popen(asked, stdout=subprocess.PIPE, text=True)


@pytest.mark.nightly
def test_a_process_that_is_killed_while_it_writes_leaves_an_index_that_is_whole(library: Library) -> None:
    for k in range(20):
        plant(library.root / str(k), f"A: Le vélo {' '.join(f'mot{n}' for n in range(300))} {k}.\n")
    for k in range(8):
        each = child(library, 1000)
        assert each.stdout
        assert each.stdout.readline() == "ready\n"
        time.sleep(0.05 + 0.1 * k)
        each.kill()
        each.communicate()
    assert len(matches(library, "vélo")) == 20
    connection = sqlite3.connect(file_of(library))
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
    connection.close()
