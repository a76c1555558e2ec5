"""Which edges of a quote may hold a word that nobody printed, by the times of its words."""

from dataclasses import replace

import pytest

from aligner.model import Alignment, Span, Status
from aligner.quotes import QuoteEdges
from tests.aligner.captions.spoken import spoken

SAID = "Le vieux phare veille toujours sur les bateaux du port de la petite ville"


def changed(alignment: Alignment, at: int, longer: float = 0.0, status: Status = Status.EXACT) -> Alignment:
    words = list(alignment.words)
    span = words[at].span
    assert span is not None
    words[at] = replace(words[at], span=Span(span.start, span.end + longer), status=status)
    return replace(alignment, words=tuple(words))


@pytest.mark.parametrize("opening", [True, False])
def test_words_as_long_as_their_letters_are_believed(opening: bool) -> None:
    edges = QuoteEdges(spoken(SAID), range(2, 8))
    assert not edges.is_doubtful(opening)
    assert edges.beyond_drawl(opening) is None


@pytest.mark.parametrize("opening", [True, False])
def test_a_word_that_was_not_heard_as_written_is_doubtful_where_something_is_said_beside_it(opening: bool) -> None:
    edges = QuoteEdges(changed(spoken(SAID), 2 if opening else 7, status=Status.FUZZY), range(2, 8))
    assert edges.is_doubtful(opening)
    assert edges.beyond_drawl(opening) is None


def test_a_last_word_that_lasts_too_long_may_be_two_and_a_first_one_is_not() -> None:
    alignment = changed(changed(spoken(SAID), 2, 0.12), 7, 0.12)
    edges = QuoteEdges(alignment, range(2, 8))
    assert (edges.is_doubtful(opening=False), edges.is_doubtful(opening=True)) == (True, False)


def test_before_silence_only_a_drawl_beyond_all_measure_is_doubtful() -> None:
    assert QuoteEdges(changed(spoken(SAID), 6, 0.15), range(2, 7)).beyond_drawl(opening=False) is None
    alignment = changed(spoken(SAID), 6, 0.6)
    beyond, span = QuoteEdges(alignment, range(2, 7)).beyond_drawl(opening=False), alignment.words[6].span
    assert beyond is not None
    assert span is not None
    assert span.start + 0.2 < beyond.start < beyond.end == span.end


def test_what_is_read_in_more_letters_than_it_is_written_in_may_take_as_long() -> None:
    for last, is_long in (("etc.", False), ("mer.", True)):
        edges = QuoteEdges(changed(spoken(f"{SAID}, {last}"), 14, 0.4), range(2, 15))
        assert (edges.beyond_drawl(opening=False) is not None) is is_long


@pytest.mark.parametrize(("last", "status", "surely"), [(7, "EXACT", True), (7, "FUZZY", False), (6, "EXACT", False)])
def test_a_word_is_surely_in_its_place_where_all_of_its_letters_were_heard_and_they_are_not_few(
    last: int, status: str, surely: bool
) -> None:
    alignment = changed(spoken(SAID), last, status=Status[status])
    assert QuoteEdges(alignment, range(2, last + 1)).is_in_place(opening=False) is surely


@pytest.mark.parametrize(("last", "longer"), [("etc.", True), ("port.", False), ("M.", True), ("etc", False)])
def test_an_abbreviation_at_the_end_is_said_on_after_its_letters(last: str, longer: bool) -> None:
    edges = QuoteEdges(spoken(f"On voit des bateaux, {last}"), range(5))
    assert edges.is_longer_than_written(opening=False) is longer
    assert not edges.is_longer_than_written(opening=True)


def test_what_lies_between_a_quotes_last_two_words_is_its_inner_pause() -> None:
    edges = QuoteEdges(spoken("Le phare veille toujours |2 ici."), range(5))
    assert edges.inner_pause(opening=False).duration == pytest.approx(2, abs=0.1)
    assert edges.inner_pause(opening=True).duration < 0.2
    assert QuoteEdges(spoken("Ici."), range(1)).inner_pause(opening=True).duration == 0
