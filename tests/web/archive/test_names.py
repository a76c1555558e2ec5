"""Names say numbers, dates and words, in the languages and forms that people use."""

from __future__ import annotations

from tests.tables import over_rows
from web.archive.names import clues_of, distinctive_words, facts_in


@over_rows(
    "name, numbers",
    [
        ("Roue libre E12", {(None, 12)}),
        ("#12 — le vélo", {(None, 12)}),
        ("S02E03 - Le vélo", {(2, 3)}),
        ("2x05", {(2, 5)}),
        ("saison 2 épisode 4", {(2, 4)}),
        ("Saison 2 - 05", {(2, 5)}),
        ("Douzième épisode", {(None, 12)}),
        ("Выпуск 3 - Вокзал", {(None, 3)}),
        ("第12回 海", {(None, 12)}),
        ("1984", set()),
        ("a1b2c3d4e5f6", set()),
    ],
)
def test_marked_numbers_are_episodes(name: str, numbers: set[tuple[int | None, int]]) -> None:
    assert facts_in(name).numbers == numbers


@over_rows(
    "name, bare",
    [
        ("012-le-velo", {12}),
        ("RL22 El puente (relu)", {22}),
        ("rl022", {22}),
        ("2024 en revue", set()),
        ("a1b2c3d4e5f6", set()),
    ],
)
def test_a_number_at_either_end_is_bare_unless_it_is_a_year(name: str, bare: set[int]) -> None:
    assert facts_in(name).bare == bare
    assert not facts_in(name).numbers


def test_a_title_begins_with_a_bare_number_only_before_a_stop() -> None:
    assert facts_in("22. El puente", is_title=True).bare == {22}
    facts = facts_in("39 marches", is_title=True)
    assert not facts.bare
    assert facts.words == {"39", "marches"}


@over_rows(
    "name, dates",
    [
        ("roue_2024-03-05", {"2024-03-05"}),
        ("240305", {"2024-03-05", "2005-03-24"}),
        ("05.03.2024", {"2024-03-05", "2024-05-03"}),
        ("March 5th, 2024", {"2024-03-05"}),
        ("1er août 2024", {"2024-08-01"}),
        ("roue 2024-12", set()),
    ],
)
def test_dates_are_read_and_are_no_numbers(name: str, dates: set[str]) -> None:
    assert facts_in(name).dates == dates
    assert not dates or facts_in(name).numbers == set()


def test_clues_join_what_all_names_and_titles_say() -> None:
    clues = clues_of(["E12 vélo", "2024-03-05"], ["Saison 2 épisode 4"], length=60.0)
    assert clues.facts.numbers == {(None, 12), (2, 4)}
    assert clues.facts.dates | clues.facts.words >= {"2024-03-05", "velo"}


def test_words_tell_if_they_have_four_letters_whatever_their_case_and_accents() -> None:
    assert distinctive_words("Le Vélo, l’ÉTÉ, un velo") == distinctive_words("velo")
    assert len(distinctive_words("velo")) == 1


def test_of_a_text_with_too_many_words_the_longest_are_kept() -> None:
    words = [f"mot{'x' * (k % 7)}{k}" for k in range(5000)]
    kept = distinctive_words(" ".join(words))
    assert len(kept) == 4000
    assert distinctive_words(" ".join(word for word in words if len(word) >= 10)) <= kept
