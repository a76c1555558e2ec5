"""The search index of a library: an SQLite file in the user's cache, with a row of FTS5 for each passage.

It can be made again at any time, so a file that is damaged, or that another version made, is deleted. It does not lie
in the library: SQLite must not read what somebody else wrote, and a library may be on a stick or a network disk. Its
journal is SQLite's oldest kind, with which a file can be read on a full disk.

A folder is read again when a file in it has changed. A search starts a look at all folders in the background, unless
the last one was a moment ago, and waits for it a little: what was just added, corrected, removed or renamed is found,
and a new library is searched as far as it is read.

Passages are numbered ``episode << 16 | position``: those of an episode are a range of row numbers.
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
PATIENCE_SECONDS = 2.0  # that a search waits for a look after a change through the app
APART = "\x1f"  # around each character of a script without spaces, which FTS5 would take for parts of one word
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
_WAITS = 30.0  # seconds for another process that writes
_LONGEST_QUERY = 5.0  # seconds
_STEPS = 10_000  # of SQLite between two looks at the clock
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_REST, _LEAST_REST = 20.0, 0.5  # how long until the next look: times as long as the last one took, and seconds
_QUICK = 0.05  # seconds that any search waits for a look
_LONGEST = 800  # characters of a passage: nobody reads more of a hit
_CUT = re.compile(r".*(?:[.!?…][”’\"»)\]]*\s|[。！？])|.*\s|.*", re.DOTALL)  # by a sentence, a word or anywhere

_log = logging.getLogger(__name__)


class Known(msgspec.Struct, frozen=True):
    """An episode as it was read; ``sha256`` and ``language`` are its transcript's. The alignment of one that
    ``is_unreadable`` is damaged, another program's or far too large; its words are not searched."""

    id: str
    details: Details
    traits: Traits
    language: str = ""
    sha256: str | None = None
    is_unreadable: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A segment of a transcript, or a piece of a long one. ``start`` is when it is said, in seconds; ``char_start`` is
    where it begins in the transcript's text; ``speaker`` is empty for nobody."""

    start: float | None
    char_start: int
    speaker: str
    text: str


Reading = tuple[Known | None, Sequence[Passage]]
"""An episode and its passages; None of a folder that is no episode."""


class NewError(Busy):
    """The index was missing, damaged or of another version, and is empty now."""


