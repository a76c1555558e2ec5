"""Create temporary files, delete (sweep) those of killed processes, and flush writes to the disk.

A temporary file's name contains the machine, the process and the time at which the process started. So a file in use is
never taken for an abandoned one, even if process numbers are reused or two machines share a folder.
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

from media.safe_fs import entries, is_taken, make_folder, open_for_update, place, remove_file, remove_folder

_NAME = re.compile(r"\.?quotecast-(?P<machine>[0-9a-f]{8})-(?P<pid>\d{1,10})-(?P<start>\d{1,12})-[0-9a-f]{12}(?:\..*)?")
_LONGEST_SUFFIX = 16  # bytes; a longer one is part of a name and might make the temporary name too long
_ABANDONED_SECONDS = 7 * 24 * 3600.0  # since the last write on another machine: no run takes a day
_NO_FLUSH_SUPPORT = (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS)  # as some network folders answer
_CLOCK_TOLERANCE = 60  # seconds by which a change of the clock may move the start of a process


def temporary_path(folder: Path, suffix: str = "") -> Path:
    """Return an unused path in ``folder`` for a temporary file of this process."""
    suffix = suffix if len(os.fsencode(suffix)) <= _LONGEST_SUFFIX else ""
    return folder / f".{_own_name()}{suffix}"


def is_temporary(name: str) -> bool:
    """Return whether a file name was made by ``temporary_path``."""
    return name.startswith(".") and _NAME.fullmatch(name) is not None


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """Context manager: create a folder for temporary files, yield it, and delete it when the ``with`` block ends.

    Raises OSError if the folder cannot be created."""
    folder = Path(tempfile.gettempdir(), _own_name())
    make_folder(folder, 0o700)
    try:
        yield folder
    finally:
        remove_folder(folder)  # a later run sweeps what cannot be removed now


def sweep(folder: Path) -> None:
    """Delete the temporary files and folders that ended processes of this user have left directly in ``folder``.

    Files made on other machines, whose processes cannot be checked, are deleted a week after the last change.
    Folders made by ``scratch_folder`` are deleted only if ``folder`` is the system's temporary folder."""
    is_systems = folder == Path(tempfile.gettempdir())
    for path in entries(folder):
        if not is_systems and not path.name.startswith("."):
            continue
        if _NAME.fullmatch(path.name):
            with contextlib.suppress(OSError):  # already removed, or still open: a later run tries again
                _remove_if_abandoned(path)


def flush(path: Path) -> None:
    """Flush a file's content to the disk, so that it survives a power failure."""
    with path.open("r+b") as file:
        sync(file.fileno())


def flush_names(folder: Path) -> None:
    """Flush the directory entries of ``folder``, if the system can, so that a renaming survives a power failure."""
    with contextlib.suppress(OSError):  # Windows cannot open folders, and some network folders cannot flush them
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            sync(descriptor)
        finally:
            os.close(descriptor)


def sync(descriptor: int) -> None:
    """Flush an open file or folder, given by its descriptor, to the disk."""
    if sys.platform == "darwin":  # where fsync leaves data in the disk's own cache
        import fcntl

        with contextlib.suppress(OSError):  # network folders may support only fsync
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_FLUSH_SUPPORT:
            raise


def append(path: Path, content: bytes, after_bytes: int) -> None:
    """Truncate a file to ``after_bytes`` bytes, append ``content`` and flush; if this fails, truncate again."""
    is_new = not is_taken(path)
    try:
        with open_for_update(path) as file:
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
    return f"quotecast-{_machine()}-{pid}-{_own_start(pid)}-{os.urandom(6).hex()}"


def _remove_if_abandoned(path: Path) -> None:
    status = place(path).lstat()
    is_ours = not hasattr(os, "getuid") or status.st_uid == os.getuid()
    if not is_ours or _may_be_in_use(path.name, status.st_mtime):
        return
    if stat.S_ISDIR(status.st_mode):
        remove_folder(path)
    elif stat.S_ISREG(status.st_mode):
        remove_file(path)


def _may_be_in_use(name: str, modified: float) -> bool:
    found = _NAME.fullmatch(name)
    if found and found["machine"] == _machine():
        start = _start_of(int(found["pid"]))
        return start is not None and abs(int(found["start"]) - start) < _CLOCK_TOLERANCE
    return time.time() - modified < _ABANDONED_SECONDS


@cache
def _machine() -> str:
    """Return a short hash that identifies this machine or, on Linux, this container (process namespace)."""
    parts = [platform.node()]
    with contextlib.suppress(OSError):  # not Linux
        parts.append(os.readlink("/proc/self/ns/pid"))  # noqa: PTH115 - it is no path
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:8]


@cache
def _own_start(pid: int) -> int:
    return _start_of(pid) or 0


def _start_of(pid: int) -> int | None:
    """Return the Unix time at which a process started; None if the process has ended or may not be inspected."""
    import psutil

    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else int(process.create_time())
    except psutil.Error:
        return None
