"""A review that does not wait for the server: what is accepted, undone, put in; words from anywhere in the text."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page, Route, expect

from aligner.storage.alignment_json import read_alignment
from tests.web.review.conftest import DOUBTED, left, open_review, part
from tests.web.visiting import intercept


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
