"""What a published page is told of its words, unpacked in a browser: all that the app's page has, whatever the text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from aligner.model import Alignment, Span, Status, Untranscribed
from tests.places import ROOT
from tests.web.page.planted import planted
from tests.web.site.hosting import hosting
from web.page.data import episode_data
from web.page.transcript import page_of
from web.site.packing import episode_script, plain

TEXTS = {
    "emoji": (("Ana 🎧", "Hi 👩‍👩‍👧‍👦, 🚲! Yes—𝒽ere."), ("Bo", "𝒳 𝒴 & <b>z</b>.")),
    "leftwards": (("אנה", "שלום, עולם! abc (דן)."), (None, "مرحبا بكم.")),
    "markup": (("<i>", '</p><script>alert("1")</script> --> &amp; &#13;'), ("a:b", "x\u2028y \u0000z")),
    "line ends": (("Ana", "one\r\ntwo\rthree\n  four"), ("Ana", "\u00a0five \u202f?")),
    "french": (("Ana", "« Quoi ? » dit-elle : « non ! »"), ("Ana", "L’été, 1 000 €…")),
    "nobody": (),
}


@pytest.fixture(scope="module")
def scripts(browser: Browser) -> Iterator[Page]:
    """A tab beside our scripts."""
    with hosting(ROOT / "web" / "static") as address:
        page = browser.new_page()
        page.goto(address)
        yield page
        page.close()


def unpacked(scripts: Page, alignment: Alignment) -> dict[str, Any]:
    """What the page's scripts know, and its transcript's HTML with words as elements."""
    page = page_of(alignment)
    html = "".join(
        f'<p data-segment="{each.segment}">{each.html}</p>' for turn in plain(page).turns for each in turn.paragraphs
    )
    packed = episode_script(alignment, page, "e", None)
    return scripts.evaluate(
        """async ([text, html]) => {
            const { unpack } = await import("/js/site/unpacking.js");
            const root = new DOMParser().parseFromString(`<main>${html}</main>`, "text/html").querySelector("main");
            const data = unpack(JSON.parse(text), root);
            const words = [...root.querySelectorAll(".w")].map((word) => word.outerHTML);
            return { data, words, text: root.textContent };
        }""",
        [json.dumps(packed, ensure_ascii=False), html],
    )


def as_the_app_has_it(scripts: Page, alignment: Alignment) -> tuple[list[str], str]:
    page = page_of(alignment)
    html = "".join(f"<p>{each.html}</p>" for turn in page.turns for each in turn.paragraphs)
    for character, instead in (("\r", "&#13;"), ("\0", "\ufffd")):
        html = html.replace(character, instead)
    return tuple(
        scripts.evaluate(
            """(html) => {
                const root = new DOMParser().parseFromString(`<main>${html}</main>`, "text/html").querySelector("main");
                return [[...root.querySelectorAll(".w")].map((word) => word.outerHTML), root.textContent];
            }""",
            html,
        )
    )


@pytest.mark.parametrize("name", TEXTS)
def test_words_and_text_are_those_of_the_app_s_page(scripts: Page, name: str) -> None:
    alignment = planted(*TEXTS[name], unspoken="Yes—𝒽ere. two non")
    if alignment.words:
        lacking = (Untranscribed(0.1, 0.2, 'said "so" > & <'), Untranscribed(1.85, 1.9, "there"))
        alignment = replace(alignment, untranscribed=lacking)
    told, (words, text) = unpacked(scripts, alignment), as_the_app_has_it(scripts, alignment)
    assert told["words"] == words
    assert told["text"] == text
    app = episode_data(alignment, page_of(alignment))
    for key in ("chars", "sentences", "paragraphs", "turns", "chapters", "missing", "doubtful", "hash", "duration"):
        assert told["data"][key] == json.loads(json.dumps(app[key])), key


def test_times_are_outwards_to_the_hundredth_also_where_they_overlap_or_go_back(scripts: Page) -> None:
    alignment = planted(("Ana", "One two three four five."))
    spans = (Span(3.333, 3.777), Span(3.5, 3.9), None, Span(1.0, 1.001), Span(86399.994, 86400.0))
    words = tuple(
        replace(word, span=span, status=word.status if span else Status.UNSPOKEN)
        for word, span in zip(alignment.words, spans, strict=True)
    )
    data = unpacked(scripts, replace(alignment, words=words))["data"]
    assert data["starts"] == [3330, 3500, None, 1000, 86_399_990]
    assert data["ends"] == [3780, 3900, None, 1010, 86_400_000]
