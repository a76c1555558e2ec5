"""Requirements of the record of every language."""

import re

import pytest
from num2words import CONVERTER_CLASSES

from aligner.languages import KNOWN, NAMED, Language, language_code, language_name, language_of, of_all
from tests.tables import over_rows


@over_rows("language", KNOWN)
def test_words_are_in_lower_case(language: Language) -> None:
    captioning = language.captioning
    parts = (captioning.breaks, captioning.numerals, captioning.sentences, language.labelling)
    listed = [getattr(part, name) for part in parts for name in part.__slots__]
    words = {word for value in listed if isinstance(value, frozenset) for word in value}
    words |= language.hesitations | language.negations | language.large_numbers
    assert [word for word in sorted(words) if word != word.lower()] == []
    keys = [*language.reading.signs.abbreviations, *language.reading.signs.before_number]
    assert [key for key in keys if key != key.casefold()] == []


@over_rows("language", KNOWN)
def test_line_breaks_have_articles_clauses_and_prepositions(language: Language) -> None:
    words = language.captioning.breaks
    assert words.stressed <= words.clinging
    assert words.relative <= words.clause
    assert min(map(len, (words.clinging, words.leaning, words.clause, words.phrase, words.amounts, words.of))) > 0
    assert words.separable.isdisjoint(words.clause)
    assert all(len(pair) == 2 for pair in language.captioning.quotes)


@over_rows("language", KNOWN)
def test_numbers_dates_and_letters_have_readings(language: Language) -> None:
    reading = language.reading
    assert reading.cardinals.code in CONVERTER_CLASSES
    assert not reading.cardinals.dialect or reading.cardinals.dialect in CONVERTER_CLASSES
    assert len(reading.calendar.months) == 12
    assert all(len(names) == 26 for names in reading.spelling.letters)
    assert {"%", "€"} <= reading.signs.lone.keys() & reading.signs.units.keys()
    numbers, ordinals = reading.cardinals, reading.ordinals
    replacements = (*numbers.variants, *numbers.digit_variants, *ordinals.variants, *ordinals.decades)
    patterns = (ordinals.pattern, ordinals.ambiguous, *(pattern for pattern, _ in replacements))
    assert all(re.compile(pattern) for pattern in patterns)


@over_rows("language", KNOWN)
def test_a_language_has_words_for_speech_transcripts_and_posts(language: Language) -> None:
    assert language.negations
    assert language.hesitations
    assert language.labelling.stage
    assert language.labelling.roles
    assert "{quote}" in language.posting.alt
    assert "{episode}" in language.posting.source
    assert language.code in NAMED


def test_a_list_that_no_field_has_is_refused() -> None:
    with pytest.raises(ValueError, match="language xx: no field is called claus"):
        Language("xx").with_lists("leaning: a\nclaus: b")


@over_rows("region, code", [("pt-BR", "pt"), ("fr_CA", "fr"), ("NL", "nl")])
def test_a_region_has_the_record_of_its_language(region: str, code: str) -> None:
    assert language_of(region) is KNOWN[code]


def test_a_language_without_a_record_has_numbers_and_english_wording() -> None:
    assert language_of("fi").reading.cardinals.code == "fi"
    assert language_of("fi").captioning.untranscribed == "untranscribed passage"


@over_rows("name, code", [("Dutch", "nl"), ("nld", "nl"), ("fr-FR", "fr"), ("yue", "yue"), ("und", None), (None, None)])
def test_names_and_longer_codes_become_one_code(name: str | None, code: str | None) -> None:
    assert language_code(name) == code


def test_the_words_of_all_languages_are_joined() -> None:
    assert {"rire", "laughter", "gelach"} <= of_all(lambda language: language.labelling.stage)
    assert "fussnoten" in of_all(lambda language: language.labelling.end_matter)


@over_rows("language, name", [("de", "German"), ("fr-CA", "French"), ("xx", "xx"), ("und", None), (None, None)])
def test_a_language_has_an_english_name_or_its_code(language: str | None, name: str | None) -> None:
    assert language_name(language) == name
    assert all((language_name(code) or "").istitle() for code in NAMED)
