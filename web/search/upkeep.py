"""Keeping a search index up to date with the folders of its library.

A folder is read again when a file in it has changed. A search starts a look at all folders in the background, unless
the last one was a moment ago, and waits for it a little: what was just added, corrected, removed or renamed is found,
and a new library is searched as far as it is read.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import re
import sqlite3
import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

from msgspec.structs import replace as replace_struct

from aligner.errors import AlignmentError
from aligner.model import Alignment, outermost
from aligner.storage.alignment_json import read_alignment
from aligner.storage.atomic import state_of
from media.safe_fs import plain_files, where
from web.bounded import call
from web.errors import Busy, Unusable, WebError
from web.library import Library, read_folder
from web.library.library import traits_of
from web.search.index import MOST_PASSAGES, Known, NewError, Passage, SearchIndex, Unread

T = TypeVar("T")
_Reading = tuple[Path, Known | None, list[Passage] | None]  # of a folder: as ``SearchIndex.put`` takes it

_log = logging.getLogger(__name__)

_REST = 20.0  # times as long as a look takes, until the next
_QUICK = 0.05  # seconds: a look that takes longer is waited for only after a change through the app
PATIENCE_SECONDS = 2.0  # that a search waits for a look
_AT_ONCE, _BATCH = 2, 8  # episodes that are read at a time, and written in one transaction
_LONGEST = 800  # characters of a passage: nobody reads more of a hit
_SENTENCE = re.compile(r".*(?:[.!?…][”’\"»)\]]*\s|[。！？])", re.DOTALL)
_SPACE = re.compile(r".*\s", re.DOTALL)


class Upkeep:
    """The index of one library, kept by this process."""

    def __init__(self, library: Library) -> None:
        self._library, self.index = library, SearchIndex(library.root)
        self._guard, self._thread = threading.Lock(), threading.Thread()
        self._seen_changes = -1  # of the library, at the last look
        self._ended, self._took = float("-inf"), 0.0
        self._others: dict[Path, str] = {}  # folders that are no episodes, with their states
        self.waiting = 0  # episodes that have changed and are not read yet
        self.hindrance: WebError | None = None  # why they are not

    def ask(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """Bring the index up to date as far as that is soon done, and ask it; raises as ``SearchIndex.use``."""
        self._refresh()
        try:
            return self.index.use(question)
        except NewError:
            self._took = 0.0
            self._refresh()
            return self.index.use(question)

    def begin(self) -> threading.Thread:
        """Start a look in the background, unless one is under way; return its thread."""
        with self._guard:
            if not self._thread.is_alive():
                self._seen_changes = self._library.changes
                self._thread = threading.Thread(target=self._work, daemon=True)
                self._thread.start()
            return self._thread

    def look(self) -> None:
        """Read all folders that have changed. Raises Busy: too much is being read; Full, Gone: the index cannot be
        written."""
        began = time.monotonic()
        folders = {folder: key for key, folder in self._library.folders().items()}
        known = self.index.use(self.index.known, writing=True)  # which makes it if it is missing
        changed = [folder for folder, key in folders.items() if not self._is_current(folder, key, known.get(folder))]
        changed += known.keys() - folders.keys()
        self._took = time.monotonic() - began
        self.waiting = sum(folder != self.index.root for folder in changed)  # the root seldom is an episode
        work = iter(changed)
        with ThreadPoolExecutor(_AT_ONCE) as readers:
            while batch := list(islice(work, _BATCH)):
                readings = list(readers.map(partial(self._read, folders, known), batch))
                self.index.use(partial(self._write, readings), writing=True)
                self.waiting = max(0, self.waiting - len(batch))
        self._ended = time.monotonic()

    def _refresh(self) -> None:
        is_waited_for = self._library.changes != self._seen_changes or self._took < _QUICK
        has_rested = time.monotonic() - self._ended > _REST * self._took
        if is_waited_for or has_rested:
            thread = self.begin()
            if is_waited_for:
                thread.join(PATIENCE_SECONDS)

    def _work(self) -> None:
        hindrance = None
        try:
            with contextlib.suppress(NewError):
                return self.look()
            self.look()
        except WebError as error:  # a search tries again
            hindrance = None if isinstance(error, Busy) else error
        except Exception:
            _log.exception("while the search index was brought up to date")
        finally:
            self.hindrance = hindrance

    def _is_current(self, folder: Path, key: str, known: tuple[int, Known] | None) -> bool:
        state = _state_of_files(folder)
        return (known[1].id, known[1].state) == (key, state) if known else self._others.get(folder) == state

    def _read(self, folders: Mapping[Path, str], before: Mapping[Path, tuple[int, Known]], folder: Path) -> _Reading:
        if folder not in folders:
            return folder, None, []
        state = _state_of_files(folder)  # first: what changes while the folder is read is read again
        known, passages = _read_episode(folder, folders[folder], state, before[folder][1] if folder in before else None)
        if known is None:
            self._others[folder] = state
        return folder, known, passages

    def _write(self, readings: Iterable[_Reading], connection: sqlite3.Connection) -> None:
        for each in readings:
            self.index.put(connection, *each)


@lru_cache(8)
def upkeep_of(library: Library) -> Upkeep:
    """Return what keeps the index of a library."""
    return Upkeep(library)


def _read_episode(
    folder: Path, key: str, state: str, before: Known | None
) -> tuple[Known | None, list[Passage] | None]:
    """Read the episode in a folder, whose files were in this state a moment ago; its passages are None if they are as
    ``before``. Raises Busy: too much is being read."""
    episode = read_folder(folder, key)
    if episode is None:
        return None, []
    cover = episode.details.cover
    # A file name that is no text cannot be shown; initials stand in its place.
    details = replace(episode.details, cover=cover if cover and cover.isprintable() else None)
    known, passages = Known(key, state, details, traits_of(episode)), list[Passage]()
    if episode.alignment is None:
        return known, passages
    try:
        known = replace_struct(known, alignment=str(state_of(episode.alignment)))
        if before and before.alignment == known.alignment:
            return replace_struct(before, id=key, state=state, details=details, traits=known.traits), None
        sha256, language, passages = call(passages_of, episode.alignment)
        return replace_struct(known, sha256=sha256, language=language), passages
    except Busy:
        raise
    except Unusable:
        return replace_struct(known, unread=Unread.TOO_LARGE), []
    except (OSError, AlignmentError):
        return replace_struct(known, unread=Unread.DAMAGED), []


def passages_of(path: Path) -> tuple[str, str, list[Passage]]:
    """Return the hash and the language of the alignment at ``path``, and its passages; for a child process. Raises
    AlignmentError: it is missing or damaged; Unusable: they are too many."""
    alignment = read_alignment(path)
    found = list(_passages(alignment))
    if len(found) > MOST_PASSAGES:
        raise Unusable("bounded.memory")
    return alignment.transcript.sha256, alignment.language, found


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
    while end - start > _LONGEST:
        piece = text[start : start + _LONGEST]
        cut = _SENTENCE.match(piece) or _SPACE.match(piece)
        yield start, start + (cut.end() if cut else _LONGEST)
        start += cut.end() if cut else _LONGEST
    yield start, end


def _state_of_files(folder: Path) -> str:
    """Return a hash of the names, sizes and times of a folder's files without those whose names begin with a dot."""
    try:
        facts = [f"{where(folder).stat().st_mtime_ns}"]
    except OSError:  # it cannot be listed
        return ""
    for name, status in plain_files(folder).items():
        if not name.startswith("."):
            facts += name, f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"
    return hashlib.sha256("\n".join(facts).encode("utf-8", "surrogateescape")).hexdigest()
