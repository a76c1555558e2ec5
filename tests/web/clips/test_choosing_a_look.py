"""In a real browser: an audiogram's look is chosen, seen to move, exported, remembered, and reset."""

from __future__ import annotations

import json
import re
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from aligner.publishing.screens import StyleChoices, remember
from aligner.storage.database import config_folder
from tests.web.gestures import drag, export, press_video
from tests.web.visiting import assert_accessible, watch
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


def test_the_preview_is_of_what_was_chosen(panel: Page) -> None:
    def corner() -> list[int]:
        return list(
            panel.locator(MOVING).evaluate(
                """video => {
                    const canvas = document.createElement("canvas");
                    canvas.getContext("2d").drawImage(video, 0, 0);
                    return [...canvas.getContext("2d").getImageData(4, 4, 1, 1).data].slice(0, 3);
                }"""
            )
        )

    cover(panel).select_option("None")
    for name, colour in (("#16171a", (0x16, 0x17, 0x1A)), ("#fbfaf7", (0xFB, 0xFA, 0xF7))):
        hue(panel, "colour").fill(name)
        expect(panel.locator(MOVING)).to_have_count(0)
        expect(panel.locator(MOVING)).to_be_visible()
        assert corner() == pytest.approx(colour, abs=6)


def test_a_picture_that_is_sent_is_the_cover(panel: Page, covered: Path) -> None:
    Image.new("RGB", (64, 64), (20, 20, 200)).save(covered.parent / "Émission.png")
    first = panel.locator("#clip-panel video").get_attribute("poster")
    panel.locator("#clip-picture").set_input_files(covered.parent / "Émission.png")
    expect(cover(panel).locator("option:checked")).to_have_text("audiogram cover.png")
    expect(panel.locator("#clip-panel video")).not_to_have_attribute("poster", str(first))
    assert (covered / "audiogram cover.png").read_bytes() == (covered.parent / "Émission.png").read_bytes()


def test_what_was_remembered_is_said_and_can_be_reset(covered: Path, episode: Page) -> None:
    remember("Roue libre", StyleChoices(colour="#113355", font="DejaVu Sans"))
    panel, note = opened(episode), episode.get_by_text("Remembered from your last audiogram of this show")
    expect(note).to_be_visible()
    colour = hue(panel, "colour")
    expect(colour).to_have_value("#113355")
    expect(panel.get_by_label("Font")).to_have_value("DejaVu Sans")
    panel.get_by_role("button", name="Reset the look").click()
    expect(note).to_be_hidden()
    expect(panel.get_by_label("Font").locator("option:checked")).to_have_text("Usual")
    expect(colour).not_to_have_value("#113355")
    export(panel)
    remembered = json.loads((config_folder() / "audiograms.json").read_text(encoding="utf-8"))["Roue libre"]
    assert not {"colour", "font"} & remembered.keys()


def test_a_colour_that_nobody_could_read_on_is_said_to_be_another(panel: Page) -> None:
    told = panel.get_by_text("Text could not be read on this background")
    expect(told).to_have_count(0)
    hue(panel, "colour").fill("#777777")
    expect(told).to_be_visible()
    assert_accessible(panel)
    hue(panel, "colour").fill("#16171a")
    expect(told).to_have_count(0)


def test_it_moves_without_its_sound_and_the_clip_is_listened_to_beside_it(panel: Page) -> None:
    video, listen = panel.locator(MOVING), panel.locator('[data-do="listen"]')
    until(lambda: panel.wait_for_timeout(20) or video.evaluate("video => video.currentTime > 0.2"))
    assert video.evaluate("video => video.muted && video.loop && video.controls")
    listen.click()
    expect(listen).to_have_text(re.compile("Stop"))
    assert video.evaluate("video => video.muted")
    expect(listen).to_have_text(re.compile("Listen"))
    panel.keyboard.press("Escape")
    assert panel.locator("#clip-panel video").evaluate("video => video.paused")


@pytest.mark.parametrize("language", ["en-GB", "fr-FR"])
def test_on_a_phone_what_is_touched_is_large_enough_and_nothing_is_cut_off(
    covered: Path, browser: Browser, server: str, language: str
) -> None:
    size = {"width": 390, "height": 844}
    with browser.new_context(viewport=size, is_mobile=True, has_touch=True, locale=language) as context:  # type: ignore[arg-type]
        page = context.new_page()
        complaints = watch(page)
        page.goto(f"{server}/episodes/roue-libre")
        opened(page)
        page.get_by_role("dialog").locator("input[name=colour]").fill("#777777")
        expect(page.locator('[data-part="colour-drawn"]')).not_to_be_empty()
        expect(page.locator(MOVING)).to_be_visible()
        small = page.locator("#clip-panel").evaluate(
            """panel => [...panel.querySelectorAll("button, select, textarea, .button, .check, .shape, [type=color]")]
                .filter((each) => each.checkVisibility())
                .map((each) => [each.outerHTML.slice(0, 80), each.getBoundingClientRect()])
                .filter(([, { width, height }]) => width < 44 || height < 44)
                .map(([name, { width, height }]) => `${name} ${width} ${height}`)"""
        )
        assert small == []
        assert page.locator(".panel-body").evaluate("body => body.scrollWidth <= body.clientWidth")
        assert_accessible(page)
        page.goto("about:blank")
        assert not complaints
