"""Whatever two people correct, undo and redo: when the same changes stand, all is the same."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from aligner.corrections.commands import (
    Accept,
    Command,
    Move,
    Place,
    Text,
    Unpin,
    Unspoken,
    corrected,
    refusing,
    what_of,
)
from aligner.errors import AlignerError, ConflictError
from aligner.model import Kind
from aligner.storage.history import History, changed, open_history
from aligner.storage.undoing import redo, redoable, undo, undoable
from aligner.transcript.retexting import Paragraph
from tests.aligner.storage.corrected import check_whole
from tests.aligner.storage.written_texts import laid_out
from tests.attack.effort import examples

pytestmark = pytest.mark.nightly

PEOPLE = st.sampled_from(["Ada", "Grace"])
WORDS = st.integers(0, 12)
PARAGRAPHS = st.builds(
    Paragraph,
    st.sampled_from(Kind),
    st.sampled_from([None, "Ana Sol", "Leo", "Zoé"]),
    st.sampled_from(["Bonjour à tous.", "Avec grand plaisir.", "Oui. [rires]", "À 9:15.", ""]),
)
COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.builds(lambda word, at: Place(word, at, at + 0.2), WORDS, st.sampled_from([0.1, 0.55, 1.3, 2.05, 3.6, 5.0])),
    st.builds(lambda first, by: Move(first, first + 2, by), WORDS, st.sampled_from([-0.3, -0.01, 0.01, 0.05])),
    st.builds(lambda first: Unspoken(first, first + 1), WORDS),
    st.builds(lambda first: Unpin(first, first + 3), WORDS),
    st.builds(lambda first: Accept([(first, first + 2)]), WORDS),
    st.builds(
        lambda first, count, texts: Text(first, first + count, texts),
        st.integers(0, 5),
        st.integers(0, 2),
        st.lists(PARAGRAPHS, max_size=2),
    ),
)


def set_by_people(content: bytes) -> Any:
    """Return the alignment without what is worked out: times that nobody set, those of segments, and confidence."""
    told = json.loads(content)
    for name in ("verdict", "coverage", "untranscribed"):
        del told[name]
    for row in told["words"]:
        if not row["pinned"]:
            del row["start"], row["end"], row["status"]
        del row["confidence"]
    for row in told["segments"]:
        del row["start"], row["end"], row["confidence"]
    return told


class Editing(RuleBasedStateMachine):
    """An episode that two people correct, and what it was whenever which changes stood."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._path = laid_out(Path(self._folder.name))
        self._standing: set[int] = set()
        self._known: dict[frozenset[int], Any] = {}

    def teardown(self) -> None:
        self._folder.cleanup()

    @rule(who=PEOPLE, command=COMMANDS)
    def correct(self, who: str, command: Command) -> None:
        history, before = open_history(self._path), self._path.read_bytes()
        try:
            with refusing():
                new = changed(history, corrected(history.alignment, command, None), what_of(command), who)
        except AlignerError:
            assert self._path.read_bytes() == before, "a refusal changes nothing"
            return
        if len(new.changes) > len(history.changes):
            self._standing.add(new.changes[-1].id)

    @rule(who=PEOPLE, data=st.data())
    def undo(self, who: str, data: st.DataObject) -> None:
        history = open_history(self._path)
        change = undoable(history, who, self._one_of(history, who, data))
        if change:
            try:
                undo(history, change, who)
                self._standing.remove(change.id)
            except ConflictError:
                assert any(each.who != who for each in history.changes[change.id :]) or change.id != max(self._standing)

    @rule(who=PEOPLE)
    def redo(self, who: str) -> None:
        history = open_history(self._path)
        change = redoable(history, who)
        if change:
            try:
                redo(history, change, who)
                self._standing.add(change.id)
            except ConflictError:
                pass

    @invariant()
    def the_same_changes_make_the_same_state(self) -> None:
        alignment = check_whole(self._path).alignment
        content = set_by_people(self._path.read_bytes())
        assert self._known.setdefault(frozenset(self._standing), content) == content
        file = (self._path.parent / alignment.transcript.file).read_bytes()
        assert hashlib.sha256(file).hexdigest() == alignment.transcript.sha256

    @staticmethod
    def _one_of(history: History, who: str, data: st.DataObject) -> int | None:
        own = [each.id for each in history.changes if each.who == who and undoable(history, who, each.id)]
        return data.draw(st.sampled_from([None, *own]))


def test_what_stands_determines_the_state() -> None:
    run_state_machine_as_test(Editing, settings=examples(60))  # type: ignore[no-untyped-call]
