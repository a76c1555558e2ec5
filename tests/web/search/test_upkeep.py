"""The search index follows changes of the folders and survives damage."""

import contextlib
import os
import shutil
import sqlite3
from pathlib import Path
from unittest.mock import Mock

import pytest
from flask.testing import FlaskClient

from tests.tables import over_rows
from tests.web.library.shelved import TALK, plant
from tests.web.search.asking import search
from web.app import create_app
from web.errors import Busy, Unusable
from web.library import Library
from web.search import index_of
from web.search.answers import Criteria
from web.search.answers import search as search_page
from web.settings import Settings


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's cache, where the index lies."""
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The alignments of which the words were read."""
    made: list[Path] = []

    def call(function, path):  # type: ignore[no-untyped-def]
        made.append(path)
        return function(path)

    monkeypatch.setattr("web.search.index.call", call)
    return made


def found(library: Library, query: str) -> list[str]:
    return [each.episode.id for each in search(library, query)]


def file_of(library: Library) -> Path:
    return index_of(library).path


def test_added_changed_renamed_and_removed_episodes_are_found_as_they_are(library: Library, tmp_path: Path) -> None:
    folder = plant(library.root / "summer")
    plant(library.root / "winter", "A: Le vélo dort.\n")
    assert sorted(found(library, "vél")) == ["summer", "winter"]
    plant(folder, TALK.replace("vélos", "trains"))
    assert found(library, "vél") == ["winter"]
    assert found(library, "trains") == ["summer"]
    shutil.move(folder, tmp_path / "away")
    assert found(library, "trains") == []
    shutil.move(tmp_path / "away", library.root / "autumn")
    assert found(library, "trains") == ["autumn"]


def test_a_search_waits_for_the_update_after_a_change_through_the_app(library: Library) -> None:
    assert search_page(library, Criteria("vélos")).found == []
    plant(library.root / "summer")
    library.changes += 1
    assert len(search_page(library, Criteria("vélos")).found) == 1


def test_a_failed_update_is_logged_in_one_line_and_not_repeated_at_once(
    library: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    index_of(library).update()
    library.changes += 1
    monkeypatch.setattr("web.search.index._SHORTEST_PAUSE", 1000.0)
    monkeypatch.setattr(index_of(library), "update", Mock(side_effect=Busy("worker_pool.busy")))
    for _ in range(3):
        search_page(library, Criteria("vélos"))
    assert [(each.getMessage(), each.exc_info) for each in caplog.records] == [
        ("the search index is behind: worker_pool.busy", None)
    ]


def test_words_are_read_once_and_again_when_the_folder_has_changed(library: Library, counted: list[Path]) -> None:
    folder = plant(library.root / "summer")
    for _ in range(3):
        assert found(Library(library.root), "vélos") == ["summer"]  # in a server that was started again
    assert len(counted) == 1
    (folder / "episode.json").write_text('{"format": "quotecast-episode", "version": 1, "title": "Une promenade"}')
    assert found(library, "promenade vélos") == ["summer"]
    assert found(library, "“un été” vélos") == []
    alignment = folder / "talk.alignment.json"
    before = alignment.stat()
    alignment.write_bytes(alignment.read_bytes().replace("vélos".encode(), "métro".encode()))
    os.utime(alignment, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert alignment.stat().st_size == before.st_size
    assert found(library, "métro") == ["summer"]


def test_a_query_that_takes_too_long_is_ended(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.search.index._LONGEST_QUERY", 0.0)
    endless = "WITH RECURSIVE n (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM n) SELECT max(k) FROM n"
    index_of(library).update()
    with pytest.raises(Unusable, match="time"):
        index_of(library).use(lambda connection: connection.execute(endless).fetchone())


def test_nothing_is_written_into_the_library(library: Library) -> None:
    plant(library.root / "summer")
    before = {str(path): path.stat().st_mtime_ns for path in library.root.rglob("*")}
    assert found(library, "vélos")
    assert {str(path): path.stat().st_mtime_ns for path in library.root.rglob("*")} == before


def test_two_libraries_have_two_indexes(library: Library, tmp_path: Path) -> None:
    plant(library.root / "summer")
    other = Library(plant(tmp_path / "other" / "summer", "A: Un tram.\n").parent)
    assert (found(library, "tram"), found(other, "tram")) == ([], ["summer"])


def outdated() -> bytes:
    """Return a database with tables of another version."""
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript("CREATE TABLE episode (number); PRAGMA user_version = 1")
        return connection.serialize()


@over_rows("content", [b"", b"no database" * 300, b"SQLite format 3\0" + b"\xff" * 5000, outdated()])
def test_a_file_that_is_not_a_current_index_is_replaced(library: Library, content: bytes) -> None:
    plant(library.root / "summer")
    file_of(library).parent.mkdir(parents=True, exist_ok=True)
    file_of(library).write_bytes(content)
    assert [each.episode.id for each in search_page(library, Criteria("vélos")).found] == ["summer"]


def test_a_damaged_or_deleted_index_is_built_again(library: Library) -> None:
    for k in range(10):
        plant(library.root / str(k), f"A: {' '.join(f'mot{n}' for n in range(k, k + 900))} vélos\n")
    assert len(found(library, "vélos")) == 10
    content = bytearray(file_of(library).read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    file_of(library).write_bytes(content)
    assert len(search_page(library, Criteria("vélos")).found) == 10
    shutil.rmtree(file_of(library).parent)
    assert len(found(library, "vélos")) == 10


@pytest.fixture
def asked(library: Library) -> FlaskClient:
    plant(library.root / "summer")
    return create_app(Settings(library.root)).test_client()


PAGE = "/search?q=v%C3%A9los"


def has_hits(client: FlaskClient, path: str = PAGE) -> bool:
    answer = client.get(path)
    return answer.status_code == 200 and "<mark>vélos</mark>" in answer.text


@over_rows("number", ["9" * 4000, "-10000000000000000000", "0", "x"])
def test_a_page_that_is_far_too_far_is_the_last_one(asked: FlaskClient, number: str) -> None:
    assert all(has_hits(asked, f"{path}&page={number}") for path in (PAGE, f"{PAGE}&episode=summer"))


@over_rows("language, said", [("en", "cannot be read or written"), ("fr", "ni lu ni écrit")])
def test_an_index_that_cannot_be_made_is_an_error_with_its_reason(
    asked: FlaskClient, cache: Path, language: str, said: str
) -> None:
    shutil.rmtree(cache / "search", ignore_errors=True)
    cache.mkdir(exist_ok=True)
    (cache / "search").write_text("in the way of a folder")
    answer = asked.get(PAGE, headers={"Accept-Language": language})
    assert (answer.status_code, said in answer.text) == (503, True)
    (cache / "search").unlink()
    assert has_hits(asked)


def fill(file: Path) -> None:
    with file.open("wb", buffering=0) as rest, contextlib.suppress(OSError):
        while rest.write(bytes(4096)):
            pass


@pytest.mark.nightly
def test_on_a_full_disk_the_index_is_searched_and_unread_changes_are_reported(
    library: Library, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTECAST_CACHE", str(small_disk))
    plant(library.root / "summer")
    client = create_app(Settings(library.root)).test_client()
    assert has_hits(client)
    fill(small_disk / "all of it")
    assert has_hits(client)
    plant(library.root / "winter", f"A: {' '.join(f'mot{n}' for n in range(9000))} vélos\n")
    client.application.extensions["library"].changes += 1
    assert has_hits(client)
    assert "1 episode has changed and is not searched yet" in client.get(PAGE).text
    (small_disk / "all of it").unlink()
    index_of(client.application.extensions["library"]).update()  # as a later search does
    assert has_hits(client)
    assert "not searched yet" not in client.get(PAGE).text


@over_rows("language, said", [("en", "has no letters or digits"), ("fr", "ne contient ni lettre ni chiffre")])
def test_a_query_of_symbols_is_explained(asked: FlaskClient, language: str, said: str) -> None:
    page = asked.get("/search?q=%F0%9F%8D%95+%3F!", headers={"Accept-Language": language}).text
    assert f" {said}" in page
    assert "🍕" in page
