"""Speech that the transcript lacks stands for itself, whole; on paper there is the transcript alone."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.planting import plant_missing_speech
from tests.web.visiting import assert_accessible

LONG = "ce que personne n'a écrit dans la transcription, et qui a pourtant été dit ici même, " * 8


@pytest.fixture
def untranscribed(page: Page, server: str, library: Path) -> Page:
    """A page of an episode whose transcript lacks what is said before a speaker's second turn."""
    plant_missing_speech(library, "autre chose " * 12, LONG)
    page.goto(f"{server}/episodes/roue-libre")
    return page


def test_what_was_heard_there_is_shown_whole_or_unfolds_when_it_has_the_focus(untranscribed: Page) -> None:
    expect(untranscribed.locator(".missing")).to_have_count(2)
    assert untranscribed.locator(".turn .missing").count() == 0  # which would be drawn as the next speaker's
    short, long = untranscribed.locator(".missing").all()
    whole = (
        "element => [element.scrollHeight <= element.clientHeight + 1, element.scrollWidth <= element.clientWidth + 1]"
    )
    for width in (390, 1440):
        untranscribed.set_viewport_size({"width": width, "height": 900})
        assert short.locator("em").evaluate(whole) == [True, True]
        assert long.locator("em").evaluate(whole) == [False, True]
    assert_accessible(untranscribed)
    long.focus()
    assert long.locator("em").evaluate(whole) == [True, True]


def test_on_paper_there_is_the_transcript_with_title_speakers_and_times_and_nothing_to_press(
    untranscribed: Page,
) -> None:
    untranscribed.emulate_media(media="print")
    for shown in ("h1", ".heading .speakers", "#transcript .who .speaker", "#transcript .who .at", "#transcript .w"):
        assert untranscribed.locator(shown).first.is_visible(), shown
    for button in ("button:not(.missing)", "input", "select", "summary", "canvas", "audio"):
        assert not any(each.is_visible() for each in untranscribed.locator(button).all()), button
    for hidden in (".player", ".masthead", "#side", "#quotes-pane", ".menu", "#follow"):
        assert not untranscribed.locator(hidden).first.is_visible(), hidden
    assert untranscribed.locator(".missing em").last.evaluate("e => e.scrollHeight <= e.clientHeight + 1")
    skipped = "turns => turns.filter(turn => getComputedStyle(turn).contentVisibility !== 'visible').length"
    assert untranscribed.locator(".turn").evaluate_all(skipped) == 0
