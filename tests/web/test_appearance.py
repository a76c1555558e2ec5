"""What stands side by side stays clear of each other, what is written on a button stays on it, at any width."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from tests.web.gestures import drag, word
from tests.web.visiting import new_tab

ALIGNMENT = "episode.alignment.json"
# The buttons on which what is written does not fit, and the pairs of them less than two pixels apart.
CROWDED = """() => {
    const shown = [...document.querySelectorAll(".button, .bar button")].filter((each) => each.checkVisibility());
    const box = (element) => element.getBoundingClientRect();
    const cut = shown.filter((each) => each.scrollWidth > each.clientWidth);
    const apart = (a, b) => Math.max(a.left - b.right, b.left - a.right, a.top - b.bottom, b.top - a.bottom);
    const close = shown.flatMap((each, k) => shown.slice(k + 1).filter((other) => apart(box(each), box(other)) < 2));
    return [...cut, ...close].map((each) => each.textContent.trim());
}"""


@pytest.fixture
def french(browser: Browser, server: str) -> Iterator[Page]:
    size = {"width": 320, "height": 800}
    with new_tab(browser, viewport=size, locale="fr-FR", has_touch=True, reduced_motion="reduce") as page:
        yield page
        page.goto("about:blank")


def test_the_bar_of_the_selected_words_holds_what_is_written_on_it(french: Page, server: str) -> None:
    french.goto(f"{server}/episodes/roue-libre")
    french.locator(word(french, 26)).hover()
    drag(french, 26, 28)
    expect(french.locator("#selection-bar")).to_be_visible()
    assert french.evaluate(CROWDED) == []


def test_what_opens_no_longer_is_not_offered_where_it_is_mended(client: FlaskClient, library: Path) -> None:
    (library / "roue-libre" / ALIGNMENT).write_text("{")
    page = client.get("/episodes/roue-libre/details").text
    assert 'href="/episodes/roue-libre"' not in page
    assert "Read and listen" not in page
    head = page.split('class="page-head"')[1].split("</header>")[0]
    assert 'data-send="POST /api/episodes/roue-libre/align" data-go="/">Align again' in head
