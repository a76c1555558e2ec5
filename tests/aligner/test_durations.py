"""Times are written and read as one table has it, which the browser's code is tested against too."""

import json

import pytest

from aligner.durations import clock, read_time, rounded_time_left, spoken_seconds, to_milliseconds
from tests.paths import DATA
from tests.tables import over_rows

CASES = json.loads((DATA / "durations.json").read_text(encoding="utf-8"))


def test_milliseconds_round_half_up_and_carry() -> None:
    assert [to_milliseconds(seconds) for seconds in (0.0005, 1.0015, 59.9996)] == [1, 1002, 60000]


@over_rows("seconds, text", CASES["clock"])
def test_a_clock_shows_the_second_that_has_begun(seconds: float, text: str) -> None:
    assert clock(seconds) == text


@over_rows("seconds, decimals, text", CASES["clock with decimals"])
def test_decimals_are_cut_as_seconds_are(seconds: float, decimals: int, text: str) -> None:
    assert clock(seconds, decimals) == text


@over_rows("seconds, spoken", CASES["spoken seconds"])
def test_a_length_is_said_to_the_nearest_second_and_is_never_none(seconds: float, spoken: int) -> None:
    assert spoken_seconds(seconds) == spoken


@over_rows("seconds, said", CASES["time left"])
def test_the_time_that_is_left_is_rounded_as_people_say_it(seconds: float, said: list[int]) -> None:
    assert list(rounded_time_left(seconds)) == said


@over_rows("text, seconds", [case for case in CASES["typed"] if case[1] is not None])
def test_times_are_read_as_people_type_them(text: str, seconds: float) -> None:
    assert read_time(text) == seconds


@over_rows("text", [text for text, seconds in CASES["typed"] if seconds is None])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no time; expected"):
        read_time(text)


def test_a_time_to_the_millisecond_survives_being_written_and_read() -> None:
    assert all(read_time(clock(ms / 1000, 3)) == ms / 1000 for ms in range(3_599_000, 3_602_000))
