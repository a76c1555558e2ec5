"""Making, moving and removing what lies in folders that somebody may have sent: a link is never followed out of them.

Conventions
-----------
What cannot be done raises OSError, as the system tells it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import BinaryIO

from media.confinement import check_there, open_regular, place, where


def make_folder(folder: Path) -> None:
    """Make ``folder`` where it is not there, parents included, but no confined one."""
    check_there(folder)
    where(folder).mkdir(parents=True, exist_ok=True)


def new_folder(folder: Path) -> None:
    """Make ``folder``, which is not there yet."""
    place(folder).mkdir()


def is_taken(path: Path) -> bool:
    """Whether something has that name, whatever it is, and be it a link to nothing."""
    return os.path.lexists(place(path))


def new_file(path: Path) -> BinaryIO:
    """A file that is not there yet, open for writing."""
    return place(path).open("xb")


def move(source: Path, target: Path) -> None:
    """Give what is called ``source`` the name ``target``, whole; a file that has that name goes.

    A link is moved itself, and leads on to where it did.
    """
    old, new = place(source), place(target)
    if old.is_symlink() and not (leads := old.readlink()).is_absolute():
        new.symlink_to(os.path.relpath(old.parent / leads, new.parent))
        old.unlink()
    else:
        old.rename(new)


def copy(source: Path, target: Path) -> None:
    """Copy a regular file to a place where nothing is."""
    with open_regular(source) as content, new_file(target) as file:
        shutil.copyfileobj(content, file)


def remove_file(path: Path) -> None:
    """Remove what is called ``path``, a link alone and not what it leads to, if it is there."""
    place(path).unlink(missing_ok=True)


def remove_empty(folder: Path) -> None:
    """Remove ``folder``, which holds nothing; a link alone, and not the folder that it leads to."""
    at = place(folder)
    at.unlink() if at.is_symlink() else at.rmdir()


def remove_folder(folder: Path) -> None:
    """Remove ``folder`` and all that is in it, as far as that is possible."""
    with contextlib.suppress(OSError):  # what stays is swept another day
        if os.path.lexists(at := place(folder)):
            at.unlink() if at.is_symlink() or not at.is_dir() else shutil.rmtree(at, ignore_errors=True)
