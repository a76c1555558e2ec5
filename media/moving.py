"""The one place that makes, moves and removes what lies in folders that somebody may have sent.

What changes a confined folder passes no link below it, not even one that stays in it: there, another episode's folder
may be what a link in one leads to. The last step is never followed: a link is itself what is moved or removed. Each
folder on the way is held open meanwhile, where the system knows how, so that nobody can put a link in its place.

Conventions
-----------
What cannot be done raises OSError, as the system tells it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from media.confinement import NO_FILE, OutsideError, changeable, check_there, holding, open_regular, place, where
from media.links import NO_LINK, READ

_KEPT = (os.O_RDWR | os.O_CREAT | NO_LINK) | (READ & ~os.O_RDONLY)
_KEPT_CLOSED = (os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | NO_LINK) | (READ & ~os.O_RDONLY)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def make_folder(folder: Path) -> None:
    """Make ``folder`` where it is not there, parents included, but no confined one."""
    check_there(folder)
    at = changeable(folder)
    if not at.is_dir():
        make_folder(at.parent)
        try:
            new_folder(at)
        except FileExistsError:
            if not at.is_dir():  # which another process has made meanwhile
                raise


def new_folder(folder: Path, mode: int = 0o777) -> None:
    """Make ``folder``, which is not there yet."""
    with _held(folder) as (name, within):
        os.mkdir(name, mode, dir_fd=within)


def make_private_folder(folder: Path) -> None:
    """``make_folder`` for what nobody but this user may look into."""
    make_folder(folder.parent)
    try:
        new_folder(folder, mode=0o700)
    except FileExistsError:
        keep_private(folder)


def keep_private(path: Path) -> None:
    """Let nobody but this user read a file or look into a folder, where the system has such rights and it is ours."""
    with _held(path) as (name, within):
        if os.name != "posix":
            return
        descriptor = os.open(name, _KEPT_CLOSED, dir_fd=within)
        try:
            mode = 0o700 if stat.S_ISDIR(os.fstat(descriptor).st_mode) else 0o600
            with contextlib.suppress(PermissionError):
                os.fchmod(descriptor, mode)
        finally:
            os.close(descriptor)


def is_taken(path: Path) -> bool:
    """Whether something has that name, whatever it is, and be it a link to nothing."""
    return os.path.lexists(where(path.parent) / path.name)


def new_file(path: Path) -> BinaryIO:
    """A file that is not there yet, open for writing."""
    with _held(path) as (name, within):
        return os.fdopen(os.open(name, _NEW, 0o666, dir_fd=within), "wb")


def open_kept(path: Path) -> FileIO:
    """A file, made where it is not there, open for writing with all that it holds; it is written at once, and in part
    where the system takes no more. A link in its place is refused, and so is what is no file."""
    with _held(path) as (name, within):
        file = FileIO(os.open(name, _KEPT, 0o666, dir_fd=within), "r+")
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise OutsideError(errno.EACCES, NO_FILE, str(path))
    return file


def write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet."""
    with new_file(path) as file:
        file.write(content)


def move(source: Path, target: Path) -> None:
    """Give what is called ``source`` the name ``target``, whole; a file that has that name goes.

    A link is moved itself, and leads on to where it did.
    """
    with _held(source) as (old, out_of), _held(target) as (new, into):
        leads = _leads(source)
        if leads is None or leads.is_absolute():
            os.replace(old, new, src_dir_fd=out_of, dst_dir_fd=into)
        else:
            there, here = place(source).parent / leads, place(target).parent
            os.symlink(os.path.relpath(there, here), new, dir_fd=into)
            os.unlink(old, dir_fd=out_of)


def copy(source: Path, target: Path) -> None:
    """Copy a regular file to a place where nothing is."""
    with open_regular(source) as content, new_file(target) as file:
        shutil.copyfileobj(content, file)


def link(source: Path, target: Path) -> None:
    """Give the file, or the link, a second name; a copy, as old as it, where none can be."""
    with _held(source) as (old, out_of), _held(target) as (new, into):
        is_followed = os.link not in os.supports_follow_symlinks
        try:
            os.link(old, new, src_dir_fd=out_of, dst_dir_fd=into, follow_symlinks=is_followed)
        except OSError:
            if (leads := _leads(source)) is not None:
                os.symlink(leads, new, dir_fd=into)
                return
            copy(source, target)
            status = place(source).lstat()
            os.utime(new, ns=(status.st_atime_ns, status.st_mtime_ns), dir_fd=into)


def set_time(path: Path, modified: float) -> None:
    """Have the file be changed last at ``modified``, in seconds since 1970."""
    with _held(path) as (name, within):
        os.utime(name, (modified, modified), dir_fd=within)


def remove_file(path: Path) -> None:
    """Remove what is called ``path``, a link alone and not what it leads to, if it is there."""
    with contextlib.suppress(FileNotFoundError), _held(path) as (name, within):
        os.unlink(name, dir_fd=within)


def remove_empty(folder: Path) -> None:
    """Remove ``folder``, which holds nothing; a link alone, and not the folder that it leads to."""
    with _held(folder) as (name, within):
        os.unlink(name, dir_fd=within) if place(folder).is_symlink() else os.rmdir(name, dir_fd=within)


def remove_folder(folder: Path) -> None:
    """Remove ``folder`` and all that is in it, as far as that is possible."""
    with contextlib.suppress(OSError), _held(folder) as (name, within):  # what stays is swept another day
        at = place(folder)
        if at.is_symlink() or not at.is_dir():
            os.unlink(name, dir_fd=within)
        else:
            shutil.rmtree(name, ignore_errors=True, dir_fd=within)  # which follows no link either


@contextlib.contextmanager
def _held(path: Path) -> Iterator[tuple[str, int | None]]:
    """``path`` as the system takes it: its name, and the descriptor of its folder; its whole path where there is none.

    Windows has no such descriptors: what is put there between the look and the change is not seen.
    """
    at = place(path)
    with holding(at.parent) as descriptor:
        yield (str(at), None) if descriptor is None else (at.name, descriptor)


def _leads(path: Path) -> Path | None:
    """What the link at ``path`` says; None where there is none."""
    at = place(path)
    return at.readlink() if at.is_symlink() else None
