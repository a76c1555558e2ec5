"""Where a review leaves hands and eyes: keys are for the words after a press, a word clicked stays in view, what is
undone is asked again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.gestures import sound_time
from tests.web.review.conftest import ADDRESS, part, said
from tests.web.visiting import new_tab

REST_MS = 400  # in which a click would have begun to play


def test_after_a_press_keys_are_for_the_words_also_where_a_name_is_asked_first(
    browser: Browser, server: str, troubled: object
) -> None:
    with new_tab(browser, viewport={"width": 1280, "height": 800}, locale="en-GB") as tab:
        tab.goto(f"{server}{ADDRESS}?review")
        expect(part(tab, "where")).to_contain_text("1 of ")
        tab.locator("#review-kind").select_option("lacking")
        tab.locator("#review [data-do=dismiss]").click()
        with tab.expect_response("**/corrections"):
            tab.locator("#name-dialog button[value=without]").click()
        expect(tab.locator(".saids")).to_be_focused()
        tab.goto("about:blank")


def test_a_word_clicked_stays_under_its_sound_and_nothing_plays(reviewed: Page) -> None:
    start = reviewed.evaluate("JSON.parse(document.getElementById('episode-data').textContent).starts[100] / 1000")
    reviewed.evaluate("document.getElementById('sound').play()")
    reviewed.locator("#transcript .w[data-i='100']").click()
    expect(said(reviewed, 100)).to_have_attribute("aria-selected", "true")
    reviewed.wait_for_timeout(REST_MS)
    assert reviewed.evaluate("document.getElementById('sound').paused")
    assert sound_time(reviewed) == pytest.approx(start, abs=0.05)
    expect(said(reviewed, 100)).to_be_visible()
