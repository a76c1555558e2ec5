"""Temporary files, their removal once their writers were killed, and writing that lasts.

The name of a temporary file holds the machine, the process and when that began, so that neither a number given to
another process since nor a folder shared by two machines makes a file that is being written look abandoned.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import platform
import re
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from media.safe_fs import entries, is_taken, make_folder, open_kept, place, remove_file, remove_folder

_NAME = re.compile(r"\.?quotecast-(?P<machine>[0-9a-f]{8})-(?P<pid>\d{1,10})-(?P<began>\d{1,12})-[0-9a-f]{12}(?:\..*)?")
_LONGEST_SUFFIX = 16  # bytes; a longer one is part of a name, and might make the temporary one too long
_FORGOTTEN = 7 * 24 * 3600.0  # seconds since it was last written to: no run takes a day
_KNOWS_NO_FLUSH = (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS)  # as some network folders answer
_SAME_MOMENT = 60  # seconds by which setting the clock may move the beginning of a process


def temporary_path(folder: Path, suffix: str = "") -> Path:
    """Return a path in ``folder`` where nothing is, for this process to write to."""
    suffix = suffix if len(os.fsencode(suffix)) <= _LONGEST_SUFFIX else ""
    return folder / f".{_own_name()}{suffix}"


def is_temporary(name: str) -> bool:
    """Return whether ``temporary_path`` gives such names."""
    return name.startswith(".") and _NAME.fullmatch(name) is not None


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """Make a folder for temporary files and remove it when the context is left.

    Raises OSError: it cannot be made.
    """
    folder = Path(tempfile.gettempdir(), _own_name())
    make_folder(folder, 0o700)
    try:
        yield folder
    finally:
        remove_folder(folder)  # what stays is swept by a later run


def sweep(folder: Path) -> None:
    """Remove the temporary files and folders of this user, right in ``folder``, whose writers were killed.

    Those of another machine go after a week. Only in the system's folder for temporary files are such names not hidden.
    """
    is_systems = folder == Path(tempfile.gettempdir())
    for path in entries(folder):
        if not is_systems and not path.name.startswith("."):
            continue
        if _NAME.fullmatch(path.name):
            with contextlib.suppress(OSError):  # gone meanwhile, or held by a program: a later run tries again
                _remove_if_abandoned(path)


def flush(path: Path) -> None:
    """Write a file's content through to the disk, so that it outlives a power failure."""
    with path.open("r+b") as file:
        sync(file.fileno())


def flush_names(folder: Path) -> None:
    """Write the names in ``folder`` through to the disk, where the system can."""
    with contextlib.suppress(OSError):  # Windows opens no folder, some network folders flush none; those do it unasked
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            sync(descriptor)
        finally:
            os.close(descriptor)


def sync(descriptor: int) -> None:
    """Write an open file or folder through to the disk."""
    if sys.platform == "darwin":  # where fsync leaves it in the disk's own cache
        import fcntl

        with contextlib.suppress(OSError):  # a network folder that knows no such thing knows the usual one
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _KNOWS_NO_FLUSH:
            raise


def append(path: Path, content: bytes, after_bytes: int) -> None:
    """Put ``content`` after the first ``after_bytes`` of a file, in place of what follows, and flush it.

    If that fails, what followed may be gone.
    """
    is_new = not is_taken(path)
    try:
        with open_kept(path) as file:
            file.truncate(after_bytes)
            file.seek(after_bytes)
            try:
                left = memoryview(content)
                while left:
                    left = left[file.write(left) :]
                sync(file.fileno())
            except OSError:
                file.truncate(after_bytes)
                raise
    except OSError:
        if is_new:
            with contextlib.suppress(OSError):  # the first error is the one to report
                remove_file(path)
        raise
    if is_new:
        flush_names(path.parent)


def _own_name() -> str:
    pid = os.getpid()
    return f"quotecast-{_machine()}-{pid}-{_own_beginning(pid)}-{os.urandom(6).hex()}"


def _remove_if_abandoned(path: Path) -> None:
    status = place(path).lstat()
    is_ours = not hasattr(os, "getuid") or status.st_uid == os.getuid()
    if not is_ours or _may_be_written(path.name, status.st_mtime):
        return
    if stat.S_ISDIR(status.st_mode):
        remove_folder(path)
    elif stat.S_ISREG(status.st_mode):
        remove_file(path)


def _may_be_written(name: str, modified: float) -> bool:
    named = _NAME.fullmatch(name)
    if named and named["machine"] == _machine():
        beginning = _beginning(int(named["pid"]))
        return beginning is not None and abs(int(named["began"]) - beginning) < _SAME_MOMENT
    return time.time() - modified < _FORGOTTEN


@cache
def _machine() -> str:
    """Return a name of this machine; on Linux also of this container, whose processes have their own numbers."""
    parts = [platform.node()]
    with contextlib.suppress(OSError):  # another system
        parts.append(os.readlink("/proc/self/ns/pid"))  # noqa: PTH115 - it is no path
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:8]


@cache
def _own_beginning(pid: int) -> int:
    return _beginning(pid) or 0


def _beginning(pid: int) -> int | None:
    """Return when a process began, in seconds since 1970; None if it has ended or is another user's by now."""
    import psutil

    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else int(process.create_time())
    except psutil.Error:
        return None
