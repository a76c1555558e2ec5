"""Turns: clients one after the other, and each kind of request by itself."""

from __future__ import annotations

from types import SimpleNamespace

from web.http.turns import Turns


def test_a_client_that_asks_much_leaves_the_others_their_turns() -> None:
    turns = Turns()
    asked = [SimpleNamespace(asker=name, number=number) for name in "aaaabbc" for number in [0]]
    for number, connection in enumerate(asked):
        connection.number = number
        turns.append(connection)
    assert len(turns) == len(list(turns)) == 7
    answered = [turns.popleft() for _ in asked]
    assert [connection.asker for connection in answered] == list("abcabaa")
    assert [connection.number for connection in answered if connection.asker == "a"] == [0, 1, 2, 3]
    assert not len(turns)
