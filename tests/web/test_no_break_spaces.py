"""Pages have no-break spaces; search and clipboard have plain ones."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from aligner.quotes.quote import QuoteQuery, find_quote
from aligner.storage.alignment_json import read_alignment
from aligner.typography import unbroken
from tests.web.gestures import clipboard, word
from tests.web.library.shelved import plant
from tests.web.visiting import new_tab

TALK = "# Douze mille ? Oui !\n\nADA: Tu viens ? Il y a 12 000 pas : « la mer » .\n\nBO: Oui ! Il fait 30 % de mieux.\n"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A library with one French episode whose transcript has none but plain spaces."""
    plant(tmp_path / "library" / "pas", TALK, title="Le bac : 12 000 pas !", show="Marées ?")
    return tmp_path / "library"


CLIPBOARD = ["clipboard-read", "clipboard-write"]


@pytest.fixture
def french(browser: Browser, server: str) -> Iterator[Page]:
    with new_tab(browser, permissions=CLIPBOARD, viewport={"width": 1280, "height": 800}, locale="fr-FR") as page:
        yield page


def stray(page: Page) -> list[str]:
    """The texts that are seen in which a line might end before a mark, within a number or before its unit."""
    texts: list[str] = page.evaluate(
        """() => {
            const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            const blocks = new Map();
            while (walker.nextNode()) {
                const block = walker.currentNode.parentElement.closest("p, li, h1, h2, h3, button, a, div, label, dd");
                if (!block || block.closest("script, style, template")) continue;
                blocks.set(block, (blocks.get(block) ?? "") + walker.currentNode.data);
            }
            return [...blocks.values()];
        }"""
    )
    assert len(texts) > 5
    return [text for text in texts if unbroken(text, "fr") != text]


def test_no_line_ends_before_a_punctuation_mark_on_any_page(french: Page, server: str) -> None:
    for path in ("/", "/add", "/search?q=12", "/episodes/pas", "/episodes/pas/details", "/trash", "/?q"):
        french.goto(server + path)
        assert stray(french) == [], path


def test_the_transcript_keeps_its_spaces_and_is_found_with_either(library: Path) -> None:
    alignment = read_alignment(library / "pas" / "talk.alignment.json")
    assert not re.search("[\u00a0\u202f]", alignment.transcript.text)
    for space in (" ", "\u00a0", "\u202f"):
        quote = f"Tu viens{space}? Il y a 12{space}000 pas{space}: «{space}la mer"
        found = find_quote(alignment, QuoteQuery(quote))
        assert alignment.words[found.quote.words[0]].word.text == "Tu"
        assert len(found.quote.words) == 10


def test_plain_spaces_find_no_break_spaces_and_copies_keep_them(french: Page, server: str) -> None:
    french.goto(f"{server}/episodes/pas")
    french.locator("#find-text").fill("12 000 pas")
    expect(french.locator("#transcript .w.hit")).to_have_count(3)
    assert french.evaluate("window.find('12 000 pas : « la mer »')")  # as the browser's own search does
    french.evaluate(
        """() => {
            const words = document.querySelectorAll("#transcript .turn p:not(.who)");
            getSelection().selectAllChildren(words[0]);
        }"""
    )
    french.keyboard.press("Control+c")
    assert clipboard(french).strip() == "Tu viens ? Il y a 12 000 pas : « la mer » ."
    expect(french.locator(word(french, 4))).to_be_visible()
