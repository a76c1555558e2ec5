"""Clips in a real browser, with the real thing behind: cut, heard, exported, taken along."""

from __future__ import annotations

import os
import re
import zipfile
from pathlib import Path
from threading import Event

import pytest
from playwright.sync_api import Page, expect

from media.waveform import read_waveform
from tests.web.gestures import drag, export, press, word
from tests.web.planting import plant_clip
from tests.web.visiting import assert_accessible
from tests.web.watching import until
from web.clips import previews
from web.clips.exports import Export


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
        episode.get_by_role("group", name="End").get_by_role("button", name="50 ms later").click()
    edges = [float(str(episode.get_by_role("slider", name=n).get_attribute("aria-valuenow"))) for n in ("Start", "End")]
    export(episode)
    with episode.expect_download() as download:
        episode.locator(".outcome a").click()
    download.value.save_as(tmp_path / "clip.mp3")
    assert read_waveform(tmp_path / "clip.mp3").duration == pytest.approx(edges[1] - edges[0], abs=0.06)
    episode.get_by_role("button", name="Close", exact=True).first.click()
    row = episode.locator("#clips .row")
    expect(row).to_have_count(1)
    row.get_by_role("button", name="Delete").click()
    expect(row).to_have_count(0)


def test_the_server_is_asked_one_thing_at_a_time_and_at_last_what_is_shown(
    episode: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Export] = []
    answers = Event()
    preview = previews.preview

    def slow(source: previews.Source, export: Export) -> previews.Preview:
        asked.append(export)
        answers.wait(120)
        return preview(source, export)

    monkeypatch.setattr(previews, "preview", slow)
    drag(episode, 25, 31)
    press(episode, "clip")
    until(lambda: episode.wait_for_timeout(50) or asked)
    for _ in range(4):
        episode.get_by_role("group", name="End").get_by_role("button", name="50 ms later").click()
        episode.wait_for_timeout(300)  # longer than the page waits after a change
    assert len(asked) == 1
    answers.set()
    end = episode.get_by_role("slider", name="End").get_attribute("aria-valuenow")
    until(lambda: episode.wait_for_timeout(50) or f"{asked[-1].edges.end if asked[-1].edges else 0:.2f}" == end)
    assert len(asked) == 2


