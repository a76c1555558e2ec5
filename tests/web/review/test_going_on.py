"""A review that does not wait for the server: what is accepted, undone, put in; words from anywhere in the text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from aligner.storage.alignment_json import read_alignment
from tests.web.review.conftest import ADDRESS, DOUBTED, LOST, left, open_review, part, said
from tests.web.visiting import intercept, new_tab


def word(page: Page, i: int) -> Any:
    return page.locator(f"#transcript .w[data-i='{i}']")


def test_the_next_passage_is_there_before_the_server_has_answered(reviewed: Page, troubled: Path) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)
        if len(held) > 1:
            route.continue_()

    intercept(reviewed, "**/corrections", hold)
    count = left(reviewed)
    with reviewed.expect_request("**/corrections"):
        reviewed.keyboard.press("Enter")
    expect(part(reviewed, "reasons")).to_contain_text("was not found in the sound")
    reviewed.keyboard.press("Enter")
    expect(part(reviewed, "where")).to_have_text(f"1 of {count - 2}")
    assert left(reviewed) == count - 2
    assert len(held) == 1  # the second waits for the first
    assert not any(each.pinned for each in read_alignment(troubled).words)
    with reviewed.expect_response("**/review"):
        held[0].continue_()
    assert len(held) == 2
    expect(part(reviewed, "where")).to_have_text(f"1 of {count - 2}")
    assert all(read_alignment(troubled).words[k].pinned for k in DOUBTED)


def test_what_is_refused_is_gone_back_to_and_the_reader_is_told(browser: Browser, server: str, troubled: Path) -> None:
    context = browser.new_context(locale="en-GB")  # whose console tells of a refusal, which is wanted
    reviewed = context.new_page()
    open_review(reviewed, server)
    count = left(reviewed)
    intercept(reviewed, "**/corrections", lambda route: route.fulfill(status=422, json={"error": "It is not so."}))
    reviewed.keyboard.press("Enter")
    expect(reviewed.locator("#toast")).to_contain_text("It is not so.")
    expect(part(reviewed, "where")).to_have_text(f"1 of {count}")
    expect(part(reviewed, "reasons")).to_contain_text("None of these 20 words")
    reviewed.unroute("**/corrections")
    reviewed.keyboard.press("Enter")
    expect(part(reviewed, "where")).to_have_text(f"1 of {count - 1}")
    expect(reviewed.locator("#toast")).to_be_hidden()
    context.close()


def test_on_a_phone_each_correction_is_undone_and_done_again_by_a_finger(
    browser: Browser, server: str, troubled: Path
) -> None:
    size = {"width": 390, "height": 844}
    with new_tab(browser, viewport=size, has_touch=True, is_mobile=True, locale="en-GB") as tab:
        open_review(tab, server)
        undo, redo = (tab.locator(f"#review [data-do={do}]") for do in ("undo", "redo"))
        expect(undo).to_be_in_viewport()
        expect(undo).to_be_disabled()
        expect(redo).to_be_disabled()
        tab.locator("#review [data-do=unspoken]").tap()
        expect(undo).to_be_enabled()
        undo.tap()
        expect(redo).to_be_enabled()
        expect(undo).to_be_disabled()
        assert read_alignment(troubled).words[DOUBTED.start].span is not None
        redo.tap()
        expect(undo).to_be_enabled()
        assert read_alignment(troubled).words[DOUBTED.start].span is None
        tab.locator("#review-kind").select_option("unfound")
        expect(part(tab, "reasons")).to_contain_text("was not found")
        tab.goto("about:blank")


def test_what_was_changed_on_an_earlier_visit_can_be_undone(reviewed: Page) -> None:
    reviewed.keyboard.press("u")
    expect(reviewed.locator("#review [data-do=undo]")).to_be_enabled()
    reviewed.reload()
    expect(part(reviewed, "where")).to_contain_text(" of ")
    expect(reviewed.locator("#review [data-do=undo]")).to_be_enabled()


@pytest.mark.parametrize("i", [LOST[0], 100])
def test_a_word_that_is_pressed_in_the_transcript_is_brought_under_its_sound(reviewed: Page, i: int) -> None:
    expect(said(reviewed, i)).to_have_count(0)
    word(reviewed, i).click()
    expect(said(reviewed, i)).to_have_attribute("aria-selected", "true")
    expect(said(reviewed, i)).to_be_visible()
    reviewed.keyboard.press("ArrowRight")
    expect(said(reviewed, i + 1)).to_have_attribute("aria-selected", "true")
    expect(word(reviewed, i + 1)).to_be_focused()


def test_enter_puts_speech_without_text_in_and_its_own_button_dismisses_it(reviewed: Page, troubled: Path) -> None:
    reviewed.locator("#review-kind").select_option("lacking")
    expect(part(reviewed, "heard")).to_have_text("bonjour à tous")
    reviewed.locator(".saids").focus()
    reviewed.keyboard.press("Enter")
    expect(reviewed.locator("#lacking-text")).to_have_value("bonjour à tous")
    reviewed.keyboard.press("Escape")
    expect(reviewed.locator(".saids")).to_be_focused()
    assert read_alignment(troubled).settled == ()
    with reviewed.expect_response("**/corrections"):
        reviewed.locator("#review [data-do=dismiss]").click()
    assert len(read_alignment(troubled).settled) == 1


def test_what_is_put_in_is_saved_as_an_edited_paragraph_is(reviewed: Page, troubled: Path) -> None:
    words = len(read_alignment(troubled).words)
    reviewed.locator("#review-kind").select_option("lacking")
    reviewed.locator(".saids").focus()
    reviewed.keyboard.press("Enter")
    reviewed.locator("#lacking-text").press("Control+Enter")
    expect(reviewed.locator("#toast")).to_contain_text("Put into the transcript.")
    assert len(read_alignment(troubled).words) == words + 3


def test_after_speech_is_put_in_and_undone_the_focus_is_on_words(reviewed: Page) -> None:
    reviewed.locator("#review-kind").select_option("lacking")
    reviewed.locator("#review [data-do=put]").click()
    reviewed.locator("#lacking button.filled").click()
    expect(reviewed.locator("#toast")).to_contain_text("Put into the transcript.")
    expect(reviewed.locator(".saids")).to_be_focused()
    word(reviewed, 0).click()
    expect(word(reviewed, 0)).to_be_focused()
    reviewed.keyboard.press("Control+z")
    expect(reviewed.locator("#toast")).to_contain_text("Undone")
    assert reviewed.evaluate("() => document.activeElement.className").startswith("w")


def test_a_key_opens_the_review(page: Page, server: str, troubled: Path) -> None:
    page.goto(server + ADDRESS)
    page.wait_for_selector("html.awake")
    page.keyboard.press("F8")
    expect(part(page, "where")).to_contain_text("1 of ")
    page.goto("about:blank")


def test_a_kind_chosen_by_hand_leaves_the_arrows_to_the_words(reviewed: Page) -> None:
    kinds = reviewed.locator("#review-kind")
    kinds.focus()
    kinds.select_option("unfound")
    expect(kinds).to_be_focused()  # keys walk on in the list
    kinds.dispatch_event("pointerdown")
    kinds.select_option("misplaced")
    expect(reviewed.locator(".saids")).to_be_focused()


def test_the_words_under_their_sound_do_not_lie_on_each_other(reviewed: Page) -> None:
    for _ in range(2):
        reviewed.locator("#review [data-do=wider]").click()
    boxes = reviewed.locator('.saids > :not([aria-selected="true"], .unsaid)').evaluate_all(
        "all => all.map(e => e.getBoundingClientRect()).map(({left, right, top}) => [top, left, right])"
    )
    assert len(boxes) > 30
    for top, begin, end in boxes:
        assert not [each for each in boxes if each[0] == top and begin < each[1] < end]


def test_times_are_written_as_the_reader_writes_them(browser: Browser, server: str, troubled: Path) -> None:
    with new_tab(browser, locale="fr-FR") as tab:
        tab.goto(f"{server}{ADDRESS}?review")
        expect(part(tab, "where")).to_contain_text("1 sur ")
        tab.locator("#review [data-do=closer]").click()
        expect(tab.locator(".ruler span").first).to_contain_text(",")
        tab.goto("about:blank")
