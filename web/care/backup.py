"""Back up a library into one uncompressed tar file, while a server may be changing the library.

The first member is ``backup.json``: the manifest with the hash of every file, and the library's rows of the database.
The others are ``library/…``: all that people made, with the trash, but no derived files (``.quotecast``) and no links.

Order
-----
1. The database's rows, in one transaction. The folders are read later, so they hold at least what the rows promise.
2. Each folder, under its lock: small files are packed, large ones are opened and packed when the lock is free, since a
   changed file is replaced and never written to. Nothing is linked or copied in the library: another time of change
   would make jobs and pages take an episode for an edited one. What was acknowledged before is complete.
3. Folders that were moved into or out of the trash meanwhile are packed where they are now.
4. The manifest, into the room that was left for it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import msgspec

from aligner.errors import AlignerError, OutputError
from aligner.storage.atomic import NAME as LOCK
from aligner.storage.atomic import locked, replacing, written_in
from aligner.storage.database import HIDDEN, changing, library_number
from aligner.storage.file_names import history_path
from media.safe_fs import folders, is_folder, listed, open_regular
from media.temporary import is_temporary
from web.archive.records import Change, Finding, ImportedEpisode, Result, Source
from web.library.library import TRASH, Library

MANIFEST, FILES = "backup.json", "library/"
FORMAT, VERSION = "quotecast-backup", 1
KINDS = {each.__name__: each for each in (Source, ImportedEpisode, Change, Finding, Result, dict[str, Any])}
"""The records of an archive, by kind."""

_HISTORY = history_path(Path("x.alignment.json")).name.removeprefix("x")
_NO_HASH = "0" * 64
_LARGE_BYTES = 8_000_000  # of a file that is packed without its episode's lock
_ROOM_BYTES = 16_384  # in the manifest, for files that are added meanwhile


class BackupError(AlignerError):
    """A library cannot be backed up, or a backup cannot be restored."""


class File(msgspec.Struct):
    """A file of a backup. ``written`` is 1 if quotecast wrote the file and nobody edited it since."""

    name: str
    size: int
    sha256: str = _NO_HASH
    written: int = 0


class Manifest(msgspec.Struct):
    """The first member of a backup. ``records`` are (kind, name, JSON), ``jobs`` are (id, JSON)."""

    format: str
    version: int
    quotecast: str
    created: str
    episodes: int
    has_sources: bool
    records: list[tuple[str, str, str]]
    jobs: list[tuple[str, str]]
    files: list[File]


def back_up(root: Path, file: Path, with_sources: bool) -> tuple[int, int]:
    """Write a backup of the library at ``root`` to ``file``; return the number of episodes and the size in bytes.
    Raises OutputError if a file cannot be written, StateError if the database cannot be used."""
    if not is_folder(root):
        raise BackupError("{path}: there is no such folder", path=root)
    if file.resolve().is_relative_to(root.resolve()):
        raise BackupError("{path}: lies in the library itself; name a file outside of it", path=file)
    episodes = len(Library(root).episodes())
    records, jobs = _rows(root, with_sources)
    made = datetime.now(UTC).isoformat(timespec="seconds")
    names = [File(name, 1 << 40) for folder in _folders_of(root) for name, _ in _files_of(folder, root)]
    facts = (FORMAT, VERSION, version("quotecast"), made, episodes, with_sources, records, jobs)
    room = int(len(_encoded(Manifest(*facts, names))) * 1.1) + _ROOM_BYTES
    with replacing(file) as fresh:
        fresh.chmod(0o600)  # addresses of feeds may hold keys
        with fresh.open("w+b") as target:
            with tarfile.open(fileobj=target, mode="w") as tar:
                _add(tar, MANIFEST, BytesIO(b" " * room), room, datetime.now(UTC).timestamp())
                manifest = _encoded(Manifest(*facts, _pack(tar, target, root)))
            if len(manifest) > room:
                raise BackupError("{path}: too many files were added meanwhile; try again", path=root)
            target.seek(tarfile.BLOCKSIZE)
            target.write(manifest)
    return episodes, file.stat().st_size


def without_place(kind: str, content: str) -> str | None:
    """Return a record without the addresses and paths of sources, or None if it consists of them."""
    if kind == ImportedEpisode.__name__:
        record = json.loads(content)
        for origin in filter(None, (record["audio"], record["text"])):
            origin["location"] = ""
        return json.dumps({**record, "feed": None})
    return content if kind in (Result.__name__, "dict") and "://" not in content else None


def is_kept(name: str) -> bool:
    """Return whether a file or folder of this name belongs into a backup."""
    return name not in (HIDDEN, LOCK) and not is_temporary(name)


def _rows(root: Path, with_sources: bool) -> tuple[list[tuple[str, str, str]], list[tuple[str, str]]]:
    with changing() as db:
        number = (library_number(db, root),)
        found = db.execute("SELECT kind, name, content FROM record WHERE library = ? ORDER BY rowid", number).fetchall()
        jobs = [tuple(row) for row in db.execute("SELECT id, content FROM job WHERE library = ?", number)]
    records = ((r["kind"], r["name"], r["content"] if with_sources else without_place(*r[::2])) for r in found)
    return [(kind, name, content) for kind, name, content in records if content is not None], jobs


def _pack(tar: tarfile.TarFile, target: IO[bytes], root: Path) -> list[File]:
    """Pack the folders of the library, each under its lock; return the files."""
    files, taken = list[File](), set[Path]()
    while new := [each for each in _folders_of(root) if each not in taken]:
        for folder in new:
            taken.add(folder)
            start, packed = tar.offset, list[File]()
            try:
                packed = _pack_folder(tar, folder, root)
            except (OSError, OutputError):
                if is_folder(folder):
                    raise
            if is_folder(folder):
                files += packed
            else:  # moved meanwhile: what was packed may be half of it
                tar.offset = start
                target.seek(start)
                target.truncate()
    written = written_in(root)
    return [File(each.name, each.size, each.sha256, int(each.sha256 in written)) for each in files]


def _pack_folder(tar: tarfile.TarFile, folder: Path, root: Path) -> list[File]:
    packed = list[File]()

    def pack(name: str, file: IO[bytes]) -> None:
        status, hashed = os.fstat(file.fileno()), _Hashing(file)
        _add(tar, f"{FILES}{name}", hashed, status.st_size, status.st_mtime)
        packed.append(File(name, status.st_size, hashed.sha256.hexdigest()))

    with contextlib.ExitStack() as large:
        later = list[tuple[str, IO[bytes]]]()
        with locked(folder):
            for name, path in [*_files_of(folder, root)]:
                file = open_regular(path)
                if os.fstat(file.fileno()).st_size > _LARGE_BYTES and not name.endswith(_HISTORY):
                    later.append((name, large.enter_context(file)))
                    continue
                with file:
                    pack(name, file)
        for name, opened in later:
            pack(name, opened)
    return packed


def _folders_of(root: Path) -> Iterator[Path]:
    yield root
    yield from (each for each in folders(root) if not each.name.startswith(".") and each.name != TRASH)
    yield from folders(root / TRASH)


def _files_of(folder: Path, root: Path) -> Iterator[tuple[str, Path]]:
    for path, status in listed(folder):
        if stat.S_ISREG(status.st_mode) and is_kept(path.name):
            yield path.relative_to(root).as_posix(), path
        elif stat.S_ISDIR(status.st_mode) and is_kept(path.name) and folder != root:
            yield from _files_of(path, root)


def _add(tar: tarfile.TarFile, name: str, content: Any, size: int, modified: float) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mtime = size, int(modified)
    try:
        tar.addfile(member, content)
    except OSError as error:
        if error.errno:
            raise
        raise BackupError("{path}: was changed while it was read; try again", path=name) from error


def _encoded(manifest: Manifest) -> bytes:
    # The standard encoder, since names of files may hold bytes that are not UTF-8.
    return json.dumps(msgspec.to_builtins(manifest)).encode()


class _Hashing:
    """A file that hashes what is read from it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.sha256 = file, hashlib.sha256()

    def read(self, size: int) -> bytes:
        block = self._file.read(size)
        self.sha256.update(block)
        return block
