"""Browser tests of comparing and restoring versions."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from aligner.model import Review
from aligner.storage.history import changed, open_history
from aligner.transcript import read_transcript
from tests.web.visiting import assert_accessible

ID = "/episodes/roue-libre"


@pytest.fixture
def corrected(library: Path) -> Path:
    """The episode's folder after a change of its text by Ada; what it was comes first."""
    folder = library / "roue-libre"
    path = folder / "episode.alignment.json"
    history = open_history(path)
    text = (folder / "transcript.txt").read_text(encoding="utf-8").replace("Un vélo", "Un tricycle", 1)
    (folder / "new.txt").write_text(text, encoding="utf-8")
    transcript = read_transcript(folder / "new.txt")
    (folder / "new.txt").unlink()
    transcript = replace(transcript, file="transcript.txt", sha256=history.alignment.transcript.sha256)
    pairs = zip(history.alignment.segments, transcript.segments, strict=True)
    segments = tuple(replace(told, segment=segment) for told, segment in pairs)
    words = tuple(
        replace(told, word=word) for told, word in zip(history.alignment.words, transcript.words, strict=True)
    )
    new = replace(history.alignment, transcript=transcript, segments=segments, words=words)
    changed(history, new, {"kind": "text"}, "Ada Quint")
    return folder


@pytest.mark.ci
def test_changes_are_shown_and_the_original_restored(page: Page, server: str, corrected: Path) -> None:
    page.goto(f"{server}{ID}")
    page.locator("#more summary").click()
    page.get_by_role("link", name="Versions of the transcript").click()
    rows = page.locator(".versions-list > li")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("current text")
    expect(rows.first).to_contain_text("by Ada Quint")
    expect(rows.last).to_contain_text("original")
    assert_accessible(page)
    rows.first.get_by_role("link", name="What changed").click()
    expect(page.locator(".differences ins")).to_have_text("tricycle")
    expect(page.locator(".differences del")).to_have_text("vélo")
    assert_accessible(page)
    page.get_by_role("button", name="Restore: Version 1").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#done")).to_contain_text("Version 1 is the current text again")
    expect(page.locator(".versions-list > li").last).to_contain_text("current text")
    assert "Un vélo" in (corrected / "transcript.txt").read_text(encoding="utf-8")


def test_a_warning_tells_that_the_review_will_be_removed(
    page: Page, server: str, corrected: Path, tmp_path: Path
) -> None:
    path = corrected / "episode.alignment.json"
    history = open_history(path)
    review = Review("Ada Quint", "2026-11-27T02:00:00Z", 1.0)
    changed(history, replace(history.alignment, review=review), {"kind": "review"}, "Ada Quint")
    page.goto(f"{server}{ID}")
    expect(page.locator(".heading .review-status")).to_have_text("Reviewed by Ada Quint, 27\u00a0November 2026")
    page.goto(f"{server}{ID}/versions")
    expect(page.locator("#review-goes")).to_contain_text("Restoring another version removes that mark")
    assert_accessible(page)
    page.goto(f"{server}{ID}/details")
    expect(page.locator("#review-goes")).to_be_hidden()
    new = tmp_path / "new.txt"
    new.write_text(
        (corrected / "transcript.txt").read_text(encoding="utf-8").replace("tricycle", "vélo", 1), encoding="utf-8"
    )
    page.locator("#file-transcript").set_input_files(new)
    expect(page.locator("#review-goes")).to_contain_text("Replacing it removes that mark")
    page.get_by_role("button", name="Replace and align again").click()
    page.wait_for_url(f"{server}{ID}")
