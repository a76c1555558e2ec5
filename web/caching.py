"""Cache what was made of a file until the file changes."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from threading import Lock, RLock
from typing import Any, TypeVar
from weakref import WeakValueDictionary

from aligner.storage.atomic import FileState, state_of

T = TypeVar("T")


class FileLocks:
    """A lock for each file, between threads; those that nobody holds are forgotten."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._locks: WeakValueDictionary[Path, Any] = WeakValueDictionary()

    def __call__(self, path: Path) -> Any:
        """Return the file's lock, to be held in a ``with`` statement; its holder may ask for it again."""
        with self._lock:
            return self._locks.setdefault(path, RLock())


def until_changed(at_hand: int) -> Callable[[Callable[[Path], T]], Callable[[Path], T]]:
    """Cache the last ``at_hand`` answers of a function of a file, each until its file changes.

    The function then raises OSError if the file is not there; what it raises itself is not cached.
    """

    def caching(read: Callable[[Path], T]) -> Callable[[Path], T]:
        @lru_cache(maxsize=at_hand)
        def cached(path: Path, _state: FileState) -> T:
            return read(path)

        locked = FileLocks()

        @wraps(read)
        def current(path: Path) -> T:
            with locked(path):  # whoever asks meanwhile waits for the same answer
                return cached(path, state_of(path))

        return current

    return caching
