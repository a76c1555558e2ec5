"""What tells two states of a file apart: its size, its time of change, and when the system saw it change."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from media.safe_fs import status_of


class FileState(NamedTuple):
    """What differs between two states of a file; times in nanoseconds since 1970."""

    modified_ns: int
    size_bytes: int
    changed_ns: int


def state_of(path: Path) -> FileState:
    """Return the state of the file at ``path``; raises OSError if it is not there, or may not be opened."""
    status = status_of(path)
    return FileState(status.st_mtime_ns, status.st_size, status.st_ctime_ns)
