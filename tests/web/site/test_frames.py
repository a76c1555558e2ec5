"""A quote's page in another page's frame, as oEmbed gives it: whole, and with the line that says who stands for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from aligner.storage.alignment_json import read_alignment
from tests.web.site.hosting import hosting
from tests.web.site.publishing import copied_sample, keep, publish
from tests.web.visiting import new_tab

LENGTHS = (4, 14, 28, 57, 90)  # words
# Its words may be there before its styles are.
_LOADED = "() => document.readyState === 'complete' || new Promise((done) => addEventListener('load', done))"


@pytest.fixture(scope="module")
def folder(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a quote of each length."""
    root = tmp_path_factory.mktemp("frames")
    path = copied_sample(sample, root / "episode")
    alignment = read_alignment(path)
    keep(alignment, path.parent, *((30, 30 + length) for length in LENGTHS))
    return publish(path, root / "site", "--base-url", "https://example.org/ep/")


def embedded(folder: Path) -> Iterator[tuple[str, str]]:
    """What another site puts into its page for each quote, and the quote's name."""
    for told in sorted((folder / "q").glob("*.json")):
        html = json.loads(told.read_text(encoding="utf-8"))["html"]
        yield told.stem, html.replace("https://example.org/ep/", "site/").replace(' loading="lazy"', "")


def shown(page: Page, html: str, width: int) -> FrameLocator:
    """What is in the frame that another site's page has, which is so wide."""
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("(html) => { document.body.innerHTML = html; }", html)
    frame = page.frame_locator("iframe")
    frame.locator(".standing").evaluate(_LOADED)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return frame


def cut_off(frame: FrameLocator, selector: str) -> float:
    """How many pixels of it are below the frame's edge."""
    bottom: float = frame.locator(selector).evaluate("(each) => each.getBoundingClientRect().bottom - innerHeight")
    return max(0.0, bottom)


@pytest.mark.ci
@pytest.mark.parametrize("width", [375, 1200])
def test_in_the_frame_that_is_given_all_of_a_quote_is_seen(browser: Browser, folder: Path, width: int) -> None:
    other = "<!doctype html><link rel=icon href=data:,><body style='margin: 16px'>"
    (folder.parent / "other.html").write_text(other, encoding="utf-8")
    with hosting(folder.parent) as address, new_tab(browser) as page:
        page.goto(f"{address}other.html")
        for _, html in embedded(folder):
            frame = shown(page, html, width)
            assert cut_off(frame, ".standing") == 0
            hidden = frame.locator("blockquote").evaluate("(quote) => quote.scrollHeight - quote.clientHeight")
            assert hidden <= 1
            assert frame.locator("html").evaluate("(html) => html.scrollHeight <= innerHeight")


@pytest.mark.parametrize("size", [(260, 240), (600, 320)])
def test_in_a_frame_that_is_too_small_the_quote_scrolls_and_who_stands_for_it_is_seen(
    browser: Browser, folder: Path, size: tuple[int, int]
) -> None:
    viewport = {"width": size[0], "height": size[1]}
    with hosting(folder.parent) as address, new_tab(browser, viewport=viewport) as page:
        for name, _ in embedded(folder):
            page.goto(f"{address}site/q/{name}.html#embedded")
            for selector in (".standing", "audio", ".acts a >> nth=0"):
                expect(page.locator(selector)).to_be_in_viewport(ratio=1)
            assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
