"""Whoever works in a folder lets nobody else do so meanwhile: by locks in the user's cache, which the system frees with
the process.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from aligner.errors import OutputError
from aligner.storage.user_folders import cache_folder

_TURNS = 256  # folders that may be written to at once; two that share a turn only wait for each other


@contextlib.contextmanager
def taking_turns(folder: Path) -> Iterator[None]:
    """Let no other process, and no other thread, that does so work in ``folder`` meanwhile. It is no use in itself.

    The lock is a file in the user's cache, freed by the system with the process. Where there can be none, work goes on.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):  # no cache can be written, or its disk knows no locks
            place = cache_folder() / "turns"
            place.mkdir(parents=True, exist_ok=True)
            number = int.from_bytes(hashlib.sha256(os.fsencode(os.path.realpath(folder))).digest()[:4], "big") % _TURNS
            _lock(stack.enter_context((place / f"{number}").open("ab")).fileno())
        yield


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Let no other run publish into ``folder`` meanwhile. Where no lock can be had, work goes on.

    Raises
    ------
    OutputError
        Another is at it.
    """
    from filelock import FileLock, Timeout

    with contextlib.ExitStack() as stack:
        try:
            locks = cache_folder() / "publishing"
            locks.mkdir(parents=True, exist_ok=True)
            name = hashlib.sha256(os.fsencode(os.path.realpath(folder))).hexdigest()[:16]
            stack.enter_context(FileLock(locks / f"{name}.lock", blocking=False))
        except Timeout as error:
            raise OutputError("{path}: another run publishes into it; wait for its end", path=folder) from error
        except OSError:
            pass  # no cache can be written, or its disk knows no locks
        yield


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX)
