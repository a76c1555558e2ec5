"""What is read as one thing is not parted."""

from __future__ import annotations

import itertools

from aligner.languages import language_of
from aligner.typography.breaks import CLINGING, EXPRESSION, LEANING, break_costs, recurring_pairs
from aligner.typography.tokens import read_tokens
from tests.aligner.captions.spoken import spoken
from tests.aligner.typography.test_breaks import costs
from tests.tables import over_rows


@over_rows(
    "language, text, inside",
    [
        ("fr", "on le fait alors que rien ne presse", [4]),
        ("fr", "il vient tout à l’heure ici", [3, 4]),
        ("en", "they sail no matter where she goes", [3, 4]),
        ("en", "he sings as well as she does", [3, 4]),
        ("es", "vive cerca de aquí", [2]),
        ("it", "parla invece di fare", [2]),
        ("nl", "hij wacht in plaats van te gaan", [3, 4]),
    ],
)
def test_no_break_within_a_set_phrase_of_the_language(language: str, text: str, inside: list[int]) -> None:
    assert min(costs(text, language)[position] for position in inside) >= CLINGING


def test_words_that_recur_together_are_a_set_phrase_of_their_text() -> None:
    said = "Nos kite surfers dorment. Ces kite surfers rêvent. Un kite surfers mange. Un chat dort. Ce chien dort."
    tokens = list(itertools.chain.from_iterable(read_tokens(spoken(said), 42)))
    language = language_of("fr").captioning
    pairs = recurring_pairs(tokens, language)
    assert pairs == {("kite", "surfers")}
    found = break_costs(tokens, [0.0] * len(tokens), language, pairs)
    assert found[2] == found[6] == EXPRESSION


def test_a_passage_that_comes_again_makes_no_set_phrase() -> None:
    tokens = list(itertools.chain.from_iterable(read_tokens(spoken(*["Nos kite surfers dorment bien."] * 4), 42)))
    assert not recurring_pairs(tokens, language_of("fr").captioning)


@over_rows(
    "language, quoted",
    [("fr", "« Les heures du port »"), ("nl", "„De uren van de haven”"), ("nl", "‘Alle foto’s van opa’s haven’")],
)
def test_a_quotation_that_fits_a_line_is_kept_whole_and_a_long_one_breaks(language: str, quoted: str) -> None:
    words = len(quoted.replace("« ", "«").replace(" »", "»").split())
    assert min(costs(f"{quoted} ici", language)[1:words]) >= LEANING
    long = "« Il pleuvait depuis trois jours, et personne ne savait plus quand cela finirait »"
    assert min(costs(long, "fr")[1:]) < LEANING
