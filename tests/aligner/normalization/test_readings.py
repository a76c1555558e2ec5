"""What is written may be said in the ways that a voice has for it, and the first is the one that matching uses."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aligner.normalization import ALPHABET, letters_of, readings, unaccented
from aligner.normalization.nonstandard_words import MOST
from tests.tables import over_rows

LANGUAGES = ["fr", "en", "es", "it", "pt", "de", "nl", "ca", "ja", "xx"]


@over_rows(
    "word, language, letters",
    [
        ("L’Œuvre", "fr", "loeuvre"),
        ("fête", "fr", "fète"),
        ("garçon", "fr", "garçon"),
        ("porte-monnaie", "fr", "portemonnaie"),
        ("Straße", "de", "strasse"),
        ("Größe", "de", "grösse"),
        ("señor", "es", "señor"),
        ("João", "pt", "joão"),
        ("perché", "it", "perché"),
        ("naïve", "en", "naive"),
        ("e\u0301te\u0301", "fr", "été"),
        ("Привет", "fr", ""),
        ("—", "fr", ""),
    ],
)
def test_a_word_keeps_the_accents_that_sound(word: str, language: str, letters: str) -> None:
    assert readings([word], language) == [(letters,)]


@over_rows(
    "text, language",
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


def test_a_language_without_a_table_still_has_number_words() -> None:
    assert readings(["21"], "ca") == [("vintiun",)]
    assert readings(["21"], "xx") == [("",)]


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


@over_rows("token, language, lacking", [("0,512", "en", "fivetwelve"), ("0.512", "de", "fünfzwölf")])
def test_no_reading_leaves_the_first_nought_out(token: str, language: str, lacking: str) -> None:
    assert lacking not in readings([token], language)[0]


# What would take for ever if a pattern or a number's ways grew with its length.
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


@over_rows("token", HOSTILE)
def test_a_hostile_token_has_few_readings(token: str) -> None:
    assert len(readings([token], "fr")[0]) <= 16
