"""A reader of a file finds the old content or the new, never half of it."""

import os
from pathlib import Path

import pytest

from aligner.errors import OutputError
from aligner.storage.atomic import making, replacing, write_files, write_text


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
