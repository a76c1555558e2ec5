"""Of a search of the whole and one between pins, each word has the place where it is clearly better heard."""

from __future__ import annotations

from aligner.locating.pinned import TimedLetters, merge_with_whole
from aligner.model import UNSPOKEN, Placement, Span, Status

LETTERS = "here" + "theres" + "nothing" + "nothing"
TIMES = [*(1.0 + 0.1 * k for k in range(10)), *(3.0 + 0.1 * k for k in range(7)), *(9.0 + 0.1 * k for k in range(7))]
HEARD = TimedLetters(LETTERS, TIMES)
ROOM = Span(0.0, 20.0)


def at(start: float, end: float) -> Placement:
    return Placement(Span(start, end), Status.EXACT, 0.9)


HERE, THERES, FIRST, SECOND = at(1.0, 1.4), at(1.4, 2.0), at(3.0, 3.7), at(9.0, 9.7)


def chosen(whole: list[Placement], between: list[Placement], *words: str, room: Span = ROOM) -> list[Placement]:
    return merge_with_whole(whole, between, [room] * len(words), HEARD, words)


def test_a_word_that_is_lost_between_pins_is_where_the_whole_has_it() -> None:
    assert chosen([HERE, THERES], [UNSPOKEN, UNSPOKEN], "here", "theres") == [HERE, THERES]


def test_but_not_beyond_a_pin() -> None:
    assert chosen([SECOND], [UNSPOKEN], "nothing", room=Span(0.0, 8.0)) == [UNSPOKEN]


def test_edges_are_those_at_which_the_words_are_better_heard() -> None:
    squeezed, widened = at(0.9, 0.95), at(0.95, 2.0)
    assert chosen([HERE, THERES], [squeezed, widened], "here", "theres") == [HERE, THERES]


def test_what_a_person_set_stays() -> None:
    pinned = Placement(Span(5.0, 5.5), Status.EXACT, 1.0, pinned=True)
    assert chosen([FIRST], [pinned], "nothing") == [pinned]
