"""The user's database: private, whole or unchanged, and never converted from another version."""

import errno
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from aligner.storage.database import NAME, VERSION, StateError, changing, connected
from tests.aligner.command import assert_refused, posix_only, quotecast_here
from tests.tables import over_rows

WRITE_MANY = """
import sys
from aligner.storage.database import changing
for number in range(40):
    with changing() as db:
        db.execute("INSERT INTO library (path) VALUES (?)", (f"/{sys.argv[1]}/{number}",))
"""


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of a database in a data folder of its own, which nothing has made yet."""
    monkeypatch.setenv("QUOTECAST_DATA", str(tmp_path / "data"))
    return tmp_path / "data" / NAME


def put(*paths: str) -> None:
    with changing() as db:
        for path in paths:
            db.execute("INSERT INTO library (path) VALUES (?)", (path,))


def paths() -> list[str]:
    with connected() as db:
        return [row["path"] for row in db.execute("SELECT path FROM library ORDER BY path")]


def delete_and_stop() -> None:
    with changing() as db:
        db.execute("DELETE FROM library")
        raise KeyboardInterrupt


@posix_only
def test_nobody_else_reads_it_and_its_journal_fits_network_disks(database: Path) -> None:
    put("/one")
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
    assert stat.S_IMODE(database.parent.stat().st_mode) == 0o700
    with connected() as db:
        assert db.execute("PRAGMA journal_mode").fetchone()[0] == "delete"
    assert [path.name for path in database.parent.iterdir()] == [NAME]


def test_a_transaction_is_written_whole_or_not_at_all(database: Path) -> None:
    put("/one")
    with pytest.raises(StateError, match="UNIQUE"):
        put("/two", "/one")
    with pytest.raises(KeyboardInterrupt):
        delete_and_stop()
    assert paths() == ["/one"]


def test_processes_that_write_at_once_lose_nothing(database: Path) -> None:
    commands = [[sys.executable, "-c", WRITE_MANY, name] for name in ("a", "b")]
    writers = [subprocess.Popen(command) for command in commands]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    assert len(paths()) == 80


def test_a_database_of_another_machine_is_refused(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.node", lambda: "desk.home")
    put("/one")
    monkeypatch.setattr("platform.node", lambda: "desk.office.example")
    assert paths() == ["/one"]
    monkeypatch.setattr("platform.node", lambda: "lap.home")
    with pytest.raises(StateError, match=r"belongs to the machine desk, and this one is lap; .*QUOTECAST_DATA"):
        paths()


def test_a_full_disk_is_known_as_that(database: Path) -> None:
    def fill() -> None:
        with changing() as db:
            db.execute("PRAGMA max_page_count=1")
            db.execute("INSERT INTO library (path) VALUES (?)", ("x" * 1_000_000,))

    with pytest.raises(StateError, match="full") as caught:
        fill()
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno == errno.ENOSPC


@over_rows("journal", ["delete", "wal"])
def test_another_version_is_refused_and_left_as_it_is(
    journal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTECAST_DATA", str(tmp_path))
    put("/one")
    with closing(sqlite3.connect(tmp_path / NAME)) as db:
        db.execute(f"PRAGMA journal_mode={journal}")
        db.execute(f"PRAGMA user_version={VERSION + 1}")
    before = (tmp_path / NAME).read_bytes()
    refused = quotecast_here("archive", "status", tmp_path / "library")
    assert_refused(refused, rf"{NAME}: is of another version \({VERSION + 1}, .*QUOTECAST_DATA")
    assert len(refused.stderr.splitlines()) == 1
    assert (tmp_path / NAME).read_bytes() == before


@over_rows(
    "content, reason",
    {"no database": (b"once upon a time " * 100, "not a database"), "a torn one": (b"", "malformed|not a database")},
)
def test_a_damaged_file_is_reported_in_one_sentence_and_left_as_it_is(
    content: bytes, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTECAST_DATA", str(tmp_path))
    put("/one")
    database = tmp_path / NAME
    whole = database.read_bytes()
    database.write_bytes(content or whole[:100] + b"\xff" * (len(whole) - 100))
    before = database.read_bytes()
    refused = quotecast_here("archive", "status", tmp_path / "library")
    assert_refused(refused, rf"{NAME}: cannot be used \(.*({reason})")
    assert len(refused.stderr.splitlines()) == 1
    assert database.read_bytes() == before
