"""Where a reader bears a break."""

from __future__ import annotations

import itertools

from aligner.languages import language_of
from aligner.typography.breaks import CLINGING, GLUE, LEANING, NUMBER, UNIT, break_costs
from aligner.typography.tokens import read_tokens
from tests.aligner.captions.spoken import spoken
from tests.tables import over_rows


def costs(text: str, language: str) -> list[float]:
    tokens = list(itertools.chain.from_iterable(read_tokens(spoken(text, language=language), 42)))
    return break_costs(tokens, [0.0] * len(tokens), language_of(language).captioning)


def cost(left: str, right: str, language: str) -> float:
    """The cost of a break between two runs of words, the right one a single token."""
    return costs(f"{left} {right}", language)[-1]


@over_rows(
    "language, left, right",
    [
        ("fr", "dans la", "cuisine"),
        ("fr", "jusqu’à", "demain"),
        ("fr", "l’idée d’un", "voisin"),
        ("fr", "parce qu’", "hier"),
        ("fr", "elle ne", "vient"),
        ("en", "under the", "bridge"),
        ("en", "through our towns—the", "river"),
        ("en", "because they", "sang"),
        ("es", "con los", "vecinos"),
        ("it", "nella", "piazza"),
        ("it", "dell’", "acqua"),
        ("pt", "pela", "ponte"),
        ("de", "mit dem", "Fahrrad"),
        ("nl", "met de", "fiets"),
        ("nl", "omdat ze", "zong"),
        ("en", "she learned on", "that"),
        ("en", "the house in", "which"),
    ],
)
def test_no_break_after_a_word_that_holds_to_the_next(language: str, left: str, right: str) -> None:
    assert cost(left, right, language) >= CLINGING


@over_rows(
    "language, left, right",
    [
        ("fr", "Ada", "Lovelace"),
        ("fr", "avec M.", "Petit"),
        ("fr", "12", "canards"),
        ("fr", "1,5", "million"),
        ("fr", "il a 3", "petits"),
        ("fr", "avec nous", "allons"),
        ("fr", "dix\u00a0000", "pas"),
        ("en", "this week’s", "roundtable"),
        ("en", "the workers’", "rights"),
        ("en", "Ada L.", "Lovelace"),
        ("en", "Samuel L", "Jackson"),
        ("nl", "met dhr.", "Jansen"),
    ],
)
def test_names_numbers_and_owners_stay_with_what_is_theirs(language: str, left: str, right: str) -> None:
    assert cost(left, right, language) > LEANING


@over_rows(
    "language, left, right",
    [
        ("en", "the boss’s", "and"),
        ("en", "it was Ada’s", "in"),
        ("en", "after plot 27", "at"),
        ("fr", "depuis 2004", "et"),
        ("fr", "avec nous", "et"),
        ("fr", "il en a deux,", "trois"),
        ("en", "come in", "and"),
        ("en", "he said", "that"),
        ("nl", "hij belt haar op", "omdat"),
        ("de", "viele Hunde", "Katzen"),
    ],
)
def test_what_ends_a_phrase_may_end_a_line(language: str, left: str, right: str) -> None:
    assert cost(left, right, language) < LEANING


@over_rows(
    "language, left, right",
    [
        ("fr", "il a", "plu"),
        ("en", "they have", "sung"),
        ("es", "hemos", "cantado"),
        ("it", "hanno", "cantato"),
        ("pt", "tinham", "cantado"),
        ("de", "wir haben", "gesungen"),
        ("nl", "de kinderen hebben", "gezongen"),
        ("nl", "dat zal", "blijken"),
    ],
)
def test_a_break_after_an_auxiliary_is_a_fault(language: str, left: str, right: str) -> None:
    assert cost(left, right, language) == LEANING


