"""Browsers that let pages remember nothing (cookies are blocked) or no more (the disk is full): everything works."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.gestures import drag, press
from tests.web.visiting import new_tab, wait_for_sound

REFUSALS = {
    "blocked": """for (const name of ["localStorage", "sessionStorage"])
        Object.defineProperty(window, name, { get() { throw new DOMException("no", "SecurityError"); } });""",
    "full": """Storage.prototype.setItem = () => { throw new DOMException("no", "QuotaExceededError"); };""",
    "damaged": """for (const storage of [localStorage, sessionStorage])
        for (const name of ["captions", "caption-size", "place:roue-libre", "speed", "keys"])
            storage.setItem(name, "{");""",
}


@pytest.fixture(params=REFUSALS)
def refused(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    with new_tab(browser, viewport={"width": 1280, "height": 800}, locale="en-GB") as page:
        page.add_init_script(f"if (location.protocol !== 'about:') {{ {REFUSALS[request.param]} }}")
        yield page
        page.goto("about:blank")


def test_an_episode_is_read_heard_and_quoted_where_nothing_is_remembered(refused: Page, server: str) -> None:
    refused.goto(f"{server}/episodes/roue-libre")
    wait_for_sound(refused)
    refused.locator("[data-play=toggle]").click()
    refused.wait_for_function("() => document.getElementById('sound').currentTime > 0.5")
    refused.keyboard.press("k")
    refused.wait_for_function("() => document.getElementById('sound').paused")
    refused.locator("#speed").select_option("1.5")
    drag(refused, 25, 28)
    press(refused, "keep")
    expect(refused.locator("#kept .row")).to_have_count(1)
