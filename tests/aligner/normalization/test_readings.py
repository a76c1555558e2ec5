"""What is written may be said in the ways that a voice has for it, and the first is the one that matching uses."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.normalization import ALPHABET, letters_of, readings, spell, unaccented
from aligner.normalization.numbers import MOST, combined

LANGUAGES = ["fr", "en", "es", "it", "pt", "de", "nl", "ca", "ja", "xx"]


@pytest.mark.parametrize(
    ("word", "language", "letters"),
    [
        ("L’Œuvre", "fr", "loeuvre"),
        ("fête", "fr", "fète"),
        ("Noël", "fr", "noèl"),
        ("déjà", "fr", "déja"),
        ("garçon", "fr", "garçon"),
        ("porte-monnaie", "fr", "portemonnaie"),
        ("Straße", "de", "strasse"),
        ("Größe", "de", "grösse"),
        ("Grosse", "de", "grosse"),
        ("señor", "es", "señor"),
        ("João", "pt", "joão"),
        ("três", "pt", "tres"),
        ("perché", "it", "perché"),
        ("naïve", "en", "naive"),
        ("e\u0301te\u0301", "fr", "été"),
        ("Привет", "fr", ""),
        ("—", "fr", ""),
    ],
)
def test_a_word_keeps_the_accents_that_sound(word: str, language: str, letters: str) -> None:
    assert readings([word], language) == [(letters,)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Il me dit que nos amis, Jean-Paul et Aline, sont là.", "fr"),
        ("In May he said no. She had an idea", "en"),
        ("Lo ha visto su madre", "es"),
        ("Lui ha un cane", "it"),
        ("Zo'n foto's van zusje of opa’s tuin, dat is toch mooi", "nl"),
    ],
)
def test_plain_words_have_one_reading(text: str, language: str) -> None:
    assert all(len(ways) == 1 for ways in readings(text.split(), language))


def test_a_unit_is_read_out_only_after_a_number() -> None:
    assert "minutes" in readings(["5", "min"], "fr")[1]
    assert "minutes" not in readings(["la", "min"], "fr")[1]


def test_capitals_before_a_hyphen_may_be_said_one_by_one_though_they_are_an_abbreviation_too() -> None:
    assert "emessthirteen" in readings(["MS-13"], "en")[0]
    assert not any(way.startswith("ess") for way in readings(["St-Denis"], "en")[0])


def test_a_letter_that_is_a_word_is_no_initial_where_a_sentence_begins() -> None:
    assert readings(["Y", "vino"], "es")[0] == ("y",)
    assert "igriega" in readings(["eje", "Y"], "es")[1]


def test_thousands_are_cut_between_the_words() -> None:
    assert spell(["4", "000"], "fr") == ["quatre", "mille"]
    assert spell(["500", "000"], "fr") == ["cinqcent", "mille"]


def test_a_language_without_a_table_still_has_number_words() -> None:
    assert readings(["21"], "ca") == [("vintiun",)]
    assert readings(["21"], "xx") == [("",)]


def test_combined_readings_are_the_cheapest_of_all() -> None:
    parts = [["a", "b", "c"], ["d", "e"], ["f", "g", "h"]]
    ranks = {
        " ".join(ways): sum(part.index(way) for part, way in zip(parts, ways, strict=True)) for ways in product(*parts)
    }
    found = combined(parts)
    assert sorted(ranks[text] for text in found) == sorted(ranks.values())[:MOST]
    assert found[0] == "a d f"


WRITTEN = st.text(alphabet="0123456789.,:/-–'’°%€$£@#&+=½²ºª hHxXIVMs AaéÉñBbcCZ", max_size=14)


@given(st.lists(st.text(max_size=12) | WRITTEN, max_size=6), st.sampled_from(LANGUAGES))
def test_any_tokens_have_readings_in_the_alphabet(tokens: list[str], language: str) -> None:
    found = readings(tokens, language)
    assert len(found) == len(tokens)
    for ways in found:
        assert 1 <= len(ways) <= MOST
        assert len(set(ways)) == len(ways)
        assert set("".join(ways)) <= set(ALPHABET)


@given(st.text(max_size=12) | WRITTEN, st.sampled_from(LANGUAGES))
def test_the_first_reading_of_any_token_is_its_letters(token: str, language: str) -> None:
    letters = letters_of(token, language)
    if set(letters) <= set("abcdefghijklmnopqrstuvwxyz"):
        assert unaccented(readings([token], language)[0][0]) == letters


@given(st.lists(st.from_regex(r"[0-9]{1,3}", fullmatch=True), min_size=1, max_size=4), st.sampled_from(LANGUAGES))
def test_the_first_readings_of_grouped_digits_are_those_for_matching(tokens: list[str], language: str) -> None:
    for letters, ways in zip(spell(tokens, language), readings(tokens, language), strict=True):
        if set(letters) <= set("abcdefghijklmnopqrstuvwxyz"):
            assert unaccented(ways[0]) == letters


@given(st.text(alphabet=ALPHABET))
def test_plain_letters_are_one_for_one(letters: str) -> None:
    assert len(unaccented(letters)) == len(letters)
    assert unaccented(letters) == letters_of(letters, "xx")


@pytest.mark.parametrize(
    ("token", "language", "lacking"), [("0,512", "en", "fivetwelve"), ("0.512", "de", "fünfzwölf")]
)
def test_no_reading_leaves_the_first_nought_out(token: str, language: str, lacking: str) -> None:
    assert lacking not in readings([token], language)[0]


# What would take for ever if a pattern or a number's ways grew with its length; ``tests.bench.scaling`` times them.
HOSTILE = (
    "7" * 10_000,
    "1." * 5_000,
    "1-" * 5_000,
    "A" * 10_000,
    "a.b" * 3_000,
    "aB" * 5_000,
    "I" * 100,
    "1/" * 55,
    "(" * 9_999,
)


@pytest.mark.parametrize("token", HOSTILE, ids=[token[:4] for token in HOSTILE])
def test_a_hostile_token_has_few_readings(token: str) -> None:
    assert len(readings([token], "fr")[0]) <= 16


@pytest.mark.parametrize(("token", "language"), [("999999999999999º", "es"), ("123456789", "am"), ("70º", "ca")])
def test_a_number_beyond_the_tables_stays_in_digits(token: str, language: str) -> None:
    assert all(set(way) <= set(ALPHABET) for way in readings([token], language)[0])
