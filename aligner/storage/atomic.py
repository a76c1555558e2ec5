"""Writing files so that a reader finds the old content or the new, never half of it.

In a confined folder nothing is written through a link that leads out; a link in the place of a file is replaced itself.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from aligner.errors import OutputError
from aligner.storage.user_folders import HIDDEN
from media.confinement import entries, is_folder, is_regular, place, where

_PREFIX = f"{HIDDEN}-"
_TEMPORARY = re.compile(rf"{re.escape(_PREFIX)}(\d+)-[0-9a-f]{{12}}(?:\.|$)")


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside ``path`` to write to; on leaving without an error, rename it to ``path``.

    Raises
    ------
    OutputError
        The folder cannot be written, or the disk is full. Nothing is left behind then, nor on Ctrl-C.
    """
    with _temporary(path) as temporary:
        temporary.touch(exist_ok=False)
        yield temporary
        _put(temporary, path)


def write_text(path: Path, text: str) -> None:
    """Write ``text`` as UTF-8 with its line ends as they are, all of it or nothing.

    Raises
    ------
    OutputError
        As ``replacing``.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(text.encode("utf-8"))


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Write all files or none. Each is replaced in one step, and those before it are put back if one cannot be.

    Raises
    ------
    OutputError
        One cannot be written; then none has changed.
    """
    with contextlib.ExitStack() as stack:
        fresh, old = {}, {}
        for path, content in contents.items():
            fresh[path] = stack.enter_context(_temporary(path))
            fresh[path].write_bytes(content)
            if os.path.lexists(there := place(path)):
                old[path] = stack.enter_context(_temporary(path))
                shutil.copy2(there, old[path], follow_symlinks=False)
        undo = stack.enter_context(contextlib.ExitStack())
        for path, temporary in fresh.items():
            with _blaming(path):
                _put(temporary, path)
            if path in old:
                undo.callback(_put, old[path], path)
            else:
                undo.callback(place(path).unlink, missing_ok=True)
        undo.pop_all()


def leftovers(folder: Path) -> Iterator[tuple[Path, int]]:
    """The temporary files right in ``folder``, each with the id of the process that writes it, or wrote it until it
    was killed."""
    for path in entries(folder):
        if named := _TEMPORARY.match(path.name):
            yield path, int(named[1])


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A temporary folder, gone when the context is left.

    Raises
    ------
    OutputError
        It cannot be made.
    """
    try:
        folder = tempfile.TemporaryDirectory(prefix="quotecast-")
    except OSError as error:
        raise OutputError(
            "{path}: cannot be written ({reason})", path=tempfile.gettempdir(), reason=error.strerror
        ) from error
    with folder as place:
        yield Path(place)


@contextlib.contextmanager
def making(folder: Path) -> Iterator[None]:
    """Make ``folder``, parents included; if what follows fails, remove again those of them that hold nothing.

    Raises
    ------
    OutputError
        It cannot be made.
    """
    with contextlib.ExitStack() as undo:
        try:
            made = where(folder)
            for path in reversed([path for path in (made, *made.parents) if not path.exists()]):
                path.mkdir(exist_ok=True)
                undo.callback(_remove_if_empty, path)
        except OSError as error:
            raise OutputError("{path}: cannot be made ({reason})", path=folder, reason=error.strerror) from error
        yield
        undo.pop_all()


def _remove_if_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()


@contextlib.contextmanager
def _temporary(path: Path) -> Iterator[Path]:
    """A path beside ``path`` where nothing is, and nothing is left; errors meanwhile are told as ``path``'s."""
    if is_folder(path):
        raise OutputError("{path}: is a folder, expected to write a file there", path=path)
    with _blaming(path):
        at = place(path)
        if os.path.lexists(at) and not (at.is_symlink() or is_regular(at)):
            raise OutputError("{path}: is a folder or device, expected to write a file there", path=path)
        temporary = at.with_name(f"{_PREFIX}{os.getpid()}-{os.urandom(6).hex()}{path.suffix}")
        try:
            yield temporary
        finally:
            temporary.unlink(missing_ok=True)


def _put(temporary: Path, path: Path) -> None:
    """Give what lies beside ``path`` its name; a link that has it goes, and is not followed."""
    temporary.replace(temporary.with_name(path.name))


@contextlib.contextmanager
def _blaming(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(
            "{path}: cannot be written ({reason}); choose another folder with -o", path=path, reason=error.strerror
        ) from error
