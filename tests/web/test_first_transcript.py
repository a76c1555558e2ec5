"""An episode without a transcript gets an automatic one."""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import Page, expect

from aligner.storage.alignment_json import read_alignment
from tests.paths import SAMPLE
from tests.web.visiting import assert_accessible

HEARD_IN = 240_000  # milliseconds for two minutes of sound on a busy machine


def test_audio_without_text_becomes_an_episode_with_an_automatic_transcript(
    page: Page, server: str, library: Path
) -> None:
    page.goto(f"{server}/add")
    page.locator("#file-audio").set_input_files(SAMPLE / "episode.mp3")
    page.get_by_label("Title").fill("Sans texte")
    page.get_by_role("combobox", name="Language").select_option("fr")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("#form-problem")).to_be_visible()
    names = page.get_by_label("Names and words")
    expect(names).to_be_hidden()
    page.get_by_label("No transcript:").check()
    names.fill("Bastien Oriol\nSaint-Éloi-sur-Vère")
    assert_accessible(page)
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("quotecast is recognising the speech.")).to_be_visible()
    assert_accessible(page)
    standing = page.locator(".heading .review-status")
    expect(standing).to_have_text("Automatic transcript, not reviewed", timeout=HEARD_IN)
    folder = library / "Sans texte"
    alignment = read_alignment(folder / "episode.alignment.json")
    assert alignment.machine_text
    assert "Saint-Éloi-sur-Vère" in alignment.transcript.text
    assert (folder / "episode.txt").read_text(encoding="utf-8") == alignment.transcript.text
    page.goto(server)
    row = page.locator(".row", has_text="Sans texte")
    expect(row).to_contain_text("Automatic transcript, not reviewed")
    expect(page.locator(".row", has_text="Roue libre").first).to_contain_text("Automatic timing, not reviewed")
    page.evaluate(
        "async () => (await import('/static/js/ui/api.js')).send('POST', "
        "'/api/episodes/roue-libre/corrections', "
        "{revision: 0, correction: {kind: 'review', who: 'Zoé', share: 1}})"
    )
    page.reload()
    expect(page.locator(".row", has_text="Roue libre").first).to_contain_text("Reviewed by Zoé")


def test_a_folder_with_only_audio_offers_an_automatic_transcript(page: Page, server: str, library: Path) -> None:
    (library / "alone").mkdir()
    shutil.copy(SAMPLE / "episode.mp3", library / "alone" / "talk.mp3")
    page.goto(server)
    row = page.locator(".row", has_text="alone")
    expect(row).to_contain_text("It has no transcript yet.")
    expect(row.get_by_role("button", name="Make an automatic transcript")).to_be_visible()
    row.get_by_role("link", name="alone").first.click()
    button = page.get_by_role("button", name="Make an automatic transcript")
    expect(button).to_be_visible()
    assert_accessible(page)
    button.click()
    expect(page.get_by_text("quotecast is recognising the speech.")).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
