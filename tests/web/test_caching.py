"""What was made of a file is kept while the file stays as it is, and no longer."""

import os
from pathlib import Path

import pytest

from web.caching import until_changed


def counting(at_hand: int = 2):
    reads: list[str] = []

    @until_changed(at_hand)
    def content(path: Path) -> str:
        reads.append(path.name)
        return path.read_text(encoding="utf-8")

    return content, reads


def test_a_file_is_read_once_until_its_size_or_time_is_another(tmp_path: Path) -> None:
    content, reads = counting()
    path = tmp_path / "a.txt"
    path.write_text("calm", encoding="utf-8")
    assert [content(path) for _ in range(3)] == ["calm"] * 3
    assert len(reads) == 1
    path.write_text("windy", encoding="utf-8")
    assert content(path) == "windy"
    os.utime(path, ns=(1, 1))
    assert content(path) == "windy"
    assert len(reads) == 3


def test_only_so_many_answers_are_at_hand(tmp_path: Path) -> None:
    content, reads = counting(at_hand=1)
    for name in "aba":
        (tmp_path / name).write_text(name, encoding="utf-8")
        os.utime(tmp_path / name, ns=(1, 1))
        content(tmp_path / name)
    assert reads == ["a", "b", "a"]


def test_a_file_that_is_gone_is_said_to_be_so_though_it_was_read_before(tmp_path: Path) -> None:
    content, _ = counting()
    path = tmp_path / "a.txt"
    path.write_text("calm", encoding="utf-8")
    content(path)
    path.unlink()
    with pytest.raises(FileNotFoundError):
        content(path)
