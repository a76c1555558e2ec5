"""Files are replaced together or not at all, and what is not ours is kept beside them."""

import hashlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import pytest

from aligner.errors import OutputError
from aligner.storage import backups
from aligner.storage.backups import to_keep, write_keeping
from aligner.storage.journal import backup_names, fingerprint, without_backup_ending
from aligner.storage.outputs import check_outputs
from media import confinement
from media.confinement import confine
from tests.changes import before_moving
from tests.tables import over_rows


def test_without_the_cache_a_file_is_kept_rather_than_lost_but_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "blocked").write_text("", encoding="utf-8")
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path / "blocked" / "cache"))
    for text in ("old", "new", "old", "new"):
        write_keeping({tmp_path / "a.vtt": text.encode()})
    assert sorted(path.name for path in tmp_path.glob("a*")) == ["a.vtt", "a.vtt.bak", "a.vtt.bak2"]


def test_what_we_wrote_is_kept_too_where_that_is_asked_for(tmp_path: Path) -> None:
    for text, ours_too in (("one", False), ("two", False), ("three", True)):
        write_keeping({tmp_path / "a.mp3": text.encode()}, ours_too=ours_too)
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {
        "a.mp3": "three",
        "a.mp3.bak": "two",
    }


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were read to be compared, as they are."""
    names: list[str] = []

    def noted(path: Path) -> str | None:
        names.append(path.name)
        return fingerprint(path)

    monkeypatch.setattr(backups, "fingerprint", noted)
    return names


def plant_backups(path: Path, contents: Iterable[bytes]) -> None:
    for backup, content in zip(backup_names(path), contents, strict=False):
        backup.write_bytes(content)


def test_of_many_copies_a_few_are_compared_and_another_is_made(tmp_path: Path, read: list[str]) -> None:
    edited = tmp_path / "a.vtt"
    edited.write_bytes(b"mine")
    plant_backups(edited, (f"{number:04}".encode() for number in range(300)))
    assert write_keeping({edited: b"new"}) == (tmp_path / "a.vtt.bak301",)
    assert len(read) < 25
    assert (tmp_path / "a.vtt.bak301").read_bytes() == b"mine"


def test_what_the_latest_of_many_copies_holds_is_kept_there_already(tmp_path: Path) -> None:
    edited = tmp_path / "a.vtt"
    edited.write_bytes(b"mine")
    plant_backups(edited, [*(f"{number:04}".encode() for number in range(100)), b"mine", b"else"])
    assert write_keeping({edited: b"new"}) == ()


def test_copies_of_another_size_are_not_read_and_of_large_ones_few(
    tmp_path: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    edited = tmp_path / "a.vtt"
    edited.write_bytes(b"mine")
    plant_backups(edited, [b""] * 10)
    os.truncate(tmp_path / "a.vtt.bak3", 400_000_000)
    write_keeping({edited: b"new"})
    assert read == ["a.vtt"]
    monkeypatch.setattr(backups, "_MOST_COMPARED_BYTES", 10)
    read.clear()
    edited.write_bytes(b"also")
    plant_backups(edited, [b"1234", b"5678"] * 6)
    assert write_keeping({edited: b"newer"}) == (tmp_path / "a.vtt.bak13",)
    assert read == ["a.vtt", "a.vtt.bak12", "a.vtt.bak11"]


def test_if_one_file_cannot_be_written_none_changes(tmp_path: Path) -> None:
    first, blocked = tmp_path / "a.vtt", tmp_path / "b.vtt"
    first.write_text("old", encoding="utf-8")
    blocked.mkdir()
    with pytest.raises(OutputError, match=r"b\.vtt"):
        write_keeping({first: b"new", tmp_path / "c.vtt": b"new", blocked: b"new"})
    assert first.read_text(encoding="utf-8") == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.vtt", "b.vtt"]


def test_if_one_file_cannot_be_replaced_those_before_it_are_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where a player that has the captions open holds on to them."""
    names = ("edited.vtt", "new.vtt", "held.srt", "last.json")
    for name in ("edited.vtt", "held.srt"):
        (tmp_path / name).write_text(f"old {name}", encoding="utf-8")

    def refuse(_path: Path, target: Path) -> None:
        if target.name == "held.srt":
            raise PermissionError(13, "held by a player")

    before_moving(monkeypatch, refuse)
    with pytest.raises(OutputError, match=r"held\.srt: .*player"):
        write_keeping({tmp_path / name: b"new" for name in names})
    left = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert left == {name: f"old {name}" for name in ("edited.vtt", "held.srt")}


