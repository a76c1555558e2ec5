"""A text that others edit, on its page or elsewhere, in a real browser: nothing that anybody typed is lost."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.editing.fields import another_tab_of, field, name_reader, opened, saved, stored, tab_of_one_of_two
from tests.web.visiting import assert_accessible, watch


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


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    """A tab whose console may tell that the server refused something, as it does once, and nothing else."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    page = context.new_page()
    complaints = watch(page)
    yield page
    context.close()
    assert all("422" in complaint for complaint in complaints), complaints


def edit_elsewhere(library: Path, old: str, new: str) -> None:
    path = library / "roue-libre" / "transcript.txt"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.usefixtures("recognised")
def test_it_is_aligned_by_one_press_and_what_was_typed_is_offered_and_saved_then(
    page: Page, server: str, library: Path
) -> None:
    page.goto(f"{server}/episodes/roue-libre")
    name_reader(page)
    opened(page).press("Control+Home")
    field(page).press_sequentially("Alors voilà : ")
    typed = field(page).input_value()
    edit_elsewhere(library, "Un vélo", "Un tricycle")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toast")).to_contain_text("was edited since it was aligned")
    expect(field(page)).to_have_value(typed)
    assert_accessible(page)
    page.locator("#toast").get_by_role("button", name="Align again").click()
    expect(page.locator("#transcript")).to_contain_text("Un tricycle")
    expect(field(page)).to_have_value(typed)
    expect(page.locator(".work[data-job]")).to_have_count(0)
    field(page).focus()
    saved(page)
    told = [text for _, _, text in stored(library)]
    assert typed in told
    assert any("Un tricycle" in text for text in told)
    text = (library / "roue-libre" / "transcript.txt").read_text(encoding="utf-8")
    assert typed in text
    assert "Un tricycle" in text
