"""What is put at a file's end lies on the disk, or the file is as it was."""

from pathlib import Path

import pytest

from media import appending
from media.appending import append


def test_what_follows_the_bytes_that_count_goes(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    append(file, b"one\n", 0)
    append(file, b"two\n", 4)
    append(file, b"three\n", 4)
    assert file.read_bytes() == b"one\nthree\n"
    append(file, b"", 4)
    assert file.read_bytes() == b"one\n"


def test_it_is_flushed_before_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, bytes]] = []
    file = tmp_path / "a.jsonl"
    monkeypatch.setattr(appending, "sync", lambda _: told.append(("content", file.read_bytes())))
    monkeypatch.setattr(appending, "flush_names", lambda folder: told.append((folder.name, file.read_bytes())))
    append(file, b"one\n", 0)
    append(file, b"two\n", 4)
    assert told == [("content", b"one\n"), (tmp_path.name, b"one\n"), ("content", b"one\ntwo\n")]


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    file, other = tmp_path / "a.jsonl", tmp_path / "other"
    other.write_bytes(b"mine")
    file.symlink_to(other)
    with pytest.raises(OSError, match=r"."):
        append(file, b"x", 0)
    assert other.read_bytes() == b"mine"
