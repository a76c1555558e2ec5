"""Matching again after a change of the text: the same pairs, and little of it aligned."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.content_cache import ContentCache
from aligner.locating import matching
from aligner.locating.matching import match_letters
from aligner.locating.matching.affine import Run
from tests.aligner.locating.matching.test_matching import babble, garble

WORDS = 300


def edited(text: str, rng: random.Random) -> str:
    """The text with a passage taken out, put in, said twice or replaced."""
    start, size = rng.randrange(len(text)), rng.randint(1, 40)
    passage, other = text[start : start + size], babble(rng, rng.randint(1, 8))
    return text[:start] + rng.choice(["", other + passage, 2 * passage, other]) + text[start + size :]


@pytest.mark.nightly
@given(st.integers(0, 2**32), st.integers(1, 4))
@settings(max_examples=20, deadline=None)
def test_with_what_an_earlier_text_had_the_pairs_are_those_found_without(seed: int, edits: int) -> None:
    rng = random.Random(seed)
    text = babble(rng, WORDS)
    sound = garble(edited(text, rng), rng, 0.25)[0]
    known: dict[bytes, bytes] = {}
    for _ in range(edits):
        cache = ContentCache(known)
        assert np.array_equal(match_letters(text, sound, cache=cache).places, match_letters(text, sound).places)
        text, known = edited(text, rng), cache.used


@pytest.fixture
def aligned(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many cells each matching had to fill."""
    cells: list[int] = []
    align = matching.align_letters

    def counted(runs: Sequence[Run]) -> object:
        cells.append(sum(len(one.letters) * len(other.letters) for one, other in runs))
        return align(runs)

    monkeypatch.setattr(matching, "align_letters", counted)
    return cells


def test_what_an_edit_does_not_touch_is_not_aligned_again(aligned: list[int]) -> None:
    rng = random.Random(2)
    text = babble(rng, WORDS)
    sound = garble(text, rng, 0.25)[0]
    first = ContentCache()
    match_letters(text, sound, cache=first)
    again = ContentCache(first.used)
    match_letters(text, sound, cache=again)
    assert not again.changed
    match_letters(text[:500] + "e" + text[500:], sound, cache=ContentCache(first.used))
    whole, nothing, little = aligned
    assert nothing == 0
    assert 0 < little < whole / 4
