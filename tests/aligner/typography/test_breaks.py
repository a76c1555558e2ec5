"""The costs of line breaks, and the set phrases inside which no line ends."""

from __future__ import annotations

import itertools

from aligner.languages import language_of
from aligner.typography.breaks import (
    CLINGING,
    EXPRESSION,
    GLUE,
    LEANING,
    NUMBER,
    UNIT,
    break_costs,
    recurring_pairs,
)
from aligner.typography.tokens import read_tokens
from tests.aligner.captions.spoken import spoken
from tests.tables import over_rows


def costs(text: str, language: str) -> list[float]:
    tokens = list(itertools.chain.from_iterable(read_tokens(spoken(text, language=language), 42)))
    return break_costs(tokens, [0.0] * len(tokens), language_of(language).captioning)


def cost(left: str, right: str, language: str) -> float:
    """Return the cost of a break before the last word."""
    return costs(f"{left} {right}", language)[-1]


@over_rows(
    "language, left, right",
    [
        ("fr", "dans la", "cuisine"),
        ("fr", "parce qu’", "hier"),
        ("en", "through our towns—the", "river"),
        ("es", "con los", "vecinos"),
        ("it", "dell’", "acqua"),
        ("de", "mit dem", "Fahrrad"),
        ("en", "she learned on", "that"),
        ("en", "the house in", "which"),
    ],
)
def test_no_break_after_a_clinging_word(language: str, left: str, right: str) -> None:
    assert cost(left, right, language) >= CLINGING


@over_rows(
    "language, left, right",
    [
        ("fr", "Ada", "Lovelace"),
        ("fr", "avec M.", "Petit"),
        ("fr", "12", "canards"),
        ("fr", "avec nous", "allons"),
        ("en", "this week’s", "roundtable"),
        ("en", "Ada L.", "Lovelace"),
        ("nl", "met dhr.", "Jansen"),
    ],
)
def test_names_numbers_and_possessives_stay_together(language: str, left: str, right: str) -> None:
    assert cost(left, right, language) > LEANING


@over_rows(
    "language, left, right",
    [
        ("en", "the boss’s", "and"),
        ("en", "after plot 27", "at"),
        ("fr", "il en a deux,", "trois"),
        ("en", "he said", "that"),
        ("nl", "hij belt haar op", "omdat"),
        ("de", "viele Hunde", "Katzen"),
    ],
)
def test_a_line_may_end_at_the_end_of_a_phrase(language: str, left: str, right: str) -> None:
    assert cost(left, right, language) < LEANING


@over_rows(
    "language, left, right",
    [
        ("fr", "il a", "plu"),
        ("de", "wir haben", "gesungen"),
        ("nl", "de kinderen hebben", "gezongen"),
    ],
)
def test_a_break_after_an_auxiliary_is_costly(language: str, left: str, right: str) -> None:
    assert cost(left, right, language) == LEANING


@over_rows(
    "language, text",
    [
        ("fr", "cent | vingt bateaux"),
        ("fr", "soixante | et onze"),
        ("fr", "trois | millions d’euros"),
        ("en", "two | hundred | and five boats"),
        ("es", "treinta | y dos barcos"),
    ],
)
def test_a_number_in_words_is_not_split(language: str, text: str) -> None:
    tokens = text.split()
    inside = [at - number for number, at in enumerate(k for k, token in enumerate(tokens) if token == "|")]
    found = costs(text.replace("| ", ""), language)
    assert [found[at] for at in inside] == [NUMBER] * len(inside)


@over_rows(
    "language, left, right",
    [
        ("fr", "une couche", "géologique"),
        ("fr", "une mauvaise", "habitude"),
        ("en", "a mechanical", "pump"),
        ("it", "le energie", "termiche"),
        ("nl", "een prachtige", "dag"),
        ("fr", "un travail complètement", "inutile"),
        ("fr", "elle n’a pas", "dormi"),
        ("fr", "il y a quinze", "moutons"),
        ("en", "a perfectly", "sane man"),
        ("en", "where nobody", "sings"),
        ("es", "una cosa totalmente", "cierta"),
        ("de", "zwanzig", "Katzen"),
    ],
)
def test_an_adjective_an_adverb_or_a_number_stays_with_its_word(language: str, left: str, right: str) -> None:
    assert costs(f"{left} {right}", language)[len(left.split())] >= LEANING


