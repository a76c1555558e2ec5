"""Keeping a search index up to date with the folders of its library.

An episode is read again when a file in its folder has changed. Who searches has the folders looked at first, where
that is soon done; in a large library they are looked at in the background, and again when that has cost little by
then. Once something was changed through the app (``changed``), the next search waits for a look. One thread of one
process writes at a time; whoever searches meanwhile sees the index as it was before.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import TypeVar

from web.errors import Busy, WebError
from web.library import Episode, Library
from web.search.failures import is_damage, told
from web.search.index import Catalogue, Entry, SearchIndex
from web.search.reading import Reading, read, state_of_files

T = TypeVar("T")

_log = logging.getLogger(__name__)

_FEW = 200  # folders, which are looked at before each search: in some 15 ms
_REST = 20.0  # how many times as long as that takes more of them are not looked at again
PATIENCE_SECONDS = 2.0  # that who searches waits for what has changed
_AT_ONCE = 2  # episodes that are read at a time
_BATCH = 8  # that are written at a time


_kept: weakref.WeakKeyDictionary[Library, Upkeep] = weakref.WeakKeyDictionary()
_guard = threading.Lock()


def upkeep_of(library: Library) -> Upkeep:
    """The keeper of the library's index."""
    with _guard:
        if library not in _kept:
            _kept[library] = Upkeep(library)
        return _kept[library]


