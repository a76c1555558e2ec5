"""The fields of a paragraph that is edited on its page, and what the file has afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from aligner.model import Kind, outermost
from aligner.storage.alignment_json import read_alignment
from tests.web.gestures import word

WORD = 100  # of the fourth turn, by Bastien Oriol


def name_reader(page: Page) -> None:
    page.context.add_cookies([{"name": "quotecast-name", "value": "Zo%C3%A9", "url": page.url}])
    page.reload()
    page.wait_for_selector("#transcript .w[tabindex]")


@contextmanager
def tab_of_one_of_two(browser: Browser, server: str) -> Iterator[Page]:
    """The page of an episode, whose console may tell of answers that somebody else was first."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    page = context.new_page()
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    page.goto(f"{server}/episodes/roue-libre")
    name_reader(page)
    yield page
    context.close()
    assert not failed


@contextmanager
def another_tab_of(page: Page) -> Iterator[Page]:
    """The same page as somebody else has it open."""
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_selector("#transcript .w[tabindex]")
    yield other
    other.goto("about:blank")
    other.close()


def field(page: Page, k: int = 0) -> Locator:
    return page.locator(".editor textarea").nth(k)


def opened(page: Page, i: int = WORD) -> Locator:
    """The field of the paragraph of a word, opened by E on it."""
    reach(page, i)
    page.keyboard.press("e")
    expect(field(page)).to_be_focused()
    return field(page)


def reach(page: Page, i: int) -> None:
    """Put the focus on a word, as a reader does with arrows."""
    page.locator(word(page, i)).evaluate("word => { word.tabIndex = 0; word.focus({ preventScroll: true }) }")


def saved(page: Page) -> None:
    page.keyboard.press("Control+Enter")
    expect(page.locator(".editor"), page.locator("#toast").inner_text()).to_have_count(0)


def stored(library: Path) -> list[tuple[Kind, str | None, str]]:
    """The paragraphs in the file."""
    transcript = read_alignment(library / "roue-libre" / "episode.alignment.json").transcript
    paragraphs = [transcript.segments[index] for index, _ in outermost(transcript.segments)]
    return [(s.kind, s.speaker, transcript.text[s.char_start : s.char_end]) for s in paragraphs]
