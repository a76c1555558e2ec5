"""A transcript's file that was edited elsewhere while its page is open: the way on is one press, and nothing that was
typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.editing.fields import field, name_reader, opened, saved, stored
from tests.web.visiting import assert_accessible, watch


@pytest.fixture
def page(browser: Browser, server: str) -> Iterator[Page]:
    """A tab whose console may tell that the server refused something, as it does once, and nothing else."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    page = context.new_page()
    complaints = watch(page)
    yield page
    context.close()
    assert all("422" in complaint for complaint in complaints)


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