class Upkeep:
    """The index of one library, kept by this process."""

    def __init__(self, library: Library) -> None:
        # Not the library: it knows this, and both are to go when nobody needs it.
        self._library = weakref.ref(library)
        self.index = SearchIndex(library.root)
        self._turn = threading.Lock()  # to write
        self._guard = threading.Lock()
        self._working: threading.Thread | None = None
        self._seen_changes = 0  # of the library, by the time of the last look
        self._no_episodes: dict[Path, str] = {}  # their state
        self._looked_at, self._took, self._count = float("-inf"), 0.0, 0  # of the last look
        self.waiting = 0  # episodes that have changed and are yet to be read
        self.hindrance: WebError | None = None  # for which they are not

    def refresh(self) -> None:
        """Bring the index up to date, as far as that is soon done; the rest follows in the background."""
        with self._guard:
            is_waited_for = self._changes() != self._seen_changes or self._count <= _FEW
            is_due = is_waited_for or time.monotonic() - self._looked_at > _REST * self._took
        working = self.begin() if is_due else None
        if working and is_waited_for:
            working.join(PATIENCE_SECONDS)

    def _changes(self) -> int:
        library = self._library()
        return library.changes if library else 0

    def begin(self) -> threading.Thread:
        """Have the folders looked at in the background; returns who does, or does already."""
        with self._guard:
            if self._working is None:
                self._seen_changes = self._changes()
                self._working = threading.Thread(target=self._work, daemon=True)
                self._working.start()
            return self._working

    def update(self, folders: Iterable[Path]) -> None:
        """Read these folders of the library again, where they have changed.

        Raises
        ------
        Busy
            Too much is being read.
        Full, Gone
            The index cannot be written.
        """
        there = self._all()
        asked = {folder: there.get(folder) for folder in folders}
        try:
            self._bring(asked)
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise self.told(error) from error
            self.rebuild()

    def look(self) -> None:
        """Read all folders that have changed; what is raised is told by ``update``."""
        try:
            try:
                self._look()
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise
                self.index.database.set_aside()
                self._look()
        except sqlite3.DatabaseError as error:
            raise self.told(error) from error

    def ask(self, question: Callable[[sqlite3.Connection, Catalogue], T]) -> T:
        """What a question to one state of the index gives; one that is found to be damaged is made anew, and asked.

        Raises
        ------
        Unusable, Busy
            It takes too long, or cannot be answered now.
        Full, Gone
            There can be no index.
        """
        try:
            try:
                return self._asked(question)
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise
                self._repair()
                return self._asked(question)
        except sqlite3.DatabaseError as error:
            raise self.told(error) from error

    def told(self, error: sqlite3.Error | OSError) -> WebError:
        """What a user is told of an index that cannot be read or written now."""
        return told(error, self.index.database.path.parent)

    def rebuild(self) -> None:
        """Make the index anew; what is raised is told by ``update``."""
        try:
            self.index.database.set_aside(kept=False)
        except sqlite3.DatabaseError as error:
            raise self.told(error) from error
        self._no_episodes.clear()
        self.look()

    def _asked(self, question: Callable[[sqlite3.Connection, Catalogue], T]) -> T:
        with self.index.database.reading() as connection:
            return question(connection, self.index.catalogue(connection))

    def _repair(self) -> None:
        """Put a damaged index aside; what it had is read again."""
        self.index.database.set_aside()
        self._looked_at = float("-inf")
        self.refresh()

    def _work(self) -> None:
        hindrance = None
        try:
            self.look()
        except WebError as error:  # the next one who searches has it tried again
            hindrance = None if isinstance(error, Busy) else error
        except Exception:
            _log.exception("while the search index was brought up to date")
        finally:
            with self._guard:
                self._working, self.hindrance = None, hindrance

    def _look(self) -> None:
        began = time.monotonic()
        known, there = self.index.catalogue().by_folder, self._all()
        differing = {folder: key for folder, key in there.items() if self._differs(folder, key, known.get(folder))}
        self._took, self._count = time.monotonic() - began, len(there)
        self._bring(differing | dict.fromkeys(known.keys() - there.keys()))
        self._looked_at = time.monotonic()

    def _all(self) -> dict[Path, str]:
        """The ids of all folders that may be episodes."""
        library = self._library()
        return {path: key for key, path in library.folders().items()} if library else {}

    def _differs(self, folder: Path, key: str | None, entry: Entry | None) -> bool:
        """Whether a folder is another than it was, or another's id is now its own; without an id it is gone."""
        if entry is None:
            return key is not None and self._no_episodes.get(folder) != state_of_files(folder)
        return (entry.episode.id, entry.stamp) != (key, state_of_files(folder))

    def _bring(self, folders: Mapping[Path, str | None]) -> None:
        """Have the index tell what is in these folders, some at a time: others may write in between."""
        # The library itself seldom is an episode, and need not be waited for.
        self.waiting = sum(folder != self.index.root for folder in folders)
        work = iter(folders.items())
        with ThreadPoolExecutor(_AT_ONCE) as readers:
            while batch := list(islice(work, _BATCH)):
                with self._turn, self.index.database.alone():
                    self._write(batch, readers)
                self.waiting = max(0, self.waiting - len(batch))

    def _write(self, batch: Iterable[tuple[Path, str | None]], readers: ThreadPoolExecutor) -> None:
        known = [(folder, key, self.index.in_folder(folder)) for folder, key in batch]
        changed = [each for each in known if self._differs(*each)]  # unless another process has seen to it
        removed = [folder for folder, key, _ in changed if key is None]
        asked = [
            (folder, key, entry.facts if entry else None, entry.words_of if entry else "")
            for folder, key, entry in changed
            if key is not None
        ]
        readings = list[Reading]()
        for (folder, *_), reading in zip(asked, readers.map(lambda each: read(*each), asked), strict=True):
            if isinstance(reading, str):
                self._no_episodes[folder] = reading
                removed.append(folder)
            else:
                readings.append(reading)
        self.index.put(readings, removed)


def update(library: Library, episode: Episode) -> None:
    """Bring the index up to date with an episode that was added, changed, aligned or removed.

    Raises
    ------
    Busy, Full, Gone
        Too much is being read, or the index cannot be written; the next search brings it up to date.
    """
    upkeep_of(library).update([episode.folder])


def close(library: Library) -> None:
    """Let go of the index of a library; one that was made for this process alone is gone."""
    upkeep_of(library).index.database.close()


def begin(library: Library) -> None:
    """Bring the index of a library up to date in the background."""
    upkeep_of(library).begin()


def rebuild(library: Library) -> None:
    """Make the index of a library anew; what is raised is told by ``update``."""
    upkeep_of(library).rebuild()
