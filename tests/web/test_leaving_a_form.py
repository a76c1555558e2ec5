"""A changed form asks before the page is left."""

from pathlib import Path

from flask import Flask
from playwright.sync_api import Dialog, Page, expect

from tests.web.asking import JobsThatWait

TRANSCRIPT = {"name": "a.txt", "mimeType": "text/plain", "buffer": b"Anna: Hello there.\n\nBert: Good evening."}


def fill(page: Page, library: Path) -> None:
    page.set_input_files("#file-audio", library / "roue-libre" / "episode.mp3")
    page.set_input_files("#file-transcript", TRANSCRIPT)
    expect(page.locator('.slot[data-kind="audio"]')).to_have_attribute("data-state", "there")
    expect(page.locator(".names input").first).to_be_visible()
    page.fill("#field-title", "Mon titre saisi")
    page.locator(".names input").first.fill("Anna Karenina")


def assert_filled(page: Page) -> None:
    expect(page.locator("#field-title")).to_have_value("Mon titre saisi")
    expect(page.locator('.slot[data-kind="audio"] .name')).to_have_text("episode.mp3")
    expect(page.locator('.slot[data-kind="transcript"] .name')).to_have_text("a.txt")
    expect(page.locator(".names input:visible")).to_have_count(2)
    expect(page.locator(".names input").first).to_have_value("Anna Karenina")


def test_changing_the_language_asks_before_leaving_a_form(app: Flask, page: Page, server: str, library: Path) -> None:
    app.extensions["jobs"] = JobsThatWait(library)
    page.goto(f"{server}/add")
    fill(page, library)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.click("button[name=language][value=fr]")
    page.click("button[name=theme]")
    assert asked == ["beforeunload", "beforeunload"]
    assert_filled(page)
    page.click("#begin")
    page.wait_for_url("**/episodes/*")
    expect(page.locator("h1")).to_have_text("Mon titre saisi")
