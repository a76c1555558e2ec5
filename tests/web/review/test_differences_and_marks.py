"""Words that differ from the audio, passages that a reader marks, playback, and automatic transcripts."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from aligner.model import Alignment, AnnotationKind, Kind, Review, Span, Untranscribed
from aligner.review.queue import ItemKind, queue_of
from aligner.storage.alignment_json import read_alignment, to_text
from tests.web.gestures import sound_time
from tests.web.review.conftest import ADDRESS, DOUBTED, LOST, open_review, open_tools, part, said, with_lost
from tests.web.visiting import assert_accessible, play_without_waiting, wait_for_sound

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


DRAFT = "To review"


@pytest.fixture
def drafted(library: Path) -> Path:
    """The sample as if a machine had written it."""
    path = library / "roue-libre" / "episode.alignment.json"
    path.write_text(to_text(replace(read_alignment(path), machine_text=True)), encoding="utf-8")
    return path


def test_each_paragraph_of_an_automatic_transcript_is_accepted_or_edited(
    page: Page, server: str, drafted: Path
) -> None:
    open_review(page, server)
    expect(page.locator(".heading .notice")).to_have_class("notice")  # not at the bottom, as the review is
    page.locator("#review-kind").select_option("draft")
    expect(part(page, "reasons")).to_contain_text("Automatic transcript: listen")
    expect(page.locator("#review [data-do=all]")).to_be_disabled()
    alignment = read_alignment(drafted)
    paragraphs = [item for item in queue_of(alignment) if item.kind is ItemKind.DRAFT]
    assert paragraphs[0].words
    assert alignment.segments[alignment.words[paragraphs[0].words[0]].word.segment].segment.kind is Kind.SPEECH
    option = page.locator("#review-kind option[value=draft]")
    expect(option).to_have_text(f"Automatic transcript to check: {len(paragraphs)}")
    with page.expect_response("**/corrections"):
        page.keyboard.press("Enter")
    expect(option).to_have_text(f"Automatic transcript to check: {len(paragraphs) - 1}")
    assert all(read_alignment(drafted).words[k].pinned for k in paragraphs[0].words)
    page.keyboard.press("e")
    expect(page.locator(".editor textarea").first).to_be_focused()
    page.keyboard.press("Escape")
    page.goto("about:blank")


def test_library_and_report_call_it_automatic_until_it_is_reviewed(page: Page, server: str, drafted: Path) -> None:
    page.goto(server)
    row = page.locator("#row-roue-libre .verdict")
    expect(row).to_contain_text(DRAFT)
    page.goto(f"{server}{ADDRESS}/report")
    verdict = page.locator(".verdict-line")
    expect(verdict).to_contain_text(f"{DRAFT} · an automatic transcript with mistakes")
    review = Review("Zoé", "2026-01-02T03:04:05Z", 1.0)
    drafted.write_text(to_text(replace(read_alignment(drafted), review=review)), encoding="utf-8")
    page.reload()
    expect(verdict).to_contain_text("Words found · the transcript follows the audio")
    page.goto(server)
    expect(row).to_contain_text("Words found")


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
