"""A transcript that changed at its source and was edited here is shown beside the one here, and one is chosen."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from tests.web.archive.feeding import TALK, Show
from tests.web.archive.test_page import form
from tests.web.archive.test_update import added, run, show
from tests.web.library.shelved import write_sound
from tests.web.targets import assert_met_by_a_finger
from tests.web.visiting import assert_accessible
from web.archive.doubts.record import doubts_in
from web.archive.doubts.staying import staying
from web.languages import catalogue
from web.library import Library
from web.library.folders import id_of

__all__ = ["show"]  # a fixture

WORDS, MOTS = catalogue("en"), catalogue("fr")
OURS, THEIRS, LATER = (TALK.replace("pluie", word) for word in ("grêle", "neige", "boue"))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """The folder of an episode."""
    source = tmp_path / "source"
    write_sound(source / "E1.wav", 2.0)
    (source / "E1.txt").write_text(TALK, "utf-8")
    return source


@pytest.fixture
def library(tmp_path: Path, source: Path) -> Path:
    """The library that is made of it; its transcript was edited both there and here, which an update has told."""
    library = tmp_path / "library"
    assert run("add", "--yes", "--sure", "0.5", "--listen", "none", source, library) == 0
    (library / "E1" / "E1.txt").write_text(OURS, "utf-8")
    (source / "E1.txt").write_text(THEIRS, "utf-8")
    assert run("update", "--no-listen", library) == 0
    return library


def ours(library: Path) -> str:
    return (library / "E1" / "E1.txt").read_text("utf-8")


def kept(library: Path) -> list[str]:
    return sorted(path.read_text("utf-8") for path in (library / "E1" / "versions").glob("0*"))


def page_of(client: FlaskClient) -> str:
    return client.get(f"/archive/text/{id_of('E1')}", headers={"Accept-Language": "fr"}).text


def hidden(page: str, name: str) -> str:
    return page.partition(f'name="{name}" value="')[2].partition('"')[0]


def settle(client: FlaskClient, how: str, page: str = "") -> int:
    page = page or page_of(client)
    fields = {"text": hidden(page, "text"), "version": hidden(page, "version"), how: "1"}
    return client.post(f"/archive/text/{id_of('E1')}", data=form(client, **fields)).status_code


def is_told(library: Path) -> bool:
    return bool(staying(Library(library), doubts_in(library / ".quotecast" / "archive")).told)


@pytest.mark.nightly
def test_the_line_names_the_file_and_leads_to_what_differs(client: FlaskClient) -> None:
    line = client.get("/archive", headers={"Accept-Language": "fr"}).text.partition('id="staying"')[2]
    assert "À la source\u00a0: <bdi>E1.txt</bdi>" in line
    assert f'href="/archive/text/{id_of("E1")}"' in line
    page = page_of(client)
    assert "<del>grêle" in page
    assert "<ins>neige" in page
    assert MOTS["archive.text.take"] in page


def test_what_is_taken_is_the_episodes_and_the_other_is_kept(
    client: FlaskClient, library: Path, source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert settle(client, "take") == 303
    assert ours(library) == THEIRS
    assert OURS in kept(library)
    assert not is_told(library)
    (source / "E1.txt").write_text(LATER, "utf-8")
    capsys.readouterr()
    assert run("update", "--no-listen", library) == 0
    assert capsys.readouterr() == ("Text      E1: its transcript is the new one\n", "")
    assert ours(library) == LATER


def test_who_keeps_the_one_here_is_asked_again_only_when_the_other_changes(
    client: FlaskClient, library: Path, source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert settle(client, "keep") == 303
    assert (ours(library), kept(library)) == (OURS, [THEIRS])
    assert not is_told(library)
    assert client.get(f"/archive/text/{id_of('E1')}").status_code == 404
    capsys.readouterr()
    assert run("update", "--no-listen", library) == 0
    assert capsys.readouterr() == ("", "")
    (source / "E1.txt").write_text(LATER, "utf-8")
    assert run("update", "--no-listen", library) == 0
    assert "edited here too" in capsys.readouterr().err
    assert "<ins>boue" in page_of(client)
    assert [path.name for path in (library / "E1" / ".quotecast" / "new text").iterdir()] == ["E1.txt"]


@pytest.mark.nightly
@pytest.mark.parametrize("how", ["take", "keep"])
def test_what_changed_since_it_was_shown_is_not_settled(
    client: FlaskClient, library: Path, source: Path, how: str
) -> None:
    page = page_of(client)
    (library / "E1" / "E1.txt").write_text(f"{OURS} Encore.\n", "utf-8")
    assert settle(client, how, page) == 409
    page = page_of(client)
    (source / "E1.txt").write_text(LATER, "utf-8")
    assert run("update", "--no-listen", library) == 0
    assert settle(client, how, page) == 409
    assert is_told(library)


def test_one_that_was_told_before_it_lay_here_is_laid_there_from_its_file(
    client: FlaskClient, library: Path, source: Path
) -> None:
    lying = library / "E1" / ".quotecast" / "new text" / "E1.txt"
    lying.unlink()
    page = client.get("/archive").text.partition('id="staying"')[2]
    assert f'href="/episodes/{id_of("E1")}/details"' in page
    assert client.get(f"/archive/text/{id_of('E1')}").status_code == 404
    assert run("update", "--no-listen", library) == 0
    assert lying.read_text("utf-8") == THEIRS == (source / "E1.txt").read_text("utf-8")


@pytest.mark.nightly
def test_what_is_another_than_was_told_is_not_shown(client: FlaskClient, library: Path, source: Path) -> None:
    (library / "E1" / ".quotecast" / "new text" / "E1.txt").write_text("ANNA: Rien.\n", "utf-8")
    assert client.get(f"/archive/text/{id_of('E1')}").status_code == 404
    link = library / "E1" / ".quotecast" / "new text" / "E1.txt"
    link.unlink()
    link.symlink_to(source / "E1.txt")
    assert client.get(f"/archive/text/{id_of('E1')}").status_code == 404


@pytest.mark.nightly
def test_of_a_feed_the_host_and_the_name_are_told_and_no_key(show: Show, library: Path, client: FlaskClient) -> None:
    show.add(1)
    added(show, library)
    [text] = (library / "Épisode 1").glob("*.txt")
    text.write_text(OURS, "utf-8")
    show.host.put("/text/1.txt", THEIRS.encode(), '"2"')
    assert run("update", "--no-listen", library) == 0
    line = client.get("/archive").text.partition('id="staying"')[2]
    assert "<bdi>127.0.0.1/…/1.txt</bdi>" in line
    assert "<ins>neige" in client.get(f"/archive/text/{id_of('Épisode 1')}").text


@pytest.mark.parametrize("width", [390, 1280])
def test_it_is_settled_by_finger_and_keyboard(
    browser: Browser, page: Page, server: str, library: Path, width: int
) -> None:
    assert_met_by_a_finger(browser, f"{server}/archive/text/{id_of('E1')}", width)
    page.goto(f"{server}/archive")
    page.get_by_role("link", name="Both transcripts").press("Enter")
    expect(page.get_by_role("heading", name="Both transcripts")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name=WORDS["archive.text.keep"]).press("Enter")
    expect(page.get_by_role("heading", name=WORDS["archive.title"])).to_be_visible()
    assert kept(library) == [THEIRS]
