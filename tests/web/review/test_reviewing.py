"""Browser tests of reviewing by keyboard, mouse and touch."""

import math
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Locator, Page, expect

from aligner.model import Alignment, AnnotationKind
from aligner.storage.alignment_json import read_alignment
from tests.web.gestures import sound_time
from tests.web.review.conftest import ADDRESS, DOUBTED, LOST, left, open_review, open_tools, part, said
from tests.web.visiting import assert_accessible, new_tab

PER_SECOND = 160  # pixels, as a review begins
PINNED, UNSAID = re.compile(r"\bpinned\b"), re.compile(r"\bunsaid\b")


def handle(page: Page, side: str) -> Locator:
    return page.locator(f'#review .handle[data-side="{side}"]')


def drag(page: Page, where: Locator, by: float) -> None:
    box = where.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by, y, steps=4)
    page.mouse.up()


def until_pinned(path: Path, page: Page, word: int) -> Alignment:
    expect(said(page, word)).to_have_class(PINNED)
    return read_alignment(path)


def assert_in_order(alignment: Alignment) -> None:
    spans = [word.span for word in alignment.words if word.span]
    assert all(before.end <= after.start + 0.0005 for before, after in pairwise(spans))


def test_a_review_starts_with_the_costliest_passage_and_its_reason(reviewed: Page) -> None:
    expect(part(reviewed, "reasons")).to_contain_text("None of these 20 words was recognised")
    expect(part(reviewed, "left")).to_contain_text(" left")
    expect(said(reviewed, DOUBTED.start)).to_have_attribute("aria-selected", "true")
    expect(reviewed.locator(".word-list")).to_be_focused()


@pytest.mark.walk
def test_the_whole_queue_is_reviewed_by_keyboard(page: Page, server: str, troubled: Path) -> None:
    page.context.add_cookies([{"name": "quotecast-name", "value": "", "url": server}])
    page.goto(server + ADDRESS)
    page.wait_for_selector("html.awake")
    button = page.locator(".masthead > .actions > [data-review]")
    button.focus()
    page.keyboard.press("Enter")
    expect(part(page, "where")).to_contain_text("1 of ")
    count = left(page)
    page.keyboard.press("F8")
    expect(part(page, "where")).to_have_text(f"2 of {count}")
    page.keyboard.press("Shift+F8")
    page.keyboard.press("Shift+F8")
    expect(part(page, "where")).to_have_text(f"{count} of {count}")
    page.keyboard.press("F8")
    for remaining in range(count, 0, -1):
        expect(part(page, "where")).to_have_text(f"1 of {remaining}")
        if page.locator("#review").get_attribute("data-kind") == "untranscribed":
            page.locator("#review [data-do=dismiss]").focus()
        page.keyboard.press("Enter")
    expect(part(page, "reasons")).to_have_text(re.compile("^(Nothing left to review|All words are reviewed)"))
    page.locator("#review [data-do=reviewed]").click()  # which waits for the server, as the rest does not
    expect(page.locator("#reviewed-dialog")).to_be_visible()
    alignment = read_alignment(troubled)
    assert all(alignment.words[k].pinned for k in (*DOUBTED, *LOST))
    assert {each.kind for each in alignment.annotations} >= {AnnotationKind.DISMISSED}
    page.goto("about:blank")


def test_captions_are_reviewed_separately_and_edited_by_a_key(reviewed: Page) -> None:
    count = left(reviewed)
    expect(part(reviewed, "where")).to_have_text(f"1 of {count}")
    reviewed.locator("#review-kind").select_option("norm")
    expect(part(reviewed, "reasons")).to_contain_text("Shorten the text (E), or leave it as it is.")
    norms = reviewed.locator("#review-kind option[value=norm]").inner_text().rpartition(": ")[2]
    expect(part(reviewed, "where")).to_have_text(f"1 of {norms}")
    reviewed.locator(".word-list").focus()
    reviewed.keyboard.press("e")
    expect(reviewed.locator(".editor textarea").first).to_be_focused()
    reviewed.keyboard.press("Escape")


@pytest.mark.ci
def test_an_edge_is_dragged_with_a_mouse_and_nothing_overlaps(reviewed: Page, troubled: Path) -> None:
    before = read_alignment(troubled).words[DOUBTED.start].span
    assert before is not None
    drag(reviewed, handle(reviewed, "start"), 0.1 * PER_SECOND)
    after = until_pinned(troubled, reviewed, DOUBTED.start)
    span = after.words[DOUBTED.start].span
    assert span is not None
    assert span.start == pytest.approx(before.start + 0.1, abs=0.02)
    assert span.end == before.end
    assert_in_order(after)


