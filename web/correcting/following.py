"""Rewrite captions some seconds after the last correction, and report the number of changes to an alignment.

The server also updates outdated captions when it starts. Changes made by other programs are counted too.
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
from web.correcting.states import ChangeFacts, last_change
from web.errors import Unusable, WebError
from web.languages import catalogue
from web.worker_pool import call

T = TypeVar("T")

_DELAY = 3.0  # seconds without a change

_log = logging.getLogger("quotecast")
_changed = threading.Condition()
_due: dict[Path, float] = {}  # by alignment, the monotonic time at which to write its captions
_threads: list[threading.Thread] = []
_locks: dict[Path, threading.Lock] = {}  # by alignment


def schedule_captions(path: Path) -> None:
    """Let a thread rewrite an alignment's captions, ``_DELAY`` seconds after the last call for this alignment."""
    with _changed:
        _due[path] = time.monotonic() + _DELAY
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
            reason = catalogue("en")[error.key].format(**error.values) if isinstance(error, WebError) else error
            _log.warning("captions of %s are outdated: %s", path.parent.name, reason)
        except Exception:  # an error in one episode must not stop the captions of others
            _log.exception("captions of %s are outdated", path.parent.name)


def with_revision(path: Path, read: Callable[[Path], T]) -> tuple[T, int | UserError | WebError | OSError]:
    """Return the result of ``read(path)``, and how often the alignment at ``path`` had been changed when it was read.
    If the history cannot be read, return the error in place of this number. Errors of ``read`` are raised."""
    while True:
        states = states_of(path)
        try:
            changes = _last(path, states)[0] if states[1] or is_taken(history_path(path)) else 0
        except (UserError, WebError, OSError) as error:
            return read(path), error
        result = read(path)
        if states_of(path) == states:
            return result, changes


def last_of(path: Path) -> tuple[int, ChangeFacts | None]:
    """Return the number of changes to an alignment, and the last change or None, cached until a file changes. Raises
    Unusable if the limits are exceeded, Busy if the server is too busy, and the errors of ``open_history``."""
    return _last(path, states_of(path))


def _last(path: Path, states: object) -> tuple[int, ChangeFacts | None]:
    with _locks.setdefault(path, threading.Lock()):  # so that one worker reads it for all pages that ask
        found = _last_or_error(path, states)
    if isinstance(found, Exception):
        raise found.with_traceback(None)
    return found


@lru_cache(maxsize=256)
def _last_or_error(path: Path, _states: object) -> tuple[int, ChangeFacts | None] | UserError | Unusable:
    """Return the result or error of ``last_change``, cached while the files' ``_states`` stay the same. Raises Busy."""
    try:
        return call(last_change, path)
    except (UserError, Unusable) as error:
        return error
