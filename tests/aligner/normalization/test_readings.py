"""The ways to read tokens aloud; the first is the one used to match."""

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
        ("porte-monnaie", "fr", "portemonnaie"),
        ("Größe", "de", "grösse"),
        ("João", "pt", "joão"),
        ("perché", "it", "perché"),
        ("naïve", "en", "naive"),
        ("e\u0301te\u0301", "fr", "été"),
        ("Привет", "fr", ""),
    ],
)
def test_a_word_keeps_accents_that_change_its_pronunciation(word: str, language: str, letters: str) -> None:
    assert readings([word], language) == [(letters,)]


@over_rows(
    "text, language",
    [
        ("Il me dit que nos amis, Jean-Paul et Aline, sont là.", "fr"),
        ("In May he said no. She had an idea", "en"),
        ("Lui ha un cane", "it"),
        ("Zo'n foto's van zusje of opa’s tuin, dat is toch mooi", "nl"),
    ],
)
def test_plain_words_have_one_reading(text: str, language: str) -> None:
    assert all(len(ways) == 1 for ways in readings(text.split(), language))


def test_a_unit_is_expanded_only_after_a_number() -> None:
    assert "minutes" in readings(["5", "min"], "fr")[1]
    assert "minutes" not in readings(["la", "min"], "fr")[1]


def test_a_language_without_a_record_has_number_words() -> None:
    assert readings(["21"], "ca") == [("vintiun",)]
    assert readings(["21"], "xx") == [("",)]


WRITTEN = st.text(alphabet="0123456789.,:/-–'’°%€$£@#&+=½²ºª hHxXIVMs AaéÉñBbcCZ", max_size=14)


@given(st.lists(st.text(max_size=12) | WRITTEN, max_size=6), st.sampled_from(LANGUAGES))
def test_readings_are_distinct_and_in_the_alphabet(tokens: list[str], language: str) -> None:
    found = readings(tokens, language)
    assert len(found) == len(tokens)
    for ways in found:
        assert 1 <= len(ways) <= MOST
        assert len(set(ways)) == len(ways)
        assert set("".join(ways)) <= set(ALPHABET)


@given(st.text(max_size=12) | WRITTEN, st.sampled_from(LANGUAGES))
def test_the_first_reading_has_the_letters_used_to_match(token: str, language: str) -> None:
    letters = letters_of(token, language)
    if set(letters) <= set("abcdefghijklmnopqrstuvwxyz"):
        assert unaccented(readings([token], language)[0][0]) == letters


@over_rows("token, language, wrong", [("0,512", "en", "fivetwelve"), ("0.512", "de", "fünfzwölf")])
def test_no_reading_leaves_out_a_leading_zero(token: str, language: str, wrong: str) -> None:
    assert wrong not in readings([token], language)[0]


@over_rows("part", ["7", "1.", "1-", "A", "a.b", "aB", "I", "1/", "("])
def test_a_long_token_has_few_readings(part: str) -> None:
    for count in (50, 5_000):
        assert len(readings([part * count], "fr")[0]) <= MOST