def test_words_are_selected_and_moved_by_keys(reviewed: Page, troubled: Path) -> None:
    reviewed.keyboard.press("ArrowRight")
    expect(said(reviewed, DOUBTED.start + 1)).to_have_attribute("aria-selected", "true")
    before = read_alignment(troubled).words[DOUBTED.start + 1].span
    assert before is not None
    for _ in range(2):
        reviewed.keyboard.press("Alt+ArrowRight")
    after = until_pinned(troubled, reviewed, DOUBTED.start + 1)
    span = after.words[DOUBTED.start + 1].span
    assert span is not None
    assert span.start == pytest.approx(before.start + 0.02, abs=0.0015)
    assert reviewed.url.endswith("?review")
    reviewed.keyboard.press("Shift+ArrowRight")
    expect(reviewed.locator('.word-list [aria-selected="true"]')).to_have_count(2)


def test_an_edge_is_a_slider_with_value_and_steps(reviewed: Page, troubled: Path) -> None:
    start = handle(reviewed, "start")
    word = read_alignment(troubled).words[DOUBTED.start]
    assert word.span is not None
    expect(start).to_have_attribute("aria-valuenow", f"{word.span.start:.2f}")
    assert word.word.text in (start.get_attribute("aria-valuetext") or "")
    start.focus()
    reviewed.keyboard.press("ArrowRight")
    reviewed.keyboard.press("Shift+ArrowRight")
    after = until_pinned(troubled, reviewed, DOUBTED.start).words[DOUBTED.start].span
    assert after is not None
    assert after.start == pytest.approx(word.span.start + 0.06, abs=0.0015)
    assert after.end == word.span.end
    expect(start).to_be_focused()


def test_a_key_sets_the_start_to_the_playing_position(reviewed: Page, troubled: Path) -> None:
    word = read_alignment(troubled).words[DOUBTED.start].span
    assert word is not None
    at = round(word.start - 0.05, 2)
    reviewed.evaluate("at => { document.getElementById('audio').currentTime = at; }", at)
    reviewed.wait_for_function("at => Math.abs(document.getElementById('audio').currentTime - at) < 0.001", arg=at)
    reviewed.keyboard.press("t")
    expect(said(reviewed, DOUBTED.start + 1)).to_have_attribute("aria-selected", "true")
    span = until_pinned(troubled, reviewed, DOUBTED.start).words[DOUBTED.start].span
    assert span is not None
    assert span.start == pytest.approx(at, abs=0.0015)


def test_a_word_is_marked_as_not_spoken_and_undone(reviewed: Page, troubled: Path) -> None:
    reviewed.keyboard.press("u")
    expect(said(reviewed, DOUBTED.start)).to_have_class(UNSAID)
    assert read_alignment(troubled).words[DOUBTED.start].span is None
    reviewed.keyboard.press("Control+z")
    expect(said(reviewed, DOUBTED.start)).not_to_have_class(UNSAID)
    assert read_alignment(troubled).words[DOUBTED.start].span is not None


@pytest.mark.parametrize(("key", "begins", "ends"), [("s", 0.0, 1.0), ("q", -0.5, 0.0), ("w", 1.0, 0.5)])
def test_keys_play_the_word_and_its_surroundings(
    reviewed: Page, troubled: Path, key: str, begins: float, ends: float
) -> None:
    """``begins`` is a share of the word, or seconds before it; so is the end, or seconds after it."""
    span = read_alignment(troubled).words[DOUBTED.start].span
    assert span is not None
    start = span.start + (begins * span.duration if begins > 0 else begins)
    end = span.end + 0.5 if key == "w" else span.start + ends * span.duration
    reviewed.evaluate(
        """() => { window.heard = []; const sound = document.getElementById("audio");
            sound.addEventListener("seeked", () => window.heard.push(sound.currentTime)); }"""
    )
    reviewed.keyboard.press(key)
    reviewed.wait_for_function("() => window.heard.length > 0")
    assert reviewed.evaluate("() => window.heard[0]") == pytest.approx(start, abs=0.05)
    reviewed.wait_for_function("end => document.getElementById('audio').currentTime >= end", arg=end)
    reviewed.wait_for_function("() => document.getElementById('audio').paused")
    assert sound_time(reviewed) < end + 0.5


