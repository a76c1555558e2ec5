"""One server at a time works on a library."""

from __future__ import annotations

import contextlib
from pathlib import Path

from aligner.storage.user_folders import HIDDEN
from web.jobs.errors import LibraryInUse


def sole_server(root: Path) -> contextlib.AbstractContextManager[object]:
    """The lock that one server at a time has on a library; the system frees it with the process.

    Raises
    ------
    LibraryInUse
        Another has it.
    """
    import filelock

    (root / HIDDEN).mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(root / HIDDEN / "server.lock", blocking=False)
    try:
        return lock.acquire()
    except filelock.Timeout as error:
        raise LibraryInUse(f"{root}: another quotecast server is at work on it; use its page, or end it") from error
