"""Cache what was made of a file until the file changes."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from typing import TypeVar

from aligner.storage.atomic import FileState, state_of

T = TypeVar("T")


def until_changed(at_hand: int) -> Callable[[Callable[[Path], T]], Callable[[Path], T]]:
    """Cache the last ``at_hand`` answers of a function of a file, each until its file changes.

    The function then raises OSError if the file is not there; what it raises itself is not cached.
    """

    def caching(read: Callable[[Path], T]) -> Callable[[Path], T]:
        @lru_cache(maxsize=at_hand)
        def cached(path: Path, _state: FileState) -> T:
            return read(path)

        return wraps(read)(lambda path: cached(path, state_of(path)))

    return caching
