"""Changes of one episode go one after another: what one of them reads before it writes, no other changes meanwhile."""

from __future__ import annotations

import contextlib
import threading
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from web.errors import Busy

_PATIENCE = 30.0  # seconds until who waits is told to try again

_guard = threading.Lock()
_turns: defaultdict[Path, threading.RLock] = defaultdict(threading.RLock)


@contextlib.contextmanager
def in_turn(folder: Path) -> Iterator[None]:
    """While this lasts, no other thread of the server changes the episode in ``folder``; one that has its turn already
    may ask again.

    Raises
    ------
    Busy
        What has its turn takes too long.
    """
    with _guard:
        turn = _turns[folder.resolve()]
    if not turn.acquire(timeout=_PATIENCE):
        raise Busy("episode.busy")
    try:
        yield
    finally:
        turn.release()
