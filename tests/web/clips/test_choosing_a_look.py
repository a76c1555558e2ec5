"""Browser tests of choosing an audiogram's style."""

from __future__ import annotations

import json
import re
from pathlib import Path

import av
import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from aligner.publishing.screens import StyleChoices, remember
from aligner.storage.database import config_folder
from tests.web.gestures import drag, export, press_video
from tests.web.watching import until

MOVING = "#clip-panel video[data-moving]"


@pytest.fixture
def panel(covered: Path, episode: Page) -> Page:
    """The panel of an audiogram of the episode that has a red cover, once it moves."""
    return opened(episode)


def opened(episode: Page) -> Page:
    episode.reload()
    drag(episode, 20, 22)
    press_video(episode)
    expect(episode.locator(MOVING)).to_be_visible()
    episode.locator("#clip-panel summary").first.click()
    return episode


def hue(page: Page, name: str) -> Locator:
    return page.locator(f"#clip-panel input[name={name}]")


def cover(page: Page) -> Locator:
    return page.locator("select[name=cover]")


def share(picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], colour: tuple[int, int, int]) -> float:
    """How much of the picture is of about that colour."""
    return float((np.abs(picture.astype(int) - colour).sum(axis=2) < 40).mean())


@pytest.mark.ci
def test_colour_accent_font_and_no_cover_are_what_the_exported_video_shows(panel: Page, covered: Path) -> None:
    hue(panel, "colour").fill("#16171a")
    hue(panel, "accent").fill("#00c000")
    panel.get_by_label("Font").select_option("DejaVu Sans")
    cover(panel).select_option("None")
    panel.get_by_label(re.compile("End card")).uncheck()
    export(panel)
    (video,) = (covered / "clips").glob("*.mp4")
    with av.open(str(video)) as container:
        *_, last = (frame.to_ndarray(format="rgb24") for frame in container.decode(video=0))
    assert share(last, (0x16, 0x17, 0x1A)) > 0.7
    assert share(last, (0x00, 0xC0, 0x00)) > 0.002  # the waveform, all of it played
    assert share(last, (200, 20, 20)) == 0
    remembered = json.loads((config_folder() / "audiograms.json").read_text(encoding="utf-8"))["Roue libre"]
    expected = {"colour": "#16171a", "accent": "#00c000", "font": "DejaVu Sans", "cover": "none", "end_card": False}
    assert remembered == expected


def test_remembered_choices_are_shown_and_can_be_reset(covered: Path, episode: Page) -> None:
    remember("Roue libre", StyleChoices(colour="#113355", font="DejaVu Sans"))
    panel, note = opened(episode), episode.get_by_text("Same as your last audiogram of this show")
    expect(note).to_be_visible()
    colour = hue(panel, "colour")
    expect(colour).to_have_value("#113355")
    expect(panel.get_by_label("Font")).to_have_value("DejaVu Sans")
    panel.get_by_role("button", name="Reset the style").click()
    expect(note).to_be_hidden()
    expect(panel.get_by_label("Font").locator("option:checked")).to_have_text("Default")
    expect(colour).not_to_have_value("#113355")
    export(panel)
    remembered = json.loads((config_folder() / "audiograms.json").read_text(encoding="utf-8"))["Roue libre"]
    assert not {"colour", "font"} & remembered.keys()


def test_the_video_preview_is_muted_and_the_audio_plays_separately(panel: Page) -> None:
    video, listen = panel.locator(MOVING), panel.locator('[data-do="listen"]')
    until(lambda: panel.wait_for_timeout(20) or video.evaluate("video => video.currentTime > 0.2"))
    assert video.evaluate("video => video.muted && video.loop && video.controls")
    listen.click()
    expect(listen).to_have_text(re.compile("Stop"))
    assert video.evaluate("video => video.muted")
    expect(listen).to_have_text(re.compile("Play"))
    panel.keyboard.press("Escape")
    assert panel.locator("#clip-panel video").evaluate("video => video.paused")