def test_all_passages_of_a_kind_are_accepted_and_undone_together(reviewed: Page, troubled: Path) -> None:
    reviewed.locator("#review-kind").select_option("unfound")
    expect(part(reviewed, "reasons")).to_contain_text("was not found")
    count = left(reviewed)
    open_tools(reviewed)
    reviewed.locator("#review [data-do=all]").click()
    expect(reviewed.locator("#toast")).to_contain_text("not found: 2")
    assert all(read_alignment(troubled).words[k].pinned for k in LOST)
    assert left(reviewed) == count - 2
    reviewed.locator("#toast [data-undo]").click()
    expect(reviewed.locator("#review-kind option[value=unfound]")).to_have_text("Words not found: 2")
    assert not any(read_alignment(troubled).words[k].pinned for k in LOST)


@pytest.mark.ci
def test_an_episode_is_marked_as_reviewed_and_unmarked(reviewed: Page, troubled: Path) -> None:
    expect(reviewed.locator(".heading .review-status")).to_have_text("Automatic timing, not reviewed")
    reviewed.keyboard.press("Enter")
    expect(part(reviewed, "reasons")).to_contain_text("was not found")
    reviewed.locator("#review [data-do=reviewed]").click()
    dialog = reviewed.locator("#reviewed-dialog")
    expect(dialog).to_contain_text("% reviewed: 20 of ")
    reviewed.locator("#reviewed-name").fill("Zoé Martin")
    dialog.get_by_role("button", name="Mark as reviewed", exact=True).click()
    expect(reviewed.locator(".heading .review-status")).to_contain_text("Reviewed by Zoé Martin, ")
    alignment = read_alignment(troubled)
    assert alignment.review is not None
    words = int((dialog.locator("[data-part=share]").text_content() or "").split(" of ")[1].split()[0])
    assert alignment.review.share == math.floor(20 / words * 10_000) / 10_000
    answer = reviewed.reload()
    assert read_alignment(troubled).review == alignment.review
    assert answer
    assert "Reviewed by Zoé Martin, " in answer.text()
    expect(reviewed.locator(".heading .review-status")).to_contain_text("Reviewed by Zoé Martin, ")
    reviewed.locator("#review [data-do=reviewed]").click()
    dialog.locator("[value=unreviewed]").click()
    expect(reviewed.locator(".heading .review-status")).to_have_text("Automatic timing, not reviewed")


def touch(session: CDPSession, kind: str, *points: dict[str, float]) -> None:
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})


@pytest.mark.ci
def test_a_review_is_done_by_touch_on_a_phone(browser: Browser, server: str, troubled: Path) -> None:
    size = {"width": 390, "height": 844}
    with new_tab(browser, viewport=size, has_touch=True, is_mobile=True, locale="en-GB") as tab:
        open_review(tab, server)
        word = DOUBTED.start
        before = read_alignment(troubled).words[word].span
        assert before is not None
        box = handle(tab, "start").bounding_box()
        assert box
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        session = tab.context.new_cdp_session(tab)
        touch(session, "touchStart", {"x": x, "y": y})
        for step in range(1, 5):
            touch(session, "touchMove", {"x": x + 8 * step, "y": y})
        touch(session, "touchEnd")
        span = until_pinned(troubled, tab, word).words[word].span
        assert span is not None
        assert span.start == pytest.approx(before.start + 32 / PER_SECOND, abs=0.02)
        said(tab, word + 1).tap()
        expect(said(tab, word + 1)).to_have_attribute("aria-selected", "true")
        tab.locator("#review summary").tap()
        tab.locator("#review [data-do=unspoken]").tap()
        expect(said(tab, word + 1)).to_have_class(UNSAID)
        count = left(tab)
        tab.locator("#review [data-do=accept]").tap()
        expect(part(tab, "reasons")).to_contain_text("was not found")
        assert left(tab) == count - 1
        tab.goto("about:blank")


@pytest.mark.parametrize(("width", "scheme", "locale"), [(390, "dark", "fr-FR"), (1440, "light", "en-GB")])
def test_a_review_is_accessible_and_fits(
    browser: Browser, server: str, troubled: Path, width: int, scheme: Any, locale: str
) -> None:
    size = {"width": width, "height": 900}
    with new_tab(browser, viewport=size, color_scheme=scheme, locale=locale) as tab:
        tab.goto(f"{server}{ADDRESS}?review")
        expect(part(tab, "where")).to_contain_text("1 ")
        assert_accessible(tab)
        assert tab.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        tab.locator("#review [data-do=reviewed]").click()
        assert_accessible(tab)
        tab.goto("about:blank")
