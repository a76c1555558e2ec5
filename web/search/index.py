"""The search index of a library: an SQLite file in the user's cache, with a row of FTS5 for each passage.

It can be made again at any time, so a file that is damaged, or that another version made, is deleted. It does not lie
in the library: SQLite must not read what somebody else wrote, and a library may be on a stick or a network disk. Its
journal is SQLite's oldest kind, with which a file can be read on a full disk.

Conventions
-----------
- Passages are numbered ``episode << 16 | position``: those of an episode are a range of row numbers.
- FTS5 stores no text: the view ``folded`` computes it from the passages. There a unit of the text (what stands between
  spaces, or a character of a script without spaces) is its tokens with hyphens between, or a hyphen alone: the n-th
  unit of what FTS5 highlights is the n-th of the text.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import sqlite3
import time
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import msgspec

from aligner.storage.user_folders import cache_folder
from aligner.typography import unspaced_apart
from web.errors import Busy, Full, Gone, Unusable, WebError
from web.library import Details
from web.library.library import Traits
from web.search.query import tokens

T = TypeVar("T")

MOST_PASSAGES = 1 << 16  # of an episode; three hours of talk have some 1,000
_SCHEMA = """
CREATE TABLE episode (number INTEGER PRIMARY KEY, folder BLOB NOT NULL UNIQUE, content NOT NULL);
CREATE TABLE passage (
    id INTEGER PRIMARY KEY, start REAL, char_start INTEGER NOT NULL, speaker TEXT NOT NULL, text TEXT NOT NULL
) STRICT;
CREATE VIEW folded AS SELECT id, folded(text) AS said, folded(speaker) AS speaker FROM passage;
CREATE VIRTUAL TABLE words USING fts5 (
    said, speaker, content='folded', content_rowid='id', tokenize='ascii', prefix='3'
)
"""
_INDEX = "INSERT INTO words ({}rowid, said, speaker) SELECT {}id, said, speaker FROM folded WHERE id BETWEEN ? AND ?"
_VERSION = zlib.crc32(f"{_SCHEMA} {unicodedata.unidata_version}".encode()) >> 1  # of the tables and of folding
_WAITS = 30.0  # seconds for another process that writes
_LONGEST_QUERY = 5.0  # seconds
_STEPS = 10_000  # of SQLite between two looks at the clock
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_CLOSED = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM)
_TOLD: dict[int, tuple[type[WebError] | None, str]] = {
    sqlite3.SQLITE_INTERRUPT: (Unusable, "bounded.time"),
    sqlite3.SQLITE_BUSY: (Busy, "bounded.busy"),
    sqlite3.SQLITE_FULL: (Full, "search.full"),
}
_OPEN, _CLOSE = "\x02", "\x03"  # around what FTS5 highlights; folded text holds neither


class Unread(StrEnum):
    """Why the words of an episode are not searched; the names are keys of the catalogue."""

    DAMAGED = "search.unread"  # or another program's
    TOO_LARGE = "search.too_large"


class Known(msgspec.Struct, frozen=True):
    """An episode as it was read: ``state`` is that of its folder's files, ``alignment`` of the file that its passages
    are of, empty without one; ``sha256`` is the transcript's."""

    id: str
    state: str
    details: Details
    traits: Traits
    alignment: str = ""
    language: str = ""
    sha256: str | None = None
    unread: Unread | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A segment of a transcript, or a piece of a long one. ``start`` is when it is said, in seconds; ``char_start`` is
    where it begins in the transcript's text; ``speaker`` is empty for nobody."""

    start: float | None
    char_start: int
    speaker: str
    text: str


class NewError(Busy):
    """The index was missing, damaged or of another version, and is empty now."""


