"""Names tell numbers, dates and words, in the languages and forms that people use."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tables import over_rows
from web.archive.pairing.names import folded, told_by


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
        ("Folge 7", {(None, 7)}),
        ("aflevering 7", {(None, 7)}),
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
def test_numbers_are_told(name: str, numbers: set[tuple[int | None, int]]) -> None:
    assert told_by(name).numbers == numbers


@over_rows("name, bare", [("012-le-velo", {12}), ("velo_3", {3}), ("2024 en revue", set()), ("a1b2c3d4e5f6", set())])
def test_a_number_that_only_stands_there_is_bare_and_no_year(name: str, bare: set[int]) -> None:
    assert (told_by(name).bare, told_by(name).numbers) == (bare, set())


def test_in_a_title_no_bare_number_is_an_episodes() -> None:
    assert told_by("39 marches", is_title=True).bare == set()


@over_rows(
    "name, dates",
    [
        ("roue_2024-03-05", {"2024-03-05"}),
        ("20240305_roue", {"2024-03-05"}),
        ("25.03.2024", {"2024-03-25"}),
        ("05.03.2024", {"2024-03-05", "2024-05-03"}),
        ("le 5 mars 2024", {"2024-03-05"}),
        ("5. März 2024", {"2024-03-05"}),
        ("March 5th, 2024", {"2024-03-05"}),
        ("1er août 2024", {"2024-08-01"}),
        ("20241399", set()),
    ],
)
def test_dates_are_told(name: str, dates: set[str]) -> None:
    assert told_by(name).dates == dates
    assert not dates or told_by(name).numbers == set()


@settings(max_examples=50)
@given(st.text(max_size=80))
def test_any_name_is_read(name: str) -> None:
    told = told_by(name)
    assert all(0 <= number < 100_000 for _, number in told.numbers)
    assert folded(name) == folded(name.upper()) or not name.isascii() or name != name.upper()
