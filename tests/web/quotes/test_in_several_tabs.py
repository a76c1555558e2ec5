"""The lists of quotes and clips in several tabs: what was done in one is seen in another when its reader comes back."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.gestures import drag, press
from tests.web.quotes.test_marks import MARKED, kept

# A tab of a browser without a window is never out of view: it is told that it was.
BACK = 'document.dispatchEvent(new Event("visibilitychange"))'


@pytest.fixture
def other(episode: Page, server: str) -> Page:
    """Another tab of the same browser, with the same episode."""
    page = episode.context.new_page()
    page.goto(f"{server}/episodes/roue-libre")
    expect(page.locator("html.awake")).to_have_count(1)
    return page


def test_what_is_kept_and_taken_off_in_one_tab_is_so_in_another(episode: Page, other: Page) -> None:
    drag(episode, 25, 28)
    press(episode, "keep")
    expect(episode.locator(".flag")).to_have_count(1)
    other.evaluate(BACK)
    expect(other.locator(".flag")).to_have_count(1)
    expect(other.locator("#kept .row")).to_have_count(1)
    assert other.evaluate(MARKED) == episode.evaluate(MARKED)
    episode.locator("#kept").get_by_role("button", name="Take off the list").click()
    expect(episode.locator(".flag")).to_have_count(0)
    other.evaluate(BACK)
    expect(other.locator(".flag")).to_have_count(0)
    expect(other.locator("#kept .row")).to_have_count(0)
    assert other.evaluate(MARKED) == ["", "", ""]


def test_who_comes_back_finds_all_as_it_was_left_where_nothing_else_was_done(episode: Page, library: Path) -> None:
    kept(library, (20, 23), (25, 29))
    (library / "roue-libre" / "clips").mkdir()
    (library / "roue-libre" / "clips" / "pneus.mp3").write_bytes(b"x")
    episode.reload()
    expect(episode.locator("#clips .row")).to_have_count(1)
    expect(episode.locator("#clips .row img")).to_have_count(0)  # it has no picture
    expect(episode.locator(".flag")).to_have_count(2)
    episode.locator("#kept .row input").first.check()
    button = episode.locator("#kept [data-do=remove]").nth(1)
    button.focus()
    episode.evaluate(
        """() => {
            window.changes = [];
            const told = ({ type, target }) => `${type} ${target.id} ${target.className}`;
            const observer = new MutationObserver((all) => window.changes.push(...all.map(told)));
            for (const id of ["transcript", "kept", "clips"])
                observer.observe(document.getElementById(id), { childList: true, subtree: true, attributes: true });
        }"""
    )
    with episode.expect_response("**/quotes?from=0"), episode.expect_response("**/clips?from=0"):
        episode.evaluate(BACK)
    episode.wait_for_timeout(300)  # longer than they need to be shown
    assert episode.evaluate("window.changes") == []
    expect(button).to_be_focused()


def test_clips_that_were_deleted_in_another_tab_go_and_one_that_plays_stays(
    episode: Page, other: Page, library: Path
) -> None:
    clips = library / "roue-libre" / "clips"
    clips.mkdir()
    for name in ("one.mp3", "two.mp3"):
        (clips / name).write_bytes((library / "roue-libre" / "episode.mp3").read_bytes())
    for page in (episode, other):
        page.reload()
        expect(page.locator("#clips .rows .row")).to_have_count(2)
    other.locator("#clips .rows .row").nth(1).get_by_role("button", name="Play").click()
    expect(other.locator("#clips audio")).to_have_count(1)
    other.evaluate("document.querySelector('#clips audio').ours = true")
    row = episode.locator("#clips .rows .row").first
    row.locator(".menu summary").click()
    row.get_by_role("button", name="Delete").click()
    expect(episode.locator("#clips .rows .row")).to_have_count(1)
    other.evaluate(BACK)
    expect(other.locator("#clips .rows .row")).to_have_count(1)
    assert other.evaluate("document.querySelector('#clips audio').ours")