def test_no_break_inside_a_stage_direction() -> None:
    found = costs("Voilà (il rit aux éclats) (musique) pourquoi", "fr")
    assert min(found[2:5]) >= GLUE
    assert max(found[1], *found[5:7]) < LEANING


@over_rows(
    "language, left, right",
    [
        ("en", "she got one", "of"),
        ("fr", "1,2 million", "d’euros"),
        ("fr", "environ 80 %", "de"),
        ("nl", "de helft", "van"),
    ],
)
def test_an_amount_keeps_its_of(language: str, left: str, right: str) -> None:
    assert cost(left, right, language) == LEANING


@over_rows(
    "text, at",
    [
        ("hij belt zijn moeder op.", -1),
        ("hij belt zijn moeder op omdat het kan", -4),
        ("dan komt iedereen mee", -1),
    ],
)
def test_a_separable_part_of_a_verb_starts_no_line(text: str, at: int) -> None:
    assert costs(text, "nl")[at] == LEANING


def test_punctuation_costs_less_than_a_clause_and_a_clause_less_than_other_breaks() -> None:
    sentence, comma = cost("Il pleut.", "Rentrons", "fr"), cost("il pleut,", "rentrons", "fr")
    clause, nowhere = cost("il pleut", "quand", "fr"), cost("table", "basse", "fr")
    assert sentence < comma < clause < nowhere < LEANING
    assert cost("talo,", "jossa", "fi") < cost("talo", "jossa", "fi")  # in any language


def test_no_break_before_french_punctuation_or_at_a_no_break_space() -> None:
    assert costs("Quoi ? « Rien » !", "fr") == [0.0, 0.0]
    assert costs("Il\u00a0va", "fr")[1] > CLINGING


@over_rows(
    "language, left, right",
    [
        ("fr", "coûte 1,5", "dollar"),
        ("fr", "à 20", "h"),
        ("fr", "à 20 h", "30"),
        ("de", "um 20 Uhr", "15"),
        ("en", "it costs $", "5"),
    ],
)
def test_a_number_and_its_unit_stay_together(language: str, left: str, right: str) -> None:
    assert cost(left, right, language) >= UNIT


@over_rows(
    "language, text, inside",
    [
        ("fr", "on le fait alors que rien ne presse", [4]),
        ("fr", "il vient tout à l’heure ici", [3, 4]),
        ("en", "they sail no matter where she goes", [3, 4]),
        ("en", "he sings as well as she does", [3, 4]),
        ("nl", "hij wacht in plaats van te gaan", [3, 4]),
    ],
)
def test_no_break_inside_a_set_phrase_of_the_language(language: str, text: str, inside: list[int]) -> None:
    assert min(costs(text, language)[position] for position in inside) >= CLINGING


def test_words_that_recur_together_are_a_set_phrase() -> None:
    text = "Nos kite surfers dorment. Ces kite surfers rêvent. Un kite surfers mange. Un chat dort. Ce chien dort."
    tokens = list(itertools.chain.from_iterable(read_tokens(spoken(text), 42)))
    language = language_of("fr").captioning
    pairs = recurring_pairs(tokens, language)
    assert pairs == {("kite", "surfers")}
    found = break_costs(tokens, [0.0] * len(tokens), language, pairs)
    assert found[2] == found[6] == EXPRESSION


def test_a_repeated_passage_has_no_set_phrases() -> None:
    tokens = list(itertools.chain.from_iterable(read_tokens(spoken(*["Nos kite surfers dorment bien."] * 4), 42)))
    assert not recurring_pairs(tokens, language_of("fr").captioning)


@over_rows(
    "language, quoted",
    [("fr", "« Les heures du port »"), ("nl", "„De uren van de haven”"), ("nl", "‘Alle foto’s van opa’s haven’")],
)
def test_a_quotation_that_fits_on_a_line_is_not_split_and_a_long_one_is(language: str, quoted: str) -> None:
    words = len(quoted.replace("« ", "«").replace(" »", "»").split())
    assert min(costs(f"{quoted} ici", language)[1:words]) >= LEANING
    long = "« Il pleuvait depuis trois jours, et personne ne savait plus quand cela finirait »"
    assert min(costs(long, "fr")[1:]) < LEANING
