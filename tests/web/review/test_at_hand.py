"""What a child keeps from one correction to the next is what it would read and work out anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from aligner.corrections.commands import Accept, Command, Place, Settle, Sign, Unspoken
from aligner.settled import SettledKind
from aligner.storage.alignment_json import read_alignment
from web.correcting import states
from web.correcting.states import Clash, Seen
from web.library import alignments, heard, opened_alignment
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
    for module, name in ((states, "_histories"), (states, "_shown"), (queue, "_captions"), (heard, "_heard")):
        monkeypatch.setattr(module, name, type(getattr(module, name))())
    monkeypatch.setattr(alignments, "_written", {})


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
        assert not isinstance(taken, Clash)
        base = taken.patch.history
        warm = queue._review_of(path)
        assert opened_alignment(path) is states._histories[path].alignment
        with monkeypatch.context() as forgetful:
            forgetful.setattr(alignments, "_written", {})
            forgetful.setattr(queue, "_captions", type(queue._captions)())
            forgetful.setattr(heard, "_heard", type(heard._heard)())
            assert opened_alignment(path) == read_alignment(path) == states._histories[path].alignment
            assert queue._review_of(path) == warm


def test_what_somebody_else_wrote_since_is_read(library: Path) -> None:
    path = next((library / "roue-libre").glob("*.alignment.json"))
    before = path.read_bytes()
    states.correct(path, Seen(0), ASKED[0], "Ada")
    assert opened_alignment(path).words[7].pinned
    path.write_bytes(before)
    assert not opened_alignment(path).words[7].pinned
