"""Uploads on their way.

Each page that adds something has a folder of its own until the episode is made:

    LIBRARY/.quotecast/incoming/TOKEN/audio/NAME.mp3
                                     /transcript/NAME.docx
                                     /cover/cover.jpg
                                     /structure/structure.json      what was said of the transcript

A file is streamed beside its place and renamed when it is all there, so that what has a name is whole.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from aligner.corrections.told_structure import FILE, ToldStructure, read_structure, write_structure
from aligner.errors import OutputError
from aligner.storage.file_names import safe_name
from aligner.storage.user_folders import HIDDEN
from aligner.transcript import most_bytes
from media.confinement import is_folder, place, status_of
from media.listing import entries, files
from media.moving import make_folder, move, new_file, remove_file, remove_folder
from media.temporary import sweep, temporary_path
from web.errors import NotFound, TooLarge, Unusable
from web.library.opening import passing_folder

KINDS = ("audio", "transcript", "cover")
_STRUCTURE = "structure"
LARGEST_COVER_BYTES = 20_000_000
_BLOCK_BYTES = 1 << 18
_KEPT = 24 * 3600.0  # seconds since the last file of an upload that was never made an episode

_placing = threading.Lock()  # of several files that are all there at once, the last stays


class Readable(Protocol):
    """What bytes can be read from, in blocks."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Staged:
    """What has arrived of one upload so far."""

    folder: Path
    audio: Path | None
    transcript: Path | None
    cover: Path | None

    @property
    def structure(self) -> Path:
        """Where what was told of the transcript lies, if anything was."""
        return self.folder / _STRUCTURE / FILE


class Incoming:
    """The uploads on their way into the library at ``root``; a sound may have ``largest_bytes``."""

    def __init__(self, root: Path, largest_bytes: int) -> None:
        self._folder = root / HIDDEN / "incoming"
        self._largest_bytes = largest_bytes

    def open(self) -> str:
        """Begin an upload; forget those that nobody finished.

        Raises
        ------
        OutputError
            The library cannot be written.
        """
        token = secrets.token_hex(16)
        with _blaming(self._folder):
            self._sweep()
            make_folder(self._folder / token)
        return token

    def check_size(self, kind: str, name: str, announced_bytes: int | None) -> int:
        """The most bytes that a file of one of ``KINDS`` may have, by its name.

        Raises
        ------
        NotFound
            There is no such kind.
        TooLarge
            What was announced is more.
        """
        largest = self._largest(_known(kind), name)
        if announced_bytes is not None and announced_bytes > largest:
            raise _too_large(kind, announced_bytes, largest)
        return largest

    def receive(self, token: str, kind: str, name: str, source: Readable, announced_bytes: int | None) -> Path:
        """Take in a file of one of ``KINDS``, called ``name`` where it comes from, in place of an earlier one.

        Raises
        ------
        NotFound
            No such upload, or of no such kind.
        TooLarge
            The file is larger than is accepted.
        Unusable
            The file is empty, or less arrived than was announced.
        OutputError
            It cannot be written. In every case what was there before is still there.
        """
        folder = self._of(token) / _known(kind)
        largest = self.check_size(kind, name, announced_bytes)
        path = folder / safe_name(name, kind)
        part = temporary_path(folder)
        with _blaming(folder):
            make_folder(folder)
            try:
                size = _pour(source, part, kind, largest)
                if size == 0 or (announced_bytes is not None and size < announced_bytes):
                    raise Unusable("upload.empty" if size == 0 else "upload.cut", kind)
                with _placing:
                    move(part, path)
                    for other in _visible(folder):
                        if other != path:
                            remove_file(other)
            finally:
                remove_file(part)
        return path

    def take_back(self, token: str, kind: str) -> None:
        """Forget the file of one of ``KINDS``, if it has arrived.

        Raises
        ------
        NotFound
            No such upload, or of no such kind.
        """
        folder = self._of(token) / _known(kind)
        with _placing:
            for path in _visible(folder):
                remove_file(path)

    def staged(self, token: str) -> Staged:
        """What has arrived.

        Raises
        ------
        NotFound
            No such upload.
        """
        folder = self._of(token)
        return Staged(folder, *(_only(folder / kind) for kind in KINDS))

    def transcript(self, token: str) -> Path:
        """The transcript that has arrived.

        Raises
        ------
        NotFound
            No such upload.
        Unusable
            There is none in it.
        """
        path = self.staged(token).transcript
        if path is None:
            raise Unusable("upload.missing.transcript", "transcript")
        return path

    def tell(self, token: str, told: ToldStructure) -> None:
        """Keep what was told of the transcript, in place of what was.

        Raises
        ------
        NotFound
            No such upload.
        OutputError
            It cannot be written.
        """
        path = self.staged(token).structure
        with _blaming(path.parent):
            make_folder(path.parent)
        write_structure(path, told)

    def told(self, token: str) -> ToldStructure | None:
        """What was told of the transcript, None where nothing was.

        Raises
        ------
        NotFound
            No such upload.
        """
        path = self.staged(token).structure
        return read_structure(path) if FILE in files(path.parent) else None

    def drop(self, token: str) -> None:
        """Forget an upload.

        Raises
        ------
        NotFound
            No such upload.
        """
        remove_folder(self._of(token))

    def _largest(self, kind: str, name: str) -> int:
        if kind == "transcript":
            return most_bytes(name)
        return self._largest_bytes if kind == "audio" else LARGEST_COVER_BYTES

    def _of(self, token: str) -> Path:
        """The folder of an upload, looked for among those there are: a token is never part of a path."""
        for folder in _visible(self._folder):
            if secrets.compare_digest(os.fsencode(folder.name), token.encode("utf-8", "replace")) and is_folder(folder):
                return folder
        raise NotFound("upload.gone")

    def _sweep(self) -> None:
        """A file that arrives changes the folder of its kind."""
        oldest = time.time() - _KEPT
        for folder in entries(self._folder):
            with contextlib.suppress(OSError):  # another sweep may be at it
                if max(place(path).lstat().st_mtime for path in (folder, *entries(folder))) < oldest:
                    remove_folder(folder)


