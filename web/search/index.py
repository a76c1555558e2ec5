"""The search index of a library: of each episode what is told of it, its words, and in which episodes each word is.

It holds episodes as they were when they were read (``web.search.upkeep``); ``stamp`` tells whether one still is so.
Full text is SQLite's FTS5, a row for each episode: so few rows are put in any order and ranked at once, and a phrase
may go from one passage to the next. It says which episodes may have something; what they have, ``web.search.places``
finds in their words.
"""

from __future__ import annotations

import os
import sqlite3
from array import array
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any
from zlib import crc32

import msgspec

from aligner.typography import unspaced_apart
from web.library import Episode, Order, in_order
from web.search.database import Database
from web.search.failures import decoding
from web.search.query import folded_words
from web.search.reading import Facts, Reading
from web.search.word_index import Index, Passage

_ENTRY = "number, folder, id, stamp, words_of, facts"  # columns


@dataclass(frozen=True, slots=True)
class Entry:
    """An episode in the index. ``episode`` is without its files; ``words_of`` is the state of the alignment that its
    words are of, empty where it has none."""

    number: int
    episode: Episode
    stamp: str
    words_of: str
    facts: Facts


@dataclass(frozen=True)
class Catalogue:
    """All episodes of the index in one of its states; ``titles`` has of each the number, and title and show as they are
    folded, between spaces."""

    entries: Sequence[Entry]
    titles: Sequence[tuple[int, str, str]]
    _orders: dict[Order, list[Entry]] = field(default_factory=dict)

    @cached_property
    def speakers(self) -> frozenset[str]:
        """All who speak by name."""
        return frozenset(name for entry in self.entries for name in entry.facts.speakers)

    @cached_property
    def density(self) -> int:
        """How many tokens may lie between terms that stand together, at most, in any of them."""
        return max((entry.facts.density for entry in self.entries), default=0)

    @cached_property
    def by_folder(self) -> dict[Path, Entry]:
        return {entry.episode.folder: entry for entry in self.entries}

    def arranged(self, order: Order) -> list[Entry]:
        if order not in self._orders:
            self._orders[order] = in_order(self.entries, order, lambda entry: entry.facts.traits)
        return self._orders[order]


class StoredWords:
    """The words of an episode in the index, of which no more is read than is asked for."""

    def __init__(self, connection: sqlite3.Connection, number: int, speakers: Collection[str]) -> None:
        self._connection, self._number, self.speakers = connection, number, frozenset(speakers)

    def _read(self, *columns: str) -> tuple[Any, ...]:
        row: tuple[Any, ...] | None = self._connection.execute(
            f"SELECT {', '.join(columns)} FROM texts WHERE number = ?", (self._number,)
        ).fetchone()
        if row is None:
            raise sqlite3.DatabaseError("the words of an episode are not there")
        return row

    @cached_property
    def folded(self) -> str:
        return str(self._read("folded")[0])

    @cached_property
    def text(self) -> str:
        return str(self._read("text")[0])

    @cached_property
    def _head(self) -> _Head:
        with decoding():
            return msgspec.json.decode(self._read("head")[0], type=_Head)

    @cached_property
    def _numbers(self) -> list[Sequence[int]]:
        numbers, checksum = self._read("numbers", "checksum")
        if _checksum(self.folded, self.text, numbers) != checksum:
            raise sqlite3.DatabaseError("the words of an episode are damaged")
        content, at = memoryview(numbers), 0
        found: list[Sequence[int]] = []
        with decoding():
            for kind, count in self._head.layout:
                size = count * array(kind).itemsize
                found.append(content[at : at + size].cast(kind))  # type: ignore[call-overload]
                at += size
        return found

    @property
    def owners(self) -> Sequence[int]:
        return self._numbers[0]

    @property
    def starts_ms(self) -> Sequence[int]:
        return self._numbers[1]

    @property
    def ends_ms(self) -> Sequence[int]:
        return self._numbers[2]

    @property
    def char_starts(self) -> Sequence[int]:
        return self._numbers[3]

    @property
    def char_ends(self) -> Sequence[int]:
        return self._numbers[4]

    @property
    def segments(self) -> Sequence[int]:
        return self._numbers[5]

    @property
    def passages(self) -> Sequence[Passage]:
        return self._head.passages

    @property
    def sha256(self) -> str:
        return self._head.sha256

    @property
    def language(self) -> str:
        return self._head.language


class _Head(msgspec.Struct, frozen=True):
    layout: Sequence[tuple[str, int]]  # of the lists of numbers: how each is written, and how many it has
    passages: list[Passage]
    sha256: str
    language: str


