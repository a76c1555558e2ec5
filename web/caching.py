"""Cache the result of reading a file until the file changes."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from typing import TypeVar

from aligner.storage.atomic import FileState, state_of

T = TypeVar("T")


def until_changed(most: int) -> Callable[[Callable[[Path], T]], Callable[[Path], T]]:
    """Return a decorator for functions that read a file. It caches up to ``most`` results, each as long as its file is
    unchanged. The decorated function raises OSError if the file is missing. Exceptions are not cached."""

    def caching(read: Callable[[Path], T]) -> Callable[[Path], T]:
        @lru_cache(maxsize=most)
        def cached(path: Path, _state: FileState) -> T:
            return read(path)

        return wraps(read)(lambda path: cached(path, state_of(path)))

    return caching
