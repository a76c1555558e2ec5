"""The file of a search index: an SQLite database in the user's cache, of one library on this machine.

Why there and not in the library: a library may be a folder that somebody has sent, and a database is read by a parser
that was not made for what an enemy wrote; it may be on a stick or a network's disk, where SQLite's locks hold nothing;
and it may not be writable. What lies in the cache only this user has written. It can be removed at any time.

A file that is damaged, or of another program, is set aside, and one that another version made is replaced; what it
held is read from the folders again. Where the cache cannot be written the file is temporary, made at each start.
"""

from __future__ import annotations

import contextlib
import hashlib
import platform
import shutil
import sqlite3
import tempfile
import threading
import time
import unicodedata
import weakref
from collections.abc import Iterator
from pathlib import Path

import filelock

from aligner.storage.user_folders import cache_folder
from web.errors import Unusable
from web.search.failures import UnreachableError, is_damage

_VERSION = f"1-{unicodedata.unidata_version}"  # of the tables, and of how letters are folded
_APPLICATION = 0x71636173  # "qcas", by which SQLite files of others are told
_BUSY_SECONDS = 30.0  # that a writer waits for another
_LONGEST_QUERY_SECONDS = 5.0
_STEPS = 10_000  # of SQLite between two looks at the clock
_CONNECTIONS = 8  # that are kept open
_PARTS = ("-wal", "-shm", "")  # what is not yet in the file goes before it, lest another file is given it
_DIGITS = 24  # of a hash
_TEMPORARY = tempfile.gettempdir()  # the system's, before a server has what it takes in pass through its library
# ``words`` holds no text but its index: what is removed from it is told by what ``episodes`` and ``texts`` have.
# The index of three letters answers what is only begun.
_TABLES = """
    CREATE TABLE changes (number INTEGER NOT NULL);
    INSERT INTO changes VALUES (0);
    CREATE TABLE episodes (
        number INTEGER PRIMARY KEY, folder BLOB NOT NULL UNIQUE, id TEXT NOT NULL, stamp TEXT NOT NULL,
        words_of TEXT NOT NULL, facts BLOB NOT NULL, title TEXT NOT NULL, show TEXT NOT NULL, speakers TEXT NOT NULL
    );
    CREATE INDEX episodes_by_id ON episodes (id);
    CREATE TABLE texts (
        number INTEGER PRIMARY KEY, folded TEXT NOT NULL, text TEXT NOT NULL, numbers BLOB NOT NULL,
        head BLOB NOT NULL, checksum INTEGER NOT NULL
    );
    CREATE VIRTUAL TABLE words USING fts5 (
        title, show, speakers, said, content='', tokenize='ascii', prefix='3'
    );
"""


