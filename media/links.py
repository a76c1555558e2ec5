"""Links on the way to something: where they are, and how to open what lies behind none.

Conventions
-----------
``root`` is a folder that may itself be reached by whatever; only what comes below it is looked at.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
"""How a file is opened for reading: a FIFO is not waited for."""

NO_LINK = getattr(os, "O_NOFOLLOW", 0)
"""With it a file is not opened where there is a link in its place. Windows does not know it."""

BY_STEPS = os.open in os.supports_dir_fd and hasattr(os, "O_DIRECTORY")
"""Whether the system opens by steps, each in the folder that the step before has opened. Windows does not."""

_JUNCTION = 0xA0000003  # Windows' IO_REPARSE_TAG_MOUNT_POINT: a link to a folder


def link_in(root: Path, path: Path) -> str | None:
    """The first step of ``path`` below ``root`` that is a link, if there is one; what is not there is none."""
    at = str(root)
    for name in path.parts[len(root.parts) :]:
        at = f"{at}{os.sep}{name}"
        try:
            status = os.lstat(at)
        except OSError:
            return None
        if stat.S_ISLNK(status.st_mode) or getattr(status, "st_reparse_tag", 0) == _JUNCTION:
            return name
    return None


def open_below(root: Path, path: Path) -> int:
    """A descriptor of the file at ``path``; raises OSError if there is a link below ``root`` after all."""
    folder = open_folder(root, path.parent)
    try:
        return os.open(path.name, READ | NO_LINK, dir_fd=folder)
    finally:
        os.close(folder)


def open_folder(root: Path, path: Path) -> int:
    """The same for a folder, or ``root`` itself."""
    at = os.open(root, READ | os.O_DIRECTORY)
    for name in path.relative_to(root).parts:
        try:
            inner = os.open(name, READ | os.O_DIRECTORY | NO_LINK, dir_fd=at)
        finally:
            os.close(at)
        at = inner
    return at
