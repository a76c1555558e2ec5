"""Quotes and clips in a real browser: selecting, links, keeping, cutting, with the real thing behind."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from visiting import assert_accessible

from aligner.store import read_alignment, to_text
from media.waveform import read_waveform


@pytest.fixture
def episode(page: Page, server: str) -> Iterator[Page]:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{server}/episodes/roue-libre")
    yield page
    page.goto("about:blank")  # before the server goes, for the page may still be asking it


def word(page: Page, i: int) -> str:
    return f'#transcript .w[data-i="{i}"]'


def drag(page: Page, first: int, last: int) -> None:
    """Select with the mouse, from inside one word to inside another."""
    for i, do in ((first, page.mouse.down), (last, page.mouse.up)):
        box = page.locator(word(page, i)).bounding_box()
        assert box
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
        do()


def selected(page: Page) -> list[int]:
    return page.locator("#transcript .w.sel").evaluate_all("words => words.map((word) => Number(word.dataset.i))")


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def press(page: Page, name: str) -> None:
    page.locator(f'#selection-bar [data-do="{name}"]').click()


def sound_time(page: Page) -> float:
    return float(page.evaluate("document.getElementById('sound').currentTime"))


def export(page: Page) -> None:
    page.get_by_role("button", name="Export", exact=True).click()
    expect(page.locator(".outcome a")).to_be_visible(timeout=60_000)


def test_a_drag_selects_whole_words_and_the_bar_stands_above_them(episode: Page) -> None:
    drag(episode, 25, 28)
    assert selected(episode) == [25, 26, 27, 28]
    bar, words = episode.locator("#selection-bar").bounding_box(), episode.locator(word(episode, 25)).bounding_box()
    assert bar
    assert words
    assert bar["y"] + bar["height"] <= words["y"]


def test_a_selection_leads_back_to_its_words_by_its_link(episode: Page) -> None:
    drag(episode, 60, 66)
    press(episode, "link")
    expect(episode.locator("#toast")).to_contain_text("works on this computer only")
    address = clipboard(episode)
    assert re.search(r"#t=[\d.]+,[\d.]+&w=\d+-\d+&v=[0-9a-f]{8}$", address)
    episode.goto("about:blank")
    episode.goto(address)
    assert selected(episode) == list(range(60, 67))
    expect(episode.locator(word(episode, 60))).to_be_in_viewport()
    expect(episode.locator("#selection-bar")).to_be_visible()
    start = episode.evaluate("JSON.parse(document.getElementById('episode-data').textContent).starts[60]")
    assert sound_time(episode) == pytest.approx(start / 1000, abs=0.05)


def test_wording_that_occurs_twice_leads_to_the_place_that_was_selected(episode: Page, server: str) -> None:
    twice = episode.evaluate(
        "() => { const words = [...document.querySelectorAll('#transcript .w')].map((w) => w.textContent);"
        " return words.flatMap((w, i) => w === 'vélo' && words[i + 1] === 'qui' ? [i] : []); }"
    )
    assert len(twice) > 1
    for i in twice:
        episode.evaluate(
            "async ([f, l]) => (await import('/static/js/reading.js')).transcript.select(f, l)", [i, i + 3]
        )
        press(episode, "link")
        expect(episode.locator("#toast")).to_be_visible()
        address = clipboard(episode)
        episode.goto("about:blank")
        episode.goto(address)
        assert selected(episode) == [i, i + 1, i + 2]


def test_a_link_into_another_transcript_is_followed_by_its_times_and_says_so(
    episode: Page, library: Path, server: str
) -> None:
    starts = episode.evaluate("JSON.parse(document.getElementById('episode-data').textContent).starts")
    ends = episode.evaluate("JSON.parse(document.getElementById('episode-data').textContent).ends")
    times = f"{starts[30] / 1000},{ends[36] / 1000}"
    episode.goto(f"{server}/episodes/roue-libre#t={times}&w=0-5&v=00000000")
    episode.reload()
    assert selected(episode) == list(range(30, 37))
    expect(episode.locator("#toast")).to_contain_text("has changed since this link was made")


@pytest.mark.parametrize("fragment", ["#t=x&w=5-1", "#w=%00-%ff&v=<script>", "#t=99999999999999"])
def test_a_link_that_cannot_be_read_leaves_the_page_as_it_is(episode: Page, fragment: str) -> None:
    episode.goto(f"{episode.url}{fragment}")
    episode.reload()
    assert selected(episode) == []
    expect(episode.locator("#toast")).to_be_visible()


def test_the_episodes_public_address_is_what_is_copied(page: Page, library: Path, server: str) -> None:
    path = library / "roue-libre" / "episode.alignment.json"
    stored = read_alignment(path)
    known = replace(stored.episode, url="https://example.org/roue")
    path.write_text(to_text(replace(stored, episode=known)), encoding="utf-8")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{server}/episodes/roue-libre")
    drag(page, 20, 22)
    press(page, "copy")
    expect(page.locator("#toast")).to_contain_text("public link")
    quote, said_by, link = clipboard(page).split("\n")
    assert quote == "«\u00a0regonfle les pneus.\u00a0»"
    assert said_by == "— Bastien Oriol, Roue libre, Une promenade qui attend"
    assert link.startswith("https://example.org/roue#t=")


def test_a_selection_grows_to_its_sentence_and_plays(episode: Page) -> None:
    drag(episode, 20, 22)
    press(episode, "extend")
    expect(episode.locator("#transcript .w.sel")).to_have_count(23)
    expect(episode.get_by_role("button", name="Extend to sentence")).to_be_disabled()
    press(episode, "play")
    episode.wait_for_function("!document.getElementById('sound').paused")
    assert 4 < sound_time(episode) < 8


def test_the_first_click_elsewhere_drops_the_selection_and_plays_nothing(episode: Page) -> None:
    drag(episode, 25, 28)
    episode.locator(word(episode, 3)).click()
    assert selected(episode) == []
    expect(episode.locator("#selection-bar")).to_be_hidden()
    assert episode.evaluate("document.getElementById('sound').paused")


def test_words_are_selected_and_copied_by_keys_alone(episode: Page) -> None:
    episode.locator(word(episode, 0)).focus()
    for key in ("ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight", "Tab", "ArrowRight"):
        episode.keyboard.press(key)
    expect(episode.get_by_role("button", name="Copy quote")).to_be_focused()
    episode.keyboard.press("Enter")
    expect(episode.locator("#toast")).to_contain_text("Quote copied")
    assert clipboard(episode).startswith("«\u00a0vélo qui dort\u00a0»")
    episode.keyboard.press("Escape")
    expect(episode.locator(word(episode, 3))).to_be_focused()
    episode.evaluate("navigator.clipboard.writeText('')")
    episode.keyboard.press("Control+c")
    assert clipboard(episode).startswith("«\u00a0vélo qui dort\u00a0»")
    episode.keyboard.press("Escape")
    assert selected(episode) == []


def test_a_kept_quote_stays_leads_back_and_can_be_taken_off_and_back(episode: Page) -> None:
    drag(episode, 25, 28)
    press(episode, "keep")
    expect(episode.locator("#kept .row")).to_have_count(1)
    episode.reload()
    row = episode.locator("#kept .row")
    row.get_by_role("link").click()
    assert selected(episode) == [25, 26, 27, 28]
    row.get_by_role("button", name="Take off the list").click()
    expect(row).to_have_count(0)
    episode.get_by_role("button", name="Undo").click()
    expect(row).to_have_count(1)


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


def test_kept_quotes_are_exported_together_and_taken_as_one_zip(episode: Page, tmp_path: Path) -> None:
    for first, last in ((20, 22), (25, 28)):
        drag(episode, first, last)
        press(episode, "keep")
    expect(episode.locator("#kept .row input:checked")).to_have_count(2)
    episode.get_by_role("button", name="Export 2 files").click()
    expect(episode.locator("#clips .rows .row")).to_have_count(2, timeout=90_000)
    with episode.expect_download() as download:
        episode.get_by_role("link", name="Download 2 clips as ZIP").click()
    download.value.save_as(tmp_path / "clips.zip")
    with zipfile.ZipFile(tmp_path / "clips.zip") as archive:
        assert archive.testzip() is None
        assert sorted(Path(name).suffix for name in archive.namelist()) == sorted(
            [".mp3", ".vtt", ".srt", ".txt", ".json"] * 2
        )


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_in_bar_lists_and_panel(episode: Page, library: Path, theme: str, width: int) -> None:
    clips = library / "roue-libre" / "clips"
    clips.mkdir()
    (clips / "pneus.mp3").write_bytes(b"")
    told = {"format": "quotecast-clip", "version": 1, "file": "pneus.mp3", "quote": "les pneus.", "duration": 1.5}
    told |= {"warnings": [{"kind": "negation", "message": "a negation differs", "detail": "pas / –"}]}
    (clips / "pneus.json").write_text(json.dumps(told), encoding="utf-8")
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
