"""In a real browser: an audiogram's look is chosen, seen to move, exported, remembered, and reset."""

from __future__ import annotations

import json
import re
from pathlib import Path
from threading import Event

import av
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from aligner.publishing.excerpt import Source
from aligner.publishing.styles import StyleChoices, remember
from aligner.storage.user_folders import config_folder
from tests.web.gestures import drag, export, press, word
from tests.web.visiting import assert_accessible, watch
from tests.web.watching import until
from web.clips import moving
from web.clips.exports import Export

MOVING = "#clip-panel video[data-moving]"


@pytest.fixture
def panel(covered: Path, episode: Page) -> Page:
    """The panel of an audiogram of the episode that has a red cover, once it moves."""
    return opened(episode)


def opened(episode: Page) -> Page:
    episode.reload()
    drag(episode, 20, 22)
    press(episode, "audiogram")
    expect(episode.locator(MOVING)).to_be_visible()
    return episode


def swatch(page: Page, hue: str, name: str) -> Locator:
    return page.get_by_role("group", name=hue).get_by_role("button", name=name)


def cover(page: Page) -> Locator:
    return page.locator("select[name=cover]")


def playing(page: Page) -> bool:
    return not page.locator(MOVING).evaluate("video => video.paused")


def share(picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], colour: tuple[int, int, int]) -> float:
    """How much of the picture is of about that colour."""
    return float((np.abs(picture.astype(int) - colour).sum(axis=2) < 40).mean())


def test_colour_accent_font_and_no_cover_are_what_the_exported_video_shows(panel: Page, covered: Path) -> None:
    swatch(panel, "Background", "Dark").click()
    panel.get_by_label("Accent").and_(panel.locator("input")).fill("#00c000")
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
    expected = {"colour": "#16171A", "accent": "#00c000", "font": "DejaVu Sans", "cover": "none", "end_card": False}
    assert remembered == expected


@pytest.mark.parametrize(("shape", "least"), [("portrait", 210), ("square", 290), ("landscape", 350)])
def test_on_a_phone_the_preview_is_large_enough_to_judge_with_the_choices_below_it(
    panel: Page, shape: str, least: int
) -> None:
    panel.set_viewport_size({"width": 390, "height": 844})
    panel.locator(f"#clip-panel input[value={shape}]").check(force=True)
    preview = panel.locator("#clip-panel img.large")
    expect(panel.locator(MOVING)).to_be_visible()
    for label in ("Accent", "Font", "Cover"):
        choice = panel.locator("#clip-panel .styling").get_by_label(label).and_(panel.locator("input, select"))
        choice.focus()
        expect(choice).to_be_in_viewport(ratio=0.95)
        expect(preview).to_be_in_viewport(ratio=0.95)
        assert preview.evaluate("image => image.getBoundingClientRect().width") >= least
        above = "([a, b]) => a.getBoundingClientRect().bottom <= b.getBoundingClientRect().top"
        assert panel.evaluate(above, [preview.element_handle(), choice.element_handle()])
    panel.locator("#clip-panel textarea").focus()  # the keyboard takes its room
    expect(preview).not_to_be_in_viewport(ratio=0.95)
    assert_accessible(panel)


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
    for name, colour in (("Dark", (0x16, 0x17, 0x1A)), ("Light", (0xFB, 0xFA, 0xF7))):
        swatch(panel, "Background", name).click()
        expect(panel.locator("#clip-panel video")).to_be_hidden()
        expect(panel.locator(MOVING)).to_be_visible()
        assert corner() == pytest.approx(colour, abs=6)
        expect(swatch(panel, "Background", name)).to_have_attribute("aria-pressed", "true")


def test_a_picture_that_is_sent_is_the_cover(panel: Page, covered: Path) -> None:
    Image.new("RGB", (64, 64), (20, 20, 200)).save(covered.parent / "Émission.png")
    first = panel.locator("#clip-panel img.large").get_attribute("src")
    panel.locator("#clip-picture").set_input_files(covered.parent / "Émission.png")
    expect(cover(panel).locator("option:checked")).to_have_text("audiogram cover.png")
    expect(panel.locator("#clip-panel img.large")).not_to_have_attribute("src", str(first))
    assert (covered / "audiogram cover.png").read_bytes() == (covered.parent / "Émission.png").read_bytes()


