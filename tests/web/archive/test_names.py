"""Names say numbers, dates and words, in the languages and forms that people use."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tables import over_rows
from web.archive.names import clues_of, facts_in, folded, hashed, telling_words


@over_rows(
    "name, numbers",
    [
        ("Roue libre E12", {(None, 12)}),
        ("RoueLibreE012", {(None, 12)}),
        ("#12 — le vélo", {(None, 12)}),
        ("n°12 le vélo", {(None, 12)}),
        ("S02E03 - Le vélo", {(2, 3)}),
        ("T1E02 O farol", {(1, 2)}),
        ("2x05", {(2, 5)}),
        ("saison 2 épisode 4", {(2, 4)}),
        ("Saison 2 - 05", {(2, 5)}),
        ("Folge 7", {(None, 7)}),
        ("aflevering 7", {(None, 7)}),
        ("Lecture 7: moons", {(None, 7)}),
        ("Douzième épisode", {(None, 12)}),
        ("Episode twenty-one", {(None, 21)}),
        ("Выпуск 3 - Вокзал", {(None, 3)}),
        ("Επεισόδιο 1 - Το καφενείο", {(None, 1)}),
        ("الحلقة 2 - البحر", {(None, 2)}),
        ("第12回 海", {(None, 12)}),
        ("제3화 바다", {(None, 3)}),
        ("Odcinek 5: las", {(None, 5)}),
        ("1984", set()),
        ("a1b2c3d4e5f6", set()),
    ],
)
def test_marked_numbers_are_episodes(name: str, numbers: set[tuple[int | None, int]]) -> None:
    assert facts_in(name).numbers == numbers


@over_rows("name, bare", [("012-le-velo", {12}), ("velo_3", {3}), ("2024 en revue", set()), ("a1b2c3d4e5f6", set())])
def test_a_number_at_either_end_is_bare_unless_it_is_a_year(name: str, bare: set[int]) -> None:
    assert facts_in(name).bare == bare
    assert not facts_in(name).numbers


def test_in_a_title_a_number_that_nothing_marks_is_a_word() -> None:
    facts = facts_in("39 marches", is_title=True)
    assert not facts.bare
    assert facts.words == {"39", "marches"}


@over_rows(
    "name, dates",
    [
        ("roue_2024-03-05", {"2024-03-05"}),
        ("20240305_roue", {"2024-03-05"}),
        ("240305", {"2024-03-05", "2005-03-24"}),
        ("25.03.2024", {"2024-03-25"}),
        ("05.03.2024", {"2024-03-05", "2024-05-03"}),
        ("le 5 mars 2024", {"2024-03-05"}),
        ("5. März 2024", {"2024-03-05"}),
        ("March 5th, 2024", {"2024-03-05"}),
        ("1er août 2024", {"2024-08-01"}),
        ("20241399", set()),
    ],
)
def test_dates_are_read_and_are_no_numbers(name: str, dates: set[str]) -> None:
    assert facts_in(name).dates == dates
    assert not dates or facts_in(name).numbers == set()


def test_clues_join_what_all_names_and_titles_say() -> None:
    clues = clues_of(["E12 vélo", "2024-03-05"], ["Saison 2 épisode 4"], length=60.0)
    assert (clues.names, clues.titles, clues.length) == (("E12 vélo", "2024-03-05"), ("Saison 2 épisode 4",), 60.0)
    assert clues.facts.numbers == {(None, 12), (2, 4)}
    assert clues.facts.dates == {"2024-03-05"}
    assert {"velo"} <= clues.facts.words


def test_words_tell_if_they_have_four_letters_whatever_their_case_and_accents() -> None:
    assert telling_words("Le Vélo, l’ÉTÉ, un velo") == {hashed("velo")}


def test_of_a_text_with_too_many_words_the_longest_are_kept() -> None:
    words = [f"mot{'x' * (k % 7)}{k}" for k in range(5000)]
    kept = telling_words(" ".join(words))
    assert len(kept) == 4000
    assert {hashed(word) for word in words if len(word) >= 10} <= kept


@settings(max_examples=50)
@given(st.text(max_size=80))
def test_any_name_is_read(name: str) -> None:
    facts = facts_in(name)
    assert all(0 <= number < 100_000 for _, number in facts.numbers)
    assert folded(name) == folded(name.upper()) or not name.isascii() or name != name.upper()
