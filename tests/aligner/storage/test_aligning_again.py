"""Who aligns an episode again while others correct it takes nothing of theirs away."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from aligner.errors import ConflictError
from aligner.model import Alignment
from aligner.outputs import OutputOptions, are_behind, output_contents
from aligner.storage.existing import existing_at, replace_existing
from aligner.storage.file_names import history_path
from aligner.storage.history import open_history
from tests.aligner.storage.corrected import check_whole, kinds, later_by, set_right


def anew(path: Path, alignment: Alignment) -> Mapping[Path, bytes]:
    """What aligning would write, with captions of its own kind."""
    return output_contents(alignment, path.parent, "ferry", OutputOptions(("vtt", "json"), word_times=True))[0]


def test_without_a_history_none_is_begun(path: Path) -> None:
    standing = existing_at(path)
    assert standing.alignment
    contents = anew(path, later_by(standing.alignment, 4, 0.02))
    assert replace_existing(standing, contents) == ()
    assert {each: each.read_bytes() for each in contents} == contents
    assert not history_path(path).exists()


def test_with_a_history_it_is_a_change_of_it_and_its_captions_are_not_behind(path: Path) -> None:
    set_right(open_history(path), 3)
    standing = existing_at(path)
    assert standing.alignment
    contents = anew(path, replace(later_by(standing.alignment, 4, 0.02), coverage=0.5))
    replace_existing(standing, contents)
    assert kinds(check_whole(path)) == ["begun", "pin", "aligned"]
    assert {each: each.read_bytes() for each in contents} == contents
    assert not are_behind(path)
    assert replace_existing(existing_at(path), contents) == ()
    assert kinds(check_whole(path)) == ["begun", "pin", "aligned"]


def test_what_somebody_corrects_meanwhile_is_not_overtaken(path: Path) -> None:
    standing = existing_at(path)
    assert standing.alignment
    contents = anew(path, later_by(standing.alignment, 4, 0.02))
    corrected = set_right(open_history(path), 3)
    with pytest.raises(ConflictError, match="changed by someone else meanwhile"):
        replace_existing(standing, contents)
    assert check_whole(path).alignment == corrected.alignment
    again = existing_at(path)
    assert again.alignment == corrected.alignment


def test_an_alignment_that_came_to_harm_is_put_back_first(path: Path) -> None:
    history = set_right(open_history(path), 3)
    path.write_bytes(b"{")
    assert existing_at(path).alignment == history.alignment
    path.write_bytes(b"{")
    history_path(path).write_bytes(b"?\n")
    standing = existing_at(path)
    assert standing.alignment is None
    assert "line 1 is damaged" in str(standing.problem)
    replace_existing(standing, anew(path, history.alignment))
    assert path.read_bytes() == anew(path, history.alignment)[path]


def test_where_only_the_history_cannot_be_read_pins_are_taken_from_the_alignment(path: Path) -> None:
    history = set_right(open_history(path), 3)
    history_path(path).write_bytes(b"?\n")
    standing = existing_at(path)
    assert standing.alignment == history.alignment
    assert standing.problem


def retold(alignment: Alignment) -> Alignment:
    transcript = alignment.transcript
    return replace(alignment, transcript=replace(transcript, file="new.txt", sha256="d" * 64))


def test_who_takes_another_text_is_in_the_history_that_begins_with_it(path: Path) -> None:
    standing = existing_at(path)
    assert standing.alignment
    replace_existing(standing, anew(path, retold(standing.alignment)), who="Ada")
    first, change = open_history(path).changes
    assert (first.kind, change.who, change.what) == ("begun", "Ada", {"kind": "aligned", "file": "new.txt"})
    assert open_history(path).alignment.transcript.file == "new.txt"


def test_the_same_text_begins_no_history_whoever_has_it_aligned(path: Path) -> None:
    standing = existing_at(path)
    assert standing.alignment
    replace_existing(standing, anew(path, later_by(standing.alignment, 4, 0.02)), who="Ada")
    assert not history_path(path).exists()
