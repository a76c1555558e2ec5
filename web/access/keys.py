"""The user's own keys: 32 random bytes each, in files of their configuration that nobody else can read.

What is signed or sealed counts for the user who made it. A key lies in no library, for whoever sends one sends all that
lies in it. Where a key cannot be kept, whatever needs it does without, for as long as the server lives.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
import time
from contextlib import suppress
from pathlib import Path

from aligner.errors import OutputError
from aligner.storage.atomic import replacing
from aligner.storage.user_folders import config_folder
from media.errors import Message

KEY_BYTES = 32

_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NOT_OURS = Message("is no file of this user's own")
_KEPT = 90 * 24 * 3600.0  # seconds that the key of something in a library that is gone lies about


def kept_key(name: str) -> bytes | None:
    """The key called ``name``; None where there is none, or one that others could read or that is no key.

    Raises
    ------
    OSError
        What is there cannot be read, or is no file of the user's own: a link, a FIFO, somebody else's.
    """
    path = config_folder() / name
    try:
        _check(path, path.lstat())
        descriptor = os.open(path, _READ)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(file.fileno())
        _check(path, found)
        content = file.read(KEY_BYTES + 1)
    if os.name == "posix" and found.st_mode & 0o077:
        return None
    return content if len(content) == KEY_BYTES else None


def new_key(name: str) -> bytes:
    """A new key called ``name``, in the place of an old one.

    Raises
    ------
    OutputError
        It cannot be kept.
    """
    path, key = config_folder() / name, secrets.token_bytes(KEY_BYTES)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with replacing(path) as temporary:
            temporary.chmod(0o600)
            temporary.write_bytes(key)
        if kept_key(name) != key:  # some file systems let everyone read everything
            path.unlink(missing_ok=True)
            raise OSError(errno.EACCES, Message("others can read what is kept there"), str(path))
    except OSError as error:
        raise _unusable(path, error.strerror) from error
    except OutputError as error:  # that sentence is for who has named the file
        raise _unusable(path, error.message.values.get("reason", error.message)) from error
    return key


def users_key(name: str) -> bytes:
    """The key called ``name``, made on first use.

    Raises
    ------
    OutputError
        It can be neither read nor made.
    """
    try:
        key = kept_key(name)
    except OSError as error:
        raise _unusable(config_folder() / name, error.strerror) from error
    return key or new_key(name)


def forget_key(name: str) -> None:
    """Throw a key away: nothing that was sealed with it counts any more."""
    with suppress(OSError):  # where keys cannot be kept there is none
        (config_folder() / name).unlink(missing_ok=True)


def names_of_keys(folder: str) -> frozenset[str]:
    """What the keys in ``folder`` are called there."""
    with suppress(OSError):  # none was ever kept there
        return frozenset(path.name for path in (config_folder() / folder).iterdir())
    return frozenset()


def sweep_keys(folder: str) -> None:
    """Throw away the keys in ``folder`` of whatever was never taken up again."""
    oldest = time.time() - _KEPT
    with suppress(OSError):  # none was ever kept there
        for path in (config_folder() / folder).iterdir():
            if path.lstat().st_mtime < oldest:
                path.unlink(missing_ok=True)


def why_none(*names: str) -> Message | None:
    """Why keys called so cannot be kept; None where they can."""
    try:
        for name in names:
            users_key(name)
    except OutputError as error:
        return error.message
    return None


def _check(path: Path, found: os.stat_result) -> None:
    """Raises OSError where ``path`` is no regular file of the user's own."""
    if not stat.S_ISREG(found.st_mode) or (hasattr(os, "getuid") and found.st_uid != os.geteuid()):
        raise OSError(errno.EACCES, _NOT_OURS, str(path))


def _unusable(path: Path, reason: object) -> OutputError:
    return OutputError(
        "{path}: cannot be used ({reason}); name another folder in QUOTECAST_CONFIG", path=path, reason=reason
    )
