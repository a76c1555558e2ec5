"""Playback follows the review."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from aligner.storage.alignment_json import read_alignment
from tests.web.gestures import sound_time
from tests.web.review.conftest import DOUBTED, LOST, said
from tests.web.visiting import play_without_waiting, wait_for_sound

BEFORE = 0.5  # seconds before a passage


def begin(path: Path, word: int) -> float:
    span = read_alignment(path).words[word].span
    assert span
    return span.start


def expect_sound_at(page: Page, seconds: float) -> None:
    page.wait_for_function("at => Math.abs(document.getElementById('audio').currentTime - at) < 0.01", arg=seconds)


def test_playback_starts_shortly_before_a_passage(reviewed: Page, troubled: Path) -> None:
    doubted = begin(troubled, DOUBTED.start) - BEFORE
    expect_sound_at(reviewed, doubted)
    reviewed.keyboard.press("F8")
    expect(said(reviewed, LOST[0])).to_have_attribute("aria-selected", "true")
    lost = sound_time(reviewed)
    assert begin(troubled, LOST[0] - 1) - BEFORE <= lost <= begin(troubled, LOST[0] + 1)
    assert reviewed.evaluate("document.getElementById('audio').paused")
    reviewed.keyboard.press("Shift+F8")
    expect_sound_at(reviewed, doubted)
    reviewed.locator("#review [data-do=next]").click()
    expect_sound_at(reviewed, lost)
    reviewed.keyboard.press("Shift+F8")
    expect_sound_at(reviewed, doubted)
    reviewed.keyboard.press("Enter")
    expect_sound_at(reviewed, lost)


def test_displaced_words_are_counted_and_can_be_undone(reviewed: Page, troubled: Path) -> None:
    first, held = DOUBTED.start + 1, DOUBTED.start - 5
    wait_for_sound(reviewed)
    for _ in range(DOUBTED.start - held):
        reviewed.keyboard.press("ArrowLeft")
    with reviewed.expect_response("**/corrections"):
        reviewed.keyboard.press("Alt+ArrowRight")  # from then on this word gives way to none
    before = [word.span for word in read_alignment(troubled).words]
    for _ in range(first - held):
        reviewed.keyboard.press("ArrowRight")
    play_without_waiting(reviewed, begin(troubled, held) + 0.1)
    reviewed.keyboard.press("t")
    toast = reviewed.locator("#toast")
    expect(toast).to_contain_text("Saved: start of a word – ")
    now = [word.span for word in read_alignment(troubled).words]
    n = sum(1 for k, (old, new) in enumerate(zip(before, now, strict=True)) if old and not new and k != first)
    assert n > 0
    told = "1 other word had" if n == 1 else f"{n} other words had"
    expect(toast).to_contain_text(f"{told} no room left and now count")
    toast.locator("[data-undo]").click()
    expect(toast).to_contain_text("Undone")
    assert [word.span for word in read_alignment(troubled).words] == before


def test_a_passage_plays_in_a_loop(reviewed: Page) -> None:
    wait_for_sound(reviewed)
    reviewed.locator("#audio").evaluate(
        "sound => { sound.playbackRate = 4; window.rewinds = 0; sound.onseeking = () => { rewinds++; }; }"
    )
    for pressed, then in (("true", "() => rewinds > 2"), ("false", "() => document.getElementById('audio').paused")):
        reviewed.keyboard.press("r")
        expect(reviewed.locator("#review [data-do=loop]")).to_have_attribute("aria-pressed", pressed)
        reviewed.wait_for_function(then)
