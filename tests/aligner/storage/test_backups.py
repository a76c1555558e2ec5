"""What quotecast did not write is kept beside what replaces it."""

import os
from pathlib import Path

import pytest

from aligner.errors import OutputError
from aligner.outputs import check_outputs
from aligner.storage.atomic import without_backup_ending, write_keeping
from tests.tables import over_rows


def lying(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir() if path.is_file()}


def test_what_a_person_made_or_edited_is_kept_and_what_quotecast_wrote_is_not(tmp_path: Path) -> None:
    path = tmp_path / "a.vtt"
    path.write_text("made", encoding="utf-8")
    assert write_keeping({path: b"one"}) == (tmp_path / "a.vtt.bak",)
    assert write_keeping({path: b"two"}) == ()
    path.write_text("edited", encoding="utf-8")
    assert write_keeping({path: b"three"}) == (tmp_path / "a.vtt.bak2",)
    assert lying(tmp_path) == {"a.vtt": "three", "a.vtt.bak": "made", "a.vtt.bak2": "edited"}


def test_what_quotecast_wrote_is_kept_too_where_that_is_asked_for(tmp_path: Path) -> None:
    for text, ours_too in (("one", False), ("two", False), ("three", True)):
        write_keeping({tmp_path / "a.mp3": text.encode()}, ours_too=ours_too)
    assert lying(tmp_path) == {"a.mp3": "three", "a.mp3.bak": "two"}


def test_without_the_database_a_copy_too_many_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "blocked").write_text("", encoding="utf-8")
    monkeypatch.setenv("QUOTECAST_DATA", str(tmp_path / "blocked" / "data"))
    for text in ("old", "new", "new"):
        write_keeping({tmp_path / "a.vtt": text.encode()})
    assert lying(tmp_path) == {"a.vtt": "new", "a.vtt.bak": "old", "blocked": ""}


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="whoever may do everything is refused nothing")
def test_what_cannot_be_read_is_not_written_over(tmp_path: Path) -> None:
    path = tmp_path / "a.vtt"
    path.write_text("mine", encoding="utf-8")
    path.chmod(0)
    with pytest.raises(OutputError, match="cannot be read"):
        write_keeping({path: b"one"})
    path.chmod(0o644)
    assert lying(tmp_path) == {"a.vtt": "mine"}


@pytest.mark.skipif(os.name != "posix", reason="other systems have other rights")
def test_a_file_keeps_its_rights_and_what_is_written_beside_a_private_one_is_as_private(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(b"sound")
    (tmp_path / "a.mp3").chmod(0o600)
    (tmp_path / "b.vtt").write_bytes(b"open")
    (tmp_path / "b.vtt").chmod(0o640)
    write_keeping({tmp_path / "a.vtt": b"1", tmp_path / "b.vtt": b"2", tmp_path / "c.vtt": b"3"})
    modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.glob("*.vtt")}
    assert (modes["a.vtt"], modes["b.vtt"]) == (0o600, 0o640)
    assert modes["c.vtt"] & 0o044


def test_an_output_may_not_replace_what_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.vtt"
    path.write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="would replace the file that is read"):
        check_outputs([path], [path])


@over_rows("name, of", [("a.mp3.bak", "a.mp3"), ("a.mp3.bak12", "a.mp3"), ("a.mp3", "a.mp3"), (".bak", ".bak")])
def test_what_a_copy_is_of_is_told_by_its_name(name: str, of: str) -> None:
    assert without_backup_ending(Path(name)) == Path(of)
