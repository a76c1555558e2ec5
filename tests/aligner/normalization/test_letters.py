"""Writing is folded alike wherever words are compared or searched."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.normalization import ALPHABET, fold, letters_of, unaccented
from tests.places import DATA

CASES = json.loads((DATA / "fold.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("written", "folded"), CASES.items())
def test_letters_are_folded_and_words_part_where_they_do(written: str, folded: str) -> None:
    assert " ".join(fold(written, " ").split()) == folded
    assert fold(written) == folded.replace(" ", "")


@pytest.mark.slow
@given(st.text())
def test_folding_is_stable_and_leaves_letters_digits_and_spaces_only(text: str) -> None:
    folded = fold(text, " ")
    assert fold(folded, " ").split() == folded.split()
    assert all(c.isalnum() or c == " " for c in folded)


@given(st.text(alphabet=ALPHABET))
def test_letters_without_accents_stand_where_they_stood(letters: str) -> None:
    assert len(unaccented(letters)) == len(letters)
    assert unaccented(letters) == fold(letters) == letters_of(letters, "fr")
