"""Quotes in a real browser: selecting, links, keeping."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from aligner.storage.alignment_json import read_alignment, to_text
from tests.web.gestures import clipboard, drag, press, selected, sound_time, word


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
        episode.locator(word(episode, i)).scroll_into_view_if_needed()
        drag(episode, i, i + 2)
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


def test_a_page_of_an_older_transcript_keeps_no_words_of_the_new_one(
    library: Path, server: str, browser: Browser
) -> None:
    left_open = browser.new_context(locale="en-GB").new_page()  # whose console may tell of the refusal
    left_open.goto(f"{server}/episodes/roue-libre")
    left_open.wait_for_selector("#transcript .w[tabindex]")
    path = library / "roue-libre" / "episode.alignment.json"
    stored = read_alignment(path)
    newer = replace(stored, transcript=replace(stored.transcript, sha256="0badcafe" * 8))
    path.write_text(to_text(newer), encoding="utf-8")
    drag(left_open, 25, 28)
    press(left_open, "keep")
    expect(left_open.locator("#toast")).to_contain_text("has changed since this page was opened")
    assert not (library / "roue-libre" / "quotes.json").exists()
    left_open.context.close()


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
