"""What stands side by side stays clear of each other, what is written on a button stays on it, at any width."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.web.gestures import drag, word
from tests.web.visiting import assert_accessible, new_tab, play_without_waiting

ALIGNMENT = "episode.alignment.json"
HEIGHT = 800
# The buttons on which what is written does not fit, and the pairs of them less than four pixels apart.
CROWDED = """() => {
    const shown = [...document.querySelectorAll(".button, .bar button")].filter((each) => each.checkVisibility());
    const box = (element) => element.getBoundingClientRect();
    const cut = shown.filter((each) => each.scrollWidth > each.clientWidth);
    const apart = (a, b) => Math.max(a.left - b.right, b.left - a.right, a.top - b.bottom, b.top - a.bottom);
    const close = shown.flatMap((each, k) => shown.slice(k + 1).filter((other) => apart(box(each), box(other)) < 4));
    return [...cut, ...close].map((each) => each.textContent.trim());
}"""


@pytest.fixture(params=[320, 360, 390])
def french(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    with french_tab(browser, request.param) as page:
        yield page
        page.goto("about:blank")


@pytest.fixture
def phone(browser: Browser, server: str) -> Iterator[Page]:
    with french_tab(browser, 390) as page:
        yield page
        page.goto("about:blank")


def french_tab(browser: Browser, width: int) -> Any:
    size = {"width": width, "height": HEIGHT}
    return new_tab(browser, viewport=size, locale="fr-FR", has_touch=width < 720, reduced_motion="reduce")


def box_of(page: Page, selector: str) -> dict[str, float]:
    return dict(page.locator(selector).first.evaluate("element => element.getBoundingClientRect().toJSON()"))


def test_the_bar_of_the_selected_words_holds_what_is_written_on_it(french: Page, server: str) -> None:
    french.goto(f"{server}/episodes/roue-libre")
    french.locator(word(french, 26)).hover()
    drag(french, 26, 28)
    expect(french.locator("#selection-bar")).to_be_visible()
    assert french.evaluate(CROWDED.replace("< 4", "< 2")) == []


def test_the_buttons_of_an_error_keep_apart(phone: Page, server: str, library: Path) -> None:
    (library / "roue-libre" / ALIGNMENT).write_text("{")
    phone.route("**/roue-libre", lambda route: route.fulfill(body=route.fetch().text(), content_type="text/html"))
    phone.goto(f"{server}/episodes/roue-libre")
    expect(phone.locator("#main .button")).to_have_count(2)
    assert phone.evaluate(CROWDED) == []
    assert phone.locator("#main > p").first.inner_text().endswith(".")


def test_a_title_is_not_broken_within_its_word_by_the_button_beside_it(browser: Browser, server: str) -> None:
    with french_tab(browser, 320) as page:
        page.goto(server)
        assert box_of(page, "h1")["height"] < 50


def test_a_caption_begins_below_the_buttons_of_its_view(phone: Page, server: str) -> None:
    phone.goto(f"{server}/episodes/roue-libre")
    phone.locator("#captions-button").click()
    play_without_waiting(phone, 42)
    expect(phone.locator(".caption .speaker")).to_be_visible()
    assert box_of(phone, ".caption .speaker")["top"] >= box_of(phone, ".caption-tools .quiet")["bottom"]


def test_a_masthead_between_a_phones_and_a_desktops_tells_title_and_chapter(browser: Browser, server: str) -> None:
    with french_tab(browser, 820) as page:
        page.goto(f"{server}/episodes/roue-libre")
        page.locator(word(page, 150)).scroll_into_view_if_needed()
        expect(page.locator(".place .title")).to_have_text("Une promenade qui attend")
        page.locator("#more summary").click()
        dark = page.locator("#more .preferences .theme")
        expect(dark).to_be_visible()
        assert_accessible(page)
        page.goto("about:blank")


def test_in_the_trash_the_title_stands_clear_of_what_follows(phone: Page, server: str) -> None:
    phone.goto(f"{server}/trash")
    assert box_of(phone, ".page-head .empty")["top"] - box_of(phone, "h1")["bottom"] >= 8


def test_a_chapters_time_stands_beside_it_however_long_it_is(browser: Browser, server: str) -> None:
    with new_tab(browser, viewport={"width": 1280, "height": HEIGHT}) as page:
        page.goto(f"{server}/episodes/roue-libre")
        link = page.locator(".chapters a").first
        link.evaluate("link => { link.firstChild.data = 'What is learnt from all of their inequalities'; }")
        time, whole = box_of(page, ".chapters .at"), box_of(page, ".chapters a")
        assert time["right"] == pytest.approx(whole["right"] - 8, abs=1)
        assert time["bottom"] < whole["top"] + 35  # beside the first line
        page.goto("about:blank")


def test_what_opens_no_longer_is_not_offered_where_it_is_mended(client: FlaskClient, library: Path) -> None:
    (library / "roue-libre" / ALIGNMENT).write_text("{")
    page = client.get("/episodes/roue-libre/details").text
    assert 'href="/episodes/roue-libre"' not in page
    assert "Read and listen" not in page
    head = page.split('class="page-head"')[1].split("</header>")[0]
    assert 'data-episode="roue-libre">Align again' in head


def test_the_title_of_the_clips_is_seen_above_the_bar_that_stays(page: Page, server: str, library: Path) -> None:
    clips = library / "roue-libre" / "clips"
    clips.mkdir()
    for name in ("ebb.mp3", "tide.mp3"):
        (clips / name).write_bytes(b"no sound")
    page.goto(f"{server}/episodes/roue-libre")
    expect(page.locator("#clips .bundle")).to_be_visible()
    seen = Image.open(io.BytesIO(page.locator("#clips h2").screenshot())).convert("L")
    dark, bright = seen.getextrema()
    assert bright - dark > 100
    page.goto("about:blank")
