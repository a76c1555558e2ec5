"""Saved quotes are marked in the text, and marks lead to their cards."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from aligner.storage.alignment_json import read_alignment
from tests.web.gestures import drag, press, selected, word
from tests.web.visiting import assert_accessible
from web.quotes.saved import save_quote

# The words under the line that marks kept quotes.
MARKED = """() => [...(CSS.highlights.get("saved") ?? [])].map((range) => range.toString()).join(" | ")"""


def kept(library: Path, *places: tuple[int, int]) -> None:
    alignment = read_alignment(library / "roue-libre" / "episode.alignment.json")
    for first, last in places:
        save_quote(library / "roue-libre", alignment, first, last)


def test_a_saved_quote_is_marked_until_it_is_removed(episode: Page) -> None:
    drag(episode, 25, 28)
    height = episode.evaluate("document.documentElement.scrollHeight")
    press(episode, "keep")
    expect(episode.locator(".flag")).to_have_count(1)
    words = "".join(episode.locator(word(episode, i)).inner_text() for i in range(25, 29))
    assert episode.evaluate(MARKED).replace(" ", "").replace("\u00a0", "").replace("«", "").startswith(words[:12])
    assert episode.evaluate("document.documentElement.scrollHeight") == height  # nothing has moved
    episode.locator("#saved-quotes").get_by_role("button", name="Remove from the list").click()
    expect(episode.locator(".flag")).to_have_count(0)
    assert episode.evaluate(MARKED) == ""
    episode.get_by_role("button", name="Undo").click()
    expect(episode.locator(".flag")).to_have_count(1)


@pytest.mark.ci
@pytest.mark.parametrize("width", [390, 1280])
def test_a_mark_leads_to_its_card_and_back(page: Page, server: str, library: Path, width: int) -> None:
    kept(library, (25, 29))
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{server}/episodes/roue-libre")
    page.locator(".flag").click()
    link = page.locator("#saved-quotes a.saying")
    expect(link).to_be_in_viewport()
    expect(link).to_be_focused()
    assert page.evaluate("document.getElementById('audio').paused")
    assert_accessible(page)
    page.keyboard.press("Enter")
    expect(page.locator("#transcript .w.sel")).to_have_count(4)
    assert selected(page) == [25, 26, 27, 28]
    expect(page.locator(word(page, 25))).to_be_in_viewport()


def test_marks_are_reached_by_arrow_keys_and_opened_by_enter(page: Page, server: str, library: Path) -> None:
    kept(library, (0, 2))
    page.goto(f"{server}/episodes/roue-libre")
    flag = page.get_by_role("button", name="Saved quote: ")
    expect(flag).to_have_count(1)
    page.locator(word(page, 0)).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(flag).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator(word(page, 2))).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(flag).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(word(page, 1))).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#saved-quotes a.saying")).to_be_focused()
    assert page.locator('#transcript [tabindex="0"]').count() == 1