class SearchIndex:
    """The index of the library at ``root``, which any thread and any process of this machine may use."""

    def __init__(self, root: Path) -> None:
        self.root, self.database = root, Database(root)
        self._lock = Lock()
        self._catalogue: tuple[int, Catalogue] | None = None

    def catalogue(self, connection: sqlite3.Connection | None = None) -> Catalogue:
        """All episodes as the connection sees them, else as they are now."""
        if connection is None:
            with self.database.reading() as another:
                return self.catalogue(another)
        with decoding():
            [(state,)] = connection.execute("SELECT number FROM changes")
        with self._lock:
            if self._catalogue and self._catalogue[0] == state:
                return self._catalogue[1]
        rows = connection.execute(f"SELECT {_ENTRY} FROM episodes")
        titles = connection.execute("SELECT number, ' ' || title || ' ', ' ' || show || ' ' FROM episodes").fetchall()
        catalogue = Catalogue([self._entry(*row) for row in rows], titles)
        with self._lock:
            self._catalogue = state, catalogue
        return catalogue

    def entry(self, episode_id: str) -> Entry | None:
        """The episode of that id, if the index has it."""
        return self._one("id", episode_id)

    def in_folder(self, folder: Path) -> Entry | None:
        """The episode in that folder, if the index has it."""
        return self._one("folder", self._named(folder))

    def _one(self, column: str, value: str | bytes) -> Entry | None:
        with self.database.reading() as connection:
            found = connection.execute(f"SELECT {_ENTRY} FROM episodes WHERE {column} = ?", (value,)).fetchone()
        return self._entry(*found) if found else None

    def put(self, readings: Iterable[Reading], removed: Iterable[Path] = ()) -> None:
        """Have the index hold these readings, and nothing of what lies in the ``removed`` folders."""
        with self.database.writing() as connection:
            for folder in removed:
                _remove(connection, self._named(folder), with_words=True)
            for reading in readings:
                _put(connection, self._named(reading.folder), reading)
            connection.execute("UPDATE changes SET number = number + 1")

    def _named(self, folder: Path) -> bytes:
        return os.fsencode(folder.name) if folder != self.root else b""

    def _entry(self, number: int, folder: bytes, episode_id: str, stamp: str, words_of: str, facts: bytes) -> Entry:
        with decoding():
            known, name = msgspec.json.decode(facts, type=Facts), os.fsdecode(folder)
        path = self.root / name if name else self.root
        return Entry(number, Episode(episode_id, path, known.details, None, None, None), stamp, words_of, known)


def matching(connection: sqlite3.Connection, expression: str) -> set[int]:
    """The numbers of the episodes of which FTS5 finds that ``expression`` is true."""
    return {number for (number,) in connection.execute("SELECT rowid FROM words WHERE words MATCH ?", (expression,))}


def ranked(connection: sqlite3.Connection, expression: str) -> dict[int, int]:
    """The place of each such episode among them, the most relevant first, by BM25."""
    found = connection.execute("SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words)", (expression,))
    return {number: place for place, (number,) in enumerate(found)}


def _put(connection: sqlite3.Connection, folder: bytes, reading: Reading) -> None:
    number = _remove(connection, folder, with_words=not reading.same_words)
    speakers = "\n".join(map(folded_words, reading.facts.speakers))
    columns = folded_words(reading.title), folded_words(reading.facts.details.show or ""), speakers
    told = folder, reading.id, reading.stamp, reading.words_of, msgspec.json.encode(reading.facts)
    number = connection.execute(
        "INSERT INTO episodes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (number, *told, *columns)
    ).lastrowid
    assert number is not None
    if reading.words:
        folded, text = reading.words.folded, reading.words.text
        numbers, head = _packed(reading.words)
        row = number, folded, text, numbers, head, _checksum(folded, text, numbers)
        connection.execute("INSERT INTO texts VALUES (?, ?, ?, ?, ?, ?)", row)
    _index(connection, number, columns)


def _remove(connection: sqlite3.Connection, folder: bytes, with_words: bool) -> int | None:
    """Take what lies in the folder out of the index; returns the number that it had."""
    found = connection.execute(
        "SELECT number, title, show, speakers FROM episodes WHERE folder = ?", (folder,)
    ).fetchone()
    if found is None:
        return None
    number: int = found[0]
    _index(connection, number, found[1:], command="delete")
    connection.execute("DELETE FROM episodes WHERE number = ?", (number,))
    if with_words:
        connection.execute("DELETE FROM texts WHERE number = ?", (number,))
    return number


def _index(connection: sqlite3.Connection, number: int, columns: Collection[str], command: str | None = None) -> None:
    """Put a row into the full text, or with ``delete`` take it out: what it holds must then be what was put in."""
    folded = connection.execute("SELECT folded FROM texts WHERE number = ?", (number,)).fetchone()
    row = number, *map(unspaced_apart, columns), unspaced_apart(folded[0]) if folded else ""
    if command:
        connection.execute(
            "INSERT INTO words (words, rowid, title, show, speakers, said) VALUES (?, ?, ?, ?, ?, ?)", (command, *row)
        )
    else:
        connection.execute("INSERT INTO words (rowid, title, show, speakers, said) VALUES (?, ?, ?, ?, ?)", row)


def _packed(words: Index) -> tuple[bytes, bytes]:
    layout = [(each.typecode, len(each)) for each in words.numbers]
    head = _Head(layout, list(words.passages), words.sha256, words.language)
    return b"".join(each.tobytes() for each in words.numbers), msgspec.json.encode(head)


def _checksum(folded: str, text: str, numbers: bytes) -> int:
    return crc32(numbers, crc32(text.encode(), crc32(folded.encode())))
