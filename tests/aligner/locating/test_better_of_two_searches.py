"""Of two searches, of the whole audio and between pins, each word takes the better acoustic score."""

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


def test_a_word_lost_between_pins_takes_the_unpinned_location() -> None:
    assert chosen([HERE, THERES], [UNSPOKEN, UNSPOKEN], "here", "theres") == [HERE, THERES]


def test_a_word_lost_between_pins_never_crosses_a_pin() -> None:
    assert chosen([SECOND], [UNSPOKEN], "nothing", room=Span(0.0, 8.0)) == [UNSPOKEN]


def test_edges_with_the_better_acoustic_score_win() -> None:
    squeezed, widened = at(0.9, 0.95), at(0.95, 2.0)
    assert chosen([HERE, THERES], [squeezed, widened], "here", "theres") == [HERE, THERES]


def test_corrections_are_unchanged() -> None:
    pinned = Placement(Span(5.0, 5.5), Status.EXACT, 1.0, pinned=True)
    assert chosen([FIRST], [pinned], "nothing") == [pinned]
