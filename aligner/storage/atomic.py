"""Writing files so that a reader finds the old content or the new, never half of it; a set of them whole or not at all.

What is new lies on the disk before it takes the old one's place, so that a failure of power leaves no empty file. In a
confined folder nothing is written through a link; a link in the place of a file is replaced itself.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from aligner.errors import OutputError
from aligner.storage.journal import (
    Step,
    carry_out,
    fingerprint,
    flush_places,
    is_unsettled,
    new_journal,
    settle,
    take,
    write_journal,
)
from aligner.storage.turns import taking_turns
from aligner.storage.user_folders import CLIPS
from media.confinement import changeable, check_there, is_folder, place
from media.moving import copy, link, move, new_folder, remove_empty, remove_file, write_new
from media.temporary import flush, flush_names, scratch_folder, temporary_path

Content = bytes | Path | None
"""What is to stand in a file's place: these bytes; a file of the folder, which has the new name too, however large it
is, so that it is kept where it is replaced itself; or nothing."""


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside ``path`` to write to; on leaving without an error, rename it to ``path``.

    Raises
    ------
    OutputError
        The folder cannot be written, or the disk is full. Nothing is left behind then, nor on Ctrl-C.
    """
    with blaming(path):
        _settle_before(path)
        with _taking_place_of(path) as temporary:
            yield temporary


def _settle_before(path: Path) -> None:
    """Let no set that was begun before overtake what is written to ``path``."""
    folder = changeable(path.parent)
    if is_unsettled(folder):
        with taking_turns(folder):
            settle(folder)


@contextlib.contextmanager
def _taking_place_of(path: Path, content: bytes = b"") -> Iterator[Path]:
    at = checked_place(path)
    temporary = temporary_path(at.parent, path.suffix)
    try:
        write_new(temporary, content)
        yield temporary
        flush(temporary)
        move(temporary, at)
        flush_names(at.parent)
    finally:
        remove_file(temporary)


