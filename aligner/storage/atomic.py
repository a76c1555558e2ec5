"""Lock an episode, and write its files atomically: a reader sees either the old content or the new content.

The operating system releases the lock if the process dies. In a confined folder (one in which a stranger may have put
files, such as a library), symbolic links are not followed: a link in place of a file is replaced.

The user's database stores the hash of each output that quotecast wrote. A file with an unknown hash was made or edited
by a person. It is backed up as ``NAME.bak``, ``NAME.bak2``, ... before it is replaced. If the database cannot be read,
every file is backed up.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import shutil
import stat
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import NamedTuple

from aligner.errors import InUseError, OutputError
from aligner.storage.database import StateError, changing, connected, data_folder
from media.safe_fs import (
    entries,
    is_folder,
    is_taken,
    link,
    make_folder,
    move,
    open_regular,
    place,
    remove_empty,
    remove_file,
    status_of,
    where,
    write_new,
)
from media.temporary import flush, flush_names, scratch_folder, temporary_path

NAME = ".lock"
"""The lock file in an episode's folder; its presence alone means nothing."""

_WAITS_FOR_LOCK = 30.0  # seconds

_held = threading.local()


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Context manager: hold the lock of the episode in ``folder`` (reentrant). Raises OutputError if another process
    holds the lock for 30 seconds, or if the folder is missing or cannot be written."""
    mine: set[str] = _held.__dict__.setdefault("folders", set())
    name = os.path.realpath(folder)
    if name in mine:
        yield
        return
    with _acquired(folder, lambda: where(folder).resolve(strict=True) / NAME, _WAITS_FOR_LOCK):
        mine.add(name)
        try:
            yield
        finally:
            mine.discard(name)


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Context manager: hold a lock on ``folder``, so that no other process of this user serves, publishes or processes
    that folder. Raises InUseError if another process holds the lock."""
    with _acquired(folder, lambda: lock_of(folder), 0.0):  # filelock makes the lock's folder
        yield


def lock_of(folder: Path) -> Path:
    """Return the path of the lock that ``alone_in`` holds on ``folder``."""
    name = hashlib.sha256(os.fsencode(os.path.realpath(folder))).hexdigest()[:16]
    return data_folder() / "locks" / f"{name}.lock"


@contextlib.contextmanager
def _acquired(folder: Path, lock_path: Callable[[], Path], waits: float) -> Iterator[None]:
    from filelock import FileLock, Timeout

    with contextlib.ExitStack() as stack:
        try:
            path = lock_path()
            if path.is_symlink():
                raise OutputError("{path}: is a link; remove it", path=path)
            stack.enter_context(FileLock(path, timeout=waits))
        except Timeout as error:
            if waits:
                raise OutputError(
                    "{path}: another quotecast is changing this episode; try again", path=folder
                ) from error
            raise InUseError(
                "{path}: another quotecast is using this folder; wait until it ends", path=folder
            ) from error
        except OSError as error:
            at = error.filename or folder
            raise OutputError("{path}: cannot be written ({reason})", path=at, reason=error.strerror) from error
        yield


Content = bytes | Path | None
"""New content of a file: bytes, a file of its folder to take it from, or None to remove the file."""

_WAITS = 2.0  # seconds until another program closes the file, on Windows
_OF_OTHERS = 0o077


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Context manager: yield a temporary path beside ``path``. On success, rename the file written there to ``path``.

    The new file has the permissions of the old one. If there is no old file, and another file with the same stem is
    private (only its owner may read it), the new file is private too. On any error, the temporary file is deleted.
    Raises OutputError if the folder cannot be written or the disk is full.
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
    """Write ``content`` to ``path`` atomically. Raises OutputError on failure."""
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def write_text(path: Path, text: str) -> None:
    """Write ``text`` to ``path`` atomically, as UTF-8 with line ends unchanged. Raises OutputError on failure."""
    write_file(path, text.encode("utf-8"))


def replace_file(path: Path, content: Content) -> None:
    """Write ``content`` to ``path`` atomically, or delete the file if ``content`` is None. Raises OutputError."""
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
    """Write several files, each atomically. Raises OutputError; files written before the failure remain."""
    for path, content in contents.items():
        write_file(path, content)


def keep_rights(fresh: Path, at: Path) -> None:
    """Give ``fresh``, a new file, the permissions of the file at ``at``. If there is no such file, make ``fresh``
    private (readable by its owner only) if a file beside it with the stem of ``at`` is private. Not on Windows."""
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
    """Rename ``fresh`` to ``at``. On Windows, wait up to 2 seconds if another program has ``at`` open."""
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
    """Context manager: yield a temporary folder, deleted at the end. Raises OutputError if it cannot be created."""
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
    """Context manager: create ``folder`` and its parents. If the ``with`` block fails, delete those created folders
    that are empty. Raises OutputError if the folder cannot be created."""
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
        with contextlib.suppress(OSError):  # one is not empty
            for each in missing:
                remove_empty(each)
        raise


