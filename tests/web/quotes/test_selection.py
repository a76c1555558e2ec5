"""Facts about the words that a reader selected, and the links to quotes that the server writes."""

from dataclasses import replace

from playwright.sync_api import Page

from aligner.model import EpisodeDetails
from tests.aligner.episodes import alignment_of
from tests.tables import over_rows
from tests.web.unsaid import unsaid
from web.quotes.links import link_to, write_fragment
from web.quotes.selection import selection_facts

TIDE = alignment_of("Yes. The ferry leaves at nine! Mr. Quint waits for nobody…", "He said “perhaps. Never.” And left")


@over_rows(
    "url, address, public",
    [
        (None, "http://localhost/e#t=", False),
        ("https://example.org/12", "https://example.org/12#t=", True),
        ("https://example.org/#/12", "https://example.org/#/12", True),
        ("javascript:alert(1)", "http://localhost/e#t=", False),
    ],
)
def test_the_link_is_public_where_the_episode_is(url: str | None, address: str, public: bool) -> None:
    tide = replace(TIDE, episode=EpisodeDetails(url=url))
    facts = selection_facts(tide, 0, 2, "http://localhost/e")
    assert (facts["link"].startswith(address), facts["public"]) == (True, public)


def test_words_that_are_not_spoken_can_be_copied_with_a_caution() -> None:
    tide = unsaid(alignment_of("Part one", "The ferry leaves at nine."), range(0, 2))
    facts = selection_facts(tide, 0, 2, "http://localhost/e")
    assert (facts["text"], facts["start"]) == ("Part one", None)
    assert [caution["kind"] for caution in facts["cautions"]] == ["not-said"]
    assert facts["link"] == f"http://localhost/e#w=0-8&v={'0' * 8}"


def test_half_a_sentence_has_cautions() -> None:
    assert [caution["kind"] for caution in selection_facts(TIDE, 2, 4, "")["cautions"]] == [
        "starts-inside-sentence",
        "ends-inside-sentence",
    ]


SHORT = alignment_of(
    "The ferry leaves at nine and the tide waits for nobody.",
    "Nobody believed the captain, and yet the ferry leaves at nine.",
    "🦭 “Seals,” she said, are the harbour’s only regular passengers.",
)


def test_the_browser_writes_the_same_links_and_resolves_them_in_a_corrected_text(page: Page, server: str) -> None:
    ends = [min(k + 4, len(SHORT.words)) for k in range(len(SHORT.words))]
    fragments = [write_fragment(link_to(SHORT, range(k, end))) for k, end in enumerate(ends)]
    data = {
        "hash": SHORT.version,
        "duration": SHORT.audio.duration,
        "starts": [w.span and round(w.span.start * 1000) for w in SHORT.words],
        "ends": [w.span and round(w.span.end * 1000) for w in SHORT.words],
        "chars": [offset for w in SHORT.words for offset in (w.word.char_start, w.word.char_end)],
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
