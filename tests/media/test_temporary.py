"""Files of dead processes are removed; those of living ones and through links are not."""

import contextlib
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from media import safe_fs
from media.temporary import append, flush, is_temporary, scratch_folder, sweep, temporary_path
from tests.tables import over_rows

WRITE = "import sys; from pathlib import Path; from media.temporary import temporary_path as t; "


def left_by_a_dead_process(folder: Path, suffix: str = "") -> Path:
    """A temporary file whose writer has ended without a chance to remove it."""
    code = f"{WRITE}path = t(Path(sys.argv[1]), {suffix!r}); path.write_bytes(b'half'); print(path)"
    run = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True)
    return Path(run.stdout.strip())


def older(path: Path, days: float) -> Path:
    state = path.lstat()
    os.utime(path, (state.st_atime, state.st_mtime - days * 86400), follow_symlinks=False)
    return path


def test_files_of_dead_processes_are_removed_and_those_of_living_ones_are_not(tmp_path: Path) -> None:
    dead, ours = left_by_a_dead_process(tmp_path, ".vtt"), temporary_path(tmp_path, ".vtt")
    ours.touch()
    assert is_temporary(dead.name)
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == [ours]


def test_a_folder_is_removed_with_its_content(tmp_path: Path) -> None:
    place = left_by_a_dead_process(tmp_path)
    place.unlink()
    (place / "inner").mkdir(parents=True)
    (place / "inner" / "sound.wav").touch()
    (place / "inner" / "out").symlink_to(tmp_path)
    (tmp_path / "mine").touch()
    sweep(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_files_of_another_machine_stay_for_a_week(tmp_path: Path) -> None:
    written, forgotten = (tmp_path / f".quotecast-00000000-1-1-{number:012x}.vtt" for number in range(2))
    for path in (written, forgotten):
        path.touch()
    older(forgotten, days=8)
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == [written]


@over_rows("name", [".quotecast", "quotecast-demo", ".quotecast-notes.txt", "quotecast-1-2-3.vtt"])
def test_files_with_similar_names_stay(tmp_path: Path, name: str) -> None:
    older_than_any = tmp_path / name
    older_than_any.touch()
    older(older_than_any, days=400)
    sweep(tmp_path)
    assert older_than_any.exists()


def test_the_scratch_folder_of_a_killed_process_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    code = "import os, media.temporary as t\nwith t.scratch_folder() as f: (f / 'x').touch(), os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", code], env={**os.environ, "TMPDIR": str(tmp_path)}, check=False)
    assert len(list(tmp_path.rglob("x"))) == 1
    with scratch_folder() as ours:
        assert ours.parent == tmp_path
        sweep(tmp_path)
        assert list(tmp_path.iterdir()) == [ours]
    assert list(tmp_path.iterdir()) == []


@over_rows("reason, is_told", [(errno.EINVAL, False), (errno.EIO, True), (errno.ENOSPC, True)])
def test_a_disk_without_fsync_works_and_a_failing_one_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reason: int, is_told: bool
) -> None:
    def refuse(_descriptor: int) -> None:
        raise OSError(reason, os.strerror(reason))

    (tmp_path / "x").touch()
    monkeypatch.setattr(os, "fsync", refuse)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(OSError, match=os.strerror(reason)) if is_told else contextlib.nullcontext():
        flush(tmp_path / "x")


def test_nothing_is_removed_through_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe_fs, "_confined", set())
    for name in ("mine", "sent"):
        (tmp_path / name).mkdir()
    left = tmp_path / "mine" / ".quotecast-00000000-1-0-0123456789ab"
    left.touch()
    os.utime(left, (0, 0))
    (tmp_path / "sent" / "clips").symlink_to("../mine")
    safe_fs.confine(tmp_path)
    sweep(tmp_path / "sent" / "clips")
    assert left.exists()
    sweep(tmp_path / "mine")
    assert not left.exists()


def test_appending_replaces_the_rest_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    append(file, b"one\n", 0)
    append(file, b"two\n", 4)
    append(file, b"three\n", 4)
    assert file.read_bytes() == b"one\nthree\n"
    append(file, b"", 4)
    assert file.read_bytes() == b"one\n"
