"""What is wrong with an index is mended where that can be done, and told as what it is where not; never as nothing."""

import shutil
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.http.test_server import Command
from tests.web.library.shelved import plant
from tests.web.watching import until
from web.app import create_app
from web.search.failures import is_damage
from web.search.upkeep import upkeep_of
from web.settings import Settings

PAGES = ["/search?q=vélos", "/search/summer?q=vélos"]
FULL = {"en": "index of the search lies is full", "fr": "l’index de la recherche est plein"}


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return plant(tmp_path / "quotecast" / "summer").parent


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's cache, before anything looks for its index there."""
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def file_of(app: Flask) -> Path:
    return upkeep_of(app.extensions["library"]).index.database.path


def has_hits(client: FlaskClient, path: str) -> bool:
    answer = client.get(path)
    return answer.status_code == 200 and "<mark>vélos.</mark>" in answer.text


@pytest.mark.parametrize("number", ["10000000000000000000", "9" * 4000, "-10000000000000000000", "0", "x"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_that_is_far_too_far_is_the_last_one_and_harms_nothing(
    app: Flask, client: FlaskClient, path: str, number: str
) -> None:
    assert has_hits(client, f"{path}&page={number}")
    assert not list(file_of(app).parent.glob(f"{file_of(app).name}.damaged*"))


def test_only_what_is_wrong_with_the_file_is_damage(tmp_path: Path) -> None:
    (tmp_path / "none").write_bytes(b"no database at all" * 300)
    asked: dict[Callable[[], object], bool] = {
        lambda: sqlite3.connect(tmp_path / "none").execute("PRAGMA journal_mode = WAL"): True,
        lambda: sqlite3.connect(":memory:").execute("SELECT ?", ()): False,
        lambda: sqlite3.connect(tmp_path): False,
        lambda: int("many"): False,
    }
    for ask, expected in asked.items():
        with pytest.raises((sqlite3.Error, ValueError)) as raised:
            ask()
        assert is_damage(raised.value) == expected, raised.value


@pytest.mark.parametrize("path", PAGES)
def test_the_folder_of_the_index_can_be_removed_while_it_is_used(
    app: Flask, client: FlaskClient, cache: Path, path: str
) -> None:
    assert has_hits(client, path)
    shutil.rmtree(cache / "search")
    assert has_hits(client, path)
    assert file_of(app).is_relative_to(cache)


@pytest.mark.parametrize("path", PAGES)
def test_a_folder_in_the_place_of_the_index_is_put_aside(
    app: Flask, client: FlaskClient, cache: Path, path: str
) -> None:
    assert has_hits(client, path)
    shutil.rmtree(cache / "search")
    (file_of(app) / "within").mkdir(parents=True)
    assert has_hits(client, path)
    file = file_of(app)
    assert (file.with_name(f"{file.name}.damaged") / "within").is_dir()


@pytest.mark.parametrize(("language", "said"), [("en", "neither opened nor made"), ("fr", "ni ouvert ni créé")])
@pytest.mark.parametrize("path", PAGES)
def test_what_cannot_be_put_aside_is_told(
    client: FlaskClient, cache: Path, path: str, language: str, said: str
) -> None:
    assert has_hits(client, path)
    shutil.rmtree(cache / "search")
    (cache / "search").write_text("in the way of a folder")
    answer = client.get(path, headers={"Accept-Language": language})
    assert (answer.status_code, said in answer.text) == (503, True)
    (cache / "search").unlink()
    assert has_hits(client, path)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("what", ["file", "facts", "numbers", "state"])
def test_a_damaged_index_is_made_anew_whoever_asks(app: Flask, client: FlaskClient, path: str, what: str) -> None:
    assert has_hits(client, path)
    if what == "file":
        upkeep_of(app.extensions["library"]).index.database.close()
        for each in file_of(app).parent.glob(f"{file_of(app).name}*"):
            each.unlink()
        file_of(app).write_bytes(b"no database at all" * 300)
    else:
        connection = sqlite3.connect(file_of(app))
        damaged = {
            "facts": "UPDATE episodes SET facts = x'00'",
            "numbers": "UPDATE texts SET head = x'00'",
            "state": "DELETE FROM changes",
        }
        connection.execute(damaged[what])
        if what == "facts":
            connection.execute("UPDATE changes SET number = number + 1")
        connection.commit()
        connection.close()
    assert has_hits(client, path)
    assert list(file_of(app).parent.glob(f"{file_of(app).name}.damaged*"))


def test_a_full_disk_is_told_whoever_asks_and_what_was_indexed_is_found(
    library: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTECAST_CACHE", str(small_disk))
    client = create_app(Settings(library)).test_client()
    assert has_hits(client, PAGES[0])
    filler = small_disk / "all of it"
    fill(filler)
    assert all(has_hits(client, path) for path in PAGES)
    plant(library / "winter", f"A: {' '.join(f'mot{n}' for n in range(9000))} vélos\n")
    for language, said in FULL.items():
        page = client.get(PAGES[0], headers={"Accept-Language": language}).text
        assert said in page
        assert "<mark>vélos.</mark>" in page
        one = client.get("/search/winter?q=vélos", headers={"Accept-Language": language})
        assert (one.status_code, said in one.text) == (507, True)
    filler.unlink()
    assert all(has_hits(client, path) for path in PAGES)
    assert "is full" not in client.get(PAGES[0]).text


def test_where_no_index_has_room_that_is_told(library: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTECAST_CACHE", str(small_disk))
    client = create_app(Settings(library)).test_client()
    (small_disk / "search").mkdir()
    fill(small_disk / "all of it")
    for language, said in FULL.items():
        for path in PAGES:
            answer = client.get(path, headers={"Accept-Language": language})
            assert (answer.status_code, said in answer.text) == (507, True), path
    (small_disk / "all of it").unlink()
    assert all(has_hits(client, path) for path in PAGES)


def fill(file: Path) -> None:
    with file.open("wb", buffering=0) as rest:
        try:
            while rest.write(bytes(4096)):
                pass
        except OSError:
            return


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "of this episode could not be searched"), ("fr", "de cet épisode n’ont pas pu être cherchés")],
)
def test_all_hits_of_an_episode_tell_that_its_words_cannot_be_searched(
    client: FlaskClient, library: Path, language: str, said: str
) -> None:
    (library / "summer" / "talk.alignment.json").write_text("{}", encoding="utf-8")
    page = client.get(PAGES[1], headers={"Accept-Language": language}).text
    assert said in page
    assert 'href="/episodes/summer/details"' in page
    assert 'class="empty"' not in page


@pytest.mark.parametrize("path", ["/search?q=%F0%9F%8D%95", "/search/summer?q=%F0%9F%8D%95+%3F!"])
@pytest.mark.parametrize(("language", "said"), [("en", "Only letters and digits"), ("fr", "Seuls les lettres")])
def test_a_query_of_symbols_says_what_can_be_sought(client: FlaskClient, path: str, language: str, said: str) -> None:
    page = client.get(path, headers={"Accept-Language": language}).text
    assert f'<p class="empty">{said}' in page
    assert "🍕" in page


@pytest.mark.slow
def test_an_index_for_one_server_lies_outside_its_library_and_goes_with_it(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way of a folder")
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path / "file" / "cache"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    server = Command(library)
    try:
        until(lambda: "vélos.</mark>".encode() in server.get("/search?q=v%C3%A9los"))
        assert list((tmp_path / "temporary").glob("quotecast-search-*"))
        assert not list(library.rglob("quotecast-search-*"))
        server.process.send_signal(signal.SIGTERM)
        server.process.communicate(timeout=60)
    finally:
        server.kill()
    assert not list((tmp_path / "temporary").glob("quotecast-search-*"))
