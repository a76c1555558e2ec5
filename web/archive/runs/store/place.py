"""An archive in a store, as a run sees it. What became of its episodes is remembered in a folder of this machine, and
brought to the store every few seconds, each time whole."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from aligner.cli.terminal import tell
from aligner.storage.file_states import FileState, state_of
from aligner.storage.user_folders import HIDDEN
from media.confinement import confine, is_regular, read_regular
from media.errors import UserError
from media.moving import make_folder
from media.temporary import scratch_folder
from web.archive.runs.outcome import Stage
from web.archive.runs.places import Listed
from web.archive.runs.records import ARCHIVE, RESULTS
from web.archive.runs.store.episodes import LeftOut, episodes_of, known_apart
from web.archive.runs.store.lock import Lock
from web.archive.runs.store.objects import Store, StoreAwayError, StoreError, TakenError
from web.archive.runs.store.working import stored_in, work
from web.archive.runs.telling import STATE

_KEPT_EVERY = 5.0  # seconds
_RESTS = 20  # times as long as it took
_SEEN_FOR = 10.0  # seconds for which a store that has answered is believed to be there
_LARGEST_BYTES = 1 << 30


class StorePlace:
    """The archive in the ``store``, of which this run has the ``lock``; ``root`` is for what is remembered."""

    do = staticmethod(work)

    def __init__(self, store: Store, root: Path, lock: Lock) -> None:
        self._store, self._lock = store, lock
        self.root, self.address = root, store.address
        self._etags: dict[str, str | None] = {}
        self._states: dict[str, FileState] = {}
        self._seen_at, self._kept_next = -math.inf, 0.0

    def recall(self) -> None:
        """Take up what earlier runs remembered.

        Raises
        ------
        StoreError
            It cannot be had, or is too large to be that.
        """
        confine(self.root)
        make_folder(self._path(RESULTS).parent)
        for name in (RESULTS, STATE):
            found = self._store.find(_name(name))
            self._etags[name] = found.etag if found else None
            if found is None or name == STATE:
                continue
            if found.size_bytes > _LARGEST_BYTES:
                raise StoreError("{address}: what it remembers of its runs is too large", address=self.address)
            self._store.fetch(found, self._path(name))
            self._states[name] = state_of(self._path(name))

    def episodes(self) -> Iterator[Listed]:
        objects, alike = LeftOut(), LeftOut()
        found = [each.listed() for each in known_apart(episodes_of(self._store.listed(), objects), alike)]
        if objects.count:
            tell(f"quotecast: {objects.count} objects are left out, whose names no file can have: {objects}")
        if alike.count:
            tell(
                f"quotecast: {alike.count} episodes are left out, whose folders differ by case or an accent's writing"
                f" alone, and would be one on many disks; call them otherwise: {alike}"
            )
        self._seen_at = time.monotonic()
        return reversed(found)

    def episode(self, name: str) -> Listed | None:
        found = stored_in(self._store, name)
        return found.listed() if found else None

    def is_done_otherwise(self, name: str, stage: Stage) -> bool:
        """Nobody else works on episodes where they lie."""
        return False

    def is_there(self, anew: bool = False) -> bool:
        if anew or time.monotonic() - self._seen_at > _SEEN_FOR:
            self._seen_at = time.monotonic() if self._store.is_there() else -math.inf
        return self._seen_at > -math.inf

    def keep(self, at_last: bool = False) -> None:
        self._lock.check()
        if time.monotonic() < self._kept_next and not at_last:
            return
        began = time.monotonic()
        try:
            for name in (RESULTS, STATE):
                self._keep(name)
        except StoreAwayError:
            self._seen_at = -math.inf
            if at_last:
                raise
        took = time.monotonic() - began
        self._kept_next = began + max(_KEPT_EVERY, _RESTS * took)

    def index(self, names: Sequence[str]) -> int:
        """Nothing: the search is that of libraries in folders."""
        return 0

    def _keep(self, name: str) -> None:
        path = self._path(name)
        if not is_regular(path) or (state := state_of(path)) == self._states.get(name):
            return
        try:
            self._etags[name] = self._store.put(_name(name), read_regular(path), self._etags[name])
            self._states[name] = state
        except TakenError:  # by us, where an answer was lost; else the lock will tell
            found = self._store.find(_name(name))
            self._etags[name] = found.etag if found else None

    def _path(self, name: str) -> Path:
        return self.root / HIDDEN / ARCHIVE / name


def _name(name: str) -> str:
    return f"{HIDDEN}/{ARCHIVE}/{name}"


@contextlib.contextmanager
def sole_place(address: str) -> Iterator[StorePlace]:
    """The archive in the store at ``address``, for one run.

    Raises
    ------
    ArchiveInUseError
        Another has it.
    StoreError
        The store does not do what is asked.
    """
    store = Store.at(address)
    lock = Lock(store)
    with scratch_folder() as root, lock.taken():
        place = StorePlace(store, root, lock)
        place.recall()
        try:
            yield place
        except BaseException:
            with contextlib.suppress(UserError):  # what is raised already says more
                place.keep(at_last=True)
            raise
        place.keep(at_last=True)
