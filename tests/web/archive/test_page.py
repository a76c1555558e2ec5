"""The archive's page shows failures, questions and changes, and stores the answers."""

import os
import time
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect
from werkzeug.test import TestResponse

from tests.tables import over_rows
from tests.web.archive.archiving import plant_archive
from tests.web.library.shelved import plant, write_sound
from tests.web.targets import assert_met_by_a_finger
from tests.web.visiting import assert_accessible
from web.app import create_app
from web.archive.state import open_archive
from web.languages import catalogue
from web.settings import Settings

WORDS = catalogue("en")
FRENCH = {"Accept-Language": "fr"}
FAILED, GONE = "Un été <b>", "gone"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    root = tmp_path / "library"
    plant(root / "done")
    (plant(root / FAILED) / "talk.alignment.json").unlink()
    plant_archive(root, FAILED, "done", write_sound(tmp_path / "source" / "E01.wav", 0.5))
    return root


def put_run(library: Path, **changes: object) -> None:
    progress = {"all": 8, "aligned": 2, "failed": 1, "left": 0, "hours_per_hour": 3.14, "seconds_left": 6480}
    open_archive(library).put_run({**progress, "at": time.time(), **changes})


def post(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    token = client.get("/add").text.split('name="csrf" content="')[1].split('"')[0]
    return client.post(path, data={"csrf": token, **fields})


def answers(library: Path) -> list[str | None]:
    return [each.answer for each in open_archive(library).findings() if each.kind == "question"]


@over_rows(
    "language, changes, expected",
    [
        ("en", {}, ["3 of 8\xa0episodes", "3.1× real time", "about 1\u00a0h\u00a050\u00a0min left"]),
        ("fr", {}, ["3 épisodes sur 8", "3,1× le temps réel", "encore environ 1\u00a0h\u00a050"]),
        ("en", {"at": 1e9}, [WORDS["archive.lost"], "last run 9"]),
        ("en", {"at": 1e9, "is_over": True}, [WORDS["archive.over"]]),
    ],
)
def test_the_progress_of_a_run_is_in_the_readers_language(
    client: FlaskClient, library: Path, language: str, changes: dict[str, object], expected: list[str]
) -> None:
    put_run(library, **changes)
    page = client.get("/archive/progress", headers={"Accept-Language": language}).text
    assert [words for words in expected if words not in page] == []


def test_a_failed_episode_has_a_reason_and_can_be_retried(client: FlaskClient, library: Path) -> None:
    page = client.get("/archive", headers=FRENCH).text
    assert "1\u00a0épisode en échec" in page
    assert "Son processus a été arrêté par le signal 6." in page
    assert "Un été &lt;b&gt;" in page
    assert catalogue("fr")["archive.never"] in page
    assert client.post("/archive/retry", data={"folder": FAILED}).status_code == 403
    assert post(client, "/archive/retry", folder="nowhere").status_code == 409
    answer = post(client, "/archive/retry", folder=FAILED)
    assert FAILED not in open_archive(library).results()
    assert WORDS["archive.again"] in client.get(answer.location).text
    put_run(library)
    assert WORDS["archive.again.now"] in client.get(answer.location).text
    assert post(client, "/archive/retry").status_code == 409


def test_a_question_shows_each_transcript_with_reasons_for_and_against(client: FlaskClient) -> None:
    page = client.get("/archive", headers=FRENCH).text
    assert page.count("sûr à 50\u00a0%") == page.count("sûr à 40\u00a0%") == 2
    assert page.count("Pour\u00a0: ") == page.count("Contre\u00a0: ") == 4
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_answer_is_stored_until_it_is_undone(client: FlaskClient, library: Path) -> None:
    assert post(client, "/archive/answer", key="show#E01", text="text 1").status_code == 303
    assert post(client, "/archive/answer", key="show#E02", text="").status_code == 303
    assert answers(library) == ["text 1", ""]
    assert "E01.wav goes with 1.txt." in (page := client.get("/archive").text)
    assert "E02.wav goes with none of the transcripts." in page
    assert post(client, "/archive/answer", key="show#E01", undo="1").status_code == 303
    assert answers(library) == [None, ""]


@over_rows(
    "fields, status",
    [
        ({"key": "show#E01"}, 422),
        ({"key": "show#E01", "text": "text 9"}, 409),
        ({"key": "show#E01", "text": "text 1"}, 409),  # it is the answer to the other question
        ({"key": "show#E02", "text": "text 0"}, 409),  # somebody else has answered
    ],
)
def test_an_invalid_answer_is_refused(client: FlaskClient, library: Path, fields: dict[str, str], status: int) -> None:
    open_archive(library).answer("show#E02", "text 1")
    assert post(client, "/archive/answer", **fields).status_code == status
    assert answers(library) == [None, "text 1"]


def test_a_recording_is_played_only_if_the_file_has_not_changed(client: FlaskClient, tmp_path: Path) -> None:
    played = client.get("/archive/audio?key=show%23E01")
    assert played.data == (tmp_path / "source" / "E01.wav").read_bytes()
    played.close()
    assert client.get("/archive/audio?key=show%23E02").status_code == 404
    os.utime(tmp_path / "source" / "E01.wav", (1, 1))
    assert client.get("/archive/audio?key=show%23E01").status_code == 404


def test_a_decision_on_a_change_can_be_undone(client: FlaskClient, library: Path) -> None:
    assert "New audio: new.mp3" in (page := client.get("/archive").text)
    assert "key=1" not in page
    assert "Could not be applied: &lt;i&gt;" in page
    change = {"folder": "done", "kind": "audio", "state": "v2"}
    for decision in ("take", "", "ignore"):
        assert post(client, "/archive/change", decision=decision, **change).status_code == 303
        assert [each.decision for each in open_archive(library).changes()] == [decision or None]
    assert "1 change ignored" in client.get("/archive").text
    assert post(client, "/archive/change", decision="take", **{**change, "state": "v1"}).status_code == 409
    assert post(client, "/archive/change", decision="delete", **change).status_code == 400


def test_a_missing_episode_can_be_forgotten_and_no_other(client: FlaskClient, library: Path) -> None:
    assert "The folder of 1 episode is missing" in client.get("/archive").text
    assert post(client, "/archive/forget", folder="done").status_code == 409
    assert post(client, "/archive/forget", folder=GONE).status_code == 303
    assert open_archive(library).episodes().keys() == {FAILED, "done"}


def test_a_read_only_library_has_no_forms(library: Path) -> None:
    page = create_app(Settings(library, read_only=True)).test_client().get("/archive").text.split("<main")[1]
    assert "E01.wav" in page
    assert [offer for offer in ("<form", "<button", "<input") if offer in page] == []


def test_the_library_links_to_the_archive_if_there_is_one(
    client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert 'href="/archive"' in client.get("/").text
    monkeypatch.setenv("QUOTECAST_DATA", str(tmp_path / "none"))
    assert 'href="/archive"' not in client.get("/").text
    assert not (tmp_path / "none").exists()
    assert client.get("/archive").status_code == 404


@pytest.mark.ci
def test_the_page_updates_itself_and_questions_are_answered_by_keyboard(page: Page, server: str, library: Path) -> None:
    put_run(library)
    page.clock.install()
    page.goto(f"{server}/archive")
    page.wait_for_selector("html.awake")
    assert_accessible(page)
    put_run(library, failed=2, is_over=True)
    open_archive(library).clear_failures()
    page.clock.run_for(4_000)
    expect(page.locator("#progress")).to_contain_text("4 of 8")
    expect(page.locator("#announcement")).to_have_text(WORDS["js.archive.over"])
    expect(page.locator("#failed")).not_to_contain_text(FAILED)
    page.get_by_role("group", name="E01.wav").get_by_role("radio", name="0.txt").focus()
    for key in ("ArrowDown", "Tab", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_text("E01.wav goes with 1.txt.")).to_be_visible()
    page.get_by_role("button", name="Undo: E01.wav").click()
    expect(page.get_by_role("group", name="E01.wav")).to_be_visible()
    page.get_by_role("button", name="Accept: done").click()
    expect(page.get_by_text(WORDS["archive.will_take"])).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("width", [390, 820])
def test_the_page_is_used_by_finger(browser: Browser, server: str, width: int) -> None:
    assert_met_by_a_finger(browser, f"{server}/archive", width)
