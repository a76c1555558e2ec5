"""After any edits, undos and redos by two people, text and alignment agree; equal changes give equal bytes."""

import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from aligner.corrections import commands
from aligner.corrections.commands import Command, corrected, refusing, what_of
from aligner.corrections.structure_overrides import structured
from aligner.errors import AlignerError, ConflictError
from aligner.model import AnnotationKind, Kind
from aligner.storage.history import History, changed, open_history
from aligner.storage.transcript_file import versions_in
from aligner.storage.undoing import redo, redoable, undo, undoable
from aligner.transcript import open_transcript
from aligner.transcript.retexting import Paragraph
from tests.aligner.storage.corrected import check_whole
from tests.aligner.storage.written_texts import TALK, laid_out
from tests.attack.effort import examples

pytestmark = pytest.mark.nightly

_TURNS = [("Ana Sol", "Bonjour à tous."), ("Leo", "Avec plaisir, oui."), ("Ana Sol", "On commence ?"), ("Leo", "Oui.")]
_MARKDOWN = """---
title: La roue
---

# La roue

**Ana Sol :** Bonjour à [tous](https://example.org).

> **Leo :** Avec *plaisir*, `oui`.

- Un point
- Un autre point_souligné

1984. Nous étions jeunes.
"""
_VTT = "WEBVTT\n\n" + "\n".join(
    f"00:{k:02d}.000 --> 00:{k:02d}.900\n<v {who}>{text}\n" for k, (who, text) in enumerate(_TURNS)
)
_JSON = {"version": "1.0.0", "segments": [{"speaker": who, "startTime": 9, "body": text} for who, text in _TURNS]}
FILES: tuple[tuple[str, bytes], ...] = (
    ("talk.txt", TALK.encode()),
    ("talk.txt", TALK.replace("\n", "\r\n").encode("utf-16")),
    ("talk", "— Bonjour.\n— Salut.\n[00:12] Un mot.\n***\n(rires)\n— Ça va ?[1]\n\n[1] Une note".encode()),
    ("talk.md", _MARKDOWN.encode()),
    ("talk.html", "".join(f"<p><cite>{who}:</cite> {text}</p>\n" for who, text in _TURNS).encode()),
    ("talk.vtt", _VTT.encode()),
    ("talk.json", json.dumps(_JSON).encode()),
    ("talk.srt", _VTT.replace("WEBVTT\n\n", "").replace(".000", ",000").replace(".900", ",900").encode()),
)
PIECES = (
    "Oui", "Leo : ", "Ana Sol\t", "[rires]", "[2]", "(applaus)", "# ", "- ", "1. ", "> ", "— ", ">> ", "*", "_", "<b>",
    "</p>", "&amp;", "[x](y)", "|", "~~", "\\", "===", "---", "\n", "\r\n", "\n\n", "\u2028", "\x00", "\x1b", "`",
    "\ufeff", "\ud83d", "\u202e", "שלום", "😀", "e\u0301", "\xa0", "¹", "WEBVTT", '{"version":', "%PDF", "00:12:13",
    "http://a.b", " mot" * 90, "é" * 3000,
)  # fmt: skip
SPEAKERS = (None, "Ana Sol", "Leo", "Zoé", "{}", "?", "a\nb", "X" * 400, "Dr. M: Y", "\u202eAnb")

PEOPLE = st.sampled_from(["Ada", "Grace"])
WORDS = st.integers(0, 12)
PARAGRAPHS = st.builds(
    Paragraph,
    st.sampled_from(Kind),
    st.sampled_from(SPEAKERS),
    st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join),
)
TEXTS: st.SearchStrategy[Command] = st.builds(
    lambda first, count, paragraphs: commands.Text(first, first + count, paragraphs),
    st.integers(0, 8),
    st.integers(0, 2),
    st.lists(PARAGRAPHS, max_size=3),
)
OTHERS: st.SearchStrategy[Command] = st.one_of(
    st.builds(
        lambda word, at: commands.Place(word, at, at + 0.2), WORDS, st.sampled_from([0.1, 0.55, 1.3, 2.05, 3.6, 5.0])
    ),
    st.builds(lambda first, by: commands.Move(first, first + 2, by), WORDS, st.sampled_from([-0.3, -0.01, 0.01, 0.05])),
    st.builds(lambda first: commands.Unspoken(first, first + 1), WORDS),
    st.builds(lambda first: commands.Unpin(first, first + 3), WORDS),
    st.builds(lambda first: commands.Accept([(first, first + 2)]), WORDS),
    st.builds(lambda at: commands.Annotate(AnnotationKind.AD, at, at + 1), st.sampled_from([0.1, 2.0, 9.0, 30.0])),
    st.builds(lambda at: commands.Insert(at, at + 2, None, "Une phrase."), st.sampled_from([0.2, 2.05, 9.0, 30.0])),
    st.builds(lambda share: commands.MarkReviewed("Zoé", share), st.sampled_from([0.5, 1.0])),
)


def set_by_people(content: bytes) -> Any:
    """Return the alignment without computed fields: unpinned times, those of segments, and confidence."""
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


def last_reversed_or_made(history: History) -> int:
    """Return the id of the change that was made, undone or redone last."""
    last = history.changes[-1]
    return int(last.what.get("change", last.id))


class Editing(RuleBasedStateMachine):
    """An episode that two people correct, and what it was whenever which changes stood."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._standing: set[int] = set()
        self._known: dict[frozenset[int], Any] = {}

    @initialize(file=st.sampled_from(FILES))
    def lay_out(self, file: tuple[str, bytes]) -> None:
        self._path = laid_out(Path(self._folder.name), *file)
        self._files = {frozenset[int](): file}

    def teardown(self) -> None:
        self._folder.cleanup()

    @rule(who=PEOPLE, command=TEXTS | OTHERS)
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
        own = [each.id for each in history.changes if each.who == who and undoable(history, who, each.id)]
        change = undoable(history, who, data.draw(st.sampled_from([None, *own])))
        if change:
            try:
                undo(history, change, who)
                self._standing.remove(change.id)
            except ConflictError:
                assert last_reversed_or_made(history) != change.id, "what was done last can always be undone"

    @rule(who=PEOPLE)
    def redo(self, who: str) -> None:
        history = open_history(self._path)
        if change := redoable(history, who):
            try:
                redo(history, change, who)
                self._standing.add(change.id)
            except ConflictError:
                assert last_reversed_or_made(history) != change.id, "what was undone last can always be redone"

    @invariant()
    def the_same_changes_make_the_same_state(self) -> None:
        alignment = check_whole(self._path).alignment
        name, standing = alignment.transcript.file, frozenset(self._standing)
        content = set_by_people(self._path.read_bytes())
        assert self._known.setdefault(standing, content) == content
        file = name, (self._path.parent / name).read_bytes()
        assert self._files.setdefault(standing, file) == file

    @invariant()
    def the_file_reads_as_the_alignment_says(self) -> None:
        history = open_history(self._path)
        transcript = history.alignment.transcript
        file = open_transcript(self._path.parent / transcript.file)
        assert (file.sha256, file.draft.text) == (transcript.sha256, transcript.text)
        if any(segment.pinned for segment in transcript.segments):
            assert structured(file.understood(), history.alignment).segments == transcript.segments
        kept = {hashlib.sha256(version.content()).hexdigest() for version in versions_in(self._path.parent)}
        assert transcript.sha256 in kept or not any(change.kind == "text" for change in history.changes)


def test_any_edits_undone_and_redone_are_consistent() -> None:
    run_state_machine_as_test(Editing, settings=examples(60))  # type: ignore[no-untyped-call]
