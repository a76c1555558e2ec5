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
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from pathlib import Path

from aligner.errors import AlignmentError
from aligner.storage.file_states import state_of
from media.listing import state_of_files
from web.errors import Busy, Unusable
from web.library import Details, Episode, Library, by_child, known_error, read_folder, traits_of
from web.search.database import is_damage
from web.search.index import Entry, Facts, Reading, SearchIndex, Unread
from web.search.places import density_of
from web.search.word_index import Index, build_of

_log = logging.getLogger(__name__)

_FEW = 200  # folders, which are looked at before each search: in some 15 ms
_REST = 20.0  # how many times as long as that takes more of them are not looked at again
PATIENCE_SECONDS = 2.0  # that who searches waits for what has changed
_AT_ONCE = 2  # episodes that are read at a time
_BATCH = 16  # that are written at a time


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
        self._folders = weakref.WeakMethod(library.folders)
        self.index = SearchIndex(library.root)
        self._turn = threading.Lock()  # to write
        self._guard = threading.Lock()
        self._working: threading.Thread | None = None
        self._is_told = False  # that something has changed
        self._no_episodes: dict[Path, str] = {}  # their state
        self._looked_at, self._took, self._count = float("-inf"), 0.0, 0  # of the last look
        self.waiting = 0  # episodes that have changed and are yet to be read

    def refresh(self) -> None:
        """Bring the index up to date, as far as that is soon done; the rest follows in the background."""
        with self._guard:
            is_waited_for = self._is_told or self._count <= _FEW
            is_due = is_waited_for or time.monotonic() - self._looked_at > _REST * self._took
            if is_due and self._working is None:
                self._is_told = False
                self._working = threading.Thread(target=self._work, daemon=True)
                self._working.start()
            working = self._working if is_waited_for else None
        if working:
            working.join(PATIENCE_SECONDS)

    def changed(self) -> None:
        """Something in the library is no longer as it was."""
        self._is_told = True

    def update(self, folders: Iterable[Path]) -> None:
        """Read these folders of the library again, where they have changed.

        Raises
        ------
        Busy
            Too much is being read.
        sqlite3.OperationalError
            The index cannot be written.
        """
        there = self._all()
        self._bring({folder: there.get(folder) for folder in folders})

    def look(self) -> None:
        """Read all folders that have changed; what is raised is told by ``update``."""
        began = time.monotonic()
        there = self._all()
        self.waiting = self._count_of(self._differing(self._known(), there))
        self._took, self._count = time.monotonic() - began, len(there)
        self._bring(there, is_all=True)
        self._looked_at = time.monotonic()

    def repair(self) -> None:
        """Put a damaged index aside; what it had is read again."""
        self.index.database.set_aside()
        self._looked_at = float("-inf")
        self.refresh()

    def rebuild(self) -> None:
        """Make the index anew; what is raised is told by ``update``."""
        self.index.database.set_aside()
        self._no_episodes.clear()
        self.look()

    def _work(self) -> None:
        try:
            self.look()
        except Busy:
            pass  # the next one who searches has it tried again
        except Exception:
            _log.exception("while the search index was brought up to date")
        finally:
            with self._guard:
                self._working = None

    def _known(self) -> dict[Path, Entry]:
        """What the index has; a new one has nothing, which takes the place of a damaged one."""
        try:
            return self.index.catalogue().by_folder
        except (sqlite3.DatabaseError, ValueError) as error:
            if not is_damage(error):
                raise
            self.index.database.set_aside()
            return self.index.catalogue().by_folder

    def _all(self) -> dict[Path, str]:
        """The ids of all folders that may be episodes."""
        folders = self._folders()
        return {path: key for key, path in folders().items()} if folders else {}

    def _differing(self, known: dict[Path, Entry], there: dict[Path, str]) -> list[Path]:
        return [folder for folder, key in there.items() if not self._is_as_known(folder, key, known.get(folder))]

    def _is_as_known(self, folder: Path, key: str, entry: Entry | None) -> bool:
        stamp = state_of_files(folder)
        if entry is None:
            return folder in self._no_episodes and self._no_episodes[folder] == stamp
        return (entry.episode.id, entry.stamp) == (key, stamp)

    def _bring(self, there: Mapping[Path, str | None], is_all: bool = False) -> None:
        """Have the index tell what is in these folders; one without an id is none of the library's any more, nor is
        any other if they are all."""
        with self._turn, self.index.database.alone():
            try:
                self._write(there, is_all)
            except (sqlite3.DatabaseError, ValueError) as error:
                if not is_damage(error):
                    raise
                self.index.database.set_aside()
                self._write(there, is_all)
            finally:
                self.waiting = 0

    def _write(self, there: Mapping[Path, str | None], is_all: bool) -> None:
        known = self._known()
        ids = {folder: key for folder, key in there.items() if key is not None}
        gone = [folder for folder in known if folder not in ids and (is_all or folder in there)]
        if gone:
            self.index.put((), gone)
        differing = self._differing(known, ids)
        self.waiting = self._count_of(differing)
        work = iter([(folder, ids[folder], known.get(folder)) for folder in differing])
        with ThreadPoolExecutor(_AT_ONCE) as readers:
            while batch := list(islice(work, _BATCH)):
                readings = list(readers.map(lambda each: self._read(*each), batch))
                removed = [folder for (folder, _, _), reading in zip(batch, readings, strict=True) if reading is None]
                self.index.put(filter(None, readings), removed)
                self.waiting = max(0, self.waiting - len(batch))

    def _count_of(self, folders: Sequence[Path]) -> int:
        """How many may be episodes, as the library itself seldom is."""
        return sum(folder != self.index.root for folder in folders)

    def _read(self, folder: Path, key: str, entry: Entry | None) -> Reading | None:
        """What is in a folder now; None where it is no episode."""
        stamp = state_of_files(folder)  # before anything is read: what changes meanwhile is read again
        episode = read_folder(folder, key)
        if episode is None:
            self._no_episodes[folder] = stamp
            return None
        words_of, words, unread = "", None, None
        same = False
        if episode.alignment:
            try:
                words_of = str(state_of(episode.alignment))
                same = entry is not None and entry.words_of == words_of
                unread = entry.facts.unread if entry and same else None
                words = None if same else _words_of(episode)
            except (OSError, AlignmentError):
                unread = Unread.DAMAGED
            except Busy:
                raise
            except Unusable:
                unread = Unread.TOO_LARGE
        speakers = tuple(sorted(words.speakers)) if words else entry.facts.speakers if entry and same else ()
        density = density_of(words.folded) if words else entry.facts.density if entry and same else 0
        facts = Facts(_told(episode), traits_of(episode), speakers, unread, density)
        return Reading(folder, key, stamp, words_of, episode.title, facts, words, same)


def _words_of(episode: Episode) -> Index:
    assert episode.alignment
    if error := known_error(episode.alignment):
        raise error
    words = by_child(build_of, episode.alignment, state_of(episode.alignment))
    if words is None:
        raise Unusable("bounded.memory")
    return words


def _told(episode: Episode) -> Details:
    cover = episode.details.cover
    # A name that is no text can be told nowhere; the initials stand in its place.
    return replace(episode.details, cover=cover if cover and cover.isprintable() else None)


def update(library: Library, episode: Episode) -> None:
    """Bring the index up to date with an episode that was added, changed, aligned or removed.

    Raises
    ------
    Busy
        Too much is being read; the next search brings it up to date.
    """
    upkeep_of(library).update([episode.folder])


def changed(library: Library) -> None:
    """Tell that something in a library was changed; the next search is answered when it has been looked at."""
    upkeep_of(library).changed()


def rebuild(library: Library) -> None:
    """Make the index of a library anew; what is raised is told by ``update``."""
    upkeep_of(library).rebuild()
