"""Clients: who they are by their addresses, what each may have at once, how long one waits that guesses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.tables import over_rows
from web.access.clients import Guesses, Places, client_of


@over_rows(
    "one, other, same",
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::2", True),  # a client may give itself any of them
        ("9.9.9.8", "9.9.9.8:40001", True),
        ("9.9.9.8:40000", "9.9.9.9:40000", False),
        ("[2001:db8::1]:4000", "[2001:db8::2]:4001", True),
        ("no address", "nor is this", True),
    ],
)
def test_whom_an_address_stands_for(one: str, other: str, same: bool) -> None:
    assert (client_of(one) == client_of(other)) is same


def test_what_is_no_address_counts_as_who_told_it() -> None:
    assert client_of("unknown", "10.0.0.1") == client_of("_x7:4000", "10.0.0.1") == "10.0.0.1"


def test_one_client_takes_some_places_and_all_take_all() -> None:
    places = Places(most=3, of_one=2)
    given = [places.take("one") for _ in range(3)]
    assert given[2] is None
    assert places.take("two")
    assert places.take("three") is None
    assert given[0]
    for _ in range(2):  # a place is given back once, however often that is said
        given[0]()
    assert places.take("three")
    assert places.take("four") is None


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_waits_grow_and_end() -> None:
    clock = Clock()
    guesses = Guesses(clock)
    waits = []
    for _ in range(16):
        while wait := guesses.begin("a"):
            waits.append(wait)
            clock.now += wait
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


def test_asking_while_one_waits_makes_it_no_longer() -> None:
    guesses = Guesses(Clock())
    assert [guesses.begin("a") for _ in range(100)] == [0, 0, 0, 0, *[1] * 96]
    assert guesses.begin("b") == 0


def test_many_at_once_are_no_more_than_one_after_the_other() -> None:
    guesses = Guesses(Clock())
    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(lambda _: guesses.begin("a"), range(64))).count(0) == 4


def test_who_was_right_or_long_away_begins_anew() -> None:
    clock = Clock()
    guesses = Guesses(clock)
    for _ in range(3):
        guesses.begin("a")
    guesses.right("a")
    assert [guesses.begin("a") for _ in range(5)] == [0, 0, 0, 0, 1]
    clock.now += 3 * 24 * 3600
    assert [guesses.begin("a") for _ in range(5)] == [0, 0, 0, 0, 1]


def test_a_crowd_of_addresses_takes_no_more_memory() -> None:
    guesses = Guesses(Clock())
    for number in range(20_000):
        guesses.begin(str(number))
    assert len(guesses._wrong) == 10_000
