"""Open, list, change and delete files at untrusted paths.

Only regular files are opened: a FIFO would block. In a *confined* folder, such as a library, no link is followed: each
part of a path is opened with ``O_NOFOLLOW``; on Windows, links are detected beforehand. If a path is refused, an
OSError is raised; the error's ``strerror`` may be a ``Message``. Moving or deleting a link does not change its target.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import stat
from collections.abc import Iterator
from io import BufferedReader, BufferedWriter, FileIO
from pathlib import Path

from media.errors import Message

VARIABLE = "QUOTECAST_CONFINED"  # holds a confined folder for a child process

READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)
NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_INVALID = re.compile("[\0\ud800-\udc7f\udd00-\udfff]")  # raises ValueError in functions of os
_LINKS_ARE_FOLLOWED = os.link not in os.supports_follow_symlinks
_INHERITED = re.compile(r"/dev/stdin|/(?:dev|proc/self)/fd/(\d{1,4})")  # files that a shell has opened for us

_confined: set[Path] = set()


class OutsideError(PermissionError):
    """A path is refused: it is not a regular file, leads through a link in a confined folder (see ``confine``), or
    leads out of a confined folder."""


def confine(folder: Path) -> None:
    """Confine ``folder``: from now on, no function of this module follows a link in this folder."""
    _confined.update((folder.absolute(), folder.resolve()))


def confined() -> tuple[Path, ...]:
    """Return the folders in which links are not followed, for example to confine them in a child process too."""
    return (*_confined, *map(Path, filter(None, [os.environ.get(VARIABLE)])))


def where(path: Path) -> Path:
    """Return the absolute path of ``path`` with links resolved.

    Raises OutsideError if the path leads through a link in a confined folder (one in which links are not followed). The
    file may be missing, but the confined folder must exist."""
    return _located(path)[1]


def place(path: Path) -> Path:
    """Return the absolute path of ``path``, as ``where`` does, but if ``path`` itself is a link, do not resolve it."""
    if path.name == "..":
        raise OutsideError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
    return where(path.parent) / path.name


def status_of(path: Path) -> os.stat_result:
    """Return the status of a regular file, or of a pipe inherited from a shell; raise OSError for anything else."""
    descriptor = _inherited(path)
    return _checked(path, where(path).lstat()) if descriptor is None else os.fstat(descriptor)


def regular_file(path: Path) -> Path:
    """Return the absolute path of a regular file, for libraries that open paths; raise OSError for anything else."""
    _checked(path, status_of(path))
    return where(path)


def is_regular(path: Path) -> bool:
    """Return whether ``path`` is a regular file that may be opened."""
    with contextlib.suppress(OSError):
        return bool(_checked(path, status_of(path)))
    return False


def is_folder(path: Path) -> bool:
    """Return whether ``path`` is a folder that may be listed."""
    with contextlib.suppress(OSError):
        return where(path).is_dir()
    return False


def is_taken(path: Path) -> bool:
    """Return whether there is a file, folder or link at ``path``, even a link to a missing file."""
    return os.path.lexists(place(path))


def open_regular(path: Path) -> BufferedReader:
    """Open a regular file for reading, or a pipe inherited from a shell, such as ``/dev/stdin``."""
    if (descriptor := _inherited(path)) is not None:
        return os.fdopen(os.dup(descriptor), "rb")
    return os.fdopen(_open(regular_file(path), READ), "rb")


def read_regular(path: Path, largest_bytes: int | None = None) -> bytes:
    """Return the content of a regular file; raise OSError if it is larger than ``largest_bytes``."""
    with open_regular(path) as file:
        content = file.read(-1 if largest_bytes is None else largest_bytes + 1)
    if largest_bytes is not None and len(content) > largest_bytes:
        raise OSError(errno.EFBIG, Message("is too large for such a file"), str(path))
    return content


def entries(folder: Path) -> list[Path]:
    """List all entries of ``folder``, sorted by name; the list is empty if the folder cannot be read."""
    return [path for path, _ in listed(folder)]


def files(folder: Path) -> dict[str, Path]:
    """Map the name of each regular file in ``folder`` to its path; links are left out."""
    return {path.name: path for path, status in listed(folder) if stat.S_ISREG(status.st_mode)}


def folders(folder: Path) -> list[Path]:
    """List the folders in ``folder``; links are left out."""
    return [path for path, status in listed(folder) if stat.S_ISDIR(status.st_mode)]


def plain_files(folder: Path) -> dict[str, os.stat_result]:
    """Map the name of each regular file in ``folder`` to its status; links are left out."""
    return {path.name: status for path, status in listed(folder) if stat.S_ISREG(status.st_mode)}


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Create ``folder`` with the permissions ``mode``, and missing parents; do nothing if ``folder`` exists."""
    at = where(folder)
    if not at.is_dir():
        make_folder(at.parent)
        with contextlib.suppress(FileExistsError), _entry_in_folder(at) as (name, within):  # another process was faster
            os.mkdir(name, mode, dir_fd=within)


