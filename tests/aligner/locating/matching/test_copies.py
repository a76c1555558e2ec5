"""What stands there twice is found at its places, in words and in misheard letters."""

from __future__ import annotations

import random

import numpy as np

from aligner.locating.matching.affine import copied_letters, copied_words
from tests.aligner.locating.matching.test_matching import babble, codes, garble
from tests.tables import over_rows


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


@over_rows("copies", [2, 3])
@over_rows("rate", [0.0, 0.25])
@over_rows("before", [50, 900])
def test_a_passage_heard_twice_or_more_is_found_where_it_begins(copies: int, rate: float, before: int) -> None:
    rng = random.Random(3)
    start, again = babble(rng, before), babble(rng, 60)
    heard = [garble(again, rng, rate)[0] for _ in range(copies)]
    (found,) = [one for one in copied_letters(codes(start + "".join(heard) + babble(rng, 300))) if one.shift > 60]
    edges = len(start) + np.cumsum([0, *map(len, heard)])
    assert len(found.edges) == copies + 1
    assert np.abs(np.array(found.edges[:-1]) - edges[:-1]).max() <= found.slack
