"""The one place that opens files which somebody else may have made: regular files only, and none through a way out.

A *confined* folder is one that somebody may have sent, as a library is. Links within it are followed as long as they
stay in it: what lies outside is neither read nor written through it, whatever is put there. Beside that, a file is
opened only if it is one: a FIFO would wait for ever, a device do what devices do.

A server confines its library; the jobs that it starts inherit that by the environment.

Conventions
-----------
- What is refused raises OSError, so that it is told where any other file that cannot be opened is; its ``strerror`` is
  a ``Message``.
- A path that goes through a confined folder must end in it, whether a link or ``..`` leads on.
- What lies in a confined folder's own ``.quotecast``, keys and uploads on their way, is reached by its own path alone.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from functools import lru_cache
from io import BufferedReader
from pathlib import Path

from media.errors import Message

VARIABLE = "QUOTECAST_CONFINED"
"""The variable of the environment that names one more confined folder."""

HIDDEN = ".quotecast"
"""The name of the folder, in a library and in an episode's folder, of what was derived and may be removed."""

_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_BY_STEPS = os.open in os.supports_dir_fd and hasattr(os, "O_DIRECTORY")
_WAYS_IN = Message("is a link to what its library keeps to itself")
_NO_FILE = Message("is no regular file")
_TOO_LARGE = Message("is larger than any such file")

_HANDED = re.compile(r"/(?:dev|proc/self)/fd/(\d{1,4})")  # what a shell makes of <(command)

_confined: set[Path] = set()


class OutsideError(PermissionError):
    """A link in a confined folder leads out of it, or what is there is no file."""


def confine(folder: Path) -> None:
    """From now on, nothing outside of ``folder`` is opened through a path in it."""
    _confined.update((folder.absolute(), folder.resolve()))


def confined() -> tuple[Path, ...]:
    """The confined folders, for a process that is to keep to them too."""
    named = os.environ.get(VARIABLE)
    return (*_confined, Path(named)) if named else tuple(_confined)


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


def check_there(path: Path) -> None:
    """Make sure that the confined folder in which ``path`` lies is there, for those that make folders: one that was
    moved away, or whose disk was taken out, is not made anew.

    Raises
    ------
    OutsideError, OSError
        As ``where``.
    FileNotFoundError
        It is not there.
    """
    root = _real(path)[1]
    if root and not root.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(root))


def place(path: Path) -> Path:
    """The entry of a folder that ``path`` names, a link being one, for those that make, move or remove it.

    Raises
    ------
    OutsideError, OSError
        As ``where``, of the folder.
    """
    if path.name == "..":
        raise OutsideError(errno.EACCES, _leads_out(path.name), str(path))
    return where(path.parent) / path.name


def regular_file(path: Path) -> Path:
    """Where the regular file that ``path`` names lies, for those that open it by its path.

    Raises
    ------
    OutsideError
        As ``where``; or it is no regular file.
    OSError
        It is not there, or cannot be looked at.
    """
    handed = _handed(path)
    if handed is not None and not stat.S_ISREG(os.fstat(handed).st_mode):
        raise OutsideError(errno.EACCES, _NO_FILE, str(path))
    real = where(path)
    _status(real, path)
    return real


def status_of(path: Path) -> os.stat_result:
    """What the system tells of the regular file that ``path`` names, or of a pipe that ``open_regular`` reads.

    Raises
    ------
    OutsideError, OSError
        As ``regular_file``.
    """
    handed = _handed(path)
    return _status(where(path), path) if handed is None else os.fstat(handed)


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


def open_regular(path: Path) -> BufferedReader:
    """The regular file that ``path`` names, open for reading.

    In a confined folder each step of the way is taken by itself and none through a link, so that nobody can put one
    there between the look and the opening. A pipe is read where this process was handed its open end.

    Raises
    ------
    OutsideError, OSError
        As ``regular_file``.
    """
    handed = _handed(path)
    if handed is not None:
        return os.fdopen(os.dup(handed), "rb")
    real, root = _real(path)
    _status(real, path)  # nothing is opened that is no file: of some devices that alone is an action
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


def _handed(path: Path) -> int | None:
    """The number of the open file that ``path`` stands for, which nobody can be waited for to open; else None."""
    found = _HANDED.fullmatch("/dev/fd/0" if str(path) == "/dev/stdin" else str(path))
    return int(found[1]) if found else None


def _status(real: Path, path: Path) -> os.stat_result:
    """That of the file at ``real``, where ``path`` leads."""
    status = real.lstat()
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(status.st_mode):
        raise OutsideError(errno.EACCES, _NO_FILE, str(path))
    return status


def _real(path: Path) -> tuple[Path, Path | None]:
    """Where ``path`` leads, and the confined folder that it must not lead out of; below that it holds no link."""
    written = path.absolute()
    roots = _roots_of(written)
    if roots and _BY_STEPS and ".." not in written.parts and not _link_in(roots[0], written):
        return written, roots[0]
    try:
        real = path.resolve()
    except RuntimeError as error:  # what a loop of links raises before Python 3.13
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path)) from error
    reached = [root.resolve() for root in roots]
    for root, end in zip(roots, reached, strict=True):
        if not real.is_relative_to(end):
            raise OutsideError(errno.EACCES, _leads_out(_link_in(root, written) or path.name), str(path))
        if real.is_relative_to(end / HIDDEN) and not written.is_relative_to(root / HIDDEN):
            raise OutsideError(errno.EACCES, _WAYS_IN, str(path))
    return real, reached[0] if reached else None


def _roots_of(written: Path) -> list[Path]:
    """The confined folders that an absolute path goes through, the outermost first."""
    # Dots may lead in as well as out; what they lead to behind a link only the system knows.
    plain = f"{os.path.normpath(written)}{os.sep}" if ".." in written.parts else ""
    through = f"{written}{os.sep}"
    return [root for start, root in _starts(confined()) if through.startswith(start) or plain.startswith(start)]


@lru_cache(maxsize=1)
def _starts(roots: tuple[Path, ...]) -> list[tuple[str, Path]]:
    """What the paths through each of these folders begin with, an outer one before those in it."""
    return sorted((f"{root}{os.sep}", root) for root in set(roots))


def _link_in(root: Path, path: Path) -> str | None:
    """The first step of ``path`` below ``root`` that is a link, if there is one; what is not there is none."""
    at = str(root)
    for name in path.parts[len(root.parts) :]:
        at = f"{at}{os.sep}{name}"
        try:
            if stat.S_ISLNK(os.lstat(at).st_mode):
                return name
        except OSError:
            return None
    return None


def _leads_out(name: str) -> Message:
    return Message("{name} is a link that leads out of its library; what it leads to must lie there itself", name=name)


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
