"""Enlarged pages fit, and fixed parts hide no focused word."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

PAGES = ["/", "/add", "/search?q=velo", "/episodes/roue-libre", "/episodes/roue-libre/details", "/nowhere"]


def test_a_page_of_320_pixels_is_not_scrolled_sideways(page: Page, server: str) -> None:
    page.set_viewport_size({"width": 320, "height": 256})
    page.route("**/nowhere", lambda route: route.fulfill(body=route.fetch().text(), content_type="text/html"))
    for path in PAGES:
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