def test_what_is_no_picture_is_refused_in_the_panel_until_something_else_is_chosen(
    covered: Path, browser: Browser, server: str
) -> None:
    with browser.new_context(locale="fr-FR") as context:
        page = context.new_page()
        page.goto(f"{server}/episodes/roue-libre")
        opened(page)
        problem = page.locator('#clip-panel [data-part="problem"]')
        svg = FilePayload(name="image.png", mimeType="image/png", buffer=b"<svg/>")
        page.locator("#clip-picture").set_input_files(svg)
        expect(problem).to_contain_text("JPEG, PNG ou WebP")
        cover(page).select_option("Aucune")
        expect(problem).to_be_hidden()
        page.goto("about:blank")


def test_what_was_remembered_is_said_and_can_be_reset(covered: Path, episode: Page) -> None:
    remember("Roue libre", StyleChoices(colour="#113355", font="DejaVu Sans"))
    panel, note = opened(episode), episode.get_by_text("Remembered from your last audiogram of this show")
    expect(note).to_be_visible()
    colour = panel.get_by_label("Background").and_(panel.locator("input"))
    expect(colour).to_have_value("#113355")
    expect(panel.get_by_label("Font")).to_have_value("DejaVu Sans")
    panel.get_by_role("button", name="Reset the look").click()
    expect(note).to_be_hidden()
    expect(panel.get_by_label("Font").locator("option:checked")).to_have_text("Usual")
    expect(colour).not_to_have_value("#113355")
    expect(swatch(panel, "Background", "The show’s")).to_have_attribute("aria-pressed", "true")
    export(panel)
    remembered = json.loads((config_folder() / "audiograms.json").read_text(encoding="utf-8"))["Roue libre"]
    assert not {"colour", "font"} & remembered.keys()


def test_what_is_exported_looks_as_shown_though_another_tab_gave_the_show_another_look(
    covered: Path, episode: Page
) -> None:
    remember("Roue libre", StyleChoices(colour="#FBFAF7", font="DejaVu Serif", end_card=False))
    panel = opened(episode)
    remember("Roue libre", StyleChoices(colour="#16171A", accent="#2F6B3C", font="DejaVu Sans", cover="none"))
    export(panel)
    records = (json.loads(path.read_text(encoding="utf-8")) for path in (covered / "jobs").glob("*.json"))
    [work] = (record["arguments"] for record in records if record["kind"] == "audiogram")
    shown = {"colour": "#FBFAF7", "accent": "auto", "font": "DejaVu Serif", "cover": "auto", "end_card": False}
    assert work | shown == work
    remembered = json.loads((config_folder() / "audiograms.json").read_text(encoding="utf-8"))["Roue libre"]
    assert remembered == {"colour": "#FBFAF7", "font": "DejaVu Serif", "end_card": False}


def test_of_the_shows_colour_and_others_one_is_pressed(covered: Path, episode: Page) -> None:
    remember("Roue libre", StyleChoices(colour="#FBFAF7"))
    panel = opened(episode)
    pressed = panel.get_by_role("group", name="Background").get_by_role("button", pressed=True)
    expect(pressed).to_have_text(["Light"])
    swatch(panel, "Background", "The show’s").click()
    expect(pressed).to_have_text(["The show’s"])
    expect(panel.get_by_role("group", name="Accent").get_by_role("button", pressed=True)).to_have_text(["The show’s"])


def test_a_colour_that_nobody_could_read_on_is_said_to_be_another(panel: Page) -> None:
    told = panel.get_by_text("Text could not be read on this background")
    expect(told).to_have_count(0)
    panel.get_by_label("Background").and_(panel.locator("input")).fill("#777777")
    expect(told).to_be_visible()
    assert_accessible(panel)
    swatch(panel, "Background", "Dark").click()
    expect(told).to_have_count(0)


