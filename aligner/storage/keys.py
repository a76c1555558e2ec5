"""The user's own keys: 32 random bytes each, in files of their configuration that nobody else can read.

What is signed or sealed counts for the user who made it. A key lies in no library, for whoever sends one sends all that
lies in it. Where a key cannot be kept, whatever needs it does without, for as long as the process lives.

Conventions
-----------
The name of a key is its path in the configuration. One that is no regular file of the user's own, a link above all, is
neither read nor replaced; one that others could read, or of another size, is none, and another takes its place.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from aligner.errors import OutputError
from aligner.storage.user_folders import config_folder
from media.confinement import place
from media.errors import Message
from media.links import NO_LINK, READ
from media.temporary import flush, flush_names, temporary_path

KEY_BYTES = 32

_NOT_OURS = Message("is no file of this user's own")
_NO_SECRET = Message("others can read what is kept there")


def kept_key(name: str, folder: Path | None = None) -> bytes | None:
    """The key called ``name``, in the configuration unless another ``folder`` is given; None where there is none.

    Raises
    ------
    OSError
        What is there cannot be read, or is no regular file of the user's own.
    """
    try:
        path = place((folder or config_folder()) / name)
        _check(path, path.lstat())
        descriptor = os.open(path, READ | NO_LINK)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(file.fileno())
        _check(path, found)
        content = file.read(KEY_BYTES + 1)
    if os.name == "posix" and found.st_mode & 0o077:
        return None
    return content if len(content) == KEY_BYTES else None


def users_key(name: str, fallback: Path | None = None) -> bytes:
    """The key called ``name``, made on first use: in the configuration, or where none can be kept there, in the folder
    that is the ``fallback``.

    Raises
    ------
    OutputError
        It can be neither read nor made.
    """
    try:
        return _kept_or_new(name, config_folder())
    except OSError as error:
        if fallback:
            with suppress(OSError):  # told of the configuration, which can be named
                return _kept_or_new(name, fallback)
        raise OutputError(
            "{path}: cannot be used ({reason}); name another folder in QUOTECAST_CONFIG",
            path=config_folder() / name,
            reason=error.strerror,
        ) from error


def forget_key(name: str) -> None:
    """Throw a key away: nothing that was sealed with it counts any more."""
    with suppress(OSError):  # where keys cannot be kept there is none
        place(config_folder() / name).unlink(missing_ok=True)


def why_none(*names: str) -> Message | None:
    """Why keys called so cannot be kept; None where they can."""
    try:
        for name in names:
            users_key(name)
    except OutputError as error:
        return error.message
    return None


def _kept_or_new(name: str, folder: Path) -> bytes:
    if key := kept_key(name, folder):
        return key
    path = place(folder / name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = temporary_path(path.parent)
    try:
        fresh.touch(mode=0o600, exist_ok=False)
        fresh.write_bytes(secrets.token_bytes(KEY_BYTES))
        flush(fresh)
        with suppress(OSError):  # something has that name already, or the disk knows no second names
            os.link(fresh, path)  # of processes that make one at once, the first counts
        if not kept_key(name, folder):
            fresh.replace(path)
        flush_names(path.parent)
    finally:
        fresh.unlink(missing_ok=True)
    if key := kept_key(name, folder):
        return key
    path.unlink(missing_ok=True)
    raise OSError(errno.EACCES, _NO_SECRET, str(path))  # as on file systems where everyone reads everything


def _check(path: Path, found: os.stat_result) -> None:
    """Raises OSError where ``path`` is no regular file of the user's own."""
    if not stat.S_ISREG(found.st_mode) or (hasattr(os, "getuid") and found.st_uid != os.geteuid()):
        raise OSError(errno.EACCES, _NOT_OURS, str(path))
