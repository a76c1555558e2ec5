"""Find the user's folders, and open the SQLite database in the data folder, which other users cannot read.

Feed URLs, permitted folders and a user's decisions are stored here and not in libraries, because a stranger may have
sent a library. They are stored under the library's path, so a library that is moved loses them.

Conventions
-----------
- ``journal_mode=DELETE``, always: WAL corrupts databases on network disks, where home folders may be.
- One connection for each use, closed afterwards; every write is one transaction that takes the lock first.
- A database of another version is refused. So is a database of another machine, because its jobs may run there.
"""

from __future__ import annotations

import contextlib
import errno
import os
import platform
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from aligner.errors import AlignerError

HIDDEN = ".quotecast"  # the folder, in a library and in an episode's folder, of derived files, which may be removed
CLIPS = "clips"  # the folder of an episode's clips
OWN = frozenset([HIDDEN, CLIPS, "trash", "versions"])
"""Folders, in a library and in an episode's folder, in which quotecast alone writes."""


def config_folder() -> Path:
    """Return quotecast's configuration folder (QUOTECAST_CONFIG if set). The folder need not exist yet."""
    return _of_user("QUOTECAST_CONFIG", "user_config_path")


def cache_folder() -> Path:
    """Return quotecast's cache folder (QUOTECAST_CACHE if set). The folder need not exist yet."""
    return _of_user("QUOTECAST_CACHE", "user_cache_path")


def data_folder() -> Path:
    """Return quotecast's data folder (QUOTECAST_DATA if set). The folder need not exist yet."""
    return _of_user("QUOTECAST_DATA", "user_data_path")


def _of_user(variable: str, function: str) -> Path:
    if named := os.environ.get(variable):
        return Path(named).expanduser()
    import platformdirs

    return Path(getattr(platformdirs, function)("quotecast", appauthor=False))


NAME = "quotecast.sqlite"
VERSION = 4

_WAITS = 30.0  # seconds while another process writes
_SCHEMA = """
CREATE TABLE owner (machine TEXT NOT NULL) STRICT;
CREATE TABLE library (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE record (
    library INTEGER NOT NULL REFERENCES library ON DELETE CASCADE,
    kind TEXT NOT NULL,  -- the name of its class
    name TEXT NOT NULL,
    content TEXT NOT NULL,  -- JSON, which may hold the private key of a feed
    PRIMARY KEY (library, kind, name)
) STRICT;
CREATE TABLE written (path BLOB NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (path, sha256)) STRICT;
CREATE INDEX written_sha256 ON written (sha256);
CREATE TABLE secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
CREATE TABLE ended_session (id TEXT PRIMARY KEY, began REAL NOT NULL) STRICT;
CREATE TABLE job (
    id TEXT PRIMARY KEY,
    library INTEGER NOT NULL REFERENCES library ON DELETE CASCADE,
    content TEXT NOT NULL  -- JSON, with its messages as template and values, so that they can be translated
) STRICT;
CREATE INDEX job_library ON job (library);
"""


class StateError(AlignerError):
    """Error: the user's database cannot be used."""


@contextlib.contextmanager
def connected() -> Iterator[sqlite3.Connection]:
    """Context manager: open the user's database, created on first use. Raises StateError if the database cannot be
    read, is damaged, has another version, or belongs to another machine."""
    path = data_folder() / NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # The mode is set before anything is written: feeds' addresses may hold private keys.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        path.chmod(0o600)  # a restored backup may have another mode
        with contextlib.closing(sqlite3.connect(path, timeout=_WAITS, isolation_level=None)) as connection:
            connection.row_factory = sqlite3.Row
            _prepare(connection, path)
            yield connection
    except sqlite3.Error as error:
        is_full = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        cause = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) if is_full else error
        raise StateError("{path}: cannot be used ({reason})", path=path, reason=str(error)) from cause
    except OSError as error:
        if error.filename is None or Path(os.fsdecode(error.filename)) not in (path, *path.parents):
            raise
        raise StateError(
            "{path}: cannot be used ({reason}); name another folder in QUOTECAST_DATA",
            path=path, reason=error.strerror,
        ) from error  # fmt: skip


@contextlib.contextmanager
def changing() -> Iterator[sqlite3.Connection]:
    """Context manager: open a write transaction, rolled back on an error. Raises the same errors as ``connected``."""
    with connected() as connection, _transaction(connection):
        yield connection


def library_number(connection: sqlite3.Connection, root: Path) -> int:
    """Return the database id of the library at ``root``; assign one on first use. Call this within ``changing``."""
    path = os.fsencode(root.resolve()).decode("utf-8", "backslashreplace")
    connection.execute("INSERT OR IGNORE INTO library (path) VALUES (?)", (path,))
    number: int = connection.execute("SELECT id FROM library WHERE path = ?", (path,)).fetchone()["id"]
    return number


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # on a full disk SQLite has rolled back by itself
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    machine = platform.node().partition(".")[0]  # the domain changes with the network
    if (found := _version(connection)) not in (0, VERSION):
        raise StateError(
            "{path}: is of another version ({found}, this quotecast uses {known}); name another folder in"
            " QUOTECAST_DATA, or use the quotecast that made it",
            path=path, found=found, known=VERSION,
        )  # fmt: skip
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA journal_mode=DELETE")
    if not found:
        with _transaction(connection):
            if not _version(connection):  # no other process has made it meanwhile
                for statement in _SCHEMA.split(";\n"):
                    connection.execute(statement)
                connection.execute("INSERT INTO owner VALUES (?)", (machine,))
                connection.execute(f"PRAGMA user_version={VERSION}")
    owner = connection.execute("SELECT machine FROM owner").fetchone()["machine"]
    if owner != machine:
        raise StateError(
            "{path}: belongs to the machine {owner}, and this one is {machine}; name another folder in QUOTECAST_DATA",
            path=path, owner=owner, machine=machine,
        )  # fmt: skip


def _version(connection: sqlite3.Connection) -> int:
    found: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return found
