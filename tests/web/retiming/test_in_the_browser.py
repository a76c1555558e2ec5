"""Browser test of replacing an episode's audio."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from aligner.storage.alignment_json import read_alignment
from tests.aligner.retiming.recut import Piece, recut
from tests.web.visiting import assert_accessible

A_WHILE = 120_000  # milliseconds: it is listened to


@pytest.mark.ci
def test_new_audio_is_uploaded_reviewed_and_used(page: Page, server: str, library: Path, tmp_path: Path) -> None:
    folder = library / "roue-libre"
    path = folder / "episode.alignment.json"
    before = read_alignment(path)
    new = recut(tmp_path / "neuf.wav", Piece(folder / "episode.mp3", 8.0, None))
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{server}/episodes/roue-libre/details")
    page.get_by_role("link", name="Replace the audio").click()
    expect(page.get_by_role("button", name="Preview the changes")).to_be_disabled()
    assert_accessible(page)
    page.locator("#file-audio").set_input_files(new)
    page.get_by_role("button", name="Preview the changes").click()
    table = page.get_by_role("table")
    expect(table).to_contain_text("−8.00", timeout=A_WHILE)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert read_alignment(path) == before
    page.get_by_role("button", name="Use this audio").click()
    expect(page.get_by_text("The episode now has this audio.")).to_be_visible(timeout=A_WHILE)
    now = read_alignment(path)
    k = next(k for k, word in enumerate(before.words) if word.span and word.span.start > 60)
    assert now.words[k].span.start == pytest.approx(before.words[k].span.start - 8.0, abs=0.02)
    assert now.audio.file == "episode.wav"
    assert (folder / "episode.mp3.bak").exists()
    assert not list((folder / ".quotecast" / "new sound").iterdir())
    page.goto(f"{server}/episodes/roue-libre")
    expect(page.locator("#transcript")).to_contain_text("vélo")
    page.goto(f"{server}/episodes/roue-libre/sound")
    assert_accessible(page)
