"""Differences between printed and recognised words that change the meaning are reported."""

from aligner.quotes.comparison import compare_texts
from tests.tables import over_rows


def kinds(printed: str, heard: str, language: str = "fr") -> list[str]:
    return [caution.kind for caution in compare_texts(printed, heard, language)]


@over_rows(
    "printed, heard, language",
    [
        ("Je crois que c’est vrai.", "euh je crois que ben c 'est vrai", "fr"),
        ("Il y en avait 21.", "il y en avait vingt et un", "fr"),
        ("Cyrille Chaudoit est avec nous.", "Syrille Chaudois est avec nous", "fr"),
        ("Je ne sais pas.", "Je sais pas.", "fr"),
        ("Dat is waar.", "eh dat is nou ehm waar", "nl"),
        ("Ik ben er.", "ik ben er", "nl"),
        ("Havnen er lukket i dag.", "havnen er lukket i dag", "da"),  # which has no tables
    ],
)
def test_hesitations_spelling_and_misrecognised_names_are_equal(printed: str, heard: str, language: str) -> None:
    assert kinds(printed, heard, language) == []


@over_rows(
    "printed, heard, language",
    [
        ("Je le pense vraiment.", "je ne le pense pas vraiment", "fr"),
        ("Nous n'irons jamais là-bas.", "nous irons là-bas", "fr"),
        ("It is safe.", "it is not safe", "en"),
        ("It isn't safe.", "it is safe", "en"),
        ("Das ist nicht wahr.", "das ist wahr", "de"),
        ("No lo sé.", "lo sé", "es"),
        ("Dat is geen probleem.", "dat is een probleem", "nl"),
    ],
)
def test_a_changed_negation_is_reported(printed: str, heard: str, language: str) -> None:
    assert "negation" in kinds(printed, heard, language)


@over_rows(
    "printed, heard, language",
    [
        ("Il y en avait 21 en tout.", "il y en avait trente en tout", "fr"),
        ("Ils étaient deux mille.", "ils étaient mille", "fr"),
        ("We counted 400 boats.", "we counted four boats", "en"),
        ("Het kostte twee miljoen.", "het kostte twee miljard", "nl"),
    ],
)
def test_a_changed_number_is_reported(printed: str, heard: str, language: str) -> None:
    assert "number" in kinds(printed, heard, language)


def test_words_on_one_side_only_are_reported() -> None:
    told = compare_texts("Le port est fermé.", "le port est fermé depuis la grande tempête", "fr")
    assert [caution.kind for caution in told] == ["wording"]
    assert "depuis la grande tempête" in told[0].message
    for heard in ("", "le port est fermé"):
        assert kinds("Le port est fermé depuis la grande tempête.", heard) == ["wording"]


@over_rows(
    "printed, heard, language",
    [
        ("On enfourne la pissaladière !", "on enfourne la pissa la 10 r", "fr"),
        ("On ne le dit pas assez.", "on ne le dit pas à 16, en fait", "fr"),
        ("Ils sont 30 %.", "ils sont trente pour cent", "fr"),
    ],
)
def test_another_reading_of_a_number_is_no_difference(printed: str, heard: str, language: str) -> None:
    assert "number" not in kinds(printed, heard, language)


@over_rows(
    "printed, heard",
    [
        ("Ça coûte 1,5 dollar.", "ça coûte deux dollars et demi"),
        ("Ils sont 30 %.", "ils sont quarante pour cent"),
        ("Ils sont venus.", "ils sont venus à dix"),
        ("Les gens sont venus.", "les dix sont venus"),
    ],
)
def test_a_changed_amount_is_reported(printed: str, heard: str) -> None:
    assert "number" in kinds(printed, heard)
