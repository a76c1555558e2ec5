"""Back up a library into one uncompressed tar file, while a server may be changing the library.

The members are ``library/…``: all that people made, with the trash, but no derived files (``.quotecast``) and no links.
The last member, ``backup.json``, is the manifest: the hash of every file, and the library's rows of the database.

The rows are read first, in one transaction, so the folders, which are read later, hold at least what the rows promise.
Each folder is packed under its lock. Nothing is linked or copied in the library: another time of change would make jobs
and pages take an episode for an edited one.
"""

from __future__ import annotations

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

from aligner.errors import AlignerError
from aligner.storage.atomic import NAME as LOCK
from aligner.storage.atomic import locked, replacing
from aligner.storage.database import HIDDEN, changing, library_number
from media.safe_fs import folders, is_folder, listed, open_regular
from media.temporary import is_temporary
from web.archive.records import Change, Finding, ImportedEpisode, Result, Source
from web.library.library import TRASH, Library

MANIFEST, FILES = "backup.json", "library/"
FORMAT, VERSION = "quotecast-backup", 1
KINDS = {each.__name__: each for each in (Source, ImportedEpisode, Change, Finding, Result, dict[str, Any])}
"""The records of an archive, by kind."""


class BackupError(AlignerError):
    """A library cannot be backed up, or a backup cannot be restored."""


class File(msgspec.Struct):
    """A file of a backup."""

    name: str
    size: int
    sha256: str


class Manifest(msgspec.Struct):
    """The last member of a backup. ``records`` are (kind, name, JSON), ``jobs`` are (id, JSON)."""

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
    with replacing(file) as fresh:
        fresh.chmod(0o600)  # addresses of feeds may hold keys
        with tarfile.open(fresh, "w") as tar:
            facts = (FORMAT, VERSION, version("quotecast"), made, episodes, with_sources, records, jobs)
            manifest = Manifest(*facts, _pack(tar, root))
            # The standard encoder, since names of files may hold bytes that are not UTF-8.
            content = json.dumps(msgspec.to_builtins(manifest)).encode()
            member = tarfile.TarInfo(MANIFEST)
            member.size = len(content)
            tar.addfile(member, BytesIO(content))
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


def _pack(tar: tarfile.TarFile, root: Path) -> list[File]:
    """Pack the folders of the library, each under its lock; return the files."""
    files, packed = list[File](), set[Path]()
    while new := [each for each in _folders_of(root) if each not in packed]:  # one may leave the trash meanwhile
        packed.update(new)
        for folder in filter(is_folder, new):
            try:
                with locked(folder):
                    files += [_add(tar, name, path) for name, path in _files_of(folder, root)]
            except FileNotFoundError as error:
                raise BackupError("{path}: was moved meanwhile; try again", path=folder) from error
    return files


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


def _add(tar: tarfile.TarFile, name: str, path: Path) -> File:
    with open_regular(path) as file:
        status, hashing = os.fstat(file.fileno()), _Hashing(file)
        member = tarfile.TarInfo(f"{FILES}{name}")
        member.size, member.mtime = status.st_size, int(status.st_mtime)
        tar.addfile(member, hashing)  # type: ignore[arg-type]
    return File(name, status.st_size, hashing.sha256.hexdigest())


class _Hashing:
    """A file that hashes what is read from it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.sha256 = file, hashlib.sha256()

    def read(self, size: int) -> bytes:
        block = self._file.read(size)
        self.sha256.update(block)
        return block
