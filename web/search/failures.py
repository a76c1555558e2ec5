"""What goes wrong with the file of an index: it is damaged, which is mended by another, or it cannot be read or written
now, which is told."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from web.errors import Busy, Full, Gone, WebError, no_room

_BUSY = frozenset([
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL),
    *(sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_INTERRUPT),
])  # fmt: skip
_UNREACHABLE = frozenset([
    *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR),
    *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH),
])  # fmt: skip
_PASSING = _BUSY | _UNREACHABLE | {sqlite3.SQLITE_FULL}
_LEAST_FREE_BYTES = 1 << 20  # with less, what could not be opened or written had no room


class UnreachableError(sqlite3.OperationalError):
    """The index file cannot be opened, for a reason that the system gave before SQLite was asked."""

    sqlite_errorcode = sqlite3.SQLITE_CANTOPEN


def is_damage(error: Exception) -> bool:
    """Whether what SQLite has raised, or ``decoding``, tells that the file is damaged: not that it is busy or out of
    reach, that there is no room, that it was given no more time, or that it was asked wrongly."""
    is_of_file = isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.ProgrammingError)
    return is_of_file and _code(error) not in _PASSING


@contextlib.contextmanager
def decoding() -> Iterator[None]:
    """Tell as damage that what is read from the file is not as it was written there.

    Raises
    ------
    sqlite3.DatabaseError
        It cannot be decoded.
    """
    try:
        yield
    except (ValueError, TypeError) as error:  # those of msgspec are among them
        raise sqlite3.DatabaseError("what the index holds is damaged") from error


def told(error: sqlite3.Error | OSError, folder: Path) -> WebError:
    """What a user is told of an index in ``folder`` that cannot be read or written now."""
    code = _code(error)
    if no_room(error) or code == sqlite3.SQLITE_FULL or (code in _UNREACHABLE and _is_full(folder)):
        return Full("search.full")
    return Gone("search.unreachable") if isinstance(error, OSError) or code in _UNREACHABLE else Busy("bounded.busy")


def _code(error: Exception) -> int:
    """What went wrong, without the details; damage where SQLite did not find it."""
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    return code & 0xFF


def _is_full(folder: Path) -> bool:
    """Whether SQLite, which tells of some files only that they could not be made, had no room for them."""
    try:
        return shutil.disk_usage(folder).free < _LEAST_FREE_BYTES
    except OSError:  # it is not there
        return False
