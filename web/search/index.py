"""The search index of a library: an SQLite file in the user's cache, with an FTS5 row per passage.

A damaged or outdated file is deleted and built again. The file is not in the library, since SQLite must not open files
written by others, and network disks lack locks. With rollback journals the file is readable even if the disk is full.

If a file in an episode's folder has changed, the episode is read again. A search first starts an update in the
background, unless one has just ended, and waits for the update briefly. So a search finds recent changes or, in a new
library, the episodes that have been read so far.

The row number of a passage is ``episode << 16 | position``, so that the passages of an episode are a range.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import platform
import re
import sqlite3
import threading
import time
import zlib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

import msgspec

from aligner.errors import AlignmentError
from aligner.model import Alignment, outermost
from aligner.storage.alignment_json import read_alignment
from aligner.storage.database import cache_folder
from aligner.typography import unspaced_apart
from media.safe_fs import plain_files
from web.errors import Busy, Unusable, WebError
from web.library import Details, Library, read_folder
from web.library.library import Traits, traits_of
from web.worker_pool import call

T = TypeVar("T")

MOST_PASSAGES = 1 << 16  # of an episode; three hours of talk have some 1,000
UPDATE_SECONDS = 2.0  # that a search waits for an update after a change through the app
APART = "\x1f"  # separates characters of scripts without spaces, which FTS5 would join into one token
_TOKENS = "tokenize = 'unicode61 remove_diacritics 2'"
_SCHEMA = f"""
CREATE TABLE episode (
    number INTEGER PRIMARY KEY, folder BLOB NOT NULL UNIQUE, state TEXT NOT NULL, id TEXT, show TEXT, day TEXT,
    modified REAL, is_unreadable INTEGER, language TEXT, content BLOB
);
CREATE VIRTUAL TABLE titles USING fts5 (title, show, {_TOKENS});
CREATE VIRTUAL TABLE passage USING fts5 (said, speaker, start UNINDEXED, char_start UNINDEXED, {_TOKENS}, prefix = 3)
"""
_VERSION = zlib.crc32(_SCHEMA.encode()) >> 1
_LOCK_TIMEOUT = 30.0  # seconds
_LONGEST_QUERY = 5.0  # seconds
_STEPS = 10_000  # of SQLite's virtual machine between checks of the time
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_PAUSE_FACTOR, _SHORTEST_PAUSE = 20.0, 0.5  # between updates: a multiple of the last one's duration, and seconds
_QUICK_SECONDS = 0.05  # that any search waits for an update
_LONGEST = 800  # characters of a passage
_CUT = re.compile(r".*(?:[.!?…][”’\"»)\]]*\s|[。！？])|.*\s|.*", re.DOTALL)  # after a sentence, a word or anywhere

_log = logging.getLogger(__name__)


class Known(msgspec.Struct, frozen=True):
    """An indexed episode, with its sort keys (``traits``) and the language and hash of its transcript.
    ``is_unreadable``: the words are not indexed, because the alignment cannot be read."""

    id: str
    details: Details
    traits: Traits
    language: str = ""
    sha256: str | None = None
    is_unreadable: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph of a transcript, or a piece of a long one. ``char_start`` is the passage's offset in the transcript's
    text. ``start`` is in seconds, None if the passage is not spoken; ``speaker`` is empty if unknown."""

    start: float | None
    char_start: int
    speaker: str
    text: str


Reading = tuple[Known | None, Sequence[Passage]]
"""An episode and its passages, None and no passages for a folder that is not an episode."""


class NewError(Busy):
    """The index is new and empty: its file was missing, damaged or outdated."""


