"""Pins part what is sought; of pins that contradict each other as many as can be stay."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from aligner.model import Pin, PinKind, Span
from aligner.pins import Region, agreeing, regions
from tests.tables import over_rows

WHOLE = Region(range(12), Span(0.0, 13.0))


def word(at: int, start: float, end: float | None = None) -> Pin:
    return Pin(PinKind.WORD, range(at, at + 1), Span(start, end or start + 0.5))


def passage(first: int, stop: int, start: float, end: float) -> Pin:
    return Pin(PinKind.PASSAGE, range(first, stop), Span(start, end))


def agree(pins: list[Pin]) -> bool:
    try:
        regions(pins, WHOLE)
    except ValueError:
        return False
    return True


def test_one_pin_that_contradicts_many_costs_itself_alone() -> None:
    right = [word(1, 1.0), word(2, 2.0), word(4, 3.0), word(7, 8.0)]
    wrong = word(3, 11.0)
    assert agreeing([*right[:2], wrong, *right[2:]]) == (right, [wrong])


@over_rows("odd", [passage(0, 3, 4.0, 6.0), passage(3, 6, 0.5, 2.0), passage(1, 8, 2.5, 4.0)])
def test_a_passage_that_contradicts_words_or_passages_costs_itself(odd: Pin) -> None:
    pins = sorted([word(2, 2.0), word(5, 5.0), passage(2, 6, 1.5, 6.0), odd], key=lambda pin: pin.words.start)
    assert agreeing(pins)[1] == [odd]


PINS = st.lists(
    st.tuples(st.booleans(), st.integers(0, 11), st.integers(1, 4), st.integers(0, 40), st.integers(1, 12)), max_size=7
)


@given(PINS)
def test_what_is_kept_agrees_and_of_words_no_more_could_be(drawn: list[tuple[bool, int, int, int, int]]) -> None:
    words = {at: word(at, start / 4, (start + length) / 4) for is_word, at, _, start, length in drawn if is_word}
    others = [
        passage(at, min(12, at + count), start / 4, (start + length) / 4)
        for is_word, at, count, start, length in drawn
        if not is_word
    ]
    pins = sorted([*others, *words.values()], key=lambda pin: pin.words.start)
    kept, lost = agreeing(pins)
    assert sorted(map(str, [*kept, *lost])) == sorted(map(str, pins))
    assert agree(kept)
    count = sum(pin.kind is PinKind.WORD for pin in kept)
    starts = [pin.span.start for _, pin in sorted(words.items()) if pin.span]
    assert not any(list(more) == sorted(more) for more in combinations(starts, count + 1))
    for pin in lost:
        assert not agree(sorted([*kept, pin], key=lambda pin: pin.words.start))
