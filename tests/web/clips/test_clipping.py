"""Browser tests of cutting, styling, playing, exporting and downloading clips."""

import json
import re
import zipfile
from pathlib import Path

import av
import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from aligner.publishing.screens import StyleChoices, remember
from aligner.storage.database import config_folder
from media.decode import read_waveform
from tests.web.gestures import drag, export, press, press_video, word
from tests.web.planting import plant_clip
from tests.web.visiting import assert_accessible
from tests.web.watching import until


@pytest.mark.ci
def test_a_clip_is_cut_at_its_handles_and_downloaded(episode: Page, tmp_path: Path) -> None:
    drag(episode, 25, 31)
    press(episode, "clip")
    start = episode.get_by_role("slider", name="Start")
    expect(episode.locator('[data-part="quote"]')).to_contain_text("dans «\u00a0Roue libre\u00a0»")
    box = start.bounding_box()
    assert box
    episode.mouse.move(box["x"] + 14, box["y"] + 20)
    episode.mouse.down()
    episode.mouse.move(box["x"] + 54, box["y"] + 20, steps=5)
    episode.mouse.up()
    for _ in range(4):
        episode.get_by_role("slider", name="End").press("ArrowRight")
    edges = [float(str(episode.get_by_role("slider", name=n).get_attribute("aria-valuenow"))) for n in ("Start", "End")]
    export(episode)
    expect(episode.locator("#clip-panel .filled")).to_have_count(1)  # what is to be done next
    with episode.expect_download() as download:
        episode.locator(".outcome a.filled").click()
    download.value.save_as(tmp_path / "clip.mp3")
    assert read_waveform(tmp_path / "clip.mp3").duration == pytest.approx(edges[1] - edges[0], abs=0.06)
    episode.get_by_role("button", name="Close", exact=True).first.click()
    row = episode.locator("#clips .row")
    expect(row).to_have_count(1)
    row.locator(".menu summary").click()
    row.get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)


@pytest.mark.walk
def test_the_clip_panel_is_used_by_keys_alone(episode: Page, library: Path) -> None:
    episode.locator(word(episode, 0)).focus()
    for key in ("End", "Shift+ArrowLeft", "Shift+ArrowLeft", "Tab", "End", "Enter"):
        episode.keyboard.press(key)
    expect(episode.locator("#clip-panel")).to_be_visible()
    start = episode.get_by_role("slider", name="Start")
    start.press("Shift+ArrowLeft")
    expect(start).to_have_attribute("aria-valuetext", re.compile("before “lui”"))
    expect(episode.locator('#clip-panel [data-part="quote"]')).to_have_text("lui regonfle les pneus.")
    before = float(str(start.get_attribute("aria-valuenow")))
    episode.keyboard.press("ArrowRight")
    expect(start).to_have_attribute("aria-valuenow", f"{before + 0.05:.2f}")
    episode.get_by_role("button", name="Export", exact=True).press("Enter")
    expect(episode.locator(".outcome a.filled")).to_be_focused(timeout=60_000)
    episode.keyboard.press("Escape")
    expect(episode.locator("#clip-panel")).to_be_hidden()


@pytest.mark.ci
def test_an_audiogram_has_a_preview_and_an_editable_wording(episode: Page) -> None:
    drag(episode, 20, 22)
    press_video(episode)
    video = episode.locator("#clip-panel video[poster]")
    expect(video).to_be_visible()
    wording = episode.get_by_label("Wording")
    expect(wording).to_have_value(re.compile("regonfle"))
    first = video.get_attribute("poster")
    wording.fill("regonfle\n\nles pneus !")
    expect(video).not_to_have_attribute("poster", str(first))
    episode.keyboard.press("Escape")
    press_video(episode)
    expect(wording).to_have_value("regonfle\n\nles pneus !")
    episode.get_by_role("button", name="Reset the wording").click()
    expect(wording).to_have_value(re.compile("les pneus\\."))


def test_an_export_goes_on_through_a_reload_and_can_be_cancelled(episode: Page, library: Path) -> None:
    drag(episode, 25, 31)
    press_video(episode)
    expect(episode.locator("#clip-panel video[poster]")).to_be_visible()
    episode.get_by_role("button", name="Export", exact=True).click()
    making = episode.locator("#clips .making li")
    expect(making).to_have_count(1)
    episode.reload()
    expect(making).to_have_count(1)
    expect(making.locator(".still")).to_have_attribute("data-shape", "portrait")
    expect(making).to_contain_text("Portrait")
    expect(making.locator("progress")).to_be_visible()
    making.get_by_role("button", name="Cancel").click()
    expect(making).to_have_count(0)
    assert list((library / "roue-libre").glob("clips/*.mp4")) == []


@pytest.mark.ci
def test_saved_quotes_are_exported_together_and_downloaded_as_a_zip(episode: Page, tmp_path: Path) -> None:
    for first, last in ((20, 22), (25, 28)):
        drag(episode, first, last)
        press(episode, "keep")
    expect(episode.locator("#saved-quotes .row input:checked")).to_have_count(2)
    episode.get_by_role("button", name="Export 2 files").click()
    expect(episode.locator("#clips .rows input:checked")).to_have_count(2, timeout=90_000)
    with episode.expect_download() as download:
        episode.get_by_role("button", name="Ticked clips as ZIP").click()
    download.value.save_as(tmp_path / "clips.zip")
    with zipfile.ZipFile(tmp_path / "clips.zip") as archive:
        assert archive.testzip() is None
        assert sorted(Path(name).suffix for name in archive.namelist()) == sorted(
            [".mp3", ".vtt", ".srt", ".txt", ".json"] * 2
        )


@pytest.mark.parametrize(("width", "theme"), [(390, "dark"), (1280, "light")])
def test_selection_bar_lists_and_panel_are_accessible(episode: Page, library: Path, theme: str, width: int) -> None:
    warnings = [{"kind": "negation", "message": "a negation differs", "detail": "pas / –"}]
    plant_clip(library / "roue-libre", "pneus.mp3", "les pneus.", duration=1.5, warnings=warnings)
    episode.reload()
    episode.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    episode.set_viewport_size({"width": width, "height": 800})
    drag(episode, 20, 22)
    press(episode, "keep")
    expect(episode.locator("#saved-quotes .row")).to_have_count(1)
    assert_accessible(episode)
    press_video(episode)
    expect(episode.locator("#clip-panel video[poster]")).to_be_visible()
    assert_accessible(episode)
    episode.keyboard.press("Escape")
    if width < 1000:
        episode.get_by_role("button", name="Quotes", exact=True).click()
    expect(episode.locator("#clips .cautions li").first).to_be_visible()
    assert_accessible(episode)


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