def write_text(path: Path, text: str) -> None:
    """Write ``text`` as UTF-8 with its line ends as they are, all of it or nothing.

    Raises
    ------
    OutputError
        As ``replacing``.
    """
    content = text.encode("utf-8")
    with blaming(path):
        _settle_before(path)
        with _taking_place_of(path, content):
            pass


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Write files of one folder, all or none, whenever this process is killed.

    Raises
    ------
    OutputError
        One cannot be written; then none has changed.
    """
    if not contents:
        return
    folder = _folder_of(contents)
    with blaming(folder), taking_turns(folder):
        settle(folder)
        replace_files(contents)


def replace_files(contents: Mapping[Path, Content]) -> None:
    """``write_files`` for whoever has the folder's turn, and has settled what others left there. Beside files of the
    folder itself there may be some of its ``clips``.

    Raises
    ------
    OutputError
        As ``write_files``.
    """
    [(path, content), *others] = contents.items()
    if not others and isinstance(content, bytes):
        with blaming(path), _taking_place_of(path, content):
            return
    folder = _folder_of(contents)
    with blaming(folder), _Set(changeable(folder)) as files:
        for path, content in contents.items():
            with blaming(path):
                files.prepare(checked_place(path), path.relative_to(folder).as_posix(), content)
        files.commit()


class _Set:
    """Files on their way to replace others. ``commit`` first writes down what is to be done; from then on they all do,
    by us or by a later run. An error brings back what was there."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._journal = folder, new_journal(folder)
        self._temporaries: list[Path] = []
        self._steps: list[Step] = []
        self._undoing: list[Step] = []

    def __enter__(self) -> _Set:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._journal.exists():  # what is still to be done needs them
            for path in self._temporaries:
                remove_file(path)

    def prepare(self, path: Path, name: str, content: Content) -> None:
        """Write the content of what is called ``name``, at ``path``, into the folder; keep what stands there for the
        case that another cannot be replaced."""
        old, kept = fingerprint(path), None
        if content is None and old is None:
            return
        fresh = None if content is None else self._written(path, content)
        new = fingerprint(fresh) if fresh else None
        if old is not None:
            kept = self._temporary(path)
            link(path, kept)
        self._steps.append(Step(name, fresh.name if fresh else None, old, new))
        self._undoing.append(Step(name, kept.name if kept else None, new, old))

    def _written(self, path: Path, content: bytes | Path) -> Path:
        fresh = self._temporary(path)
        if isinstance(content, bytes):
            write_new(fresh, content)
        elif place(content).is_symlink():  # what it leads to may change under its own name
            copy(content, fresh)
        else:
            link(content, fresh)
        flush(fresh)
        return fresh

    def commit(self) -> None:
        try:
            with blaming(self._folder):
                write_journal(self._journal, self._steps)
        except BaseException:  # nothing is replaced yet, and no later run is to do so
            remove_file(self._journal)
            raise
        done: list[Step] = []
        try:
            for step, undo in zip(self._steps, self._undoing, strict=True):
                with blaming(self._folder / step.target):
                    take(self._folder, step)
                done.insert(0, undo)
        except OutputError:
            with blaming(self._folder):
                write_journal(self._journal, done)
                carry_out(self._journal, done)
            raise
        except BaseException:  # interrupted: a set that has begun is not left half
            carry_out(self._journal, self._steps)
            raise
        with blaming(self._folder):
            flush_places(self._folder, self._steps)
            remove_file(self._journal)

    def _temporary(self, path: Path) -> Path:
        self._temporaries.append(temporary_path(self._folder, path.suffix))
        return self._temporaries[-1]


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A temporary folder, gone when the context is left.

    Raises
    ------
    OutputError
        It cannot be made.
    """
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
    """Make ``folder``, parents included; if what follows fails, remove again those of them that hold nothing.

    Raises
    ------
    OutputError
        It cannot be made.
    """
    with contextlib.ExitStack() as undo:
        try:
            check_there(folder)
            made = changeable(folder)
            for path in reversed([path for path in (made, *made.parents) if not path.exists()]):
                with contextlib.suppress(FileExistsError):  # made by another process meanwhile, as one hopes
                    new_folder(path)
                    undo.callback(_remove_if_empty, path)
            if not made.is_dir():
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
        except OSError as error:
            raise OutputError("{path}: cannot be made ({reason})", path=folder, reason=error.strerror) from error
        yield
        undo.pop_all()


@contextlib.contextmanager
def blaming(path: Path) -> Iterator[None]:
    """Tell what goes wrong as ``path``'s."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            "{path}: cannot be written ({reason}); choose another folder with -o", path=path, reason=error.strerror
        ) from error


def checked_place(path: Path) -> Path:
    """The entry of its folder that ``path`` names, where a file can be written: nothing, a file, or a link, which goes.

    Raises
    ------
    OutputError
        Something else stands there.
    OSError
        Its folder leads out of a confined one.
    """
    if is_folder(path):
        raise OutputError("{path}: is a folder, expected to write a file there", path=path)
    at = place(path)
    with contextlib.suppress(FileNotFoundError):
        if stat.S_IFMT(at.lstat().st_mode) not in (stat.S_IFREG, stat.S_IFLNK) or _is_needed(at):
            raise OutputError("{path}: is a folder or device, expected to write a file there", path=path)
    return at


def _folder_of(contents: Mapping[Path, object]) -> Path:
    parents = {path.parent for path in contents}
    folders = parents - {each / CLIPS for each in parents}
    if len(folders) != 1:
        raise ValueError(f"a set of files lies in {len(folders)} folders, expected one")
    return folders.pop()


def _is_needed(at: Path) -> bool:
    """Whether a link leads to a pipe or a device, as /dev/stdout does: whoever takes its place breaks something."""
    return at.is_symlink() and at.exists() and (not at.is_file() or at.is_relative_to("/dev"))


def _remove_if_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        remove_empty(folder)
