"""Which paragraphs people wrote is known of their history, whatever was set right, undone or aligned beside them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from aligner.corrections.commands import Command, GivenParagraph, Insert, Move, Text, corrected
from aligner.corrections.following import what_of
from aligner.model import Alignment, Kind
from aligner.storage.history import changed, open_history
from aligner.storage.text_changes import written_segments
from aligner.storage.undoing import redo, undo
from tests.aligner.episodes import alignment_of
from tests.aligner.storage.corrected import OPENING, laid_out


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return laid_out(tmp_path)


def correct(path: Path, command: Command) -> None:
    history = open_history(path)
    changed(history, corrected(history.alignment, command, None), what_of(command), "Ada")


def written(path: Path) -> list[bool]:
    return list(written_segments(path, len(open_history(path).alignment.segments)))


def paragraph(text: str, speaker: str | None = None) -> GivenParagraph:
    return GivenParagraph(Kind.SPEECH, speaker, text)


def told_in_the_preview(alignment: Alignment) -> Alignment:
    """As where a person said in the preview, of all paragraphs at once, that a label names a speaker."""
    pinned = tuple(replace(each, segment=replace(each.segment, pinned=True)) for each in alignment.segments)
    transcript = replace(alignment.transcript, segments=tuple(each.segment for each in pinned))
    return replace(alignment, segments=pinned, transcript=transcript)


def test_a_paragraph_was_written_that_somebody_saved_or_put_in(path: Path) -> None:
    assert written(path) == [False, False]
    correct(path, Text(first=0, stop=1, paragraphs=[paragraph(OPENING)]))  # as it is
    assert written(path) == [True, False]
    correct(path, Insert(start=10.0, end=11.0, speaker=None, text="a gull cries"))
    assert written(path) == [True, False, True]
    correct(path, Text(first=0, stop=2, paragraphs=[paragraph(OPENING), paragraph("nobody waits at all")]))
    assert written(path) == [True, True, True]


def test_a_paragraph_that_is_no_longer_as_somebody_saved_it_was_not_written(path: Path) -> None:
    correct(path, Text(first=1, stop=2, paragraphs=[paragraph("everybody waits for the tide at noon")]))
    assert written(path) == [False, True]
    history = open_history(path)
    history = undo(history, history.changes[-1], "Ada")
    assert written(path) == [False, False]
    redo(history, history.changes[1], "Ada")
    assert written(path) == [False, True]


def test_what_a_word_of_it_being_set_right_or_aligning_again_leaves_as_it_is_stays_written(path: Path) -> None:
    correct(path, Text(first=0, stop=1, paragraphs=[paragraph(OPENING, "Ada")]))
    correct(path, Move(first=2, stop=3, by=0.02))
    assert written(path) == [True, False]
    history = open_history(path)
    again = [replace(each, start=(each.start or 0.0) + 0.001) for each in history.alignment.segments]
    changed(history, replace(history.alignment, segments=tuple(again)), {"kind": "aligned"}, "")
    assert written(path) == [True, False]


def test_what_was_said_in_the_preview_is_no_sign_that_anybody_read_it(path: Path) -> None:
    history = open_history(path)
    changed(history, told_in_the_preview(history.alignment), {"kind": "aligned"}, "")
    assert written(path) == [False, False]
    correct(path, Move(first=2, stop=3, by=0.02))
    assert written(path) == [False, False]
    correct(path, Text(first=1, stop=2, paragraphs=[paragraph("nobody waits")]))
    assert written(path) == [False, True]


def test_of_an_episode_without_a_history_or_with_that_of_another_nothing_is_known(path: Path) -> None:
    assert list(written_segments(path, 2)) == [False, False]
    correct(path, Text(first=0, stop=1, paragraphs=[paragraph(OPENING)]))
    assert list(written_segments(path, len(alignment_of(OPENING).segments))) == [False]
