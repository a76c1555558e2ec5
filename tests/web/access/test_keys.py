"""A user's keys are read by nobody else, and only where they are what they should be."""

import errno
import os
import stat
from pathlib import Path

import pytest

from aligner.errors import OutputError
from web.access.keys import forget_key, kept_key, new_key, sweep_keys, users_key, why_none


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's configuration."""
    monkeypatch.setenv("QUOTECAST_CONFIG", str(tmp_path / "own"))
    return tmp_path / "own"


def test_a_key_is_made_once_and_stays(folder: Path) -> None:
    assert kept_key("key") is None
    key = users_key("key")
    assert len(key) == 32
    assert users_key("key") == kept_key("key") == key
    assert stat.S_IMODE((folder / "key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_key_that_was_forgotten_is_another_one_next_time() -> None:
    key = new_key("jobs/one")
    forget_key("jobs/one")
    assert kept_key("jobs/one") is None
    assert users_key("jobs/one") != key
    forget_key("jobs/none")


@pytest.mark.parametrize("content", [b"", b"x" * 31, b"x" * 33, b"x" * 1_000_000])
def test_what_is_no_key_is_made_anew(folder: Path, content: bytes) -> None:
    folder.mkdir()
    (folder / "key").write_bytes(content)
    (folder / "key").chmod(0o600)
    assert len(users_key("key")) == 32 != len(content)


def test_a_key_that_others_could_read_counts_no_more(folder: Path) -> None:
    key = users_key("key")
    (folder / "key").chmod(0o644)
    assert users_key("key") != key


@pytest.mark.parametrize("what", ["link", "fifo", "folder"])
def test_what_is_no_file_of_the_users_own_is_neither_read_nor_replaced(folder: Path, tmp_path: Path, what: str) -> None:
    folder.mkdir()
    (tmp_path / "elsewhere").write_bytes(b"x" * 32)
    (tmp_path / "elsewhere").chmod(0o600)
    match what:
        case "link":
            (folder / "key").symlink_to(tmp_path / "elsewhere")
        case "fifo":
            os.mkfifo(folder / "key")
        case "folder":
            (folder / "key").mkdir()
    with pytest.raises(OutputError, match="no file of this user's own"):
        users_key("key")
    assert not (folder / "key").is_file() or (folder / "key").is_symlink()


def test_where_none_can_be_kept_it_is_said_why(folder: Path) -> None:
    assert why_none("key", "jobs/one") is None
    folder.rename(folder.with_name("away"))
    folder.touch()
    assert "own" in str(why_none("key"))


def test_where_the_folder_is_read_only_another_one_is_asked_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    folder.mkdir()
    monkeypatch.setattr(Path, "touch", refuse)
    assert str(why_none("key")) == (
        f"{folder / 'key'}: cannot be used (Read-only file system); name another folder in QUOTECAST_CONFIG"
    )


def test_keys_of_long_ago_are_swept(folder: Path) -> None:
    new_key("jobs/one")
    new_key("jobs/two")
    os.utime(folder / "jobs" / "one", (1, 1))
    sweep_keys("jobs")
    assert kept_key("jobs/one") is None
    assert kept_key("jobs/two")
    sweep_keys("nothing")
