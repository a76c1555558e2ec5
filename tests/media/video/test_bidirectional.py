"""The order of a line: what runs leftwards is read from the right, numbers and names within it from the left."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from media.video.bidirectional import base_level, levels_of, visual_order
from tests.tables import over_rows


def shown(text: str, base: int) -> str:
    """The characters from left to right; brackets are not mirrored."""
    levels = levels_of(text, base)
    return "".join(text[position] for position in visual_order(levels))


# Small letters of Hebrew and Arabic are written here in the order in which they are read; what is shown was made by
# FriBiDi's algorithm and looked at.
@over_rows(
    "text, expected",
    [
        ("abc def", "abc def"),
        ("אבג דהו", "והד גבא"),
        ("אב New York גד", "דג New York בא"),
        ("בשנת 1999, אב", "בא ,1999 תנשב"),
        ("אב 10-12 גד", "דג 10-12 בא"),
        ("نمو 12% في", "يف %12 ومن"),
        ("نمو iPhone 15 في", "يف iPhone 15 ومن"),
        ("אב (גד) הו", "וה )דג( בא"),
        ("אב (New York) הו", "וה )New York( בא"),
        ("The word שלום עולם is here", "The word םלוע םולש is here"),
        ("ש-New York, אב", "בא ,New York-ש"),
    ],
)
def test_a_line_is_ordered_as_it_is_read(text: str, expected: str) -> None:
    assert shown(text, base=int(not text[0].isascii())) == expected


def test_a_line_runs_as_most_of_its_letters_do() -> None:
    assert base_level("iPhone הוא טלפון חכם מאוד") == 1
    assert base_level("The word שלום means peace") == 0
    assert base_level("12 %") == base_level("") == 0


@given(st.text(st.sampled_from("abאבجد12٣ ,.-+%$()[]«:/\u064e"), max_size=16), st.integers(0, 1))
def test_every_character_is_shown_once(text: str, base: int) -> None:
    levels = levels_of(text, base)
    assert sorted(visual_order(levels)) == list(range(len(text)))
    assert all(level >= base for level in levels)
