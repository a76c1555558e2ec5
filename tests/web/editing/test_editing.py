"""Editing paragraphs where they stand, in a real browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from aligner.model import Kind
from tests.web.editing.fields import WORD, field, name_reader, opened, saved, stored
from tests.web.gestures import sound_time, word
from tests.web.visiting import assert_accessible, intercept, new_tab


@pytest.fixture
def named(episode: Page) -> Page:
    """The page of an episode whose reader was asked for a name."""
    name_reader(episode)
    return episode


def paragraph_of(page: Page, i: int = WORD) -> Locator:
    return page.locator("#transcript [data-segment]", has=page.locator(f'.w[data-i="{i}"]'))


def segment_of(page: Page, i: int = WORD) -> int:
    return int(paragraph_of(page, i).get_attribute("data-segment") or "")


@pytest.mark.walk
def test_a_double_click_opens_the_paragraph_with_the_word_selected_and_what_is_typed_is_saved(
    named: Page, library: Path
) -> None:
    text = next(text for _, _, text in stored(library) if text.startswith("La première année"))
    told = named.locator(word(named, WORD)).inner_text()
    named.locator(word(named, WORD)).dblclick()
    expect(field(named)).to_be_focused()
    expect(field(named)).to_have_value(text)
    chosen = field(named).evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)")
    assert chosen.strip(" ?!") == told.strip("\u202f ?!")
    named.keyboard.type("tricycle")
    saved(named)
    expect(named.locator(word(named, WORD))).to_have_text("tricycle")
    expect(named.locator(word(named, WORD))).to_be_focused()
    assert any("tricycle" in text for _, _, text in stored(library))
    assert named.evaluate("document.getElementById('audio').paused")


def test_text_that_looks_like_html_is_text(named: Page, library: Path) -> None:
    opened(named).fill('<img src=x onerror="alert(1)"> & <b>so</b>')
    saved(named)
    assert any(text == '<img src=x onerror="alert(1)"> & <b>so</b>' for _, _, text in stored(library))
    assert named.locator("#transcript img, #transcript b").count() == 0


def test_escape_asks_where_something_has_and_what_was_typed_stays_or_is_dropped(episode: Page, library: Path) -> None:
    before = stored(library)
    opened(episode).press("x")
    episode.keyboard.press("Escape")
    expect(episode.get_by_role("dialog")).to_contain_text("not saved")
    episode.get_by_role("button", name="Keep editing").click()
    expect(field(episode)).to_be_focused()
    episode.keyboard.press("Escape")
    episode.get_by_role("button", name="Discard").click()
    expect(episode.locator(".editor")).to_have_count(0)
    assert stored(library) == before
    episode.reload()
    episode.wait_for_selector("#transcript .w[tabindex]")
    episode.wait_for_timeout(300)
    expect(episode.locator(".editor")).to_have_count(0)


def test_a_new_line_makes_a_paragraph_and_alt_enter_saves_and_asks_for_the_speaker(named: Page, library: Path) -> None:
    segment = segment_of(named)
    opened(named).fill("La première. La deuxième. La troisième.")
    typed = field(named)
    typed.evaluate("field => field.setSelectionRange(13, 13)")
    named.keyboard.press("Enter")
    typed.evaluate("field => field.setSelectionRange(27, 27)")
    named.keyboard.press("Alt+Enter")
    expect(field(named)).to_have_value("La troisième.")
    expect(named.locator(".editor input")).to_be_focused()
    named.keyboard.type("Zoé Martin")
    saved(named)
    ours = [each for each in stored(library) if each[2].startswith("La ") and len(each[2]) < 20]
    assert ours == [
        (Kind.SPEECH, "Bastien Oriol", "La première."),
        (Kind.SPEECH, "Bastien Oriol", "La deuxième."),
        (Kind.SPEECH, "Zoé Martin", "La troisième."),
    ]
    expect(named.locator(".turn .speaker", has_text="Zoé Martin")).to_have_count(1)
    expect(named.locator(f'.turn [data-segment="{segment}"]')).to_have_text("La première.")


def test_a_paragraph_is_merged_with_the_one_before(named: Page, library: Path) -> None:
    before = stored(library)
    k = next(k for k, (_, _, text) in enumerate(before) if text.startswith("La première année"))
    opened(named)
    named.get_by_role("button", name="Join to the previous paragraph").click()
    expect(field(named)).to_have_value(f"{before[k - 1][2]} {before[k][2]}")
    expect(named.locator(".editor textarea")).to_have_count(1)
    saved(named)
    one = (before[k - 1][0], before[k - 1][1], f"{before[k - 1][2]} {before[k][2]}")
    assert stored(library) == [*before[: k - 1], one, *before[k + 1 :]]


def test_a_paragraph_is_put_in_and_a_kind_chosen(named: Page, library: Path) -> None:
    before = stored(library)
    opened(named)
    named.get_by_role("button", name="Insert a paragraph before").click()
    expect(field(named)).to_have_value("")
    expect(field(named)).to_be_focused()
    named.keyboard.type("Du neuf et du vieux")
    named.locator(".editor select").first.select_option("heading")
    saved(named)
    k = next(k for k, (_, _, text) in enumerate(before) if text.startswith("La première année"))
    assert stored(library) == [*before[:k], (Kind.HEADING, None, "Du neuf et du vieux"), *before[k:]]
    expect(named.locator("h2.chapter", has_text="Du neuf et du vieux")).to_have_count(1)
    expect(named.locator(".chapters a", has_text="Du neuf et du vieux")).to_have_count(1)


def test_a_paragraph_is_deleted_and_brought_back(named: Page, library: Path) -> None:
    before = stored(library)
    opened(named)
    named.get_by_role("button", name="Delete the paragraph").click()
    expect(named.locator(".editor")).to_have_count(0)
    expect(named.locator("#toast")).to_contain_text("deleted")
    assert [text for _, _, text in before if text.startswith("La première année")]
    assert len(stored(library)) == len(before) - 1
    named.get_by_role("button", name="Undo").click()
    expect(named.locator("#transcript", has_text="La première année")).to_have_count(1)
    assert stored(library) == before


@pytest.mark.ci
def test_what_was_typed_is_there_again_after_the_page_was_closed(named: Page, library: Path) -> None:
    opened(named)
    named.locator(".editor textarea").press("Control+End")
    named.keyboard.type(" Presque.")
    named.reload()
    expect(field(named)).to_have_value(re.compile(" Presque.$"))
    expect(named.locator("#toast")).to_contain_text("is back")
    saved(named)
    assert any(text.endswith(" Presque.") for _, _, text in stored(library))
    named.reload()
    named.wait_for_selector("#transcript .w[tabindex]")
    named.wait_for_timeout(300)
    expect(named.locator(".editor")).to_have_count(0)


def test_where_no_answer_comes_it_is_said_and_the_text_stays(browser: Browser, server: str, library: Path) -> None:
    with new_tab(browser, may_complain=True, locale="en-GB") as page:
        page.goto(f"{server}/episodes/roue-libre")
        name_reader(page)
        opened(page).press("Control+End")
        page.keyboard.type(" Presque.")
        intercept(page, "**/corrections", lambda route: route.abort())
        page.keyboard.press("Control+Enter")
        expect(page.locator("body")).to_contain_text("does not answer")
        expect(field(page)).to_have_value(re.compile(" Presque.$"))
        page.unroute("**/corrections")
        saved(page)
        assert any(text.endswith(" Presque.") for _, _, text in stored(library))
        page.goto("about:blank")


@pytest.mark.ci
def test_by_fingers_a_tap_shows_the_button(browser: Browser, server: str) -> None:
    phone = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True, "locale": "en-GB"}
    with new_tab(browser, **phone) as page:
        page.goto(f"{server}/episodes/roue-libre")
        page.locator(word(page, WORD)).tap()
        page.get_by_role("button", name="Find", exact=True).tap()
        page.locator("#find-text").fill("pneus")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Pause", exact=True).tap()  # neither that nor the open line takes a press away
        button = page.get_by_role("button", name="Edit this paragraph")
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44
        button.tap()
        expect(field(page)).to_be_focused()
        boxes = [each.bounding_box() for each in page.locator(".editor :is(button, input, select, textarea)").all()]
        assert not [box for box in boxes if box and min(box["width"], box["height"]) < 44]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.goto("about:blank")


@pytest.mark.ci
def test_by_keys_alone(named: Page, library: Path) -> None:
    named.locator("#transcript .w[tabindex]").focus()
    for _ in range(3):
        named.keyboard.press("ArrowRight")
    named.keyboard.press("Tab")
    expect(named.get_by_role("button", name="Edit this paragraph")).to_be_focused()
    named.keyboard.press("Enter")
    expect(field(named)).to_be_focused()
    named.keyboard.press("Shift+Tab")
    named.keyboard.press("Shift+Tab")
    named.keyboard.press("Control+a")
    named.keyboard.type("Inès Vauquelin")
    named.keyboard.press("Tab")
    named.keyboard.press("Tab")
    named.keyboard.press("Control+End")
    named.keyboard.type(" Voilà.")
    for _ in range(20):
        named.keyboard.press("Tab")
        if named.evaluate("document.activeElement.textContent") == "Save":
            break
    named.keyboard.press("Enter")
    expect(named.locator(".editor")).to_have_count(0)
    kind, speaker, text = stored(library)[0]
    assert (kind, speaker) == (Kind.SPEECH, "Inès Vauquelin")
    assert text.endswith(" Voilà.")
    expect(named.locator("#transcript .w:focus")).to_have_text("Voilà.")


def test_what_is_typed_before_the_fields_are_there_is_text_and_a_name_that_was_begun_is_that_of_a_speaker(
    named: Page,
) -> None:
    named.locator(word(named, WORD)).dblclick()
    named.keyboard.type("lk")
    expect(field(named)).to_have_value(re.compile(r"\blk\b"))
    assert sound_time(named) == 0
    speaker = named.locator(".editor input").first
    speaker.fill("inès")
    speaker.press("Enter")
    expect(speaker).to_have_value("Inès Vauquelin")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_accessible(browser: Browser, server: str, theme: str) -> None:
    with new_tab(browser, color_scheme=theme, locale="fr-FR") as page:
        page.goto(f"{server}/episodes/roue-libre")
        page.wait_for_selector("#transcript .w[tabindex]")
        opened(page).press("x")
        assert_accessible(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_visible()
        assert_accessible(page)
        page.goto("about:blank")
