"""The costs of line breaks, and the set phrases inside which no line ends."""

import itertools

from aligner.languages import language_of
from aligner.typography.breaks import (
    ADJECTIVE,
    CLINGING,
    EXPRESSION,
    GLUE,
    LEANING,
    NAME,
    NUMBER,
    POSSESSIVE,
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
    "language, left, right, least",
    [
        ("fr", "dans la", "cuisine", CLINGING),
        ("fr", "parce qu’", "hier", CLINGING),
        ("en", "the house in", "which", CLINGING),
        ("es", "con los", "vecinos", CLINGING),
        ("it", "dell’", "acqua", CLINGING),
        ("de", "mit dem", "Fahrrad", CLINGING),
        ("fr", "coûte 1,5", "dollar", UNIT),
        ("fr", "à 20 h", "30", UNIT),
        ("de", "um 20 Uhr", "15", UNIT),
        ("en", "it costs $", "5", UNIT),
        ("fr", "Ada", "Lovelace", NAME),
        ("fr", "avec M.", "Petit", NAME),
        ("en", "Ada L.", "Lovelace", NAME),
        ("fr", "12", "canards", ADJECTIVE),
        ("en", "this week’s", "roundtable", POSSESSIVE),
        ("fr", "une couche", "géologique", ADJECTIVE),
        ("en", "a mechanical", "pump", ADJECTIVE),
        ("nl", "een prachtige", "dag", ADJECTIVE),
        ("fr", "un travail complètement", "inutile", LEANING),
        ("fr", "elle n’a pas", "dormi", LEANING),
        ("fr", "avec nous", "allons", LEANING),
        ("es", "una cosa totalmente", "cierta", LEANING),
        ("fr", "il a", "plu", LEANING),
        ("de", "wir haben", "gesungen", LEANING),
        ("en", "she got one", "of", LEANING),
        ("fr", "environ 80 %", "de", LEANING),
        ("de", "zwanzig", "Katzen", LEANING),
    ],
)
def test_no_line_ends_inside_a_phrase(language: str, left: str, right: str, least: float) -> None:
    assert cost(left, right, language) >= least


@over_rows(
    "language, left, right",
    [
        ("en", "the boss’s", "and"),
        ("en", "after plot 27", "at"),
        ("fr", "il en a deux,", "trois"),
        ("en", "he said", "that"),
        ("de", "viele Hunde", "Katzen"),
    ],
)
def test_a_line_may_end_at_the_end_of_a_phrase(language: str, left: str, right: str) -> None:
    assert cost(left, right, language) < LEANING


@over_rows(
    "language, text",
    [
        ("fr", "cent | vingt bateaux"),
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


def test_no_break_inside_a_stage_direction() -> None:
    found = costs("Voilà (il rit aux éclats) (musique) pourquoi", "fr")
    assert min(found[2:5]) >= GLUE
    assert max(found[1], *found[5:7]) < LEANING


@over_rows("text, at", [("hij belt zijn moeder op.", -1), ("dan komt iedereen mee", -1)])
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
    "language, text, inside",
    [
        ("fr", "on le fait alors que rien ne presse", [4]),
        ("fr", "il vient tout à l’heure ici", [3, 4]),
        ("en", "they sail no matter where she goes", [3, 4]),
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
