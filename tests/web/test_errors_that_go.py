"""An error stays as long as its cause, and no longer."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect


def test_the_error_of_a_field_goes_as_the_field_is_mended(browser: Browser, server: str) -> None:
    context = browser.new_context(locale="fr-FR")
    page = context.new_page()  # whose console tells of the answer that refuses it
    page.goto(f"{server}/episodes/roue-libre/details")
    page.fill("#field-url", "no address")
    page.get_by_role("button", name="Enregistrer").first.click()
    expect(page.locator("#form-problem")).to_be_visible()
    page.locator("#field-url").press_sequentially("x")
    expect(page.locator("#form-problem")).to_be_hidden()
    expect(page.locator("[aria-invalid]")).to_have_count(0)
    context.close()


def test_a_cover_that_is_no_picture_is_taken_back_and_its_error_goes(
    browser: Browser, server: str, library: Path, tmp_path: Path
) -> None:
    (tmp_path / "cover.png").write_bytes(b"no picture")
    context = browser.new_context(locale="en-GB")
    page = context.new_page()  # whose console tells of the answer that refuses it
    page.goto(f"{server}/add")
    page.set_input_files("#file-audio", library / "roue-libre" / "episode.mp3")
    page.set_input_files("#file-transcript", library / "roue-libre" / "transcript.txt")
    expect(page.locator(".understood")).to_be_visible()
    page.fill("#field-title", "Without a cover")
    slot = page.locator('.slot[data-kind="cover"]')
    remove = slot.get_by_role("button", name="Remove")
    expect(remove).to_be_hidden()
    page.set_input_files("#file-cover", tmp_path / "cover.png")
    expect(slot.locator(".problem")).to_be_visible()
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#form-problem")).to_be_visible()
    remove.click()
    for problem in (slot.locator(".problem"), page.locator("#form-problem"), remove):
        expect(problem).to_be_hidden()
    expect(slot).to_contain_text("No picture")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/episodes/without-a-cover-*")
    context.close()
