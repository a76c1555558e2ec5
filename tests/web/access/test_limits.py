"""What all visitors share: places for what holds something for long, and guesses of the password."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from web.access.limits import Guesses, Places


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_places_are_limited_and_each_is_given_back_once_however_often_that_is_called() -> None:
    places = Places(2)
    given = [places.take() for _ in range(3)]
    assert given[2] is None
    assert given[0]
    for _ in range(2):
        given[0]()
    assert [places.take() is None for _ in range(2)] == [False, True]


def test_ten_wrong_passwords_a_minute_and_no_more_however_many_at_once() -> None:
    clock = Clock()
    guesses = Guesses(clock)
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(lambda _: guesses.begin(), range(64))).count(0) == 10
    clock.now = 59.0
    assert guesses.begin() == 1
    clock.now = 60.0
    assert [guesses.begin() for _ in range(11)] == [0] * 10 + [60]


def test_a_right_password_counts_for_nothing() -> None:
    guesses = Guesses(Clock())
    for _ in range(100):
        assert guesses.begin() == 0
        guesses.right()
