"""Locks between processes and threads: one for each episode's folder, and named ones of this user's.

The system frees a lock with its process. A lock that cannot be had is an error: nothing is written without it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from aligner.errors import OutputError
from aligner.storage.user_folders import data_folder
from media.safe_fs import where

NAME = ".lock"
"""The file in an episode's folder that is locked; it says nothing by itself."""

_WAITS = 30.0  # seconds for another that works in the folder

_held = threading.local()


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Let nobody else change the episode in ``folder`` meanwhile; whoever has the lock may ask for it again.

    Raises OutputError if another keeps it for long, or the folder is not there or cannot be written.
    """
    mine: set[str] = _held.__dict__.setdefault("folders", set())
    name = os.path.realpath(folder)
    if name in mine:
        yield
        return
    with _acquired(folder, lambda: where(folder).resolve(strict=True) / NAME, _WAITS):
        mine.add(name)
        try:
            yield
        finally:
            mine.discard(name)


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Let no other run of this user's serve ``folder`` or publish into it meanwhile.

    Raises OutputError if another does so.
    """
    name = hashlib.sha256(os.fsencode(os.path.realpath(folder))).hexdigest()[:16]
    with _acquired(folder, lambda: data_folder() / "locks" / f"{name}.lock", 0.0):  # filelock makes "locks"
        yield


@contextlib.contextmanager
def _acquired(folder: Path, place: Callable[[], Path], waits: float) -> Iterator[None]:
    from filelock import FileLock, Timeout

    with contextlib.ExitStack() as stack:
        try:
            path = place()
            if path.is_symlink():
                raise OutputError("{path}: is a link; remove it", path=path)
            stack.enter_context(FileLock(path, timeout=waits))
        except Timeout as error:
            if waits:
                raise OutputError(
                    "{path}: another quotecast is changing this episode; try again", path=folder
                ) from error
            raise OutputError("{path}: another quotecast is at work on it; wait for its end", path=folder) from error
        except OSError as error:
            at = error.filename or folder
            raise OutputError("{path}: cannot be written ({reason})", path=at, reason=error.strerror) from error
        yield