def test_a_link_out_of_a_library_goes_and_what_it_leads_to_is_not_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confinement, "_confined", set())
    (tmp_path / "private").write_text("private", encoding="utf-8")
    (tmp_path / "library").mkdir()
    confine(tmp_path / "library")
    for name, target in (("a.vtt", tmp_path / "private"), ("b.vtt", "nowhere")):
        (tmp_path / "library" / name).symlink_to(target)
        check_outputs([tmp_path / "library" / name], [])
        assert write_keeping({tmp_path / "library" / name: b"new"}) == ()
    written = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "library").iterdir()}
    assert written == {"a.vtt": "new", "b.vtt": "new"}
    assert (tmp_path / "private").read_text(encoding="utf-8") == "private"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows tells of no holes in a file")
def test_a_file_that_is_a_hole_is_kept_without_being_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hollow = tmp_path / "a.vtt"
    hollow.touch()
    os.truncate(hollow, 400_000_000)
    digest = hashlib.file_digest

    def of_what_is_small(file: BinaryIO, name: str) -> object:
        assert os.fstat(file.fileno()).st_size < 10, "it was read"
        return digest(file, name)

    monkeypatch.setattr(hashlib, "file_digest", of_what_is_small)
    assert write_keeping({hollow: b"new"}) == (tmp_path / "a.vtt.bak",)
    assert (tmp_path / "a.vtt.bak").stat().st_size == 400_000_000


@over_rows("beside", [False, True])
def test_a_file_larger_than_any_of_ours_is_kept_without_being_read(tmp_path: Path, beside: bool) -> None:
    path = tmp_path / "a.vtt"
    path.touch()
    os.truncate(path, 1 << 42)
    kept = {tmp_path / "a.vtt.bak": path}
    if beside:
        assert to_keep(path, b"new") == kept
        assert write_keeping({}, {**to_keep(path, b"new"), path: b"new"}) == ()
    else:
        assert write_keeping({path: b"new"}) == (*kept,)
    assert {each.name: each.stat().st_size for each in tmp_path.iterdir()} == {"a.vtt": 3, "a.vtt.bak": 1 << 42}
    assert path.read_bytes() == b"new"


def test_a_link_within_the_folder_is_kept_as_what_it_led_to(tmp_path: Path) -> None:
    (tmp_path / "b.vtt").write_bytes(b"old")
    (tmp_path / "a.vtt").symlink_to("b.vtt")
    write_keeping({tmp_path / "a.vtt": b"new"})
    with (tmp_path / "b.vtt").open("r+b") as file:
        file.write(b"OLD")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        "a.vtt": b"new", "b.vtt": b"OLD", "a.vtt.bak": b"old",
    }  # fmt: skip


def test_what_is_kept_has_the_time_at_which_it_was_made(tmp_path: Path) -> None:
    (tmp_path / "a.vtt").write_bytes(b"old")
    os.utime(tmp_path / "a.vtt", (1000, 1000))
    write_keeping({tmp_path / "a.vtt": b"new"})
    assert (tmp_path / "a.vtt.bak").stat().st_mtime == 1000


@over_rows(
    "name, of",
    [
        ("e.mp3.bak", "e.mp3"),
        ("e.mp3.bak12", "e.mp3"),
        ("e.mp3", "e.mp3"),
        ("e.bak.mp3", "e.bak.mp3"),
        (".bak", ".bak"),
    ],
)
def test_what_a_copy_is_of_is_told_by_its_name(name: str, of: str) -> None:
    assert without_backup_ending(Path("folder", name)) == Path("folder", of)
