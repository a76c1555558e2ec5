"""Fixtures of the tests of reviews: the sample with words misplaced, not found and missing."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from aligner.model import Alignment, Status, Untranscribed
from aligner.storage.alignment_json import read_alignment, to_text
from tests.aligner.report.doubted import with_doubt
from tests.web.visiting import wait_for_sound

ADDRESS = "/episodes/roue-libre"
DOUBTED = range(30, 50)
LOST = (10, 60)


def with_lost(alignment: Alignment, *words: int) -> Alignment:
    """The alignment with some unspoken words."""
    timed = list(alignment.words)
    for k in words:
        timed[k] = replace(timed[k], span=None, status=Status.UNSPOKEN, confidence=0.0)
    return replace(alignment, words=tuple(timed))


@pytest.fixture
def troubled(library: Path) -> Path:
    """The sample's alignment with a passage in doubt, two words that were not found, and speech without text."""
    path = library / "roue-libre" / "episode.alignment.json"
    alignment = with_lost(with_doubt(read_alignment(path), (DOUBTED, 0.2)), *LOST)
    alignment = replace(alignment, untranscribed=(Untranscribed(0.1, 2.5, "bonjour à tous"),))
    path.write_text(to_text(alignment), encoding="utf-8")
    return path


@pytest.fixture
def reviewed(page: Page, server: str, troubled: Path) -> Iterator[Page]:
    """The page of the episode under review, whose reader has said that they have no name."""
    open_review(page, server)
    yield page
    page.goto("about:blank")


def open_review(page: Page, server: str) -> None:
    page.context.add_cookies([{"name": "quotecast-name", "value": "", "url": server}])
    page.goto(f"{server}{ADDRESS}?review")
    expect(part(page, "where")).to_contain_text("1 of ")
    wait_for_sound(page)


def open_tools(page: Page) -> None:
    """Unfold what is rarely needed, and give the keys back to the words."""
    page.locator("#review summary").click()
    page.locator("#review .word-list").focus()


def part(page: Page, name: str) -> Locator:
    return page.locator(f'#review [data-part="{name}"]')


def said(page: Page, word: int) -> Locator:
    return page.locator(f"#word-{word}")


def left(page: Page) -> int:
    """How many passages are left, without the captions, which are a separate step, as shown in the list of kinds."""
    told = page.locator("#review-kind option:not([value=norm])").all_inner_texts()
    return sum(int(each.rpartition(":")[2]) for each in told)