class SearchIndex:
    """The index of one library, for any thread and process; ``waiting`` episodes have changed and are not read yet."""

    def __init__(self, library: Library) -> None:
        # A home that several machines share has a file for each: SQLite's locks may not reach further.
        name = hashlib.sha256(os.fsencode(f"{platform.node()}\n{library.root}")).hexdigest()[:24]
        self.path = cache_folder() / "search" / f"{name}.sqlite"
        self._library, self._guard, self._thread = library, threading.Lock(), threading.Thread()
        self._seen_changes = -1  # of the library, at the last look
        self._ended, self._took = float("-inf"), 0.0
        self.waiting = 0

    def ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """Bring the index up to date as far as that is soon done, and ask it; raises as ``use``."""
        self._refresh()
        try:
            return self.use(question)
        except NewError:
            self._seen_changes = -1
            self._refresh()
            return self.use(question)

    def use(self, work: Callable[[sqlite3.Connection], T], writing: bool = False) -> T:
        """Return what ``work`` does with one state of the index; what it writes is written whole or not at all.

        Raises NewError; Unusable: a query takes too long; Busy: the file cannot be opened, made or written.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.closing(sqlite3.connect(self.path, timeout=_WAITS, isolation_level=None)) as connection:
                if _prepare(connection) and not writing:
                    raise NewError("worker_pool.busy")
                connection.execute("BEGIN IMMEDIATE" if writing else "BEGIN")
                late = time.monotonic() + _LONGEST_QUERY
                connection.set_progress_handler(lambda: not writing and time.monotonic() > late, _STEPS)
                found = work(connection)
                connection.execute("COMMIT")
                return found
        except (sqlite3.Error, OSError) as error:
            raise self._told(error) from error

    def begin(self) -> threading.Thread:
        """Start a look in the background, unless one is under way; return its thread."""
        with self._guard:
            if not self._thread.is_alive():
                self._seen_changes = self._library.changes
                self._thread = threading.Thread(target=self._work, daemon=True)
                self._thread.start()
            return self._thread

    def look(self) -> None:
        """Read all folders that have changed. Raises Busy: too much is being read, or it cannot be written."""
        began = time.monotonic()
        root, folders = self._library.root, self._library.folders().items()
        read = dict(self.use(lambda index: index.execute("SELECT folder, state FROM episode").fetchall(), writing=True))
        names = {folder: os.fsencode(folder.name) if folder != root else b"" for _, folder in folders}
        now = {names[folder]: (f"{key} {_state_of(folder)}", key, folder) for key, folder in folders}
        gone = read.keys() - now.keys()
        changed = [(name, *told) for name, told in now.items() if read.get(name) != told[0]]
        self._took = time.monotonic() - began
        self.waiting = sum(bool(name) for name, *_ in changed)  # the root seldom is an episode
        if gone:
            self.use(partial(_remove, names=gone), writing=True)
        for name, state, key, folder in changed:
            self.use(partial(put, name=name, state=state, reading=_read_episode(key, folder)), writing=True)
            self.waiting -= bool(name)

    def _refresh(self) -> None:
        has_changed = self._library.changes != self._seen_changes
        if has_changed or time.monotonic() - self._ended > max(_LEAST_REST, _REST * self._took):
            self.begin().join(PATIENCE_SECONDS if has_changed else _QUICK)

    def _work(self) -> None:
        try:
            with contextlib.suppress(NewError):
                return self.look()
            self.look()
        except WebError as error:  # a search tries again, after a rest
            _log.warning("the search index is behind: %s", error)
        except Exception:
            _log.exception("while the search index was brought up to date")
        finally:
            self._ended = time.monotonic()

    def _told(self, error: sqlite3.Error | OSError) -> Exception:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        if code == sqlite3.SQLITE_ERROR:  # ours
            return error
        if code == sqlite3.SQLITE_INTERRUPT:
            return Unusable("worker_pool.time")
        if code in _DAMAGED and not isinstance(error, OSError):
            with contextlib.suppress(OSError):  # the journal first, lest another file be given it
                self.path.with_name(f"{self.path.name}-journal").unlink(missing_ok=True)
                self.path.unlink(missing_ok=True)
                return NewError("worker_pool.busy")
        return Busy("search.unreachable")


@lru_cache(8)
def index_of(library: Library) -> SearchIndex:
    """Return the index of a library, which this process keeps up to date."""
    return SearchIndex(library)


def put(connection: sqlite3.Connection, name: bytes, state: str, reading: Reading) -> None:
    """Write what was read of the folder of that name, in that state."""
    known, passages = reading
    _remove(connection, [name])
    details = known.details if known else Details()
    told = (known.id, details.show, *known.traits.age, known.is_unreadable, details.language) if known else (None,) * 6
    added = "INSERT INTO episode VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    number = connection.execute(added, (name, state, *told, msgspec.json.encode(known))).lastrowid or 0
    if known:
        titles = (number, unspaced_apart(known.traits.title, APART), unspaced_apart(known.details.show or "", APART))
        connection.execute("INSERT INTO titles (rowid, title, show) VALUES (?, ?, ?)", titles)
        rows = (
            (k, unspaced_apart(each.text, APART), unspaced_apart(each.speaker, APART), each.start, each.char_start)
            for k, each in enumerate(passages, rows_of(number)[0])
        )
        inserted = "INSERT INTO passage (rowid, said, speaker, start, char_start) VALUES (?, ?, ?, ?, ?)"
        connection.executemany(inserted, rows)


def rows_of(number: int) -> tuple[int, int]:
    """Return the first and the last row number that a passage of an episode may have."""
    return number << 16, (number << 16) + MOST_PASSAGES - 1


def passages_of(path: Path) -> tuple[str, str, list[Passage]]:
    """Return the hash and the language of the alignment at ``path``, and its passages; for a child process. Raises
    AlignmentError: it is missing or damaged."""
    alignment = read_alignment(path)
    return alignment.transcript.sha256, alignment.language, list(islice(_passages(alignment), MOST_PASSAGES))


def _prepare(connection: sqlite3.Connection) -> bool:
    """Make the tables if there are none; return whether they were made."""
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


def _remove(connection: sqlite3.Connection, names: Iterable[bytes]) -> None:
    for name in names:
        removed = connection.execute("DELETE FROM episode WHERE folder = ? RETURNING number", (name,))
        for (number,) in removed.fetchall():
            connection.execute("DELETE FROM passage WHERE rowid BETWEEN ? AND ?", rows_of(number))
            connection.execute("DELETE FROM titles WHERE rowid = ?", (number,))


def _read_episode(key: str, folder: Path) -> Reading:
    """Read the episode in a folder. Raises Busy: too much is being read."""
    episode = read_folder(folder, key)
    if episode is None:
        return None, []
    cover = episode.details.cover
    # A file name that is no text cannot be shown; initials stand in its place.
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
    """Cut a segment into pieces that end with a sentence if one ends there, else with a word."""
    while end - start > _LONGEST and (cut := _CUT.match(text, start, start + _LONGEST)):
        yield start, cut.end()
        start = cut.end()
    yield start, end


def _state_of(folder: Path) -> str:
    """Return a hash of the names, sizes and times of a folder's files without those whose names begin with a dot."""
    shown = {name: status for name, status in plain_files(folder).items() if not name.startswith(".")}
    facts = [f"{name}\n{each.st_size} {each.st_mtime_ns} {each.st_ctime_ns}" for name, each in shown.items()]
    return hashlib.sha256("\n".join(facts).encode("utf-8", "surrogateescape")).hexdigest()
