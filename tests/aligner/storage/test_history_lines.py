"""A line says all of a change, and what is none is refused in a sentence, whoever wrote it."""

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from aligner.edits import NOTHING, Edit, applied, difference
from aligner.edits.edit import fields_of
from aligner.edits.lists import LISTS
from aligner.errors import HistoryError, NewerError
from aligner.model import Alignment
from aligner.settled import Signature
from aligner.storage.alignment_json import RECORDS, from_content, to_text
from aligner.storage.file_names import history_path
from aligner.storage.history import open_history, restored
from aligner.storage.history_lines import new_change, read_change
from media.damage import cut_short
from tests.aligner.edits.changed_alignments import two_states
from tests.aligner.storage.corrected import laid_out, lines, set_right
from tests.tables import over_rows

HASHES = "0" * 64, "1" * 64


@pytest.mark.nightly
@settings(max_examples=40)
@given(two_states())
def test_an_edit_comes_back_from_its_line(states: tuple[Alignment, Alignment]) -> None:
    old, new = (state if state is NOTHING else from_content(to_text(state).encode()) for state in states)
    edit = difference(old, new)
    assert new_change(2, "Ada", {"kind": "x"}, HASHES, edit).edit == edit


def test_every_field_of_an_alignment_has_its_place() -> None:
    assert LISTS.keys() == RECORDS.keys()
    other = replace(
        NOTHING,
        language="fr",
        episode=replace(NOTHING.episode, title="x", show="y", date="z", url="u", cover="v"),
        audio=replace(NOTHING.audio, file="a\udc80.mp3", duration=1.5),
        transcript=replace(NOTHING.transcript, file="b", sha256="0" * 64),
        engine=replace(NOTHING.engine, ear="c"),
        coverage=0.5,
        verdict=next(each for each in type(NOTHING.verdict) if each != NOTHING.verdict),
        warnings=(cut_short(1.5, 3.0),),
        signature=Signature("Zoé", "2026-11-27T01:02:03Z", 0.5),
        machine_text=True,
    )
    edit = difference(NOTHING, other)
    assert edit.fields.keys() == fields_of(NOTHING).keys() - {"transcript.title", "transcript.language"}
    assert {each.name for each in fields(Alignment)} == {name.split(".")[0] for name in edit.fields} | LISTS.keys()
    assert applied(NOTHING, new_change(1, "", {"kind": "x"}, (None, HASHES[1]), edit).edit) == other


@over_rows("what", [{}, {"kind": 5}, {"kind": "x", "a": {"b": 1}}, {"kind": "x", "a": float("nan")}])
def test_what_cannot_be_said_is_not_written(what: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"what|expected"):
        new_change(1, "", what, HASHES, Edit())


def test_what_the_alignment_holds_and_a_line_does_not_is_refused() -> None:
    edit = difference(NOTHING, replace(NOTHING, transcript=replace(NOTHING.transcript, title="x")))
    with pytest.raises(ValueError, match="no place in a history"):
        new_change(1, "", {"kind": "x"}, HASHES, edit)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = laid_out(tmp_path / "episode")
    set_right(set_right(open_history(path), 3), 5)
    return path


def changed_line(path: Path, number: int, place: tuple[str | int, ...], value: object) -> None:
    """Put ``value`` where ``place`` leads in a line, counted from 0."""
    there = lines(path)
    data = inner = json.loads(there[number])
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    there[number] = json.dumps(data).encode()
    history_path(path).write_bytes(b"\n".join(there) + b"\n")


WORD = ("edit", "words", 0, "after", 0)
PLACES: list[tuple[str | int, ...]] = [
    ("version",), ("id",), ("when",), ("who",), ("what",), ("what", "kind"), ("what", "words"), ("before_sha256",),
    ("after_sha256",), ("edit",), ("edit", "text"), ("edit", "words"), ("edit", "words", 0), ("edit", "fields"),
    ("edit", "words", 0, "at"), ("edit", "words", 0, "before"), WORD, (*WORD, "text"), (*WORD, "char_start"),
    (*WORD, "segment"), (*WORD, "start"), (*WORD, "end"), (*WORD, "status"), (*WORD, "confidence"), (*WORD, "pinned"),
]  # fmt: skip
DEEP: Any = []
for _ in range(300):
    DEEP = [DEEP]
ODD: list[Any] = [
    None, True, -1, 3, 0.5, 10**400, float("nan"), float("inf"), "", "x" * 20_000, "half \ud83d", [], [1], {}, DEEP,
]  # fmt: skip


@pytest.mark.nightly
@pytest.mark.parametrize("place", PLACES)
def test_whatever_a_line_holds_it_is_refused_in_a_sentence_or_taken(path: Path, place: tuple[str | int, ...]) -> None:
    whole, alignment, told = history_path(path).read_bytes(), path.read_bytes(), []
    for value in ODD:
        history_path(path).write_bytes(whole)
        changed_line(path, 1, place, value)
        for use in (open_history, restored):
            try:
                use(path)
            except (HistoryError, NewerError) as refusal:
                told.append(str(refusal))
        assert path.read_bytes() == alignment
    assert len(told) > 10
    assert not any("\n" in sentence or len(sentence) > len(str(path)) + 400 for sentence in told)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (b"", "no valid JSON"),
        (b"[" * 100_000, "no valid JSON"),
        (b"[]", "expected an object"),
        (b"\xff", "no valid JSON"),
        (b'{"version": 1}', "id is missing"),
        (b'"' + b"x" * 3_000_000 + b'"', "expected an object"),
    ],
)
def test_what_is_no_line_is_named(path: Path, line: bytes, complaint: str) -> None:
    there = lines(path)
    history_path(path).write_bytes(b"\n".join([there[0], line, *there[1:]]) + b"\n")
    before = path.read_bytes()
    with pytest.raises(HistoryError, match=f"line 2 is no change that can be read.*{complaint}.*move the file"):
        open_history(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("order", [[0, 2, 1], [1, 2], [0, 1, 1, 2], [0, 2], [2, 1, 0], [0, 0, 1]])
def test_lines_that_do_not_follow_are_refused(path: Path, order: list[int]) -> None:
    there = lines(path)
    history_path(path).write_bytes(b"".join(there[k] + b"\n" for k in order))
    with pytest.raises(HistoryError, match="does not follow"):
        open_history(path)


def test_a_line_that_leads_elsewhere_than_it_says_is_not_taken(path: Path) -> None:
    history = open_history(path)
    before = path.read_bytes()
    set_right(history, 7)
    path.write_bytes(before)
    changed_line(path, 3, (*WORD, "confidence"), 0.125)
    with pytest.raises(HistoryError, match=r"change 4 cannot be taken \(it leads elsewhere\)"):
        open_history(path)
    assert path.read_bytes() == before


def test_a_line_is_read_as_it_was_written(path: Path) -> None:
    for line in lines(path):
        assert read_change(line).line == line