class Database:
    """The index file of the library at ``root``. Connections are given to one thread at a time."""

    def __init__(self, root: Path) -> None:
        self._lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._file: tuple[int, int] | None = None  # which one the connections are to
        folder, temporary = _writable_folder()
        # A home that several machines share has a file for each: SQLite's locks are of one machine.
        name = hashlib.sha256(f"{platform.node()}\n{root}".encode("utf-8", "surrogateescape")).hexdigest()[:_DIGITS]
        self.path = folder / f"{name}.{_VERSION}.sqlite"
        self._turn = filelock.FileLock(f"{self.path}.lock")
        self._close = weakref.finalize(self, _end, self._idle, temporary)

    def close(self) -> None:
        self._close()

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """While this lasts, nobody else on this machine is in here; the same thread may come in again.

        Raises
        ------
        UnreachableError
            There can be no file.
        """
        self._have_folder()
        try:
            self._turn.acquire()
        except OSError as error:
            raise UnreachableError(str(error)) from error
        try:
            yield
        finally:
            self._turn.release()

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one state of the index, whatever is written meanwhile.

        Raises
        ------
        Unusable
            It takes too long.
        sqlite3.DatabaseError
            The file is damaged, or there can be none.
        """
        with self._connection() as connection:
            late = time.monotonic() + _LONGEST_QUERY_SECONDS
            connection.set_progress_handler(lambda: time.monotonic() > late, _STEPS)
            connection.execute("BEGIN")
            try:
                yield connection
            except sqlite3.OperationalError as error:
                if time.monotonic() > late:
                    raise Unusable("bounded.time") from error
                raise
            finally:
                connection.set_progress_handler(None, 0)
                with contextlib.suppress(sqlite3.DatabaseError):
                    connection.execute("ROLLBACK")

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection whose changes are seen all or none; other writers, of any process, wait.

        Raises
        ------
        sqlite3.DatabaseError
            The file is damaged, the disk full.
        """
        with self._connection() as connection, _transaction(connection):
            yield connection

    def set_aside(self, kept: bool = True) -> None:
        """Put the file out of the way, in the place of one that was before, or remove it; the next connection makes
        another."""
        with self.alone(), self._lock:
            self._forget_connections()
            if self._file not in (None, _identity(self.path)):
                return  # another process has done so
            for path in (Path(f"{self.path}{ending}") for ending in _PARTS):
                if kept:
                    with contextlib.suppress(OSError):
                        path.replace(path.with_name(path.name.replace(self.path.name, f"{self.path.name}.damaged")))
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._file != _identity(self.path):
                self._forget_connections()  # somebody has removed the file, or set it aside
            connection = self._idle.pop() if self._idle else None
        connection = connection or self._opened()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        with self._lock:
            if self._close.alive and len(self._idle) < _CONNECTIONS:
                self._idle.append(connection)
            else:
                connection.close()

    def _opened(self) -> sqlite3.Connection:
        """A new connection, to a new file where what is there is none of ours."""
        self._have_folder()
        try:
            connection = _connect(self.path)
        except sqlite3.DatabaseError as error:
            if not (is_damage(error) or self.path.is_dir()):
                raise
            self._file = _identity(self.path)
            self.set_aside()
            connection = _connect(self.path)
        self._file = _identity(self.path)
        return connection

    def _have_folder(self) -> None:
        """Have the folder of the file be there, unless this has ended: it may be removed at any time."""
        if self._close.alive:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise UnreachableError(str(error)) from error

    def _forget_connections(self) -> None:
        while self._idle:
            self._idle.pop().close()


def _connect(path: Path) -> sqlite3.Connection:
    # As it is never in a transaction when it is given away, any thread may use it next.
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        for setting in ("trusted_schema = OFF", "cell_size_check = ON", "journal_mode = WAL", "synchronous = NORMAL"):
            connection.execute(f"PRAGMA {setting}")
        if _application(connection) != _APPLICATION:
            with _transaction(connection):
                if _application(connection) != _APPLICATION:  # nor has another process made it meanwhile
                    if connection.execute("SELECT 1 FROM sqlite_master").fetchone():
                        raise sqlite3.DatabaseError("another program's")
                    for statement in _TABLES.split(";")[:-1]:
                        connection.execute(statement)
                    connection.execute(f"PRAGMA application_id = {_APPLICATION}")
            _remove_older(path)
    except BaseException:
        connection.close()
        raise
    return connection


def _application(connection: sqlite3.Connection) -> int:
    number: int = connection.execute("PRAGMA application_id").fetchone()[0]
    return number


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _remove_older(path: Path) -> None:
    """Remove what other versions have made of the same library."""
    for other in path.parent.glob(f"{path.name.partition('.')[0]}.*"):
        if not other.name.startswith(path.name):
            with contextlib.suppress(OSError):
                other.unlink()


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
        return status.st_dev, status.st_ino
    except OSError:
        return None


def _writable_folder() -> tuple[Path, Path | None]:
    """Where index files lie; and the same where that is a temporary folder."""
    folder = cache_folder() / "search"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder, None
    except OSError:
        folder = Path(tempfile.mkdtemp(prefix="quotecast-search-", dir=_TEMPORARY))
        return folder, folder


def _end(idle: list[sqlite3.Connection], temporary: Path | None) -> None:
    while idle:
        idle.pop().close()
    if temporary:
        shutil.rmtree(temporary, ignore_errors=True)
