"""The one place that opens files which somebody else may have made: regular files only, and none through a way out.

A *confined* folder is one that somebody may have sent, as a library is. Links within it are followed as long as they
stay in it: what lies outside is neither read nor written through it, whatever is put there. Beside that, a file is
opened only if it is one: a FIFO would wait for ever, a device do what devices do.

A server confines its library; the jobs that it starts inherit that by the environment.

Conventions
-----------
What is refused raises OSError, so that it is told where any other file that cannot be opened is; its ``strerror`` is a
``Message``.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from media.errors import Message

VARIABLE = "QUOTECAST_CONFINED"
"""The variable of the environment that names one more confined folder."""

_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_BY_STEPS = os.open in os.supports_dir_fd and hasattr(os, "O_DIRECTORY")
_WAYS_OUT = Message("is a link that leads out of its library")
_NO_FILE = Message("is no regular file")
_TOO_LARGE = Message("is larger than any such file")

_confined: set[Path] = set()


class OutsideError(PermissionError):
    """A link in a confined folder leads out of it, or what is there is no file."""


def confine(folder: Path) -> None:
    """From now on, nothing outside of ``folder`` is opened through a path in it."""
    _confined.add(_plain(folder))


def where(path: Path) -> Path:
    """Where ``path`` leads, its links followed; something need not be there.

    Raises
    ------
    OutsideError
        It lies in a confined folder and leads out of it.
    OSError
        The links lead nowhere.
    """
    return _real(path)[0]


def regular_file(path: Path) -> Path:
    """Where the regular file that ``path`` names lies, for those that open it by its path.

    Raises
    ------
    OutsideError
        As ``where``; or it is no regular file.
    OSError
        It is not there, or cannot be looked at.
    """
    real = where(path)
    mode = real.stat().st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):
        raise OutsideError(errno.EACCES, _NO_FILE, str(path))
    return real


def is_regular(path: Path) -> bool:
    """Whether ``path`` names a regular file that may be opened."""
    try:
        return bool(regular_file(path))
    except (OSError, ValueError):  # ValueError: no path holds NUL
        return False


def is_folder(path: Path) -> bool:
    """Whether ``path`` names a folder that may be looked into."""
    try:
        return where(path).is_dir()
    except (OSError, ValueError):
        return False


def open_regular(path: Path) -> BinaryIO:
    """The regular file that ``path`` names, open for reading.

    In a confined folder each step of the way is taken by itself and none through a link, so that nobody can put one
    there between the look and the opening.

    Raises
    ------
    OutsideError, OSError
        As ``regular_file``.
    """
    regular_file(path)  # nothing is opened that is none: of some devices that alone is an action
    real, root = _real(path)
    descriptor = _open_below(root, real) if root and _BY_STEPS else os.open(real, _READ)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OutsideError(errno.EACCES, _NO_FILE, str(path))
    return os.fdopen(descriptor, "rb")


def read_regular(path: Path, largest_bytes: int | None = None) -> bytes:
    """The bytes of the regular file that ``path`` names.

    Raises
    ------
    OutsideError, OSError
        As ``regular_file``; or it is larger than ``largest_bytes``.
    """
    with open_regular(path) as file:
        content = file.read() if largest_bytes is None else file.read(largest_bytes + 1)
    if largest_bytes is not None and len(content) > largest_bytes:
        raise OSError(errno.EFBIG, _TOO_LARGE, str(path))
    return content


def entries(folder: Path) -> Iterator[Path]:
    """What lies in ``folder``, by name; nothing where it is no folder, cannot be read, or leads out of a confined one.

    What is given may itself be a link to anywhere: ask ``is_regular`` or ``is_folder``.
    """
    try:
        names = sorted(path.name for path in where(folder).iterdir())
    except (OSError, ValueError):
        return
    yield from (folder / name for name in names)


def _real(path: Path) -> tuple[Path, Path | None]:
    """Where ``path`` leads, and the confined folder that it must not lead out of, links followed as well."""
    try:
        real, plain, kept_in = path.resolve(), _plain(path), None
    except RuntimeError as error:  # what a loop of links raises before Python 3.13
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path)) from error
    for folder in _folders():
        root = folder.resolve()
        if plain.is_relative_to(folder) or plain.is_relative_to(root):
            if not real.is_relative_to(root):
                raise OutsideError(errno.EACCES, _WAYS_OUT, str(path))
            kept_in = root
    return real, kept_in


def _plain(path: Path) -> Path:
    """The absolute path as it is written: dots are taken away, but no link is followed."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() follows links


def _folders() -> set[Path]:
    named = os.environ.get(VARIABLE)
    return _confined | {Path(named)} if named else _confined


def _open_below(root: Path, real: Path) -> int:
    """A descriptor of ``real``, which has no links below ``root``; raises OSError if it has after all."""
    *folders, name = real.relative_to(root).parts
    at = os.open(root, _READ | os.O_DIRECTORY)
    try:
        for folder in folders:
            inner = os.open(folder, _READ | os.O_DIRECTORY | _NO_LINK, dir_fd=at)
            os.close(at)
            at = inner
        return os.open(name, _READ | _NO_LINK, dir_fd=at)
    finally:
        os.close(at)
