"""What was made of a file, kept until the file changes.

Conventions
-----------
A file has changed where its size, or a time of its last change, is another one: that which programs may set, or that
which the system keeps of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, wraps
from pathlib import Path
from threading import Lock, RLock
from typing import NamedTuple, TypeVar

from media.confinement import status_of

T = TypeVar("T")


class FileState(NamedTuple):
    """What tells one state of a file from the next; times in nanoseconds since 1970."""

    modified_ns: int
    size_bytes: int
    changed_ns: int


def state_of(path: Path) -> FileState:
    """The state that the file at ``path`` is in.

    Raises
    ------
    OSError
        It is not there, or no file that may be opened.
    """
    status = status_of(path)
    return FileState(status.st_mtime_ns, status.st_size, status.st_ctime_ns)


class OneAtATime:
    """Lets one thread at a time work on a file, and others on other files."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._locks: dict[Path, tuple[RLock, int]] = {}  # with how many hold it or wait for it

    @contextmanager
    def __call__(self, path: Path) -> Iterator[None]:
        with self._lock:
            lock, others = self._locks.get(path, (RLock(), 0))
            self._locks[path] = lock, others + 1
        try:
            with lock:
                yield
        finally:
            with self._lock:
                lock, others = self._locks.pop(path)
                if others > 1:
                    self._locks[path] = lock, others - 1


def until_changed(at_hand: int) -> Callable[[Callable[[Path], T]], Callable[[Path], T]]:
    """Let a function of a file keep its last ``at_hand`` answers, each until its file changes.

    The function raises OSError then where the file is not there; what it raises itself is not kept.

    Examples
    --------
    >>> @until_changed(at_hand=100)
    ... def lines_of(path: Path) -> int:
    ...     return read_regular(path).count(b"\\n")
    """

    def keeping(read: Callable[[Path], T]) -> Callable[[Path], T]:
        @lru_cache(maxsize=at_hand)
        def kept(path: Path, _state: FileState) -> T:
            return read(path)

        one_at_a_time = OneAtATime()

        @wraps(read)
        def current(path: Path) -> T:
            with one_at_a_time(path):  # who asks meanwhile waits, and is given the same
                return kept(path, state_of(path))

        return current

    return keeping