class SearchIndex:
    """The index of the library at ``root``, for any thread and process of this machine."""

    def __init__(self, root: Path) -> None:
        # A home that several machines share has a file for each: SQLite's locks may not reach further.
        name = hashlib.sha256(os.fsencode(f"{platform.node()}\n{root}")).hexdigest()[:24]
        self.root, self.path = root, cache_folder() / "search" / f"{name}.sqlite"

    def use(self, work: Callable[[sqlite3.Connection], T], writing: bool = False) -> T:
        """Return what ``work`` does with one state of the index; what it writes is written whole or not at all.

        Raises NewError; Unusable: a query takes too long; Busy: another process writes for too long; Full, Gone:
        the file cannot be written, or neither opened nor made.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.closing(sqlite3.connect(self.path, timeout=_WAITS, isolation_level=None)) as connection:
                if _prepare(connection) and not writing:
                    raise NewError("bounded.busy")
                connection.execute("BEGIN IMMEDIATE" if writing else "BEGIN")
                late = time.monotonic() + _LONGEST_QUERY
                connection.set_progress_handler(lambda: not writing and time.monotonic() > late, _STEPS)
                found = work(connection)
                connection.execute("COMMIT")
                return found
        except (sqlite3.Error, ValueError, OSError) as error:
            raise self._told(error) from error

    def _told(self, error: Exception) -> Exception:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        if isinstance(error, OSError) or code in _CLOSED:
            return Gone("search.unreachable")
        if code not in _DAMAGED:
            kind, key = _TOLD.get(code, (None, ""))
            return kind(key) if kind else error
        try:  # the journal first, lest another file be given it
            self.path.with_name(f"{self.path.name}-journal").unlink(missing_ok=True)
            self.path.unlink(missing_ok=True)
        except OSError:
            return Gone("search.unreachable")
        return NewError("bounded.busy")

    def known(self, connection: sqlite3.Connection) -> dict[Path, tuple[int, Known]]:
        """Return the number of each episode, and what is known of it, by its folder."""
        rows = connection.execute("SELECT folder, number, content FROM episode")
        decoder = msgspec.json.Decoder(Known)
        return {self.root / os.fsdecode(name): (number, decoder.decode(content)) for name, number, content in rows}

    def put(
        self, connection: sqlite3.Connection, folder: Path, known: Known | None, passages: Sequence[Passage] | None
    ) -> None:
        """Write what is known of a folder: None removes it; without ``passages`` those that it has stay."""
        name = os.fsencode(folder.name) if folder != self.root else b""
        connection.execute("INSERT OR IGNORE INTO episode (folder, content) VALUES (?, '')", (name,))
        [(number,)] = connection.execute("SELECT number FROM episode WHERE folder = ?", (name,))
        if passages is not None:
            its = _range(number)
            connection.execute(_INDEX.format("words,", "'delete',"), its)
            connection.execute("DELETE FROM passage WHERE id BETWEEN ? AND ?", its)
            rows = ((k, p.start, p.char_start, p.speaker, p.text) for k, p in enumerate(passages, its[0]))
            connection.executemany("INSERT INTO passage VALUES (?, ?, ?, ?, ?)", rows)
            connection.execute(_INDEX.format("", ""), its)
        if known:
            content = msgspec.json.encode(known)
            connection.execute("UPDATE episode SET content = ? WHERE number = ?", (content, number))
        else:
            connection.execute("DELETE FROM episode WHERE number = ?", (number,))


def counts(connection: sqlite3.Connection, expression: str, ranked: bool = False) -> dict[int, tuple[int, float]]:
    """Return by the number of each episode how many passages match, and if asked the sum of their BM25, which is less
    the more relevant they are."""
    rank = "sum(rank)" if ranked else "0.0"
    rows = connection.execute(
        f"SELECT rowid >> 16, count(*), {rank} FROM words WHERE words MATCH ? GROUP BY 1", (expression,)
    )
    return {number: (count, relevance) for number, count, relevance in rows}


def matches(connection: sqlite3.Connection, expression: str, number: int, most: int = 1) -> list[int]:
    """Return the first passages of an episode that match, in order."""
    rows = connection.execute(
        "SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid LIMIT ?",
        (expression, *_range(number), most),
    )
    return [row for (row,) in rows]


def marked(connection: sqlite3.Connection, expression: str, passage: int) -> tuple[Passage, list[range], bool]:
    """Return a passage that matches, the ranges of its text that do, and whether the speaker's name does."""
    highlights = ", ".join(f"highlight(words, {column}, '{_OPEN}', '{_CLOSE}')" for column in (0, 1))
    *told, said, by = connection.execute(
        f"SELECT start, char_start, passage.speaker, text, {highlights} FROM words JOIN passage ON id = words.rowid"
        " WHERE words MATCH ? AND words.rowid = ?",
        (expression, passage),
    ).fetchone()
    found = Passage(*told)
    return found, list(_marks(found.text, said)), _OPEN in by


def _marks(text: str, highlighted: str) -> Iterator[range]:
    """Yield the ranges of a text whose units are highlighted; a phrase is one range."""
    at, opened, start = 0, 0, 0
    for unit, shown in zip(unspaced_apart(text).split(), highlighted.split(), strict=True):
        at = text.index(unit, at)
        start = start if opened else at
        opened += shown.count(_OPEN) - shown.count(_CLOSE)
        at += len(unit)
        if _CLOSE in shown and not opened:
            yield range(start, at)


def _folded(text: str) -> str:
    return " ".join("-".join(tokens(unit).split()) or "-" for unit in unspaced_apart(text).split())


def _range(number: int) -> tuple[int, int]:
    return number << 16, (number << 16) + MOST_PASSAGES - 1


def _prepare(connection: sqlite3.Connection) -> bool:
    """Prepare a connection; return whether the tables were made."""
    connection.create_function("folded", 1, _folded, deterministic=True)
    version = "PRAGMA user_version"
    if connection.execute(version).fetchone() == (_VERSION,):
        return False
    connection.execute("BEGIN IMMEDIATE")
    if connection.execute(version).fetchone() != (_VERSION,):  # no other process has made them meanwhile
        if connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            raise sqlite3.DatabaseError("another version made it")
        for statement in _SCHEMA.split(";\n"):
            connection.execute(statement)
        connection.execute(f"{version} = {_VERSION}")
    connection.execute("COMMIT")
    return True
