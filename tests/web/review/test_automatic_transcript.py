"""An automatic transcript is reviewed completely and called automatic until then."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from aligner.model import Kind, Review
from aligner.review.queue import ItemKind, queue_of
from aligner.storage.alignment_json import read_alignment, to_text
from tests.web.review.conftest import ADDRESS, open_review, part

DRAFT = "To review"


@pytest.fixture
def drafted(library: Path) -> Path:
    """The sample as if a machine had written it."""
    path = library / "roue-libre" / "episode.alignment.json"
    path.write_text(to_text(replace(read_alignment(path), machine_text=True)), encoding="utf-8")
    return path


def test_each_paragraph_of_an_automatic_transcript_is_accepted_or_edited(
    page: Page, server: str, drafted: Path
) -> None:
    open_review(page, server)
    expect(page.locator(".heading .notice")).to_have_class("notice")  # not at the bottom, as the review is
    page.locator("#review-kind").select_option("draft")
    expect(part(page, "reasons")).to_contain_text("Automatic transcript: listen")
    expect(page.locator("#review [data-do=all]")).to_be_disabled()
    alignment = read_alignment(drafted)
    paragraphs = [item for item in queue_of(alignment) if item.kind is ItemKind.DRAFT]
    assert paragraphs[0].words
    assert alignment.segments[alignment.words[paragraphs[0].words[0]].word.segment].segment.kind is Kind.SPEECH
    option = page.locator("#review-kind option[value=draft]")
    expect(option).to_have_text(f"Automatic transcript to check: {len(paragraphs)}")
    with page.expect_response("**/corrections"):
        page.keyboard.press("Enter")
    expect(option).to_have_text(f"Automatic transcript to check: {len(paragraphs) - 1}")
    assert all(read_alignment(drafted).words[k].pinned for k in paragraphs[0].words)
    page.keyboard.press("e")
    expect(page.locator(".editor textarea").first).to_be_focused()
    page.keyboard.press("Escape")
    page.goto("about:blank")


def test_library_and_report_call_it_automatic_until_it_is_reviewed(page: Page, server: str, drafted: Path) -> None:
    page.goto(server)
    row = page.locator("#row-roue-libre .verdict")
    expect(row).to_contain_text(DRAFT)
    page.goto(f"{server}{ADDRESS}/report")
    verdict = page.locator(".verdict-line")
    expect(verdict).to_contain_text(f"{DRAFT} · an automatic transcript with mistakes")
    review = Review("Zoé", "2026-01-02T03:04:05Z", 1.0)
    drafted.write_text(to_text(replace(read_alignment(drafted), review=review)), encoding="utf-8")
    page.reload()
    expect(verdict).to_contain_text("Words found · the transcript follows the audio")
    page.goto(server)
    expect(row).to_contain_text("Words found")
