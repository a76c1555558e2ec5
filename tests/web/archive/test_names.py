"""Names say numbers, dates and words, in the languages and forms that people use."""

from __future__ import annotations

from tests.tables import over_rows
from web.archive.names import facts_in


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
