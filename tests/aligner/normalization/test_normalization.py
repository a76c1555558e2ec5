"""Different spellings of the same words have the same letters."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.normalization import ALPHABET, fold, letters_of, spell, unaccented
from tests.paths import DATA
from tests.tables import over_rows


@over_rows(
    "written, spoken, language",
    [
        ("97", "quatre-vingt-dix-sept", "fr"),
        ("1,5", "un virgule cinq", "fr"),
        ("12.500", "douze mille cinq cents", "fr"),
        ("12,500", "twelve thousand, five hundred", "en"),
        ("3.5", "three point five", "en"),
        ("007", "0 0 7", "en"),
        ("1,234.5", "one thousand two hundred and thirty-four point five", "en"),
        ("1.234,5", "mille deux cent trente-quatre virgule cinq", "fr"),
        ("3º", "tercero", "es"),
        ("l’œuvre", "L'OEUVRE", "fr"),
        ("porte-monnaie", "porte monnaie", "fr"),
        ("« déjà ! »", "Deja", "fr"),
    ],
)
def test_two_spellings_of_the_same_words_match(written: str, spoken: str, language: str) -> None:
    assert letters_of(written, language) == letters_of(spoken, language)


def test_digits_grouped_by_spaces_are_one_number() -> None:
    assert spell(["les", "2", "300", "mètres"], "fr") == ["les", "deuxmille", "troiscents", "metres"]
    assert "".join(spell(["1", "234", "567"], "fr")) == letters_of("1234567", "fr")


@over_rows("tokens", [["2021", "300"], ["2", "30"], ["2,", "300"], ["a", "300"]])
def test_other_numbers_are_not_grouped(tokens: list[str]) -> None:
    assert spell(tokens, "fr") == [letters_of(token, "fr") for token in tokens]


def test_other_scripts_keep_their_letters() -> None:
    assert letters_of("Привет!", "ru") == "привет"
    assert letters_of("日本語。", "ja") == "日本語"


@over_rows("number, language", [("42", "xx"), ("12345678901234567890", "fr")])
def test_a_number_without_words_keeps_its_digits(number: str, language: str) -> None:
    assert letters_of(number, language) == number


@pytest.mark.nightly
@given(st.text(max_size=30), st.sampled_from(["fr", "en", "de", "ja", "xx"]))
def test_any_text_becomes_letters_and_digits(text: str, language: str) -> None:
    assert all(c.isalnum() for c in letters_of(text, language))


@given(st.decimals(min_value=0, max_value=10**12, places=2, allow_nan=False))
def test_any_number_is_read(number: object) -> None:
    assert letters_of(str(number), "fr").isalpha()


CASES = json.loads((DATA / "fold.json").read_text(encoding="utf-8"))


@over_rows("written, folded", CASES.items())
def test_folding_drops_accents_and_separates_words_if_asked(written: str, folded: str) -> None:
    assert " ".join(fold(written, " ").split()) == folded
    assert fold(written) == folded.replace(" ", "")


@pytest.mark.nightly
@given(st.text())
def test_folding_is_idempotent_and_leaves_letters_digits_and_spaces(text: str) -> None:
    folded = fold(text, " ")
    assert fold(folded, " ").split() == folded.split()
    assert all(c.isalnum() or c == " " for c in folded)


@given(st.text(alphabet=ALPHABET))
def test_unaccented_letters_have_the_positions_of_the_accented(letters: str) -> None:
    assert len(unaccented(letters)) == len(letters)
    assert unaccented(letters) == fold(letters) == letters_of(letters, "fr")
