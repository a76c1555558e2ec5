"""Quotes are found despite changes, and the right one of several copies is chosen."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from aligner.errors import QuoteError
from aligner.model import Alignment, Kind, Status
from aligner.quotes.find import search
from aligner.quotes.quote import QuoteQuery, find_quote
from tests.aligner.captions.spoken import spoken
from tests.aligner.episodes import alignment_of
from tests.tables import over_rows

FERRY = (
    "The ferry leaves at noon and nobody waits for those who come late to the quay.",
    "My brother missed it twice, in the year of the great flood, with all his goats.",
    "Nobody laughed, for the goats had eaten every ticket on the harbour wall.",
)


def words_of(alignment: Alignment, words: range) -> str:
    return " ".join(alignment.words[k].word.text for k in words)


def found(alignment: Alignment, quote: str) -> str:
    best = search(alignment, quote).best
    assert best is not None
    return words_of(alignment, best.words)


FRENCH = "On dit que le cœur a peut-être ses raisons."
BROTHER, QUAY = "My brother missed it twice,", "nobody waits for those who come late to the quay."


@over_rows(
    "quote, passage, text",
    [
        ("“My brother, missed it twice…”", BROTHER, FERRY),
        ("MY BROTHER MISSED IT TWICE", BROTHER, FERRY),
        ("My bróther missed ït twice,", BROTHER, FERRY),
        ("My brother mised it twice,", BROTHER, FERRY),
        ("le coeur a peut etre ses raisons", "le cœur a peut-être ses raisons.", [FRENCH]),
        ("nobody waits for those who late to the quay", QUAY, FERRY),
        ("nobody waits for people who come late to the quay", QUAY, FERRY),
        # From one speaker to the next.
        ("all his goats. Nobody laughed, for", "all his goats. Nobody laughed, for", FERRY),
        ("twenty-one goats on the boat", "21 goats on the boat", ["There were 21 goats on the boat that night."]),
    ],
)
def test_a_quote_is_found_in_any_spelling(quote: str, passage: str, text: Sequence[str]) -> None:
    assert found(alignment_of(*text), quote) == passage


def test_a_heading_inside_a_quote_is_skipped() -> None:
    alignment = alignment_of(FERRY[0], "Second part", FERRY[1])
    heading = replace(alignment.segments[1], segment=replace(alignment.segments[1].segment, kind=Kind.HEADING))
    alignment = replace(alignment, segments=(alignment.segments[0], heading, alignment.segments[2]))
    quote = find_quote(alignment, QuoteQuery("late to the quay. My brother missed it")).quote
    assert quote.text == "late to the quay.\nMy brother missed it"


def test_the_passage_is_preferred_to_its_teaser() -> None:
    alignment = alignment_of(FERRY[1], *FERRY)
    places = search(alignment, "My brother missed it twice").occurrences
    assert [place.teaser for place in places] == [True, False]
    best = search(alignment, "My brother missed it twice").best
    assert best is not None
    assert best.words.start > len(FERRY[1].split())


def test_an_unspoken_copy_does_not_make_a_passage_a_teaser() -> None:
    alignment = alignment_of(*FERRY, FERRY[1])
    cut = len(" ".join(FERRY).split())
    silent = [
        word if k < cut else replace(word, span=None, status=Status.UNSPOKEN) for k, word in enumerate(alignment.words)
    ]
    best = search(replace(alignment, words=tuple(silent)), "My brother missed it twice").best
    assert best is not None
    assert best.spoken
    assert best.words.start < cut


def test_a_missing_quote_is_not_found_and_the_nearest_passage_is_reported() -> None:
    result = search(alignment_of(*FERRY), "my brother sold all his cows to the bishop of Coutances")
    assert result.occurrences == ()
    assert result.best is None
    assert result.nearest
    assert search(alignment_of(*FERRY), "пароход ушёл в полдень").nearest == ()


@over_rows("quote", ["", " ", "« … »", "?!"])
def test_a_quote_without_words_is_refused(quote: str) -> None:
    with pytest.raises(QuoteError, match="no word"):
        search(alignment_of(*FERRY), quote)


def test_a_long_quote_is_found_by_its_ends() -> None:
    words = [f"mot{number} parle du port {number * 7}" for number in range(300)]
    alignment = spoken(". ".join(words))
    (place,) = search(alignment, ". ".join(words[20:160])).occurrences
    said = [alignment.words[k].word.text for k in place.words]
    assert (said[0], said[-1]) == ("mot20", "1113.")
    assert place.score > 0.99


def test_a_quote_longer_than_any_clip_is_refused() -> None:
    with pytest.raises(QuoteError, match="expected 30000 at most"):
        search(spoken("Le port dort."), "la " * 20_000)


@over_rows(
    "quote",
    ["ceci n'existe pas du tout ici", "ce n'est pas de moi", "n'est pas là du tout du tout", "il n'a pas du tout"],
)
def test_a_short_quote_is_not_found_by_similarity(quote: str) -> None:
    assert search(spoken("Mais ce n'est pas du tout. Le port dort."), quote).occurrences == ()


def test_a_repeated_passage_is_a_teaser_only_near_the_start() -> None:
    wait = "|60.0 Les bateaux rentrent un par un dans le port."
    alignment = spoken(wait, FERRY[1], wait, FERRY[1], wait, FERRY[1], wait)
    assert [place.teaser for place in search(alignment, FERRY[1]).occurrences] == [True, False, False]
    late = spoken(wait, wait, wait, wait, FERRY[1], wait, FERRY[1])
    assert [place.teaser for place in search(late, FERRY[1]).occurrences] == [False, False]
