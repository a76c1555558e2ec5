"""Half-written files of processes that were killed."""

from __future__ import annotations

import contextlib
from pathlib import Path

from aligner.storage.atomic import leftovers
from aligner.storage.user_folders import HIDDEN
from web.jobs.records import JOBS

_WRITTEN_TO = (".", "clips", JOBS, HIDDEN)  # the folders of an episode that jobs write to


def remove_leftovers(folder: Path) -> None:
    """Remove from an episode's folder the temporary files whose writers are no more, as far as that is possible."""
    with contextlib.suppress(OSError):  # what cannot be removed now may be so at the next start
        for name in _WRITTEN_TO:
            for path, writer in leftovers(folder / name):
                if not _lives(writer):
                    path.unlink(missing_ok=True)


def _lives(pid: int) -> bool:
    import psutil

    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:  # another user's
        return True
