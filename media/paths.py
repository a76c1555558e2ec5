"""What a path stands for by how it is written, before anything is asked of the system."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

_HANDED = re.compile(r"/(?:dev|proc/self)/fd/(\d{1,4})")  # what a shell makes of <(command)


def can_be_path(text: str) -> bool:
    """Whether the system can be asked for a path that is written so."""
    try:
        return b"\0" not in os.fsencode(text)
    except UnicodeEncodeError:  # of half a character
        return False


def check_path(path: Path) -> None:
    """Raise OSError of what can be no path, where Python raises ValueError."""
    if not can_be_path(str(path)):
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))


def handed_file(path: Path) -> int | None:
    """The number of the open file that ``path`` stands for, which nobody can be waited for to open; else None."""
    found = _HANDED.fullmatch("/dev/fd/0" if str(path) == "/dev/stdin" else str(path))
    return int(found[1]) if found else None
