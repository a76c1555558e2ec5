"""Temporary files and folders: names that tell who writes them, and the removal of those whose writers were killed.

A name holds the machine, the process and when that began: neither a number that the system has given to another process
since, nor a folder that two machines share, makes what is being written look abandoned.
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

from media.confinement import place
from media.listing import entries
from media.moving import new_folder, remove_file, remove_folder

_NAME = re.compile(r"\.?quotecast-(?P<machine>[0-9a-f]{8})-(?P<pid>\d{1,10})-(?P<began>\w{1,20})-[0-9a-f]{12}(?:\..*)?")
_EARLIER = re.compile(r"\.quotecast-\d+-[0-9a-f]{12}(?:\..*)?|\.joining-\w{8}")  # of versions that said less
_LONGEST_SUFFIX = 16  # bytes; a longer one is part of a name, and might make the temporary one too long
_FORGOTTEN = 7 * 24 * 3600.0  # seconds since it was last written to: no run takes a day
_KNOWS_NO_FLUSH = (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS)  # as some network folders answer
_SAME_MOMENT = 60  # seconds by which a system that was set right tells the beginning of a process otherwise


def temporary_path(folder: Path, suffix: str = "") -> Path:
    """A path in ``folder`` where nothing is, for this process to write to."""
    suffix = suffix if len(os.fsencode(suffix)) <= _LONGEST_SUFFIX else ""
    return folder / f".{_own_name()}{suffix}"


def is_temporary(name: str) -> bool:
    """Whether ``temporary_path`` gives such names."""
    return name.startswith(".") and _NAME.fullmatch(name) is not None


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """A new folder in the system's place for temporary files, gone when the context is left.

    Raises
    ------
    OSError
        It cannot be made.
    """
    folder = Path(tempfile.gettempdir(), _own_name())
    new_folder(folder, mode=0o700)
    try:
        yield folder
    finally:
        remove_folder(folder)  # what stays is swept by a later run


def sweep(folder: Path) -> None:
    """Remove what killed processes left right in ``folder``, as far as that is possible: this user's files and folders
    with such a name whose writer is no more. No link is followed, and none removed. Only in the system's place for
    temporary files are such names not hidden.

    Of what another machine wrote, or an earlier version, nobody knows; after a week it is forgotten.
    """
    is_systems = folder == Path(tempfile.gettempdir())
    for path in entries(folder):
        if not is_systems and not path.name.startswith("."):
            continue
        if _NAME.fullmatch(path.name) or _EARLIER.fullmatch(path.name):
            with contextlib.suppress(OSError):  # gone meanwhile, or held by a program: a later run tries again
                _remove_if_abandoned(path)


def flush(path: Path) -> None:
    """Have the system put the file's content on the disk, so that no failure of power takes it back.

    Raises
    ------
    OSError
        It cannot.
    """
    with path.open("r+b") as file:
        sync(file.fileno())


def flush_names(folder: Path) -> None:
    """Have the system put on the disk which files ``folder`` has, and under which names, where it knows how."""
    with contextlib.suppress(OSError):  # Windows opens no folder, some network folders flush none; those do it unasked
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            sync(descriptor)
        finally:
            os.close(descriptor)


def sync(descriptor: int) -> None:
    """``flush`` of an open file or folder."""
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
        return _is_same(named["began"], _beginning(int(named["pid"])))
    return time.time() - modified < _FORGOTTEN


def _is_same(named: str, beginning: str | None) -> bool:
    if beginning is None or named == beginning:
        return beginning is not None
    return not _PROC.exists() and named.isdecimal() and abs(int(named) - int(beginning)) < _SAME_MOMENT


_PROC = Path("/proc/self/stat")  # Linux's


@cache
def _machine() -> str:
    """What tells this machine from others; on Linux this container too, for its processes have numbers of their own."""
    parts = [platform.node()]
    with contextlib.suppress(OSError):  # another system
        parts.append(os.readlink("/proc/self/ns/pid"))  # noqa: PTH115 - it is no path
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:8]


@cache
def _own_beginning(pid: int) -> str:
    return _beginning(pid) or "0"


def _beginning(pid: int) -> str | None:
    """When the process of that number began, as one word; None if there is none, or it has only not been reaped yet.

    On Linux since the machine did, whose beginning is named too: its clock may be set right meanwhile. Elsewhere in
    seconds since 1970.
    """
    if _PROC.exists():
        return _beginning_on_linux(pid)
    import psutil

    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else str(int(process.create_time()))
    except psutil.NoSuchProcess:
        return None
    except psutil.AccessDenied:  # another user's, by a number that was ours
        return None


def _beginning_on_linux(pid: int) -> str | None:
    """The fields after the name, which may hold spaces and brackets, are those of proc(5)."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None
    return None if state in (b"Z", b"X", b"x") else f"{_boot()}{int(fields[18]):x}"


@cache
def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii")[:8]
    except OSError:
        return ""