class SearchIndex:
    """The index of a library; ``waiting`` is the number of changed episodes that are not indexed yet."""

    def __init__(self, library: Library) -> None:
        # One file per machine, since SQLite's locks may not work in a home directory on a network disk.
        name = hashlib.sha256(os.fsencode(f"{platform.node()}\n{library.root}")).hexdigest()[:24]
        self.path = cache_folder() / "search" / f"{name}.sqlite"
        self._library, self._guard, self._thread = library, threading.Lock(), threading.Thread()
        self._seen_changes = -1  # ``Library.changes`` at the last update
        self._ended, self._took = float("-inf"), 0.0
        self.waiting = 0

    def ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """Return ``question(connection)`` after a short wait for an index update. Raises the same errors as ``use``."""
        self._refresh()
        try:
            return self.use(question)
        except NewError:
            self._seen_changes = -1
            self._refresh()
            return self.use(question)

    def use(self, work: Callable[[sqlite3.Connection], T], writing: bool = False) -> T:
        """Return ``work(connection)``, run in a transaction for reading or ``writing``. Raises NewError if the index is
        empty, Unusable if a query takes too long, Busy if the file cannot be opened or written."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            connecting = sqlite3.connect(self.path, timeout=_LOCK_TIMEOUT, isolation_level=None)
            with contextlib.closing(connecting) as connection:
                if _prepare(connection) and not writing:
                    raise NewError("worker_pool.busy")
                connection.execute("BEGIN IMMEDIATE" if writing else "BEGIN")
                deadline = time.monotonic() + _LONGEST_QUERY
                connection.set_progress_handler(lambda: not writing and time.monotonic() > deadline, _STEPS)
                result = work(connection)
                connection.execute("COMMIT")
                return result
        except (sqlite3.Error, OSError) as error:
            raise self._web_error(error) from error

    def begin(self) -> threading.Thread:
        """Start an update in the background unless one is running; return its thread."""
        with self._guard:
            if not self._thread.is_alive():
                self._seen_changes = self._library.changes
                self._thread = threading.Thread(target=self._update, daemon=True)
                self._thread.start()
            return self._thread

    def update(self) -> None:
        """Index all changed episodes. Raises Busy if the server is too busy, or the index cannot be written."""
        start = time.monotonic()
        root, folders = self._library.root, self._library.folders().items()
        read = dict(self.use(lambda index: index.execute("SELECT folder, state FROM episode").fetchall(), writing=True))
        names = {folder: os.fsencode(folder.name) if folder != root else b"" for _, folder in folders}
        now = {names[folder]: (f"{key} {_state_of(folder)}", key, folder) for key, folder in folders}
        removed = read.keys() - now.keys()
        changed = [(name, *row) for name, row in now.items() if read.get(name) != row[0]]
        self._took = time.monotonic() - start
        self.waiting = sum(bool(name) for name, *_ in changed)  # without the root, which is seldom an episode
        if removed:
            self.use(partial(_remove, names=removed), writing=True)
        for name, state, key, folder in changed:
            self.use(partial(put, name=name, state=state, reading=_read_episode(key, folder)), writing=True)
            self.waiting -= bool(name)

    def _refresh(self) -> None:
        has_changed = self._library.changes != self._seen_changes
        if has_changed or time.monotonic() - self._ended > max(_SHORTEST_PAUSE, _PAUSE_FACTOR * self._took):
            self.begin().join(UPDATE_SECONDS if has_changed else _QUICK_SECONDS)

    def _update(self) -> None:
        try:
            with contextlib.suppress(NewError):
                return self.update()
            self.update()
        except WebError as error:  # a later search tries again
            _log.warning("the search index is behind: %s", error)
        except Exception:
            _log.exception("while the search index was brought up to date")
        finally:
            self._ended = time.monotonic()

    def _web_error(self, error: sqlite3.Error | OSError) -> Exception:
        """Return the error to raise in place of ``error``. If the index is damaged, delete the index file."""
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        if code == sqlite3.SQLITE_ERROR:  # a bug in an SQL statement
            return error
        if code == sqlite3.SQLITE_INTERRUPT:
            return Unusable("worker_pool.time")
        if code in _DAMAGED and not isinstance(error, OSError):
            with contextlib.suppress(OSError):  # the journal first, so that it is never applied to a new file
                self.path.with_name(f"{self.path.name}-journal").unlink(missing_ok=True)
                self.path.unlink(missing_ok=True)
                return NewError("worker_pool.busy")
        return Busy("search.unreachable")


@lru_cache(8)
def index_of(library: Library) -> SearchIndex:
    """Return the index of a library; within this process always the same object."""
    return SearchIndex(library)


def put(connection: sqlite3.Connection, name: bytes, state: str, reading: Reading) -> None:
    """Store in the index what was read from the folder called ``name``. ``state`` is from ``_state_of(folder)``."""
    known, passages = reading
    _remove(connection, [name])
    details = known.details if known else Details()
    row = (known.id, details.show, *known.traits.age, known.is_unreadable, details.language) if known else (None,) * 6
    statement = "INSERT INTO episode VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    number = connection.execute(statement, (name, state, *row, msgspec.json.encode(known))).lastrowid or 0
    if known:
        titles = (number, unspaced_apart(known.traits.title, APART), unspaced_apart(known.details.show or "", APART))
        connection.execute("INSERT INTO titles (rowid, title, show) VALUES (?, ?, ?)", titles)
        rows = (
            (k, unspaced_apart(each.text, APART), unspaced_apart(each.speaker, APART), each.start, each.char_start)
            for k, each in enumerate(passages, rows_of(number)[0])
        )
        statement = "INSERT INTO passage (rowid, said, speaker, start, char_start) VALUES (?, ?, ?, ?, ?)"
        connection.executemany(statement, rows)


def rows_of(number: int) -> tuple[int, int]:
    """Return the first and last possible row number of the passages of the episode with this ``number``."""
    return number << 16, (number << 16) + MOST_PASSAGES - 1


def passages_of(path: Path) -> tuple[str, str, list[Passage]]:
    """Return the transcript's hash, the language and the passages of the alignment at ``path``. Called in a worker
    process. Raises AlignmentError if the alignment is missing or damaged."""
    alignment = read_alignment(path)
    return alignment.transcript.sha256, alignment.language, list(islice(_passages(alignment), MOST_PASSAGES))


def _prepare(connection: sqlite3.Connection) -> bool:
    """Create the tables of the index if they are missing; return whether they were missing."""
    version = "PRAGMA user_version"
    if connection.execute(version).fetchone() == (_VERSION,):
        return False
    connection.execute("BEGIN IMMEDIATE")
    if connection.execute(version).fetchone() != (_VERSION,):  # another process may have created them
        if connection.execute("SELECT 1 FROM sqlite_master").fetchone():
            raise sqlite3.DatabaseError("the index is from another version")
        for statement in _SCHEMA.split(";\n"):
            connection.execute(statement)
        connection.execute(f"{version} = {_VERSION}")
    connection.execute("COMMIT")
    return True


def _remove(connection: sqlite3.Connection, names: Iterable[bytes]) -> None:
    for name in names:
        removed = connection.execute("DELETE FROM episode WHERE folder = ? RETURNING number", (name,))
        for (number,) in removed.fetchall():
            connection.execute("DELETE FROM passage WHERE rowid BETWEEN ? AND ?", rows_of(number))
            connection.execute("DELETE FROM titles WHERE rowid = ?", (number,))


def _read_episode(key: str, folder: Path) -> Reading:
    """Return the facts and passages of the episode in ``folder``, whose id is ``key``. Return (None, []) if there is no
    episode. Raises Busy if the server is too busy."""
    episode = read_folder(folder, key)
    if episode is None:
        return None, []
    cover = episode.details.cover
    # Invalid Unicode in a file name cannot be stored; such an episode is shown without its cover.
    details = replace(episode.details, cover=cover if cover and cover.isprintable() else None)
    known = Known(key, details, traits_of(episode))
    if episode.alignment is None:
        return known, []
    try:
        sha256, language, passages = call(passages_of, episode.alignment)
    except (OSError, AlignmentError, Unusable):
        return msgspec.structs.replace(known, is_unreadable=True), []
    return msgspec.structs.replace(known, sha256=sha256, language=language), passages


def _passages(alignment: Alignment) -> Iterator[Passage]:
    text, words = alignment.transcript.text, alignment.words
    for number, _ in outermost([timed.segment for timed in alignment.segments]):
        timed = alignment.segments[number]
        for start, end in _pieces(text, timed.segment.char_start, timed.segment.char_end):
            first, last = (bisect_left(words, at, key=lambda each: each.word.char_start) for at in (start, end))
            said = next((word.span.start for word in words[first:last] if word.span), timed.start)
            yield Passage(said, start, timed.segment.speaker or "", text[start:end])


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of pieces of at most ``_LONGEST`` characters that end with a sentence, or else with a word."""
    while end - start > _LONGEST and (cut := _CUT.match(text, start, start + _LONGEST)):
        yield start, cut.end()
        start = cut.end()
    yield start, end


def _state_of(folder: Path) -> str:
    """Return a hash of the names, sizes and times of a folder's visible files, to detect when one has changed."""
    shown = {name: status for name, status in plain_files(folder).items() if not name.startswith(".")}
    facts = [f"{name}\n{each.st_size} {each.st_mtime_ns} {each.st_ctime_ns}" for name, each in shown.items()]
    return hashlib.sha256("\n".join(facts).encode("utf-8", "surrogateescape")).hexdigest()
