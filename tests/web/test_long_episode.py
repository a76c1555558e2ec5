"""Three hours and 30,000 words: all of them are there, and are walked over by keys alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.web.long_episode import serving_long

pytestmark = pytest.mark.nightly


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving_long() as address:
        yield address


@pytest.fixture
def episode(page: Page, address: str) -> Page:
    page.goto(address, wait_until="domcontentloaded")
    page.wait_for_selector("#transcript .w[tabindex]")
    return page


def test_every_word_is_there_when_it_has_opened(episode: Page) -> None:
    assert episode.locator("#transcript .w").count() > 30_000


def test_it_is_read_and_played_by_keys_alone(episode: Page) -> None:
    keys = episode.keyboard

    def focused(expression: str) -> object:
        return episode.evaluate(f"() => document.activeElement.{expression}")

    keys.press("Tab")
    assert focused("className") == "skip"
    keys.press("/")
    assert focused("id") == "find-text"
    keys.type("chapitre 8")
    keys.press("Enter")
    expect(episode.locator("#find-count")).to_have_text("1 hit")
    stops = 0
    while not str(focused("className")).startswith("w"):
        keys.press("Tab")
        stops += 1
        assert stops < 60, "the transcript is not reached"
    first = int(str(focused("dataset.i")))
    for _ in range(3):
        keys.press("ArrowRight")
    keys.press("ArrowDown")
    below = int(str(focused("dataset.i")))
    assert below > first + 3
    keys.press("ArrowUp")
    keys.press("Shift+End")
    selected = episode.locator(".w.sel").count()
    assert selected > 10
    keys.press("Home")
    keys.press("Enter")
    episode.wait_for_function("() => !document.getElementById('sound').paused")
    inside = int(str(focused("dataset.i")))
    keys.press("Tab")
    assert focused("closest('.turn')") is None or int(str(focused("dataset.i || -1"))) != inside + 1
