"""The list of clips in several tabs: what was done in one is seen in another when its reader comes back."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

# A tab of a browser without a window is never out of view: it is told that it was.
BACK = 'document.dispatchEvent(new Event("visibilitychange"))'


@pytest.fixture
def other(episode: Page, server: str) -> Page:
    """Another tab of the same browser, with the same episode."""
    page = episode.context.new_page()
    page.goto(f"{server}/episodes/roue-libre")
    expect(page.locator("html.awake")).to_have_count(1)
    return page


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
