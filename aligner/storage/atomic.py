"""Writing a file so that a reader finds the old content or the new, never half of it, also after a loss of power.

In a confined folder nothing is written through a link; a link in the place of a file is replaced itself.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from aligner.errors import OutputError
from media.safe_fs import (
    entries,
    is_folder,
    link,
    make_folder,
    move,
    open_regular,
    place,
    remove_empty,
    remove_file,
    status_of,
    write_new,
)
from media.temporary import flush, flush_names, scratch_folder, temporary_path

Content = bytes | Path | None
"""What a file is to hold: bytes, what another file of its folder holds, or None where there is to be none."""

_WAITS = 2.0  # seconds for a program that holds a file open, on Windows
_OF_OTHERS = 0o077


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside ``path`` to write to; on leaving without an error, rename it to ``path``.

    The file keeps the rights of the one it replaces; a new one is as private as the files that are called alike.

    Raises OutputError if the folder cannot be written, or the disk is full. Nothing is left behind then.
    """
    with blaming(path):
        at = checked_place(path)
        temporary = temporary_path(at.parent, path.suffix)
        try:
            write_new(temporary, b"")
            keep_rights(temporary, at)
            yield temporary
            flush(temporary)
            put_in_place(temporary, at)
            flush_names(at.parent)
        finally:
            remove_file(temporary)


def write_file(path: Path, content: bytes) -> None:
    """Write all of ``content`` or nothing; raises as ``replacing``."""
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def write_text(path: Path, text: str) -> None:
    """Write ``text`` as UTF-8 with its line ends as they are, all of it or nothing; raises as ``replacing``."""
    write_file(path, text.encode("utf-8"))


def replace_file(path: Path, content: Content) -> None:
    """Write bytes to ``path``, give it the content of another file of its folder, or remove it if there is to be none;
    raises OutputError if that cannot be done."""
    with blaming(path):
        if content is None:
            remove_file(path)
        elif isinstance(content, bytes):
            write_file(path, content)
        else:
            fresh = temporary_path(path.parent, path.suffix)
            link(content, fresh)
            put_in_place(fresh, checked_place(path))


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Write files one after the other, each whole; raises as ``replacing``."""
    for path, content in contents.items():
        write_file(path, content)


def keep_rights(fresh: Path, at: Path) -> None:
    """Give the ``fresh`` file the rights of what it replaces ``at`` its place, or of files called alike."""
    if os.name != "posix":
        return
    if at.exists() and not at.is_symlink():
        fresh.chmod(stat.S_IMODE(at.lstat().st_mode))
        return
    stem = at.name.lstrip(".").partition(".")[0]
    alike = (each.lstat().st_mode for each in entries(at.parent) if each.name.startswith(f"{stem}."))
    if any(stat.S_ISREG(mode) and not mode & _OF_OTHERS for mode in alike):
        fresh.chmod(0o600)


def put_in_place(fresh: Path, at: Path) -> None:
    """Rename a file to one that may be there; on Windows a program that holds that open is waited for."""
    until = time.monotonic() + _WAITS
    while True:
        try:
            move(fresh, at)
            return
        except PermissionError:
            if sys.platform != "win32" or time.monotonic() > until:
                raise
            time.sleep(0.05)


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """Give a temporary folder, gone when the context is left; raises OutputError if it cannot be made."""
    with contextlib.ExitStack() as stack:
        try:
            folder = stack.enter_context(scratch_folder())
        except OSError as error:
            raise OutputError(
                "{path}: cannot be written ({reason})", path=tempfile.gettempdir(), reason=error.strerror
            ) from error
        yield folder


@contextlib.contextmanager
def making(folder: Path) -> Iterator[None]:
    """Make ``folder``, parents included; if what follows fails, remove again those of them that hold nothing.

    Raises OutputError if it cannot be made.
    """
    missing = [each for each in (folder, *folder.parents) if not is_folder(each)]
    try:
        make_folder(folder)
        if not is_folder(folder):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    except OSError as error:
        raise OutputError("{path}: cannot be made ({reason})", path=folder, reason=error.strerror) from error
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):  # one holds something
            for each in missing:
                remove_empty(each)
        raise


@contextlib.contextmanager
def blaming(path: Path) -> Iterator[None]:
    """Report what goes wrong as an OutputError of ``path``."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            "{path}: cannot be written ({reason}); choose another folder with -o", path=path, reason=error.strerror
        ) from error


def checked_place(path: Path) -> Path:
    """Return the entry of its folder that ``path`` names, where a file can be written: nothing, a file, or a link.

    Raises OutputError if something else stands there, OSError if a link in a confined folder leads there.
    """
    if is_folder(path):
        raise OutputError("{path}: is a folder, expected to write a file there", path=path)
    at = place(path)
    with contextlib.suppress(FileNotFoundError):
        if stat.S_IFMT(at.lstat().st_mode) not in (stat.S_IFREG, stat.S_IFLNK) or _leads_to_device(at):
            raise OutputError("{path}: is a folder or device, expected to write a file there", path=path)
    return at


def _leads_to_device(at: Path) -> bool:
    """Return whether a link leads to a pipe or a device, as /dev/stdout does: whoever replaces it breaks something."""
    return at.is_symlink() and at.exists() and (not at.is_file() or at.is_relative_to("/dev"))


def hash_in(path: Path) -> str | None:
    """Return the SHA-256 of a file; None if there is none that can be read."""
    try:
        with open_regular(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


class FileState(NamedTuple):
    """What differs between two states of a file; times in nanoseconds since 1970."""

    modified_ns: int
    size_bytes: int
    changed_ns: int


def state_of(path: Path) -> FileState:
    """Return the state of the file at ``path``; raises OSError if it is not there, or may not be opened."""
    status = status_of(path)
    return FileState(status.st_mtime_ns, status.st_size, status.st_ctime_ns)