def test_of_many_clips_all_can_be_reached(episode: Page, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.clips.records.call", lambda *_: None)  # which measures, with a child
    clips = library / "roue-libre" / "clips"
    clips.mkdir()
    for number in range(450):
        (clips / f"حلقة {number:03}.mp3").touch()
        os.utime(clips / f"حلقة {number:03}.mp3", (10_000 - number, 10_000 - number))
    episode.reload()
    rows, more = episode.locator("#clips .row"), episode.get_by_role("button", name="Show more clips")
    expect(rows).to_have_count(200)
    expect(rows.first.locator(".saying")).to_have_css("direction", "rtl")
    more.click()
    expect(rows).to_have_count(400)
    more.press("Enter")
    expect(rows).to_have_count(450)
    expect(more).to_be_hidden()
    expect(rows.nth(400).get_by_role("checkbox")).to_be_focused()
    expect(rows.last).to_contain_text("449")


@pytest.mark.smoke
def test_the_clip_panel_is_used_by_keys_alone(episode: Page, library: Path) -> None:
    episode.locator(word(episode, 0)).focus()
    for key in ("End", "Shift+ArrowLeft", "Shift+ArrowLeft", "Tab", "End", "Enter"):
        episode.keyboard.press(key)
    expect(episode.locator("#clip-panel")).to_be_visible()
    start = episode.get_by_role("slider", name="Start")
    start.focus()
    episode.keyboard.press("Shift+ArrowLeft")
    expect(start).to_have_attribute("aria-valuetext", re.compile("before “lui”"))
    expect(episode.locator('#clip-panel [data-part="quote"]')).to_have_text("lui regonfle les pneus.")
    before = float(str(start.get_attribute("aria-valuenow")))
    episode.keyboard.press("ArrowRight")
    expect(start).to_have_attribute("aria-valuenow", f"{before + 0.05:.2f}")
    episode.keyboard.press("Escape")
    expect(episode.locator("#clip-panel")).to_be_hidden()


def test_of_a_long_quote_each_edge_is_seen_close_and_reached_by_tab(episode: Page) -> None:
    episode.locator(word(episode, 20)).scroll_into_view_if_needed()
    drag(episode, 20, 58)
    press(episode, "clip")
    views = [episode.get_by_role("button", name=name, exact=True) for name in ("Start", "End")]
    expect(views[0]).to_have_attribute("aria-pressed", "true")
    episode.get_by_role("slider", name="Start").focus()
    episode.keyboard.press("Tab")
    expect(episode.get_by_role("slider", name="End")).to_be_focused()
    expect(views[1]).to_have_attribute("aria-pressed", "true")


def test_the_panel_is_called_what_is_made_in_it(episode: Page) -> None:
    drag(episode, 25, 31)
    press(episode, "audiogram")
    expect(episode.get_by_role("dialog", name="Audiogram", exact=True)).to_be_visible()
    episode.locator('#clip-panel [name="shape"][value=""]').check(force=True)
    expect(episode.get_by_role("dialog", name="Clip", exact=True)).to_be_visible()
    episode.keyboard.press("Escape")
    press(episode, "clip")
    expect(episode.get_by_role("dialog", name="Clip", exact=True)).to_be_visible()
    episode.keyboard.press("Escape")


def test_an_audiogram_is_seen_at_once_and_worded_anew(episode: Page) -> None:
    drag(episode, 20, 22)
    press(episode, "audiogram")
    large = episode.locator("#clip-panel .large")
    expect(large).to_be_visible()
    wording = episode.get_by_label("Wording")
    expect(wording).to_have_value(re.compile("regonfle"))
    first = large.get_attribute("src")
    wording.fill("regonfle\n\nles pneus !")
    expect(large).not_to_have_attribute("src", str(first))
    episode.keyboard.press("Escape")
    press(episode, "audiogram")
    expect(wording).to_have_value("regonfle\n\nles pneus !")
    episode.get_by_role("button", name="Wording as printed").click()
    expect(wording).to_have_value(re.compile("les pneus\\."))


def test_the_preview_plays_the_clip(episode: Page) -> None:
    drag(episode, 20, 22)
    press(episode, "clip")
    button = episode.locator('[data-do="listen"]')
    button.click()
    expect(button).to_have_text(re.compile("Stop"), timeout=20_000)
    expect(button).to_have_text(re.compile("Listen"), timeout=20_000)


def test_an_export_goes_on_through_a_reload_and_can_be_cancelled(episode: Page, library: Path) -> None:
    drag(episode, 25, 31)
    press(episode, "audiogram")
    expect(episode.locator("#clip-panel .large")).to_be_visible()
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


def test_an_export_that_fails_says_why_in_the_panel_and_in_the_list(episode: Page, library: Path) -> None:
    drag(episode, 20, 22)
    press(episode, "clip")
    expect(episode.locator("#clip-panel img[data-shape]:not([hidden])")).to_have_count(3)
    with (library / "roue-libre" / "episode.mp3").open("ab") as audio:
        audio.write(b"changed")
    episode.get_by_role("button", name="Export", exact=True).click()
    expect(episode.locator(".outcome .problem")).to_contain_text("has changed since", timeout=30_000)
    episode.keyboard.press("Escape")
    expect(episode.locator("#clips .making .problem")).to_contain_text("has changed since")
    episode.locator("#clips .making").get_by_role("button", name="Close").click()
    expect(episode.locator("#clips .making li")).to_have_count(0)


def test_that_an_export_failed_is_no_longer_said_once_the_same_was_made(episode: Page, library: Path) -> None:
    audio = library / "roue-libre" / "episode.mp3"
    whole = audio.read_bytes()
    drag(episode, 20, 22)
    press(episode, "clip")
    expect(episode.locator("#clip-panel img[data-shape]:not([hidden])")).to_have_count(3)
    audio.write_bytes(whole + b"changed")
    episode.get_by_role("button", name="Export", exact=True).click()
    expect(episode.locator(".outcome .problem")).to_contain_text("has changed since", timeout=30_000)
    audio.write_bytes(whole)
    episode.get_by_role("button", name="Export", exact=True).click()
    expect(episode.locator("#clips .made li, #clips .row")).to_have_count(1, timeout=60_000)
    expect(episode.locator("#clips .making li")).to_have_count(0)


def test_kept_quotes_are_exported_together_and_taken_as_one_zip(episode: Page, tmp_path: Path) -> None:
    for first, last in ((20, 22), (25, 28)):
        drag(episode, first, last)
        press(episode, "keep")
    expect(episode.locator("#kept .row input:checked")).to_have_count(2)
    episode.get_by_role("button", name="Export 2 files").click()
    expect(episode.locator("#clips .rows .row")).to_have_count(2, timeout=90_000)
    with episode.expect_download() as download:
        episode.get_by_role("button", name="2 clips as ZIP").click()
    download.value.save_as(tmp_path / "clips.zip")
    with zipfile.ZipFile(tmp_path / "clips.zip") as archive:
        assert archive.testzip() is None
        assert sorted(Path(name).suffix for name in archive.namelist()) == sorted(
            [".mp3", ".vtt", ".srt", ".txt", ".json"] * 2
        )


def test_while_none_is_ticked_all_clips_are_taken_as_one_zip(episode: Page, library: Path, tmp_path: Path) -> None:
    clips = library / "roue-libre" / "clips"
    clips.mkdir()
    for name in ("one.mp3", "one.vtt", "two.mp3"):
        (clips / name).write_bytes(b"x")
    episode.reload()
    button = episode.locator("#clips [data-zip] button")
    expect(button).to_have_text("All clips as ZIP")
    with episode.expect_download() as download:
        button.click()
    assert download.value.suggested_filename == "2025-03-15 Une promenade qui attend - clips.zip"
    download.value.save_as(tmp_path / "clips.zip")
    with zipfile.ZipFile(tmp_path / "clips.zip") as archive:
        assert sorted(archive.namelist()) == ["one.mp3", "one.vtt", "two.mp3"]
    episode.locator("#clips .rows input").first.check()
    expect(button).to_have_text("1 clip as ZIP")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_in_bar_lists_and_panel(episode: Page, library: Path, theme: str, width: int) -> None:
    warnings = [{"kind": "negation", "message": "a negation differs", "detail": "pas / –"}]
    plant_clip(library / "roue-libre", "pneus.mp3", "les pneus.", duration=1.5, warnings=warnings)
    episode.reload()
    episode.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    episode.set_viewport_size({"width": width, "height": 800})
    drag(episode, 20, 22)
    press(episode, "keep")
    expect(episode.locator("#kept .row")).to_have_count(1)
    assert_accessible(episode)
    press(episode, "audiogram")
    expect(episode.locator("#clip-panel .large")).to_be_visible()
    assert_accessible(episode)
    episode.keyboard.press("Escape")
    if width < 1000:
        episode.get_by_role("button", name="Quotes").click()
    episode.locator("#clips summary").click()
    assert_accessible(episode)
