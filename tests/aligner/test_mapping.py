"""Places of an old text are found in the new one, whatever was inserted, changed or removed around them."""

from hypothesis import given
from hypothesis import strategies as st

from aligner.mapping import Mapping, TextMapping
from tests.aligner.episodes import transcript_of
from tests.tables import over_rows

OLD = "the ferry left the old harbour before dawn"


def words(text: str) -> list[str]:
    return text.split()


@over_rows(
    "new, passage, now",
    [
        (f"and then {OLD}", "old harbour", "old harbour"),
        (OLD.replace("old", "new"), "old harbour", "new harbour"),
        (OLD.replace("old", "very old"), "old harbour", "old harbour"),
        (OLD.replace("old harbour", "old grey harbour"), "old harbour", "old grey harbour"),
        (OLD.replace("harbour", "harbour of Brest"), "old harbour", "old harbour"),
        (OLD.replace("harbour before", "port after"), "old harbour", "old port"),
        (OLD.replace("the old harbour ", ""), "old harbour", ""),
        (OLD.replace("left the old", "left"), "old harbour", "harbour"),
        (OLD.replace("old harbour", "quay"), "old harbour", "quay"),
    ],
)
def test_what_stands_in_the_place_of_a_passage(new: str, passage: str, now: str) -> None:
    first = words(OLD).index(words(passage)[0])
    found = Mapping(words(OLD), words(new)).passage(range(first, first + len(words(passage))))
    assert words(new)[found.start : found.stop] == words(now)


@over_rows(
    "new, place",
    [
        (f"and then {OLD}", range(6, 8)),
        (OLD.replace("before", "after"), range(4, 6)),
        (OLD.replace("old", "very old"), range(5, 7)),
        (OLD.replace("harbour", "port"), None),
        (OLD.replace("old harbour", "old grey harbour"), None),
    ],
)
def test_a_range_is_untouched_only_if_all_of_it_still_stands_side_by_side(new: str, place: range | None) -> None:
    assert Mapping(words(OLD), words(new)).untouched(range(4, 6)) == place


def test_a_place_between_two_moves_with_what_is_after_it_and_is_lost_within_a_change() -> None:
    inserted = Mapping("abcd", "abXcd")
    assert [inserted.untouched(range(k, k)) for k in (0, 2, 4)] == [range(0, 0), range(3, 3), range(5, 5)]
    assert Mapping("abcd", "aXYd").untouched(range(2, 2)) is None


def test_a_word_that_replaced_another_is_its_counterpart_and_what_is_inserted_is_known() -> None:
    mapping = Mapping("abcd", "aXcYZd")
    assert (mapping.unchanged(), mapping.counterparts()) == ({0: 0, 2: 2, 3: 5}, {0: 0, 1: 1, 2: 2, 3: 5})
    assert [mapping.is_inserted(range(*each)) for each in ((3, 5), (1, 2), (2, 3), (2, 4))] == [
        True,
        True,
        False,
        False,
    ]


def test_characters_of_words_are_found_whatever_their_case_and_punctuation() -> None:
    old, new = (
        transcript_of("The ferry left. The tide waits."),
        transcript_of("A new line.", "The FERRY left, the tide waits."),
    )
    start = old.text.index("ferry")
    chars = TextMapping(old, new).chars(start, old.text.index(" tide"))
    assert chars
    assert new.text[slice(*chars)] == "FERRY left, the"
    assert TextMapping(old, transcript_of("The tide waits.")).chars(start, start + 10) is None


@given(st.text("abc", max_size=12), st.text("abc", max_size=12))
def test_what_is_kept_is_in_order_and_the_same_and_each_kept_item_is_untouched(old: str, new: str) -> None:
    mapping = Mapping(old, new)
    kept = mapping.unchanged()
    assert list(kept.values()) == sorted(kept.values())
    for one, other in kept.items():
        assert old[one] == new[other]
        assert mapping.untouched(range(one, one + 1)) == range(other, other + 1) == mapping.passage(range(one, one + 1))
    assert mapping.passage(range(len(old))).stop <= len(new)
