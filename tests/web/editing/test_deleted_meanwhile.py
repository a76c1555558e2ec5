"""A paragraph that somebody else deletes, splits or merges while it is edited, in a real browser: what was typed can be
put back where that stood, and never in the place of another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from aligner.model import Kind
from tests.web.editing.fields import another_tab_of, field, opened, saved, stored, tab_of_one_of_two
from tests.web.visiting import assert_accessible

Stored = list[tuple[Kind, str | None, str]]


@pytest.fixture
def mine(browser: Browser, server: str) -> Iterator[Page]:
    with tab_of_one_of_two(browser, server) as page:
        yield page


@pytest.fixture
def theirs(mine: Page) -> Iterator[Page]:
    with another_tab_of(mine) as page:
        yield page


def typed(page: Page, text: str = " Presque.") -> str:
    """What a paragraph reads with something typed at its end, which is not saved."""
    opened(page).press("Control+End")
    page.keyboard.type(text)
    return field(page).input_value()


def deleted(page: Page) -> str:
    text = opened(page).input_value()
    page.get_by_role("button", name="Delete the paragraph").click()
    expect(page.locator(".editor")).to_have_count(0)
    return text


def with_mine(before: Stored, text: str, now: str) -> Stored:
    return [(kind, who, now if each == text else each) for kind, who, each in before]


def put_back(page: Page) -> None:
    """Saves what was typed, once what became of the paragraph was shown."""
    page.keyboard.press("Control+Enter")
    expect(page.locator(".editor")).to_have_count(0)


def test_what_was_typed_into_a_paragraph_that_was_deleted_is_put_where_it_stood_and_all_others_stay(
    mine: Page, theirs: Page, library: Path
) -> None:
    before = stored(library)
    text = typed(mine)
    gone = deleted(theirs)
    expect(mine.locator(".theirs .none")).to_be_visible()
    expect(mine.locator(".theirs .version")).to_be_empty()
    expect(field(mine)).to_have_value(text)
    expect(field(mine)).to_be_focused()
    assert_accessible(mine)
    assert stored(library) == [each for each in before if each[2] != gone]
    put_back(mine)
    assert stored(library) == with_mine(before, gone, text)


def test_who_takes_that_it_was_deleted_or_typed_nothing_edits_nothing_else(
    mine: Page, theirs: Page, library: Path
) -> None:
    typed(mine)
    gone = deleted(theirs)
    mine.keyboard.press("Escape")
    mine.locator("#leave-editing [value=drop]").click()
    expect(mine.locator(".editor")).to_have_count(0)
    expect(mine.locator("#transcript")).not_to_contain_text(gone)
    after = stored(library)
    opened(mine)
    gone = deleted(theirs)
    expect(mine.locator(".editor")).to_have_count(0)
    expect(mine.locator("#toast")).to_contain_text("Somebody else has deleted the paragraph")
    assert stored(library) == [each for each in after if each[2] != gone]
    mine.reload()
    expect(mine.locator("#transcript .w[tabindex]").first).to_be_visible()
    expect(mine.locator(".editor")).to_have_count(0)


def split(page: Page, end: str = "") -> None:
    """Another says the rest of a paragraph, with something at its end."""
    opened(page).press("Control+Home")
    for _ in range(6):
        page.keyboard.press("Control+ArrowRight")
    page.keyboard.press("Alt+Enter")
    expect(page.locator(".editor input")).to_be_focused()
    page.keyboard.type("Zoé")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+End")
    page.keyboard.type(end)
    saved(page)


def test_who_typed_into_a_paragraph_that_was_split_is_shown_its_parts_and_can_put_it_back(
    mine: Page, theirs: Page, library: Path
) -> None:
    before, text = stored(library), typed(mine)
    split(theirs)
    expect(mine.locator(".theirs .version")).to_contain_text("Zoé")
    expect(mine.locator(".theirs .version p")).to_have_count(2)
    put_back(mine)
    assert stored(library) == with_mine(before, text.removesuffix(" Presque."), text)
