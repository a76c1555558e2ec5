"""Where a reader bears a break."""

from __future__ import annotations

import itertools

import pytest

from aligner.languages import language_of
from aligner.typography.breaks import CLINGING, GLUE, LEANING, NUMBER, UNIT, break_costs
from aligner.typography.tokens import read_tokens
from tests.aligner.captions.spoken import spoken


def costs(text: str, language: str) -> list[float]:
    tokens = list(itertools.chain.from_iterable(read_tokens(spoken(text, language=language), 42)))
    return break_costs(tokens, [0.0] * len(tokens), language_of(language).captioning)


def cost(left: str, right: str, language: str) -> float:
    """The cost of a break between two runs of words, the right one a single token."""
    return costs(f"{left} {right}", language)[-1]


@pytest.mark.parametrize(
    ("language", "left", "right"),
    [
        ("fr", "dans la", "cuisine"),
        ("fr", "jusqu’à", "demain"),
        ("fr", "l’idée d’un", "voisin"),
        ("fr", "parce qu’", "hier"),
        ("fr", "elle ne", "vient"),
        ("fr", "dans « la", "mer »"),
        ("en", "under the", "bridge"),
        ("en", "through our towns—the", "river"),
        ("en", "because they", "sang"),
        ("es", "con los", "vecinos"),
        ("it", "nella", "piazza"),
        ("it", "dell’", "acqua"),
        ("pt", "pela", "ponte"),
        ("de", "mit dem", "Fahrrad"),
        ("nl", "met de", "fiets"),
        ("nl", "in ’t", "water"),
        ("nl", "hij zit op z’n", "stoel"),
        ("nl", "omdat ze", "zong"),
        ("nl", "probeert te", "slapen"),
        ("nl", "hij deed alleen", "maar"),
    ],
)
def test_no_break_after_a_word_that_holds_to_the_next(language: str, left: str, right: str) -> None:
    assert cost(left, right, language) >= CLINGING


@pytest.mark.parametrize(
    ("language", "left", "right"),
    [
        ("fr", "il a", "plu"),
        ("en", "they have", "sung"),
        ("es", "hemos", "cantado"),
        ("it", "hanno", "cantato"),
        ("pt", "tinham", "cantado"),
        ("de", "wir haben", "gesungen"),
        ("nl", "de kinderen hebben", "gezongen"),
        ("nl", "dat zal", "blijken"),
        ("nl", "er waren acht", "leerlingen"),
    ],
)
def test_a_break_after_an_auxiliary_is_a_fault(language: str, left: str, right: str) -> None:
    assert cost(left, right, language) == LEANING


@pytest.mark.parametrize(
    ("left", "right"), [("Ada", "Lovelace"), ("avec M.", "Petit"), ("30", "km"), ("12", "canards"), ("1,5", "million")]
)
def test_names_and_numbers_stay_together(left: str, right: str) -> None:
    assert cost(left, right, "fr") > LEANING


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "cent | vingt bateaux"),
        ("fr", "deux | mille | vingt-quatre"),
        ("fr", "soixante | et onze"),
        ("fr", "vingt-et-un | mille"),
        ("fr", "trois | millions d’euros"),
        ("en", "two | hundred | and five boats"),
        ("en", "twenty-one | thousand"),
        ("es", "treinta | y dos barcos"),
        ("es", "dos | mil | doscientos"),
        ("it", "cento | venti"),
        ("it", "tre | milioni di euro"),
        ("pt", "duzentos | e trinta barcos"),
        ("pt", "dois | mil"),
        ("de", "zwei | Millionen"),
        ("nl", "drie | miljoen"),
    ],
)
def test_a_number_in_words_is_not_parted(language: str, text: str) -> None:
    tokens = text.split()
    inside = [at - number for number, at in enumerate(k for k, token in enumerate(tokens) if token == "|")]
    found = costs(text.replace("| ", ""), language)
    assert [found[at] for at in inside] == [NUMBER] * len(inside)


@pytest.mark.parametrize(
    ("language", "text", "at"),
    [
        ("fr", "il en a deux, trois", 4),
        ("fr", "taille cent-trente-huit dix ans", 2),
        ("fr", "elles étaient deux et elles riaient", 3),
        ("en", "we saw five and we left", 3),
    ],
)
def test_two_numbers_are_parted_and_what_follows_one(language: str, text: str, at: int) -> None:
    assert costs(text, language)[at] <= LEANING


@pytest.mark.parametrize(
    ("left", "right"), [("this week’s", "roundtable"), ("the workers’", "rights"), ("our mother's", "kitchen")]
)
def test_who_owns_something_stays_with_it(left: str, right: str) -> None:
    assert cost(left, right, "en") > LEANING


@pytest.mark.parametrize(("left", "right"), [("the boss’s", "and"), ("it was Ada’s", "in")])
def test_who_owns_something_that_is_not_named_ends_a_phrase(left: str, right: str) -> None:
    assert cost(left, right, "en") < LEANING


@pytest.mark.parametrize(
    ("left", "right"), [("Ada L.", "Lovelace"), ("Samuel L", "Jackson"), ("Jean-Paul D.", "Sartre")]
)
def test_an_initial_stays_with_the_surname(left: str, right: str) -> None:
    assert cost(left, right, "en") > LEANING


