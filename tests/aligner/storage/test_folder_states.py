"""What was made of the files in a folder is kept until one comes or goes, and no longer."""

import os
import time
from pathlib import Path

import pytest

from aligner.storage import folder_states
from aligner.storage.folder_states import until_entries_change


def counting():
    reads: list[str] = []

    @until_entries_change(2)
    def names(folder: Path, more: str = "") -> list[str]:
        reads.append(folder.name)
        return [*sorted(path.name for path in folder.iterdir()), more]

    return names, reads


def test_a_folder_is_read_once_until_something_comes_or_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_states, "_SETTLED_NS", 0)
    names, reads = counting()
    (tmp_path / "a").touch()
    assert [names(tmp_path) for _ in range(3)] == [["a", ""]] * 3
    assert len(reads) == 1
    assert names(tmp_path, "other") == ["a", "other"]
    time.sleep(0.02)  # longer than a tick of the clock
    (tmp_path / "b").touch()
    os.utime(tmp_path, ns=(1, 1))
    assert names(tmp_path) == ["a", "b", ""]


def test_what_has_only_just_changed_is_read_each_time(tmp_path: Path) -> None:
    names, reads = counting()
    for k in range(20):
        (tmp_path / f"{k:02}").touch()
        assert len(names(tmp_path)) == k + 2
    assert len(reads) == 20


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    names, _ = counting()
    with pytest.raises(FileNotFoundError):
        names(tmp_path / "gone")