def test_it_moves_without_its_sound_until_it_is_listened_to(panel: Page) -> None:
    video = panel.locator(MOVING)
    until(lambda: panel.wait_for_timeout(20) or video.evaluate("video => video.currentTime > 0.2"))
    assert video.evaluate("video => video.muted && video.loop")
    panel.get_by_role("button", name="Pause the preview").press("Enter")
    assert not playing(panel)
    panel.get_by_role("button", name="Listen to the clip").click()
    expect(panel.locator('[data-do="listen"]')).to_have_text(re.compile("Stop"))
    assert video.evaluate("video => !video.muted && !video.paused")
    expect(panel.locator('[data-do="listen"]')).to_have_text(re.compile("Listen"))
    assert video.evaluate("video => video.muted")
    panel.keyboard.press("Escape")
    assert panel.locator("#clip-panel video").evaluate("video => video.paused")


def test_of_a_longer_one_the_beginning_moves_first_and_goes_on_as_the_whole(
    covered: Path, episode: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []
    made, seen = moving.moving, Event()

    def second_waits(source: Source, export: Export, page: str, seconds: float) -> bytes:
        asked.append(seconds)
        if len(asked) == 2:
            assert seen.wait(60)
        return made(source, export, page, seconds)

    monkeypatch.setattr(moving, "moving", second_waits)
    episode.reload()
    episode.locator(word(episode, 20)).scroll_into_view_if_needed()
    drag(episode, 20, 58)
    press(episode, "audiogram")
    video = episode.locator(MOVING)
    expect(video).to_be_visible()
    until(lambda: episode.wait_for_timeout(20) or video.evaluate("video => video.currentTime > 1"))
    expect(video).to_have_attribute("data-moving", "part")
    assert video.evaluate("video => video.duration") == pytest.approx(10, abs=0.1)
    seen.set()
    expect(video).to_have_attribute("data-moving", "whole")
    assert video.evaluate("video => video.duration > 12 && video.currentTime > 1 && !video.paused")
    assert asked == [10, moving.LONGEST]


def test_who_wants_no_motion_sees_it_still_until_it_is_played(covered: Path, episode: Page) -> None:
    episode.emulate_media(reduced_motion="reduce")
    panel = opened(episode)
    panel.wait_for_timeout(300)
    assert not playing(panel)
    panel.get_by_role("button", name="Play the preview").click()
    assert playing(panel)


def test_what_is_chosen_meanwhile_ends_the_preview_that_is_being_made(
    covered: Path, episode: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str | None] = []
    made, ended, end = moving.moving, Event(), moving.end_moving

    def slow(source: Source, export: Export, page: str, seconds: float) -> bytes:
        asked.append(export.style.colour)
        if len(asked) == 1:
            assert ended.wait(60)
        return made(source, export, page, seconds)

    def ending(page: str) -> None:
        ended.set()
        end(page)

    monkeypatch.setattr(moving, "moving", slow)
    monkeypatch.setattr(moving, "end_moving", ending)
    episode.reload()
    drag(episode, 20, 22)
    press(episode, "audiogram")
    until(lambda: episode.wait_for_timeout(20) or asked)
    assert not ended.is_set()
    swatch(episode, "Background", "Dark").click()
    expect(episode.locator(MOVING)).to_be_visible()
    assert asked == ["auto", "#16171A"]


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


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (720, 450), (390, 700)])
def test_the_panel_stays_where_it_is_while_what_is_in_it_scrolls(panel: Page, width: int, height: int) -> None:
    panel.set_viewport_size({"width": width, "height": height})
    panel.locator("#clip-picture").focus()
    dialog = panel.locator("#clip-panel")
    assert dialog.evaluate("dialog => [dialog.scrollTop, dialog.scrollHeight - dialog.clientHeight]") == [0, 0]
    expect(panel.locator("#clip-picture + label")).to_be_in_viewport()
    expect(dialog.locator("#clip-panel-title")).to_be_in_viewport()
    expect(dialog.get_by_role("button", name="Close")).to_be_in_viewport()
