"""Turns: clients one after the other, and each kind of request by itself."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from web.http.turns import Kind, Turns, kind_of


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


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", Kind.PAGE),
        ("/episodes/roue-libre", Kind.PAGE),
        ("/login", Kind.PAGE),
        ("/static/js/page/main.js", Kind.FILE),
        ("/episodes/roue-libre/audio", Kind.FILE),
        ("/episodes/roue-libre/clips.zip", Kind.LONG),
        ("/api/jobs/events", Kind.LONG),
        ("/search", Kind.LONG),
    ],
)
def test_what_is_answered_by_whom(path: str, kind: Kind) -> None:
    assert kind_of(SimpleNamespace(path=path, error=None, refusal=None)) is kind
    assert kind_of(SimpleNamespace(path=path, error=None, refusal=ValueError())) is Kind.FILE
