"""What stands there twice is found at its places, in words and in misheard letters."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.locating.matching.copies import Copies, copied_letters, copied_words
from tests.aligner.locating.matching.test_matching import babble, codes, garble


def numbers(text: str) -> np.ndarray:
    return np.unique(text.split(), return_inverse=True)[1]


def in_words(text: str, breaks: str = "") -> list[tuple[int, ...]]:
    """Edges of what is copied; ``breaks`` has a digit for each word."""
    ends = np.array([int(digit) for digit in breaks or "0" * len(text.split())])
    return [one.edges for one in copied_words(numbers(text), ends)]


def test_words_that_come_again_at_once_are_copies() -> None:
    assert in_words("so it was not so it was not the rain") == [(0, 4, 8)]
    assert in_words("oh no no no she said") == [(1, 2, 3, 4)]
    assert in_words("the cat and the dog") == []
    assert in_words("") == []


def test_of_places_where_copies_may_begin_it_is_after_what_ends_most() -> None:
    text = "oh well it rained and well it rained and well so"
    assert in_words(text) == [(1, 5, 9)]
    assert in_words(text, "02000200020") == [(2, 6, 10)]


def test_copies_within_copies_are_found_once_each() -> None:
    assert in_words("no no yes no no yes but") == [(0, 1, 2), (3, 4, 5), (0, 3, 6)]


@given(st.lists(st.integers(0, 2), max_size=30))
@settings(deadline=None)
def test_copies_of_words_are_alike(words: list[int]) -> None:
    for one in copied_words(np.array(words, np.int64), np.zeros(len(words), np.int64)):
        stretches = {tuple(words[start : start + one.shift]) for start in one.edges[:-1]}
        assert len(stretches) == 1
        assert one.stop <= len(words)


@pytest.mark.parametrize("copies", [2, 3])
@pytest.mark.parametrize("rate", [0.0, 0.25])
@pytest.mark.parametrize("before", [50, 900])
def test_a_passage_heard_twice_or_more_is_found_where_it_begins(copies: int, rate: float, before: int) -> None:
    rng = random.Random(3)
    start, again = babble(rng, before), babble(rng, 60)
    heard = [garble(again, rng, rate)[0] for _ in range(copies)]
    (found,) = [one for one in copied_letters(codes(start + "".join(heard) + babble(rng, 300))) if one.shift > 60]
    edges = len(start) + np.cumsum([0, *map(len, heard)])
    assert len(found.edges) == copies + 1
    assert np.abs(np.array(found.edges[:-1]) - edges[:-1]).max() <= found.slack


def test_a_hesitation_may_part_copies_but_no_sentence() -> None:
    rng = random.Random(4)
    again, other = babble(rng, 20), babble(rng, 20)
    assert len(copied_letters(codes(again + "eumeu" + again))) == 1
    assert all(one.shift < 20 for one in copied_letters(codes(again + other + again)))


def test_there_are_hardly_any_copies_in_what_nobody_repeats() -> None:
    text = babble(random.Random(5), 2000)
    assert sum(one.stop - one.start for one in copied_letters(codes(text))) < 0.1 * len(text)


@given(st.text(alphabet="abc", max_size=80))
@settings(deadline=None)
def test_copies_of_letters_follow_each_other_inside_the_text(text: str) -> None:
    found = copied_letters(codes(text))
    assert all(list(one.edges) == sorted(set(one.edges)) and one.start >= 0 and one.stop <= len(text) for one in found)
    assert all(a.stop <= b.start for a, b in itertools.pairwise(found))


def test_moved_copies_are_as_far_apart() -> None:
    assert Copies((3, 7, 11), 2).moved(-3) == Copies((0, 4, 8), 2)
