"""Right-to-left text on left-to-right pages."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

from tests.web.gestures import word
from tests.web.library.shelved import plant
from tests.web.page.planted import lay, planted


def test_a_search_result_has_the_direction_of_its_words(page: Page, server: str, library: Path) -> None:
    plant(library / "sea", "سامي: البحر قديم يا صديقي.\n\nSami: La mer est vieille, البحر.\n", title="البحر")
    page.goto(f"{server}/search?q=البحر")
    ways = page.locator(".hits .words").evaluate_all("all => all.map(each => getComputedStyle(each).direction)")
    assert ways == ["rtl", "ltr"]


def test_each_turn_has_the_direction_of_its_words(page: Page, server: str, library: Path) -> None:
    turns = (("Sami", "البحر قديم."), ("ليلى", "Une roue, énorme."), ("ليلى", "הים ישן."), ("Sami", "Oui."))
    lay(library / "roue-libre", library / "roue-libre", planted(*turns))
    page.goto(f"{server}/episodes/roue-libre")
    ways = "turns => turns.map(turn => getComputedStyle(turn).direction)"
    assert page.locator(".turn").evaluate_all(ways) == ["rtl", "ltr", "ltr"]
    lefts = [page.locator(word(page, k)).evaluate("word => word.getBoundingClientRect().left") for k in range(8)]
    edge = page.locator(".turn").nth(1).evaluate("turn => turn.getBoundingClientRect().left")
    right = page.locator(".turn").nth(1).evaluate("turn => turn.getBoundingClientRect().right")
    assert lefts[0] > lefts[1] > edge + (right - edge) / 2  # rightmost first, at the right
    assert edge + 20 > lefts[2] < lefts[3] < lefts[4]
    assert lefts[5] > lefts[6] > edge + (right - edge) / 2  # a paragraph of the same turn
