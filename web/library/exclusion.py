"""Changes of one episode go one after another: what one reads before it writes, no other changes meanwhile."""

from __future__ import annotations

import contextlib
import threading
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from web.errors import Busy

_PATIENCE = 30.0  # seconds until who waits is told to try again

_guard = threading.Lock()
_locks: defaultdict[Path, threading.RLock] = defaultdict(threading.RLock)


@contextlib.contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """While this lasts, no other thread of the server changes the episode in ``folder``; the same thread may ask again.

    Raises
    ------
    Busy
        Another change takes too long.
    """
    with _guard:
        lock = _locks[folder.resolve()]
    if not lock.acquire(timeout=_PATIENCE):
        raise Busy("episode.busy")
    try:
        yield
    finally:
        lock.release()
