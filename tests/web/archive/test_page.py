"""The page of an archive as readers meet it: in their language, by keyboard and finger, kept up to date."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from media.errors import Message, to_facts
from tests.web.library.shelved import plant
from tests.web.targets import assert_met_by_a_finger
from tests.web.visiting import assert_accessible
from web.app import create_app
from web.archive.runs import retries
from web.archive.runs.outcome import Outcome, Stage, State
from web.archive.runs.records import Records
from web.archive.runs.stages import key_of
from web.languages import catalogue
from web.library import Library
from web.settings import Settings

TITLE = "Un été qui échoue"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """One episode is done, one crashed its process three times, one waits."""
    library = tmp_path / "library"
    plant(library / "done")
    for name in (TITLE, "waiting"):
        (plant(library / name, title=None) / "talk.alignment.json").unlink()
    records, episode = Records(library), Library(library).episode_in(library / TITLE)
    records.read({TITLE})
    why = to_facts(Message("its process was ended by signal {signal}", signal=6))
    key = key_of(episode, Stage.ALIGN)
    for _ in range(3):
        records.take(Outcome(episode=TITLE, stage=Stage.ALIGN, key=key, state=State.FELL, message=why))
    tell(library)
    return library


def tell(library: Path, **changes: object) -> None:
    """What a run on another machine says, but for ``changes``."""
    told: dict[str, Any] = {"format": "quotecast-archive", "version": 1, "running": True, "at": time.time()}
    told |= {"episodes": {"all": 3, "left": 1}, "hours": {"done": 10.5, "left": 4.5}, "hours_an_hour": 2.5}
    path = library / ".quotecast" / "archive" / "state.json"
    path.write_text(json.dumps({**told, "seconds_left": 6480, **changes}), encoding="utf-8")


def form(client: FlaskClient, **fields: str) -> dict[str, str]:
    return {"csrf": client.get("/").text.split('name="csrf" content="')[1].split('"')[0], **fields}


def test_the_page_says_in_the_readers_language_what_became_of_what_and_why(client: FlaskClient) -> None:
    page = client.get("/archive?state=aside", headers={"Accept-Language": "fr"}).text
    assert "Son processus est tombé 3\u00a0fois" in page
    assert "son processus a été arrêté par le signal" in page
    assert "2,5\u00a0h de son par heure" in page
    assert "encore environ 1\u00a0h\u00a050" in page
    assert page.count('class="row"') == 1


def test_what_is_left_of_less_than_an_hour_is_told_in_minutes_and_never_as_none(
    client: FlaskClient, library: Path
) -> None:
    tell(library, hours={"done": 0.0, "left": 0.004})
    assert "1\u00a0min of sound left" in client.get("/archive").text
    tell(library, hours={"done": 0.0, "left": 1.54})
    assert "1.5\u00a0h of sound left" in client.get("/archive").text


def test_an_archive_is_linked_where_there_is_one_alone(client: FlaskClient, library: Path) -> None:
    assert 'href="/archive"' in client.get("/").text
    (library / ".quotecast" / "archive").rename(library / "elsewhere")
    assert 'href="/archive"' not in client.get("/").text
    assert client.get("/archive").status_code == 404


def test_an_archive_without_episodes_says_so_and_one_without_such_that(tmp_path: Path) -> None:
    (tmp_path / "nothing" / ".quotecast" / "archive").mkdir(parents=True)
    client = create_app(Settings(tmp_path / "nothing")).test_client()
    assert "There is no episode here yet." in client.get("/archive").text
    assert "There is no such episode." in client.get("/archive?state=aside").text


def test_one_is_tried_again_as_asked_for_with_the_token_and_the_list_stays(client: FlaskClient, library: Path) -> None:
    episode = Library(library).episode_in(library / TITLE).id
    assert client.post("/archive/retry", data={"episode": episode}).status_code == 403
    assert client.post("/archive/retry", data=form(client, episode="nowhere")).status_code == 404
    assert not retries.asked(library).any
    answer = client.post("/archive/retry?state=aside", data=form(client, episode=episode))
    assert (answer.status_code, answer.location) == (303, "/archive?state=aside")
    assert retries.asked(library).episodes == {TITLE}
    assert catalogue("en")["archive.asked.now"] in client.get("/archive").text


def test_a_state_that_is_damaged_is_a_notice_on_a_page_that_lists_all_the_same(
    client: FlaskClient, library: Path
) -> None:
    tell(library, episodes="<script>")
    answer = client.get("/archive")
    assert answer.status_code == 200
    assert catalogue("en")["archive.state.damaged"] in answer.text
    assert answer.text.count('class="row"') == 3


def test_where_nothing_can_be_changed_nothing_is_offered(library: Path) -> None:
    app = create_app(Settings(library, read_only=True))
    assert "/archive/retry" not in app.test_client().get("/archive").text


@pytest.mark.ci
def test_it_stays_up_to_date_and_nothing_moves_under_the_reader(page: Page, server: str, library: Path) -> None:
    page.clock.install()
    page.goto(f"{server}/archive")
    page.wait_for_selector("html.awake")
    expect(page.locator("#progress")).to_contain_text("2 of 3")
    assert_accessible(page)
    retry = page.get_by_role("button", name=f"Try again: {TITLE}")
    retry.focus()
    (library / "waiting" / "talk.txt").unlink()
    tell(library, episodes={"all": 3, "left": 0}, running=False)
    page.clock.run_for(12_000)
    expect(page.locator("#progress")).to_contain_text("No run is at work now")
    expect(page.locator("#said")).to_have_text("The run is over.")
    expect(retry).to_be_focused()
    retry.evaluate("button => button.blur()")
    page.clock.run_for(31_000)
    expect(page.locator("[data-standing=lacks]")).to_have_count(1)
    retry.press("Enter")
    expect(page.get_by_text("Is tried again by the next run")).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("width", [390, 820])
def test_it_can_be_met_by_a_finger_and_works_without_scripts(browser: Browser, server: str, width: int) -> None:
    assert_met_by_a_finger(browser, f"{server}/archive", width)
    context = browser.new_context(viewport={"width": width, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server}/archive")
    page.get_by_role("link", name="Set aside").click()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("Is tried again in a moment")).to_be_visible()
    context.close()
