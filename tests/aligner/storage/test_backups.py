"""Files are replaced whole or not at all, and what quotecast did not write is kept beside what replaces it."""

import os
from pathlib import Path

import pytest

from aligner.errors import OutputError
from aligner.outputs import check_outputs
from aligner.storage.atomic import making, replacing, without_backup_ending, write_files, write_keeping, write_text
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


def test_an_error_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "kept.txt"
    write_text(path, "old")

    def write_half() -> None:
        with replacing(path) as temporary:
            temporary.write_text("ne", encoding="utf-8")
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        write_half()
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_text_is_written_as_utf_8_with_its_own_line_ends(tmp_path: Path) -> None:
    write_text(tmp_path / "x.txt", "é\r\n»\n")
    assert (tmp_path / "x.txt").read_bytes() == "é\r\n»\n".encode()


def test_no_fifo_is_replaced_or_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.txt")
    for write in (lambda: write_text(tmp_path / "x.txt", "new"), lambda: write_files({tmp_path / "x.txt": b"new"})):
        with pytest.raises(OutputError, match="expected to write a file there"):
            write()


def test_no_link_to_a_pipe_or_device_is_replaced(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    for name, target in ("pipe", f"/proc/self/fd/{writing}"), ("device", os.devnull):
        (tmp_path / name).symlink_to(target)
        with pytest.raises(OutputError, match="expected to write a file there"):
            write_text(tmp_path / name, "new")
        assert (tmp_path / name).is_symlink()
    os.close(reading), os.close(writing)


def test_a_file_in_the_way_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="Not a directory"), making(tmp_path / "folder"):
        pass
