"""Words that differ from the audio, and passages that a reader marks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from aligner.model import Alignment, AnnotationKind, Span, Untranscribed
from aligner.storage.alignment_json import read_alignment, to_text
from tests.web.review.conftest import open_review, open_tools, part, with_lost
from tests.web.visiting import assert_accessible

PRINTED = range(20, 26)
HEARD = "on dit ici autre chose"


@pytest.fixture
def path(library: Path) -> Path:
    """The sample's alignment in which something else is said than six words of it."""
    file = library / "roue-libre" / "episode.alignment.json"
    alignment = read_alignment(file)
    before, after = alignment.words[PRINTED.start - 1].span, alignment.words[PRINTED.stop].span
    assert before
    assert after
    untranscribed = Untranscribed(before.end + 0.05, after.start - 0.05, HEARD)
    lost = replace(with_lost(alignment, *PRINTED), untranscribed=(untranscribed,))
    file.write_text(to_text(lost), encoding="utf-8")
    return file


@pytest.fixture
def asked(page: Page, server: str, path: Path) -> Iterator[Page]:
    open_review(page, server)
    page.locator("#review-kind").select_option("otherwise")
    page.locator(".word-list").focus()
    yield page
    page.goto("about:blank")


def passage(alignment: Alignment) -> Span:
    [untranscribed] = alignment.untranscribed
    return Span(untranscribed.start, untranscribed.end)


def mark(page: Page, side: str) -> Locator:
    return page.locator(f'#review .handle[data-side="{side}"]')


def listen_at(page: Page, seconds: float) -> None:
    page.evaluate("at => { document.getElementById('audio').currentTime = at; }", seconds)
    page.wait_for_function("at => Math.abs(document.getElementById('audio').currentTime - at) < 0.01", arg=seconds)


def test_printed_and_recognised_words_are_one_passage(asked: Page) -> None:
    expect(part(asked, "reasons")).to_contain_text("Something other than these 6 words is said here")
    expect(part(asked, "recognised")).to_have_text(HEARD)
    expect(part(asked, "printed")).not_to_be_empty()
    expect(asked.locator("#review-kind option[value=untranscribed]")).to_have_text("Missing from the transcript: 0")
    expect(asked.locator("#review-kind option[value=unfound]")).to_have_text("Words not found: 0")


def test_printed_words_are_accepted_by_enter(asked: Page, path: Path) -> None:
    sound = passage(read_alignment(path))
    with asked.expect_response("**/review"):
        asked.keyboard.press("Enter")
    expect(asked.locator("#review-kind option[value=otherwise]")).to_have_text("Worded differently: 0")
    words = [read_alignment(path).words[k] for k in PRINTED]
    assert all(each.pinned and each.span for each in words)
    assert all(each.span and sound.start <= each.span.start and each.span.end <= sound.end + 0.03 for each in words)
    asked.keyboard.press("Control+z")
    expect(asked.locator("#review-kind option[value=otherwise]")).to_have_text("Worded differently: 1")


@pytest.mark.ci
def test_recognised_words_replace_printed_ones_by_keys(asked: Page, path: Path) -> None:
    before = read_alignment(path)
    asked.keyboard.press("h")
    dialog = asked.locator("#untranscribed")
    expect(asked.locator("#untranscribed-text")).to_have_value(HEARD)
    expect(dialog.locator("[data-part=instead]")).to_contain_text(before.words[PRINTED.start].word.text)
    expect(asked.locator("#untranscribed-speaker")).to_be_hidden()
    assert_accessible(asked)
    dialog.get_by_role("button", name="Insert into the transcript").press("Enter")
    expect(asked.locator("#toast")).to_contain_text("Inserted into the transcript.")
    now = read_alignment(path)
    count = len(HEARD.split())
    assert len(now.words) == len(before.words) - len(PRINTED) + count
    assert " ".join(now.words[PRINTED.start + k].word.text for k in range(count)) == HEARD
    assert now.words[PRINTED.start - 1].word.text == before.words[PRINTED.start - 1].word.text


def test_a_passage_is_marked_as_a_jingle_by_keys_and_undone(asked: Page, path: Path) -> None:
    open_tools(asked)
    asked.locator("#review [data-do=neither]").click()
    expect(part(asked, "where")).to_contain_text(" of ")
    sound = Span(0.0, next(word.span.start for word in read_alignment(path).words if word.span))
    listen_at(asked, sound.end / 2)
    asked.keyboard.press("m")
    expect(mark(asked, "start")).to_be_focused()
    expect(mark(asked, "end")).to_have_attribute("aria-valuenow", f"{min(sound.end, sound.end / 2 + 1):.2f}")
    assert_accessible(asked)
    for _ in range(3):
        asked.keyboard.press("ArrowRight")
    asked.keyboard.press("Tab")
    expect(mark(asked, "end")).to_be_focused()
    asked.keyboard.press("Shift+ArrowLeft")
    with asked.expect_response("**/corrections"):
        asked.locator("[data-do=mark-jingle]").press("Enter")
    expect(asked.locator("#toast")).to_contain_text("jingle")
    expect(asked.locator(".marks")).to_be_hidden()
    expect(asked.locator("#transcript .missing[data-annotation=jingle]")).to_contain_text("Jingle")
    [annotations] = [each for each in read_alignment(path).annotations if each.kind is AnnotationKind.JINGLE]
    assert annotations.start == pytest.approx(sound.end / 2 + 0.03, abs=0.01)
    assert annotations.end == pytest.approx(min(sound.end, sound.end / 2 + 1) - 0.05, abs=0.01)
    asked.keyboard.press("Control+z")
    expect(asked.locator("#transcript .missing[data-annotation=jingle]")).to_have_count(0)


def test_an_ad_is_marked_with_the_mouse(asked: Page, path: Path) -> None:
    open_tools(asked)
    asked.locator("#review [data-do=mark]").click()
    expect(asked.locator(".marks")).to_be_visible()
    asked.keyboard.press("Escape")
    expect(asked.locator(".marks")).to_be_hidden()
    expect(asked.locator("#review")).to_be_visible()
    asked.locator("#review [data-do=mark]").click()
    box = asked.locator(".word-wave canvas").bounding_box()
    assert box
    y = box["y"] + 8
    asked.mouse.move(box["x"] + 100, y)
    asked.mouse.down()
    asked.mouse.move(box["x"] + 420, y, steps=5)
    asked.mouse.up()
    shown = asked.locator("[data-part=marked]").inner_text()
    with asked.expect_response("**/corrections"):
        asked.get_by_role("button", name="This is an ad").click()
    expect(asked.locator("#toast")).to_contain_text("ad")
    [annotations] = read_alignment(path).annotations
    assert annotations.kind is AnnotationKind.AD
    assert annotations.end - annotations.start == pytest.approx(2.0, abs=0.02)
    assert f"{annotations.start % 60:05.2f}" in shown