def new_file(path: Path) -> BufferedWriter:
    """Create a file and open it for writing; raise FileExistsError if it exists."""
    return os.fdopen(_open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb")


def open_for_update(path: Path) -> FileIO:
    """Open a file for unbuffered writing, without truncating the file; create the file if it is missing."""
    return FileIO(_open(path, os.O_RDWR | os.O_CREAT), "r+")


def write_new(path: Path, content: bytes) -> None:
    """Create a file with ``content``; raise FileExistsError if it exists."""
    with new_file(path) as file:
        file.write(content)


def copy(source: Path, target: Path) -> None:
    """Copy a regular file to ``target``; raise FileExistsError if ``target`` exists."""
    with open_regular(source) as content, new_file(target) as file:
        shutil.copyfileobj(content, file)


def link(source: Path, target: Path) -> None:
    """Make ``target`` a hard link to the file ``source``; if that fails, copy the file."""
    try:
        with _entry_in_folder(source) as (old, out_of), _entry_in_folder(target) as (new, into):
            os.link(old, new, src_dir_fd=out_of, dst_dir_fd=into, follow_symlinks=_LINKS_ARE_FOLLOWED)
    except OSError:
        copy(source, target)


def move(source: Path, target: Path) -> None:
    """Rename the file, link or folder ``source`` to ``target``; an existing file ``target`` is replaced."""
    with _entry_in_folder(source) as (old, out_of), _entry_in_folder(target) as (new, into):
        os.replace(old, new, src_dir_fd=out_of, dst_dir_fd=into)


def remove_file(path: Path) -> None:
    """Delete a file or link, if it exists."""
    with contextlib.suppress(FileNotFoundError), _entry_in_folder(path) as (name, within):
        os.unlink(name, dir_fd=within)


def remove_empty(folder: Path) -> None:
    """Delete an empty folder."""
    with _entry_in_folder(folder) as (name, within):
        os.rmdir(name, dir_fd=within)


def remove_folder(folder: Path) -> None:
    """Delete a folder with its content; ``folder`` may also be a file or link. Errors are ignored."""
    with contextlib.suppress(OSError), _entry_in_folder(folder) as (name, within):
        try:
            os.unlink(name, dir_fd=within)
        except OSError:  # a folder: rmtree alone would open the target of a link before it refuses
            shutil.rmtree(name, ignore_errors=True, dir_fd=within)


def _located(path: Path) -> tuple[Path | None, Path]:
    """Return the confined folder that contains ``path`` (None if none does), and the absolute path without links."""
    if _INVALID.search(str(path)):
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
    written, plain = f"{path.absolute()}{os.sep}", f"{os.path.abspath(path)}{os.sep}"  # noqa: PTH100 - without dots
    for root in sorted(confined()):
        if plain.startswith(start := f"{root}{os.sep}"):
            at = root
            at.stat()  # raises if the folder was moved away, so that nothing creates it again
            for name in Path(plain.removeprefix(start)).parts:
                if (at := at / name).is_symlink():
                    reason = Message("{name} is a link; links in a library are not followed", name=name)
                    raise OutsideError(errno.EACCES, reason, str(path))
            return root, at
        if written.startswith(start):
            raise OutsideError(errno.EACCES, Message("leads out of its library"), str(path))
    return None, Path(os.path.realpath(path))


def listed(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield each entry of ``folder`` with its status, sorted by name; yield nothing if the folder cannot be read."""
    with contextlib.suppress(OSError):
        for path in sorted(where(folder).iterdir()):
            with contextlib.suppress(FileNotFoundError):  # removed in the meantime
                yield folder / path.name, path.lstat()


def _checked(path: Path, status: os.stat_result) -> os.stat_result:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(status.st_mode):
        raise OutsideError(errno.EACCES, Message("is not a regular file"), str(path))
    return status


def _inherited(path: Path) -> int | None:
    found = _INHERITED.fullmatch(str(path))
    return int(found[1] or 0) if found else None


def _open(path: Path, flags: int) -> int:
    with _entry_in_folder(path) as (name, within):
        return os.open(name, flags | NO_LINK, 0o666, dir_fd=within)


@contextlib.contextmanager
def _entry_in_folder(path: Path) -> Iterator[tuple[str, int | None]]:
    """Context manager: open the folder of ``path`` without following links; yield the name of ``path`` and a descriptor
    of the folder, to pass to ``os`` as ``dir_fd``. Outside confined folders, yield the whole path and None."""
    at = place(path)
    root, folder = _located(at.parent)
    if not root or os.open not in os.supports_dir_fd:
        yield str(at), None
        return
    descriptor = os.open(root, READ | os.O_DIRECTORY)
    try:
        for name in folder.relative_to(root).parts:
            outer, descriptor = descriptor, os.open(name, READ | os.O_DIRECTORY | NO_LINK, dir_fd=descriptor)
            os.close(outer)
        yield at.name, descriptor
    finally:
        os.close(descriptor)