def recover_uploads(root: Path) -> None:
    """Remove what a killed server was still writing of the uploads into the library at ``root``."""
    place = root / HIDDEN / "incoming"
    for folder in (
        passing_folder(root),
        place,
        *(inner / kind for inner in entries(place) for kind in (*KINDS, _STRUCTURE)),
    ):
        sweep(folder)


def _known(kind: str) -> str:
    for known in KINDS:
        if kind == known:
            return known
    raise NotFound("upload.gone")


def _only(folder: Path) -> Path | None:
    """The file that arrived; the later one where a server was killed before it removed the earlier."""
    arrived = (path for name, path in files(folder).items() if not name.startswith("."))
    return max(arrived, key=lambda path: status_of(path).st_mtime_ns, default=None)


def _visible(folder: Path) -> list[Path]:
    """What lies in the folder but for what is still being written."""
    return [path for path in entries(folder) if not path.name.startswith(".")]


def _pour(source: Readable, path: Path, kind: str, largest_bytes: int) -> int:
    """Copy ``source`` into ``path`` in blocks; return its size in bytes."""
    size = 0
    with new_file(path) as file:
        while block := source.read(_BLOCK_BYTES):
            size += len(block)
            if size > largest_bytes:
                raise _too_large(kind, size, largest_bytes)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    return size


def _too_large(kind: str, size_bytes: int, largest_bytes: int) -> TooLarge:
    key = "upload.too_large.transcript" if kind == "transcript" else "upload.too_large"
    return TooLarge(key, kind, size=round(size_bytes / 1e6, 2), most=round(largest_bytes / 1e6, 2))


@contextlib.contextmanager
def _blaming(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError("{path}: cannot be written ({reason})", path=folder, reason=error.strerror) from error
