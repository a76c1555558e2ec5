"""A user's keys are read by nobody else, and only where they are what they should be."""

import errno
import os
import stat
from pathlib import Path

import pytest

from aligner.errors import OutputError
from aligner.storage.keys import forget_key, kept_key, users_key, why_none
from aligner.storage.recovery import recover_all


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
    key = users_key("jobs/one")
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


@pytest.fixture
def no_configuration(folder: Path) -> Path:
    """One that cannot be written."""
    folder.touch()
    return folder


def test_where_the_configuration_cannot_be_written_the_key_lies_in_the_fallback(
    tmp_path: Path, no_configuration: Path
) -> None:
    key = users_key("key", tmp_path / "cache")
    assert kept_key("key", tmp_path / "cache") == users_key("key", tmp_path / "cache") == key
    assert stat.S_IMODE((tmp_path / "cache" / "key").stat().st_mode) == 0o600


def test_where_the_fallback_cannot_be_written_either_the_configuration_is_to_be_changed(
    tmp_path: Path, no_configuration: Path
) -> None:
    (tmp_path / "cache").touch()
    with pytest.raises(OutputError, match=r"own/key: .*QUOTECAST_CONFIG"):
        users_key("key", tmp_path / "cache")


def test_where_the_configuration_can_be_written_nothing_lies_in_the_fallback(tmp_path: Path) -> None:
    assert users_key("key", tmp_path / "cache") == kept_key("key")
    assert not (tmp_path / "cache").exists()


def test_where_everyone_reads_everything_no_key_is_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch = Path.touch
    monkeypatch.setattr(Path, "touch", lambda path, **_: (touch(path), path.chmod(0o755)))
    with pytest.raises(OutputError, match="others can read what is kept there"):
        users_key("key")
    assert list(folder.iterdir()) == []


def test_of_processes_that_make_a_key_at_once_the_first_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    link, firsts = os.link, []

    def overtaken(path: Path, target: Path) -> None:
        monkeypatch.setattr(os, "link", link)
        firsts.append(users_key("key"))
        link(path, target)

    monkeypatch.setattr(os, "link", overtaken)
    assert [users_key("key")] == firsts == [kept_key("key")]


def test_where_a_file_has_but_one_name_a_key_is_made_all_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, target: Path) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM), str(path))

    monkeypatch.setattr(os, "link", refuse)
    assert users_key("key") == kept_key("key") == users_key("key")
    assert [path.name for path in folder.iterdir()] == ["key"]


def test_a_key_is_never_open_to_others_on_its_way(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modes, write = [], Path.write_bytes

    def look(path: Path, content: bytes) -> int:
        modes.append(stat.S_IMODE(path.stat().st_mode))
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", look)
    users_key("key")
    assert modes == [0o600]
    assert [path.name for path in folder.iterdir()] == ["key"]


def test_what_a_killed_run_left_of_a_key_in_the_cache_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path))
    left = tmp_path / ".quotecast-1-0123456789ab"
    left.touch()
    os.utime(left, (1, 1))
    recover_all()
    assert not left.exists()