@pytest.mark.parametrize(
    ("language", "left", "right"),
    [
        ("fr", "une couche", "géologique"),
        ("fr", "des économies", "mondiales"),
        ("fr", "une mauvaise", "habitude"),
        ("fr", "un haut", "fonctionnaire"),
        ("en", "a mechanical", "pump"),
        ("en", "that famous", "painter"),
        ("es", "una central", "eléctrica"),
        ("it", "le energie", "termiche"),
        ("pt", "a energia", "elétrica"),
        ("de", "eine schöne", "Stadt"),
        ("nl", "een prachtige", "dag"),
    ],
)
def test_an_adjective_stays_with_its_noun(language: str, left: str, right: str) -> None:
    assert cost(left, right, language) >= LEANING
    assert cost(left, right, language) > cost(left, "et" if language == "fr" else "and", language) or language != "fr"


@pytest.mark.parametrize(
    ("language", "left", "right"),
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


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "who looks after plot 27 at"), ("fr", "dans le chapitre 3 du"), ("it", "prendi la linea 2 per")],
)
def test_a_number_stays_with_the_noun_it_numbers(language: str, text: str) -> None:
    assert costs(text, language)[-2] > LEANING
    assert costs(text.rsplit(" ", 1)[0] + ".", language)[-1] > LEANING


def test_a_number_that_counts_nothing_may_end_a_line() -> None:
    assert cost("after plot 27", "at", "en") < LEANING
    assert cost("depuis 2004", "et", "fr") < LEANING
    assert costs("for 2 to 3 weeks", "en")[2] > LEANING
    assert cost("il a 3", "petits", "fr") > LEANING


def test_a_number_that_counts_what_follows_may_start_a_line() -> None:
    assert costs("She planted 60 lettuces", "en")[2] < LEANING
    assert costs("Elle nourrit 3 petits chats", "fr")[2] < LEANING


@pytest.mark.parametrize(
    ("language", "left", "right"),
    [
        ("en", "she got one", "of"),
        ("fr", "1,2 million", "d’euros"),
        ("fr", "les uns", "des"),
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


def test_a_relative_pronoun_stays_with_its_preposition_and_opens_a_clause_elsewhere() -> None:
    assert cost("she learned on", "that", "en") >= CLINGING
    assert cost("the house in", "which", "en") >= CLINGING
    assert cost("come in", "and", "en") < LEANING
    assert cost("he said", "that", "en") < LEANING


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("hij belt zijn moeder op.", -1),
        ("hij belt zijn moeder op omdat het kan", -4),
        ("ze zette het geluid uit, en ging", -3),
        ("dan komt iedereen mee", -1),
    ],
)
def test_the_parted_half_of_a_verb_begins_no_line(text: str, at: int) -> None:
    assert costs(text, "nl")[at] == LEANING


def test_a_dutch_name_stays_with_its_title() -> None:
    assert cost("met dhr.", "Jansen", "nl") > LEANING


def test_a_preposition_may_begin_a_line_and_the_half_of_a_verb_may_end_one() -> None:
    assert costs("hij zet een stoel op tafel", "nl")[-2] < LEANING
    assert cost("hij belt haar op", "omdat", "nl") < LEANING


def test_german_nouns_are_no_names() -> None:
    assert cost("viele Hunde", "Katzen", "de") < LEANING


def test_punctuation_is_better_than_a_clause_and_a_clause_than_the_middle_of_nowhere() -> None:
    sentence, comma = cost("Il pleut.", "Rentrons", "fr"), cost("il pleut,", "rentrons", "fr")
    clause, nowhere = cost("il pleut", "quand", "fr"), cost("table", "basse", "fr")
    assert sentence < comma < clause < nowhere < LEANING


@pytest.mark.parametrize(("language", "left"), [("fr", "des gens qui,"), ("en", "and because,"), ("es", "dice que,")])
def test_the_head_of_a_clause_rather_stays_with_it_though_a_comma_follows(language: str, left: str) -> None:
    assert cost(left, "después", language) > cost("Tokyo,", "después", language)


def test_a_stressed_pronoun_may_end_a_line_before_a_new_clause() -> None:
    assert cost("avec nous", "et", "fr") < LEANING < cost("avec nous", "allons", "fr")


def test_french_punctuation_is_never_parted_even_after_a_plain_space() -> None:
    assert costs("Quoi ? « Rien » !", "fr") == [0.0, 0.0]


def test_a_no_break_space_is_never_broken() -> None:
    assert cost("dix\u00a0000", "pas", "fr") > LEANING
    tokens = costs("Il\u00a0va", "fr")
    assert tokens[1] > CLINGING


def test_a_language_without_tables_breaks_at_punctuation() -> None:
    assert cost("talo,", "jossa", "fi") < cost("talo", "jossa", "fi")


@pytest.mark.parametrize(
    ("language", "left", "right"),
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


def test_an_hour_without_minutes_ends_where_it_ends() -> None:
    assert cost("ouvre à 20 h", "3000 personnes", "fr") < UNIT
