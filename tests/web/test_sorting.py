"""The library is sorted by the reader's choice."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

from tests.web.library.shelved import plant
from tests.web.visiting import assert_accessible

TITLES = ["ete", "Été 2", "Été 10", "Une promenade qui attend"]


@pytest.fixture(autouse=True)
def episodes(library: Path) -> None:
    for name, title, day in (("a", "Été 10", "2026-03-01"), ("b", "ete", "2026-01-01"), ("c", "Été 2", "2026-02-01")):
        plant(library / name, title=title, date=day)


def titles(text: str) -> list[str]:
    return re.findall(r"<h2><a[^>]*><bdi[^>]*>(.*?)</bdi>", text)


def test_a_sort_order_is_remembered_once_chosen(client: FlaskClient) -> None:
    assert titles(client.get("/?sort=title").text) == TITLES
    assert titles(client.get("/").text) == TITLES
    assert titles(client.get("/search?q=été").text)[:3] == TITLES[:3]
    assert titles(client.get("/?sort=date").text) == ["Été 10", "Été 2", "ete", "Une promenade qui attend"]


@pytest.mark.walk
def test_choosing_an_order_sorts_the_list_and_stays(page: Page, server: str) -> None:
    page.goto(server)
    page.wait_for_selector("html.awake")
    page.get_by_label("Sort by").select_option(label="Title")
    page.wait_for_url("**/?sort=title")
    expect(page.locator(".episodes h2")).to_have_text(TITLES)
    assert_accessible(page)
    page.go_back()
    expect(page.get_by_label("Sort by")).to_have_value("title")
    expect(page.locator(".episodes h2")).to_have_text(TITLES)
    page.get_by_role("searchbox").fill("été")
    page.keyboard.press("Enter")
    expect(page.locator(".found h2").first).to_have_text("ete")
    assert_accessible(page)
