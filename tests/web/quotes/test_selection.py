"""What is told of words that a reader selected."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from aligner.model import Alignment, EpisodeDetails
from tests.aligner.episodes import alignment_of
from tests.tables import over_rows
from tests.web.unsaid import unsaid
from web.quotes.selection import address_of, selected, to_sentence

TIDE = alignment_of(
    "Yes. The ferry leaves at nine! Mr. Quint waits for nobody…",
    "He said “perhaps. Never.” And left",
)


def texts(alignment: Alignment, words: range) -> str:
    return " ".join(alignment.words[k].word.text for k in words)


@over_rows(
    "words, sentences",
    [
        (range(3, 4), "The ferry leaves at nine!"),
        (range(0, 1), "Yes."),
        (range(4, 7), "The ferry leaves at nine! Mr. Quint waits for nobody…"),
        (range(10, 12), "Mr. Quint waits for nobody… He said “perhaps."),
        (range(14, 16), "Never.” And left"),
    ],
)
def test_words_grow_to_their_sentences(words: range, sentences: str) -> None:
    assert texts(TIDE, to_sentence(TIDE, words)) == sentences


@given(st.integers(0, len(TIDE.words) - 1), st.integers(1, 9))
def test_sentences_hold_their_words_and_do_not_grow_any_more(first: int, count: int) -> None:
    words = range(first, min(first + count, len(TIDE.words)))
    whole = to_sentence(TIDE, words)
    assert whole.start <= words.start < words.stop <= whole.stop
    assert to_sentence(TIDE, whole) == whole


@over_rows(
    "url, address, public",
    [
        (None, "http://localhost/e#t=1", False),
        ("", "http://localhost/e#t=1", False),
        ("https://example.org/12", "https://example.org/12#t=1", True),
        ("https://example.org/#/12", "https://example.org/#/12", True),
        ("javascript:alert(1)", "http://localhost/e#t=1", False),
    ],
)
def test_the_link_is_public_where_the_episode_is(url: str | None, address: str, public: bool) -> None:
    tide = replace(TIDE, episode=EpisodeDetails(url=url))
    assert address_of(tide, "http://localhost/e", "t=1") == (address, public)


def test_words_that_nobody_says_can_be_copied_and_it_is_said_that_they_have_no_sound() -> None:
    tide = unsaid(alignment_of("Part one", "The ferry leaves at nine."), range(0, 2))
    selection = selected(tide, 0, 2)
    assert (selection.text, selection.voice) == ("Part one", None)
    assert [caution.kind for caution in selection.cautions] == ["not-said"]
    assert selection.fragment == f"w=0-8&v={'0' * 8}"


def test_half_a_sentence_is_told() -> None:
    assert [caution.kind for caution in selected(TIDE, 2, 4).cautions] == [
        "starts-inside-sentence",
        "ends-inside-sentence",
    ]
