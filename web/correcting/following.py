"""What follows a change of an episode, whoever makes it: this server, another program, somebody by hand.

Captions beside the alignment are made by a child, some seconds after the last correction; what the server's end leaves
behind is made when it starts again. Pages ask for the number of changes.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from aligner.outputs import captions_follow
from aligner.storage.file_names import history_path
from aligner.storage.history import states_of
from media.errors import UserError
from media.safe_fs import is_taken
from web.correcting.states import Made, last_change
from web.errors import Unusable, WebError
from web.worker_pool import call

T = TypeVar("T")

_REST = 3.0  # seconds without a change

_log = logging.getLogger("quotecast")
_changed = threading.Condition()
_due: dict[Path, float] = {}  # by alignment, when its captions are to be made
_threads: list[threading.Thread] = []
_locks: dict[Path, threading.Lock] = {}  # by alignment


def have_captions_follow(path: Path) -> None:
    """Have the captions beside an alignment written again in a moment, where they are behind by then."""
    with _changed:
        _due[path] = time.monotonic() + _REST
        _changed.notify()
        if not _threads:
            _threads.append(threading.Thread(target=_follow, name="captions", daemon=True))
            _threads[0].start()


def _follow() -> None:
    while True:
        with _changed:
            path = min(_due, key=lambda each: _due[each], default=None)
            left = _due[path] - time.monotonic() if path else None
            if path is None or (left and left > 0):
                _changed.wait(left)
                continue
            del _due[path]
        try:
            call(captions_follow, path)
        except (UserError, WebError, OSError) as error:
            _log.warning("captions of %s are behind: %s", path.parent.name, error)
        except Exception:  # whatever one episode holds, the captions of others follow
            _log.exception("captions of %s are behind", path.parent.name)


def with_history(path: Path, read: Callable[[Path], T]) -> tuple[T, int | UserError | WebError | OSError]:
    """Return what ``read`` makes of the alignment at ``path``, and the number of changes that are in it, or why the
    history cannot be read. Raises what ``read`` does."""
    while True:
        states = states_of(path)
        try:
            changes = _last(path, states)[0] if states[1] or is_taken(history_path(path)) else 0
        except (UserError, WebError, OSError) as error:
            return read(path), error
        made = read(path)
        if states_of(path) == states:
            return made, changes


def last_of(path: Path) -> tuple[int, Made | None]:
    """Return how many changes an alignment has, and the last one; raise as ``open_history``. Cached by file state."""
    return _last(path, states_of(path))


def _last(path: Path, states: object) -> tuple[int, Made | None]:
    with _locks.setdefault(path, threading.Lock()):  # one child for all pages that ask
        found = _found(path, states)
    if isinstance(found, Exception):
        raise found.with_traceback(None)
    return found


@lru_cache(maxsize=256)
def _found(path: Path, _states: object) -> tuple[int, Made | None] | UserError | Unusable:
    """Return what is known of the files in these states, or why they cannot be read; raises what may pass, as Busy."""
    try:
        return call(last_change, path)
    except (UserError, Unusable) as error:
        return error
