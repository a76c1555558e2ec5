"""What a reader's device keeps of an episode, and shows of its sound on a locked screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.web.gestures import sound_time
from tests.web.visiting import wait_for_sound

TOLD = """
    window.handlers = {};
    navigator.mediaSession.setActionHandler = (action, handler) => { window.handlers[action] = handler; };
"""


def test_an_episode_that_was_left_goes_on_there_unless_a_link_leads_elsewhere(episode: Page) -> None:
    address = episode.url
    wait_for_sound(episode)
    for _ in range(9):
        episode.keyboard.press("l")
    episode.goto("about:blank")
    episode.goto(address)
    wait_for_sound(episode)
    assert sound_time(episode) == pytest.approx(90, abs=0.1)
    expect(episode.locator("#now")).to_have_text("1:30")
    expect(episode.locator(".w.lit")).to_be_in_viewport()
    assert episode.evaluate("document.getElementById('audio').paused")
    episode.goto("about:blank")
    episode.goto(f"{address}#t=20")
    wait_for_sound(episode)
    assert sound_time(episode) == pytest.approx(20, abs=0.1)


def test_a_locked_screen_has_title_show_and_controls(page: Page, server: str) -> None:
    page.add_init_script(TOLD)
    page.goto(f"{server}/episodes/roue-libre")
    wait_for_sound(page)
    told = page.evaluate("(({ title, artist }) => [title, artist])(navigator.mediaSession.metadata)")
    assert told == ["Une promenade qui attend", "Roue libre"]
    steps = [("seekto", "{ seekTime: 40 }", 40), ("seekforward", "{}", 55), ("seekbackward", "{ seekOffset: 5 }", 50)]
    for action, details, seconds in steps:
        page.evaluate(f"window.handlers.{action}({details})")
        assert sound_time(page) == pytest.approx(seconds, abs=0.1)
