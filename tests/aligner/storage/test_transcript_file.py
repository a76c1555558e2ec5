"""The transcript's file says what the alignment says, and no version of it is ever lost."""

import hashlib
import json
from pathlib import Path

import pytest

from aligner.errors import ConflictError, OutdatedError
from aligner.storage.alignment_json import read_alignment
from aligner.storage.history import open_history
from aligner.storage.transcript_file import keep_aligned, versions_in
from aligner.storage.undoing import redo, undo, undoable
from aligner.transcript import read_transcript
from tests.aligner.storage.written_texts import TALK, laid_out, reworded, timed
from tests.tables import over_rows


def kept(path: Path) -> list[bytes]:
    return [version.content() for version in versions_in(path.parent)]


def check_agreement(path: Path, name: str) -> None:
    """The file of that name is what the alignment was made of, and reads as that says."""
    transcript = read_alignment(path).transcript
    assert transcript.file == name
    content = (path.parent / name).read_bytes()
    assert hashlib.sha256(content).hexdigest() == transcript.sha256
    assert read_transcript(path.parent / name).text == transcript.text
    assert content in kept(path)


def test_the_file_says_what_was_changed_and_the_original_comes_first(tmp_path):
    path = laid_out(tmp_path)
    history = reworded(open_history(path), 1, "Avec grand plaisir.")
    check_agreement(path, "talk.txt")
    reworded(history, 3, "Non.")
    check_agreement(path, "talk.txt")
    texts = [TALK, TALK.replace("Avec", "Avec grand")]
    assert kept(path) == [text.encode() for text in (*texts, texts[1].replace("Oui", "Non"))]
    assert [version.number for version in versions_in(tmp_path)] == [1, 2, 3]
    assert not list(tmp_path.glob("*.bak"))


@over_rows("encoding", ["latin-1", "utf-8-sig", "utf-16"])
def test_undone_the_file_is_again_what_it_was_to_the_byte(tmp_path, encoding):
    original = TALK.replace("\n", "\r\n").encode(encoding)
    path = laid_out(tmp_path, content=original)
    history = reworded(open_history(path), 1, "Avec grand plaisir.")
    assert (tmp_path / "talk.txt").read_bytes() == original.decode(encoding).replace("Avec", "Avec grand").encode()
    change = undoable(history)
    assert change
    history = undo(history, change, "Léa")
    assert (tmp_path / "talk.txt").read_bytes() == original
    check_agreement(path, "talk.txt")
    redo(history, change, "Léa")
    check_agreement(path, "talk.txt")
    assert len(kept(path)) == 2


def test_what_cannot_keep_its_format_becomes_text_beside_it_and_the_library_knows(tmp_path):
    content = f"<p>{TALK}</p>".replace("\n\n", "</p><p>").encode()
    path = laid_out(tmp_path, "talk.html", content)
    details = {"format": "quotecast-episode", "version": 1, "transcript": "talk.html", "note": "é"}
    (tmp_path / "episode.json").write_text(json.dumps(details), encoding="utf-8")
    (tmp_path / "talk.txt").write_text("Somebody's own.", encoding="utf-8")
    history = reworded(open_history(path), 1, "Avec grand plaisir.")
    check_agreement(path, "talk 2.txt")
    assert (tmp_path / "talk.txt").read_text(encoding="utf-8") == "Somebody's own."
    assert (tmp_path / "talk.html").read_bytes() == content
    told = json.loads((tmp_path / "episode.json").read_text(encoding="utf-8"))
    assert told == {**details, "transcript": "talk 2.txt"}
    change = undoable(history)
    assert change
    undo(history, change, "")
    check_agreement(path, "talk.html")
    assert json.loads((tmp_path / "episode.json").read_text(encoding="utf-8")) == details


def test_a_file_that_was_edited_since_it_was_aligned_is_not_written_over(tmp_path):
    path = laid_out(tmp_path)
    (tmp_path / "talk.txt").write_text(TALK.replace("Oui", "Si"), encoding="utf-8")
    with pytest.raises(ConflictError, match="was edited since it was aligned"):
        reworded(open_history(path), 1, "Avec grand plaisir.")
    assert (tmp_path / "talk.txt").read_text(encoding="utf-8") == TALK.replace("Oui", "Si")
    assert open_history(path).changes == ()


@over_rows("reverse", [undo, redo])
def test_nothing_taken_back_or_again_is_written_over_an_edit_made_elsewhere(tmp_path, reverse):
    path = laid_out(tmp_path)
    history = reworded(open_history(path), 1, "Avec grand plaisir.")
    change = undoable(history)
    assert change
    if reverse is redo:
        history = undo(history, change, "Ada")
    edited = (tmp_path / "talk.txt").read_text(encoding="utf-8").replace("Oui", "Si")
    (tmp_path / "talk.txt").write_text(edited, encoding="utf-8")
    with pytest.raises(OutdatedError, match="was edited since it was aligned"):
        reverse(history, change, "Ada")
    assert (tmp_path / "talk.txt").read_text(encoding="utf-8") == edited
    assert open_history(path).changes == history.changes
    assert len(kept(path)) == 2


def test_a_file_put_back_by_hand_to_a_version_is_written_over(tmp_path):
    path = laid_out(tmp_path)
    history = reworded(open_history(path), 1, "Avec grand plaisir.")
    change = undoable(history)
    assert change
    (tmp_path / "talk.txt").write_bytes(TALK.encode())
    undo(history, change, "Ada")
    check_agreement(path, "talk.txt")


def test_a_transcript_that_has_gone_is_written_anew(tmp_path):
    path = laid_out(tmp_path)
    (tmp_path / "talk.txt").unlink()
    reworded(open_history(path), 1, "Avec grand plaisir.")
    check_agreement(path, "talk.txt")


def test_each_state_that_was_aligned_stays(tmp_path):
    path = laid_out(tmp_path)
    earlier = read_alignment(path)
    (tmp_path / "talk.txt").write_text("Leo : Autre chose.\n", encoding="utf-8")
    aligned = timed(read_transcript(tmp_path / "talk.txt"))
    keep_aligned(aligned, earlier, tmp_path / "talk.txt", tmp_path)
    assert kept(path) == [TALK.encode(), b"Leo : Autre chose.\n"]
    keep_aligned(aligned, aligned, tmp_path / "talk.txt", tmp_path)
    assert len(kept(path)) == 2


def test_an_episode_that_is_aligned_once_needs_no_versions(tmp_path):
    path = laid_out(tmp_path)
    keep_aligned(read_alignment(path), None, tmp_path / "talk.txt", tmp_path)
    keep_aligned(read_alignment(path), read_alignment(path), tmp_path / "talk.txt", tmp_path)
    assert not (tmp_path / "versions").exists()
