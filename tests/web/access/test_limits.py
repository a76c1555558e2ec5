"""A limit on wrong passwords, of all visitors together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from web.access.sessions import Guesses


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


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
