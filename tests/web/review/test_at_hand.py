"""What a child keeps from one correction to the next is what it would read and work out anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from aligner.corrections.commands import Accept, Command, Place, Settle, Sign, Unspoken
from aligner.settled import SettledKind
from web.correcting import states
from web.correcting.states import Seen
from web.review import queue

ASKED: tuple[Command, ...] = (
    Place(7, 6.8, 6.95),
    Accept(words=[(20, 26)]),
    Unspoken(30, 32),
    Settle(SettledKind.ADVERT, 1.0, 2.0),
    Accept(words=[(40, 41)], settled=[(SettledKind.NORM, 3.0, 5.0)]),
    Sign("Ada", 0.5),
)


@pytest.fixture(autouse=True)
def as_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what a child keeps for this test alone."""
    monkeypatch.setattr(queue, "_captions", type(queue._captions)())


def test_after_each_correction_the_review_is_as_if_worked_out_anew(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = next((library / "roue-libre").glob("*.alignment.json"))
    base = 0
    for command in (*ASKED, None, None):
        taken = (
            states.correct(path, Seen(base), command, "Ada")
            if command
            else states.take_back(path, Seen(base), None, "Ada")
        )
        base = taken.patch.history
        warm = queue._review_of(path)
        with monkeypatch.context() as forgetful:
            forgetful.setattr(queue, "_captions", type(queue._captions)())
            assert queue._review_of(path) == warm
