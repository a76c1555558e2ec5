"""Facts about the words that a reader selected."""

from dataclasses import replace

from aligner.model import EpisodeDetails
from tests.aligner.episodes import alignment_of
from tests.tables import over_rows
from tests.web.unsaid import unsaid
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
