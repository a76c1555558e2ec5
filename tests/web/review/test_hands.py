"""Where a review leaves hands and eyes: keys are for the words after a press, a word clicked stays in view, what is
undone is asked again."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.gestures import sound_time
from tests.web.review.conftest import ADDRESS, DOUBTED, left, open_review, part, said
from tests.web.visiting import new_tab, wait_for_sound

REST_MS = 400  # in which a click would have begun to play


@pytest.mark.parametrize("name", ["advert", "jingle", "dismiss"])
def test_after_a_press_keys_are_for_the_words_also_where_a_name_is_asked_first(
    browser: Browser, server: str, troubled: object, name: str
) -> None:
    with new_tab(browser, viewport={"width": 1280, "height": 800}, locale="en-GB") as tab:
        tab.goto(f"{server}{ADDRESS}?review")
        expect(part(tab, "where")).to_contain_text("1 of ")
        tab.locator("#review-kind").select_option("lacking")
        tab.locator(f"#review [data-do={name}]").click()
        with tab.expect_response("**/corrections"):
            tab.locator("#name-dialog button[value=without]").click()
        expect(tab.locator(".saids")).to_be_focused()
        tab.goto("about:blank")


def test_after_a_key_of_the_review_enter_accepts_though_a_button_had_the_focus(reviewed: Page) -> None:
    count = left(reviewed)
    button = reviewed.locator("#review [data-do=next]")
    button.focus()
    reviewed.keyboard.press("Enter")
    expect(part(reviewed, "where")).to_have_text(f"2 of {count}")
    expect(button).to_be_focused()  # a button is pressed as often as one likes
    reviewed.keyboard.press("Shift+F8")
    expect(reviewed.locator(".saids")).to_be_focused()
    with reviewed.expect_response("**/corrections"):
        reviewed.keyboard.press("Enter")
    expect(part(reviewed, "where")).to_have_text(f"1 of {count - 1}")


def test_a_button_that_is_done_with_a_passage_leaves_the_next_to_other_keys(reviewed: Page) -> None:
    reviewed.locator("#review-kind").select_option("lacking")
    reviewed.locator("#review [data-do=dismiss]").focus()
    with reviewed.expect_response("**/corrections"):
        reviewed.keyboard.press("Enter")
    expect(reviewed.locator(".saids")).to_be_focused()


def test_a_word_clicked_stays_under_its_sound_and_nothing_plays(reviewed: Page) -> None:
    start = reviewed.evaluate("JSON.parse(document.getElementById('episode-data').textContent).starts[100] / 1000")
    reviewed.evaluate("document.getElementById('sound').play()")
    reviewed.locator("#transcript .w[data-i='100']").click()
    expect(said(reviewed, 100)).to_have_attribute("aria-selected", "true")
    reviewed.wait_for_timeout(REST_MS)
    assert reviewed.evaluate("document.getElementById('sound').paused")
    assert sound_time(reviewed) == pytest.approx(start, abs=0.05)
    expect(said(reviewed, 100)).to_be_visible()


def test_a_double_click_that_edits_a_paragraph_leaves_the_sound_playing(
    page: Page, server: str, troubled: object
) -> None:
    open_review(page, server)
    wait_for_sound(page)
    page.evaluate("document.getElementById('sound').play()")
    page.locator("#transcript .w[data-i='100']").dblclick()
    expect(page.locator("#transcript [contenteditable], #transcript textarea").first).to_be_visible()
    assert not page.evaluate("document.getElementById('sound').paused")
    page.goto("about:blank")


@pytest.mark.parametrize("undo", ["Control+z", "button"])
def test_what_is_undone_is_the_passage_that_is_asked(reviewed: Page, undo: str) -> None:
    reasons, count = part(reviewed, "reasons").inner_text(), left(reviewed)
    reviewed.keyboard.press("Enter")
    expect(part(reviewed, "reasons")).not_to_have_text(reasons)
    reviewed.keyboard.press("F8")
    if undo == "button":
        reviewed.locator("#review [data-do=undo]").click()
    else:
        reviewed.keyboard.press(undo)
    expect(part(reviewed, "reasons")).to_have_text(reasons)
    expect(said(reviewed, DOUBTED.start)).to_have_attribute("aria-selected", "true")
    assert left(reviewed) == count


def test_speech_put_in_and_undone_is_asked_again(browser: Browser, server: str, troubled: Path) -> None:
    """Also at once: what was being asked of the text before is asked of this one, and no reader is told."""
    context = browser.new_context(locale="en-GB")  # whose console tells of what was asked of another text
    reviewed = context.new_page()
    open_review(reviewed, server)
    reviewed.locator("#review-kind").select_option("lacking")
    reviewed.locator("#review [data-do=put]").click()
    reviewed.locator("#lacking button.filled").click()
    expect(reviewed.locator("#toast")).to_contain_text("Put into the transcript.")
    reviewed.keyboard.press("F8")
    expect(part(reviewed, "heard")).not_to_have_text("bonjour à tous")
    reviewed.keyboard.press("Control+z")
    expect(part(reviewed, "heard")).to_have_text("bonjour à tous")
    with pytest.raises(AssertionError):
        expect(reviewed.locator("#toast")).to_contain_text("has changed since", timeout=2500)
    context.close()


@pytest.mark.parametrize("locale", ["fr-FR", "en-GB"])
def test_on_a_phone_what_is_left_is_told_whole(browser: Browser, server: str, troubled: object, locale: str) -> None:
    size = {"width": 390, "height": 844}
    with new_tab(browser, viewport=size, has_touch=True, is_mobile=True, locale=locale) as tab:
        tab.goto(f"{server}{ADDRESS}?review")
        expect(part(tab, "left")).not_to_be_empty()
        for name in ("where", "left"):
            part(tab, name).evaluate("told => { told.textContent = told.textContent.replace(/\\d+/g, '1234'); }")
            assert part(tab, name).evaluate("told => told.scrollWidth <= told.clientWidth")
            whole = "told => [told.getBoundingClientRect().right, told.closest('p').getBoundingClientRect().right]"
            right, edge = part(tab, name).evaluate(whole)
            assert right <= edge + 1
        tab.goto("about:blank")
