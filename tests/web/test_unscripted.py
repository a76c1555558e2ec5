"""Pages without JavaScript can be read and offer nothing that needs it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.visiting import new_tab
from tests.web.watching import until

SAID = {"en-GB": "JavaScript is off in this browser", "fr-FR": "JavaScript est désactivé dans ce navigateur"}
DEAD = "button[type=button]:not(.missing):visible, [role=slider]:visible, #player:visible, #find:visible"


@pytest.fixture(params=SAID)
def plain(browser: Browser, server: str, request: pytest.FixtureRequest) -> Iterator[tuple[Page, str]]:
    """A tab without scripts, and what every page says in it."""
    with new_tab(browser, java_script_enabled=False, locale=request.param) as page:
        yield page, SAID[request.param]


def test_pages_say_that_scripts_are_missing_and_offer_nothing_that_needs_them(
    plain: tuple[Page, str], server: str
) -> None:
    page, said = plain
    for path in ("/", "/add", "/trash", "/search?q=velo", "/episodes/roue-libre/details"):
        page.goto(server + path)
        expect(page.locator("noscript .notice")).to_contain_text(said)
        expect(page.locator(f"{DEAD}, main :is(input[type=file], textarea):visible")).to_have_count(0)
        expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_an_episode_can_be_read_and_played_without_scripts(plain: tuple[Page, str], server: str) -> None:
    page, said = plain
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{server}/episodes/roue-libre")
    expect(page.locator("noscript .notice")).to_contain_text(said)
    expect(page.locator("noscript audio")).to_be_visible()
    expect(page.locator("#transcript .turn").first).to_contain_text("Un vélo qui dort")
    expect(page.locator(DEAD)).to_have_count(0)
    sound = page.locator("noscript audio")
    until(lambda: page.wait_for_timeout(50) or sound.evaluate("sound => sound.readyState > 0"))
