"""Three hours in a real browser: whatever leads to a place of the transcript lands there, and stays."""

import random
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.gestures import word
from tests.web.long_episode import serving_long
from tests.web.visiting import watch

pytestmark = pytest.mark.nightly

SIZES = {390: 844, 1440: 900}
# Where the middle of an element is in the part of the window that nothing covers, from 0 to 1.
SHARE = """element => {
    const box = element.getBoundingClientRect();
    let top = 0, bottom = innerHeight;
    for (const cover of document.querySelectorAll(".masthead, .player, .captions, .sheet[data-open], .bar")) {
        const over = cover.getBoundingClientRect();
        if (!over.height || over.width < innerWidth - 20) continue;
        if (over.top + over.bottom < innerHeight) top = Math.max(top, over.bottom);
        else bottom = Math.min(bottom, over.top);
    }
    return ((box.top + box.bottom) / 2 - top) / (bottom - top);
}"""
# The element has stayed where it is for a while.
AT_REST = """async element => {
    for (let top = NaN, still = 0; still < 15; ) {
        await new Promise(requestAnimationFrame);
        const now = element.getBoundingClientRect().top;
        still = Math.abs(now - top) < 1 ? still + 1 : 0;
        top = now;
    }
}"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving_long() as address:
        yield address


def opened(browser: Browser, address: str, width: int, motion: str = "no-preference") -> Page:
    height = SIZES[width]
    context = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB", reduced_motion=motion)
    page = context.new_page()
    page.goto(address, wait_until="domcontentloaded")
    page.wait_for_selector("#transcript .w[tabindex]")
    return page


def share(page: Page, selector: str) -> float:
    element = page.locator(selector)
    element.evaluate(AT_REST)
    return float(element.evaluate(SHARE))


def fragment(page: Page, i: int) -> str:
    return str(
        page.evaluate(
            """i => {
                const { chars, hash } = JSON.parse(document.getElementById("episode-data").textContent);
                return `#w=${chars[2 * i]}-${chars[2 * i + 1]}&v=${hash}`;
            }""",
            i,
        )
    )


@pytest.mark.parametrize(("width", "motion"), [(1440, "no-preference"), (390, "reduce")])
def test_links_land_in_the_middle(browser: Browser, address: str, width: int, motion: str) -> None:
    page = opened(browser, address, width, motion)
    complaints = watch(page)
    words = random.Random(width).sample(range(60, page.locator("#transcript .w").count()), 10)
    wrong = {}
    for i in words:
        page.evaluate("fragment => { location.hash = fragment; }", fragment(page, i))
        expect(page.locator(f"{word(page, i)}.sel")).to_be_attached()
        if not 0.25 <= (at := share(page, word(page, i))) <= 0.75:
            wrong[i] = at
    assert not wrong
    assert not complaints
    page.context.close()
