"""The browser resolves the links to quotes that the server writes."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.aligner.episodes import alignment_of
from web.quotes.links import link_to, write_fragment

TIDE = alignment_of(
    "The ferry leaves at nine and the tide waits for nobody.",
    "Nobody believed the captain, and yet the ferry leaves at nine.",
    "🦭 “Seals,” she said, are the harbour’s only regular passengers.",
)


def test_the_browser_writes_the_same_links_and_resolves_them_in_a_corrected_text(page: Page, server: str) -> None:
    ends = [min(k + 4, len(TIDE.words)) for k in range(len(TIDE.words))]
    fragments = [write_fragment(link_to(TIDE, range(k, end))) for k, end in enumerate(ends)]
    data = {
        "hash": TIDE.version,
        "duration": TIDE.audio.duration,
        "starts": [w.span and round(w.span.start * 1000) for w in TIDE.words],
        "ends": [w.span and round(w.span.end * 1000) for w in TIDE.words],
        "chars": [offset for w in TIDE.words for offset in (w.word.char_start, w.word.char_end)],
    }
    moved = data | {"hash": "ffffffff", "chars": [offset + 100 for offset in data["chars"]]}
    page.goto(f"{server}/")
    answer = page.evaluate(
        """async ({ data, moved, fragments, ends }) => {
            const { linkTo, readFragment, resolve, writeFragment } = await import("/static/js/page/quote-link.js");
            const written = ends.map((end, k) => writeFragment(linkTo(data, k, end)));
            const words = (of) => fragments.map((each) => {
                const { first, last } = resolve(of, readFragment(each));
                return [first, last];
            });
            return { written, found: [words(data), words(moved)] };
        }""",
        {"data": data, "moved": moved, "fragments": fragments, "ends": ends},
    )
    assert answer["written"] == fragments
    assert answer["found"] == [[[k, end] for k, end in enumerate(ends)]] * 2
