"""What is wrong with an index is mended where that can be done, and told as what it is where not; never as nothing."""

import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.tables import over_rows
from tests.web.library.shelved import plant
from web.app import create_app
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


@over_rows("number", ["9" * 4000, "-10000000000000000000", "0", "x"])
def test_a_page_that_is_far_too_far_is_the_last_one_and_harms_nothing(
    app: Flask, client: FlaskClient, number: str
) -> None:
    assert all(has_hits(client, f"{path}&page={number}") for path in PAGES)
    assert not list(file_of(app).parent.glob(f"{file_of(app).name}.damaged*"))


@over_rows("path", PAGES)
def test_the_folder_of_the_index_can_be_removed_while_it_is_used(
    app: Flask, client: FlaskClient, cache: Path, path: str
) -> None:
    assert has_hits(client, path)
    shutil.rmtree(cache / "search")
    assert has_hits(client, path)
    assert file_of(app).is_relative_to(cache)


@over_rows("path, language, said", [(PAGES[0], "en", "neither opened nor made"), (PAGES[1], "fr", "ni ouvert ni créé")])
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


@pytest.mark.nightly
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


def fill(file: Path) -> None:
    with file.open("wb", buffering=0) as rest:
        try:
            while rest.write(bytes(4096)):
                pass
        except OSError:
            return


@over_rows(
    "language, said",
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


@over_rows(
    "path, language, said",
    [
        ("/search?q=%F0%9F%8D%95", "en", "Only letters and digits"),
        ("/search/summer?q=%F0%9F%8D%95+%3F!", "fr", "Seuls les lettres"),
    ],
)
def test_a_query_of_symbols_says_what_can_be_sought(client: FlaskClient, path: str, language: str, said: str) -> None:
    page = client.get(path, headers={"Accept-Language": language}).text
    assert f'<p class="empty">{said}' in page
    assert "🍕" in page