@over_rows(
    "language, text",
    [
        ("fr", "cent | vingt bateaux"),
        ("fr", "deux | mille | vingt-quatre"),
        ("fr", "soixante | et onze"),
        ("fr", "trois | millions d’euros"),
        ("en", "two | hundred | and five boats"),
        ("es", "treinta | y dos barcos"),
        ("it", "tre | milioni di euro"),
        ("pt", "duzentos | e trinta barcos"),
        ("de", "zwei | Millionen"),
        ("nl", "drie | miljoen"),
    ],
)
def test_a_number_in_words_is_not_parted(language: str, text: str) -> None:
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
        ("es", "una central", "eléctrica"),
        ("it", "le energie", "termiche"),
        ("pt", "a energia", "elétrica"),
        ("de", "eine schöne", "Stadt"),
        ("nl", "een prachtige", "dag"),
    ],
)
def test_an_adjective_stays_with_its_noun(language: str, left: str, right: str) -> None:
    assert cost(left, right, language) >= LEANING


@over_rows(
    "language, left, right",
    [
        ("fr", "un travail complètement", "inutile"),
        ("fr", "elle n’a pas", "dormi"),
        ("fr", "il y a quinze", "moutons"),
        ("en", "a perfectly", "sane man"),
        ("en", "where nobody", "sings"),
        ("es", "una cosa totalmente", "cierta"),
        ("it", "trenta", "gatti"),
        ("pt", "vinte", "gatos"),
        ("de", "zwanzig", "Katzen"),
    ],
)
def test_an_adverb_a_number_or_nobody_stays_with_what_it_goes_before(language: str, left: str, right: str) -> None:
    assert costs(f"{left} {right}", language)[len(left.split())] >= LEANING


def test_no_break_within_a_mark_in_brackets() -> None:
    found = costs("Voilà (il rit aux éclats) (musique) pourquoi", "fr")
    assert min(found[2:5]) >= GLUE
    assert max(found[1], *found[5:7]) < LEANING


@over_rows(
    "language, left, right",
    [
        ("en", "she got one", "of"),
        ("fr", "1,2 million", "d’euros"),
        ("fr", "environ 80 %", "de"),
        ("es", "la mitad", "del"),
        ("it", "due milioni", "di"),
        ("pt", "a metade", "dos"),
        ("de", "die Hälfte", "der"),
        ("nl", "de helft", "van"),
    ],
)
def test_an_amount_rather_keeps_its_of(language: str, left: str, right: str) -> None:
    assert cost(left, right, language) == LEANING


@over_rows(
    "text, at",
    [
        ("hij belt zijn moeder op.", -1),
        ("hij belt zijn moeder op omdat het kan", -4),
        ("dan komt iedereen mee", -1),
    ],
)
def test_the_parted_half_of_a_verb_begins_no_line(text: str, at: int) -> None:
    assert costs(text, "nl")[at] == LEANING


def test_punctuation_is_better_than_a_clause_and_a_clause_than_the_middle_of_nowhere() -> None:
    sentence, comma = cost("Il pleut.", "Rentrons", "fr"), cost("il pleut,", "rentrons", "fr")
    clause, nowhere = cost("il pleut", "quand", "fr"), cost("table", "basse", "fr")
    assert sentence < comma < clause < nowhere < LEANING
    assert cost("talo,", "jossa", "fi") < cost("talo", "jossa", "fi")  # in any language


def test_french_punctuation_is_never_parted_even_after_a_plain_space() -> None:
    assert costs("Quoi ? « Rien » !", "fr") == [0.0, 0.0]


def test_a_no_break_space_is_never_broken() -> None:
    assert costs("Il\u00a0va", "fr")[1] > CLINGING


@over_rows(
    "language, left, right",
    [
        ("fr", "coûte 1,5", "dollar"),
        ("fr", "encore 5", "km"),
        ("fr", "à 20", "h"),
        ("fr", "à 20 h", "30"),
        ("de", "um 20 Uhr", "15"),
        ("en", "it costs $", "5"),
        ("en", "it costs €", "1,200"),
    ],
)
def test_a_number_and_its_unit_stay_together(language: str, left: str, right: str) -> None:
    assert cost(left, right, language) >= UNIT
