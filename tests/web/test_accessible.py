"""axe-core finds no problem on any page: desktop and phone, light and dark, enlarged to 200 %, without JavaScript."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.visiting import assert_accessible, new_tab
from tests.web.watching import until

PAGES = [
    "/",
    "/add",
    "/search?q=velo",
    "/trash",
    "/jobs",
    "/episodes/roue-libre",
    "/episodes/roue-libre/details",
    "/episodes/roue-libre/publish",
    "/episodes/roue-libre/publish?target=feed",
    "/episodes/roue-libre/report",
    "/episodes/roue-libre/versions",
    "/episodes/roue-libre/sound",
]
DESK = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
ENLARGED = {"viewport": {"width": 720, "height": 450}, "device_scale_factor": 2}


@pytest.mark.nightly
@pytest.mark.parametrize("screen", [DESK, PHONE, ENLARGED], ids=["desk", "phone", "enlarged"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(browser: Browser, server: str, screen: dict[str, Any], scheme: str) -> None:
    with new_tab(browser, locale="en-GB", color_scheme=scheme, **screen) as page:
        for path in PAGES:
            answer = page.goto(server + path)
            assert answer is not None
            assert answer.ok, path
            assert_accessible(page)


NARROW = ["/", "/add", "/search?q=velo", "/episodes/roue-libre", "/episodes/roue-libre/details", "/nowhere"]


def test_a_page_of_320_pixels_is_not_scrolled_sideways(page: Page, server: str) -> None:
    page.set_viewport_size({"width": 320, "height": 256})
    page.route("**/nowhere", lambda route: route.fulfill(body=route.fetch().text(), content_type="text/html"))
    for path in NARROW:
        page.goto(server + path)
        assert page.evaluate("document.documentElement.scrollWidth") == 320, path


@pytest.mark.parametrize(("size", "prepares"), [((320, 256), True), ((390, 844), False)])
def test_the_focused_word_is_never_under_a_fixed_element(
    page: Page, server: str, unprepared: Path, size: tuple[int, int], prepares: bool
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    job = {"id": "a-job", "kind": "prepare", "state": "running", "stage": "preparing"}
    jobs = [{**job, "run_done": 0.42, "status": "Preparing the sound, 42%"}] if prepares else []
    page.route("**/prepare", lambda route: route.fulfill(json={"job": jobs[0] if jobs else None}))
    page.route("**/api/jobs?*", lambda route: route.fulfill(json=jobs))
    page.goto(f"{server}/episodes/roue-libre")
    if prepares:
        expect(page.locator("#preparing .state")).to_contain_text("42")
    page.locator('.w[tabindex="0"]').focus()
    for key in ["Shift+ArrowRight"] * 3 + ["Shift+ArrowDown"] * 5 + ["ArrowUp"] * 3 + ["Shift+ArrowDown"]:
        page.keyboard.press(key)
        page.wait_for_timeout(50)
        seen = page.evaluate(
            """() => {
                const { left, right, top, bottom } = document.activeElement.getBoundingClientRect();
                return document.elementFromPoint((left + right) / 2, (top + bottom) / 2)?.className;
            }"""
        )
        assert str(seen).startswith("w"), key


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
