"""What was made of a file, kept until the file changes.

Conventions
-----------
A file has changed where its size, or the time of its last change, is another one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from typing import NamedTuple, TypeVar

from media.confinement import status_of

T = TypeVar("T")


class FileState(NamedTuple):
    """What tells one state of a file from the next; the time in nanoseconds since 1970."""

    modified_ns: int
    size_bytes: int


def state_of(path: Path) -> FileState:
    """The state that the file at ``path`` is in.

    Raises
    ------
    OSError
        It is not there, or no file that may be opened.
    """
    status = status_of(path)
    return FileState(status.st_mtime_ns, status.st_size)


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

        @wraps(read)
        def current(path: Path) -> T:
            return kept(path, state_of(path))

        return current

    return keeping
