"""The one place that opens files which somebody else may have made: regular files only, and none through a way out.

A *confined* folder is one that somebody may have sent, as a library is. Links within it are followed for reading, as
long as they stay in it: what lies outside is neither read nor written through it, whatever is put there. What changes
something in it passes no link at all, and where quotecast keeps files of its own none is read through either. Beside
that, a file is opened only if it is one: a FIFO would wait for ever, a device do what devices do.

A server confines its library; the jobs that it starts inherit that by the environment.

Conventions
-----------
- What is refused raises OSError, so that it is told where any other file that cannot be opened is; its ``strerror`` is
  a ``Message``.
- A path that goes through a confined folder must end in it, whether a link or ``..`` leads on.
- What lies in a confined folder's own ``.quotecast``, keys and uploads on their way, is reached by its own path alone.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from functools import lru_cache
from io import BufferedReader
from pathlib import Path

from media.errors import Message
from media.links import BY_STEPS, READ, link_in, open_below, open_folder
from media.paths import check_path, handed_file

VARIABLE = "QUOTECAST_CONFINED"
"""The variable of the environment that names one more confined folder."""

HIDDEN = ".quotecast"
"""The name of the folder, in a library and in an episode's folder, of what was derived and may be removed."""

CLIPS = "clips"
"""The name of the folder, in an episode's, of what is made of its quotes in the app."""

OWN = frozenset([HIDDEN, CLIPS, "jobs", "trash", "versions"])
"""The names of folders, in a library and in an episode's folder, in which quotecast alone puts something."""

NO_FILE = Message("is no regular file")
TOO_LARGE = Message("is larger than any such file")
_WAYS_IN = Message("is a link to what its library keeps to itself")

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


def changeable(folder: Path) -> Path:
    """Where ``folder`` lies, for those that change what is in it: no link of a confined folder is on the way there.

    Raises
    ------
    OutsideError, OSError
        As ``where``; or there is a link.
    """
    real, written = where(folder), folder.absolute()
    for root in _roots_of(written)[:1]:
        if name := link_in(root, _through(root, written)):
            raise OutsideError(
                errno.EACCES,
                Message("{name} is a link; nothing in a library is changed through one", name=name),
                str(folder),
            )
    return real


def place(path: Path) -> Path:
    """The entry of a folder that ``path`` names, a link being one, for those that make, move or remove it.

    Raises
    ------
    OutsideError, OSError
        As ``changeable``, of the folder.
    """
    check_path(path)
    if path.name == "..":
        raise OutsideError(errno.EACCES, _leads_out(path.name), str(path))
    return changeable(path.parent) / path.name


@contextlib.contextmanager
def holding(folder: Path) -> Iterator[int | None]:
    """A descriptor of ``folder``, which is ``changeable``, opened step by step and through no link; None where it is in
    no confined one, or the system knows no such way.

    Raises
    ------
    OutsideError, OSError
        As ``changeable``; or it is not there.
    """
    real, root = changeable(folder), _real(folder)[1]
    if root is None or not BY_STEPS:
        yield None
        return
    descriptor = open_folder(root, real)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def regular_file(path: Path) -> Path:
    """Where the regular file that ``path`` names lies, for those that open it by its path.

    Raises
    ------
    OutsideError
        As ``where``; or it is no regular file.
    OSError
        It is not there, or cannot be looked at.
    """
    handed = handed_file(path)
    if handed is not None and not stat.S_ISREG(os.fstat(handed).st_mode):
        raise OutsideError(errno.EACCES, NO_FILE, str(path))
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
    handed = handed_file(path)
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
    handed = handed_file(path)
    if handed is not None:
        return os.fdopen(os.dup(handed), "rb")
    real, root = _real(path)
    _status(real, path)  # nothing is opened that is no file: of some devices that alone is an action
    descriptor = open_below(root, real) if root and BY_STEPS else os.open(real, READ)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OutsideError(errno.EACCES, NO_FILE, str(path))
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
        raise OSError(errno.EFBIG, TOO_LARGE, str(path))
    return content


def _status(real: Path, path: Path) -> os.stat_result:
    """That of the file at ``real``, where ``path`` leads."""
    status = real.lstat()
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(status.st_mode):
        raise OutsideError(errno.EACCES, NO_FILE, str(path))
    return status


def _real(path: Path) -> tuple[Path, Path | None]:
    """Where ``path`` leads, and the confined folder that it must not lead out of; below that it holds no link."""
    check_path(path)
    written = path.absolute()
    roots = _roots_of(written)
    if roots and BY_STEPS and ".." not in written.parts and not link_in(roots[0], written):
        return written, roots[0]
    try:
        real = path.resolve()
    except RuntimeError as error:  # what a loop of links raises before Python 3.13
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path)) from error
    reached = [root.resolve() for root in roots]
    kept = any(written.is_relative_to(root / HIDDEN) for root in roots)  # dots may be part of how a root is written
    for root, end in zip(roots, reached, strict=True):
        if not real.is_relative_to(end):
            name = link_in(root, _through(root, written)) or path.name
            raise OutsideError(errno.EACCES, _leads_out(name), str(path))
        if real.is_relative_to(end / HIDDEN) and not kept:
            raise OutsideError(errno.EACCES, _WAYS_IN, str(path))
        if own := _link_in_own(root, _through(root, written)):
            raise OutsideError(
                errno.EACCES, Message("{name} is a link where quotecast keeps its own", name=own), str(path)
            )
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


def _through(root: Path, written: Path) -> Path:
    """The path with its dots taken out, where it goes through ``root`` only then."""
    return written if written.is_relative_to(root) else Path(os.path.normpath(written))


def _link_in_own(root: Path, path: Path) -> str | None:
    """The first step of ``path`` that is a link, from the first on that has a name of ``OWN``."""
    steps = path.parts[len(root.parts) :]
    first = next((k for k, name in enumerate(steps) if name in OWN), len(steps))
    return link_in(root.joinpath(*steps[:first]), path)


def _leads_out(name: str) -> Message:
    return Message("{name} is a link that leads out of its library; what it leads to must lie there itself", name=name)