@contextlib.contextmanager
def blaming(path: Path) -> Iterator[None]:
    """Context manager: re-raise an OSError as an OutputError that names ``path``."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            "{path}: cannot be written ({reason}); choose another folder with -o",
            path=path, reason=error.strerror or str(error),
        ) from error  # fmt: skip


def checked_place(path: Path) -> Path:
    """Check that a file may be written at ``path``. Return ``path`` with the symbolic links in its parent folders
    resolved. Raises OutputError if ``path`` is a folder or device, OSError if a link leads out of a confined folder."""
    if is_folder(path):
        raise OutputError("{path}: is a folder, expected to write a file there", path=path)
    at = place(path)
    with contextlib.suppress(FileNotFoundError):
        if stat.S_IFMT(at.lstat().st_mode) not in (stat.S_IFREG, stat.S_IFLNK) or _leads_to_device(at):
            raise OutputError("{path}: is a folder or device, expected to write a file there", path=path)
    return at


def _leads_to_device(at: Path) -> bool:
    """Return whether a link leads to a pipe or device, as /dev/stdout does. Replacing such a link would break it."""
    return at.is_symlink() and at.exists() and (not at.is_file() or at.is_relative_to("/dev"))


def hash_in(path: Path) -> str | None:
    """Return the SHA-256 of the file at ``path``; None if the file cannot be read."""
    with suppress(OutputError):
        return hash_of(path)
    return None


class FileState(NamedTuple):
    """The stats of a file; if they differ later, the file has changed. Times are in nanoseconds since 1970."""

    modified_ns: int
    size_bytes: int
    changed_ns: int


def state_of(path: Path) -> FileState:
    """Return the file stats of ``path``. Raises OSError if the file is missing or must not be read."""
    status = status_of(path)
    return FileState(status.st_mtime_ns, status.st_size, status.st_ctime_ns)


def state_if_any(path: Path) -> FileState | None:
    """Return the file stats of ``path``; None if the file is missing or must not be read."""
    with suppress(OSError):
        return state_of(path)
    return None


def write_keeping(
    contents: Mapping[Path, bytes | Path], ours_too: bool = False, ours: Set[str] = frozenset()
) -> tuple[Path, ...]:
    """Write outputs, each atomically. Return the backups of replaced files that a person had made or edited.

    Each value of ``contents`` is the content to write, or the path of a file to copy. With ``ours_too``, replaced files
    that quotecast wrote are backed up as well. Files whose hash is in ``ours`` are never backed up. Raises OutputError
    if a file cannot be read or written; outputs written before the error remain.
    """
    hashes = {path: hash_of(content) for path, content in contents.items()}
    # A link has no content of its own to back up.
    present = {path: hash_of(path) for path in contents if is_taken(path) and not place(path).is_symlink()}
    known = {*ours, *(() if ours_too else _written_among([*present.values()]))}
    backups = tuple(_backup(path) for path, sha256 in present.items() if sha256 not in {hashes[path], *known})
    _remember(hashes.items())  # first, so that a kill leaves no file of unknown origin
    for path, content in contents.items():
        with replacing(path) as temporary:
            if isinstance(content, bytes):
                temporary.write_bytes(content)
            else:
                with open_regular(content) as source, temporary.open("wb") as target:
                    shutil.copyfileobj(source, target)
    _remember(hashes.items(), alone=True)
    return backups


def hash_of(content: bytes | Path) -> str:
    """Return the SHA-256 of bytes, or of the file at a path. Raises OutputError if the file cannot be read."""
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    try:
        with open_regular(content) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise OutputError("{path}: cannot be read ({reason})", path=content, reason=error.strerror) from error


def free_backup(path: Path) -> Path:
    """Return the first path for a backup of ``path`` that is not in use: ``NAME.bak``, ``NAME.bak2``, ..."""
    names = (path.with_name(f"{path.name}.bak{number if number > 1 else ''}") for number in count(1))
    return next(name for name in names if not is_taken(name))


def without_backup_ending(path: Path) -> Path:
    """Return ``path`` without the ending of a backup (``.bak``, ``.bak2``), if it has one."""
    return path.with_name(name) if (name := re.sub(r"\.bak\d*$", "", path.name)) else path


def written_in(folder: Path) -> dict[str, str]:
    """Return the files that quotecast wrote into ``folder``, as a mapping from hash to file name."""
    with suppress(StateError), connected() as connection:
        inside = _key(folder / "x")[:-1]
        sql = "SELECT * FROM written WHERE substr(path, 1, ?) = ?"
        rows = connection.execute(sql, (len(inside), inside)).fetchall()
        return {row["sha256"]: os.fsdecode(row["path"].removeprefix(inside)) for row in rows}
    return {}


def note_written(folder: Path, written: Mapping[str, str]) -> None:
    """Record that quotecast wrote files into ``folder``; ``written`` maps hashes to file names."""
    _remember([(folder / name, sha256) for sha256, name in written.items()])


def _backup(path: Path) -> Path:
    with blaming(path):
        link(path, copy := free_backup(path))
        return copy


def _written_among(hashes: Sequence[str]) -> list[str]:
    """Return those ``hashes`` that belong to files written by quotecast, at any path, because files may be moved."""
    with suppress(StateError), connected() as connection:
        sql = f"SELECT sha256 FROM written WHERE sha256 IN ({', '.join('?' * len(hashes))})"
        return [row["sha256"] for row in connection.execute(sql, hashes)]
    return []


def _remember(written: Iterable[tuple[Path, str]], alone: bool = False) -> None:
    """Record the paths and hashes of written files. With ``alone``, also delete the earlier hashes of these paths."""
    rows = [(_key(path), sha256) for path, sha256 in written]
    with suppress(StateError), changing() as connection:
        connection.executemany("INSERT OR IGNORE INTO written VALUES (?, ?)", rows)
        if alone:
            connection.executemany("DELETE FROM written WHERE path = ? AND sha256 <> ?", rows)


def _key(path: Path) -> bytes:
    return os.fsencode(os.path.join(os.path.realpath(path.parent), path.name))  # noqa: PTH118
