"""Opening a library to serve it: it is made where there is none; one that cannot be written is shown as it is."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from aligner.errors import OutputError
from aligner.storage.user_folders import HIDDEN
from media.confinement import OutsideError, changeable, confine
from media.moving import make_folder, new_file, remove_file
from media.temporary import temporary_path

_REFUSED = (errno.EROFS, errno.EACCES, errno.EPERM)


def open_library(root: Path) -> str | None:
    """Make the library at ``root`` where there is none, and in it our own folder. Returns why nothing can be
    written there, as on a stick with its lock on or in a folder of somebody else's; None where it can.

    Raises
    ------
    OutputError
        It cannot be made, or is none.
    """
    if root.is_file():
        raise OutputError("{path}: is a file; expected a folder of episodes", path=root)
    passing = passing_folder(root)
    try:
        make_folder(root)
        confine(root)  # before anything is made in it
        make_folder(passing)
    except OSError as error:
        if _is_shut(error) and os.access(root, os.R_OK | os.X_OK):
            return str(error.strerror)
        raise OutputError(
            "{path}: cannot be made ({reason}); name another folder",
            path=error.filename or root,
            reason=error.strerror,
        ) from error
    return why_unwritable(passing)


def passing_folder(root: Path) -> Path:
    """Where what is being uploaded lies until it is there as a whole."""
    return root / HIDDEN / "passing"


def why_unwritable(folder: Path) -> str | None:
    """Why this user can make no file in ``folder``; None where one can be made, or for now alone cannot."""
    try:
        probe = temporary_path(changeable(folder))
        new_file(probe).close()
        remove_file(probe)
    except OSError as error:
        if _is_shut(error):
            return str(error.strerror)
        # Else it is a full disk above all, which is told where something is to be written.
    return None


def _is_shut(error: OSError) -> bool:
    return error.errno in _REFUSED and not isinstance(error, OutsideError)
