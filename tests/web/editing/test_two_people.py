"""Two people who edit at once, in a real browser: what each wrote is kept, or both are shown before one is replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.editing.fields import another_tab_of, field, opened, saved, stored, tab_of_one_of_two
from tests.web.visiting import assert_accessible


@pytest.fixture
def named(browser: Browser, server: str) -> Iterator[Page]:
    with tab_of_one_of_two(browser, server) as page:
        yield page


@pytest.fixture
def other(named: Page) -> Iterator[Page]:
    with another_tab_of(named) as page:
        yield page


def clash(page: Page, other: Page) -> None:
    """Two tabs in which the same place of a paragraph is changed: ``other`` saved first, which ``page`` shows."""
    opened(page).press("Control+End")
    opened(other).press("Control+End")
    page.keyboard.type(" Presque.")
    other.keyboard.type(" Jamais.")
    saved(other)
    expect(page.locator(".theirs")).to_contain_text("Jamais.")
    expect(field(page)).to_have_value(re.compile(" Presque.$"))
    assert_accessible(page)


def ends(library: Path) -> list[str]:
    return [text.split()[-1] for _, _, text in stored(library) if text.endswith((" Presque.", " Jamais."))]


@pytest.mark.ci
@pytest.mark.parametrize(("takes_theirs", "last"), [(True, "Jamais."), (False, "Presque.")])
def test_where_another_tab_changes_the_same_paragraph_theirs_is_shown_and_nothing_is_replaced_before(
    named: Page, other: Page, library: Path, takes_theirs: bool, last: str
) -> None:
    clash(named, other)
    assert ends(library) == ["Jamais."]
    if takes_theirs:
        named.keyboard.press("Escape")
        named.locator("#leave-editing [value=drop]").click()
        expect(opened(named)).to_have_value(re.compile(" Jamais.$"))
    else:
        named.keyboard.press("Control+Enter")
        expect(named.locator(".editor")).to_have_count(0)
    assert ends(library) == [last]
