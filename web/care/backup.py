"""Back up a library into one uncompressed tar file, while a server may be changing the library.

The first member is ``backup.json``: the manifest with the hash of every file, and the library's rows of the database.
The others are ``library/…``: all that people made, with the trash, but no derived files (``.quotecast``) and no links.

Order
-----
1. The database's rows, in one transaction. The folders are read later, so they hold at least what the rows promise.
2. Each folder is copied under its lock, by hard links, which takes milliseconds: a changed file is replaced and never
   written to, except a history, which is copied. A change that was acknowledged before the backup began is complete.
3. The copies are packed. A folder that was moved into or out of the trash meanwhile is found where it is now.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tarfile
from collections.abc import Collection, Iterator
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
from media.safe_fs import copy, folders, is_folder, link, listed, make_folder, open_regular, remove_folder
from media.temporary import is_temporary, sweep, temporary_path
from web.archive.records import Change, Finding, ImportedEpisode, Result, Source
from web.library.library import TRASH, Library

MANIFEST, FILES = "backup.json", "library/"
FORMAT, VERSION = "quotecast-backup", 1
KINDS = {each.__name__: each for each in (Source, ImportedEpisode, Change, Finding, Result, dict[str, Any])}
"""The records of an archive, by kind."""

_HISTORY = history_path(Path("x.alignment.json")).name.removeprefix("x")
_NO_HASH = "0" * 64


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
    hidden = root / HIDDEN
    with replacing(file) as fresh:
        fresh.chmod(0o600)  # addresses of feeds may hold keys
        make_folder(hidden)
        sweep(hidden)
        copies = temporary_path(hidden)
        try:
            _copy_library(root, copies)
            paths = sorted(path for path in copies.rglob("*") if not path.is_dir())
            files = [File(path.relative_to(copies).as_posix(), path.stat().st_size) for path in paths]
            made = datetime.now(UTC).isoformat(timespec="seconds")
            facts = (FORMAT, VERSION, version("quotecast"), made, episodes, with_sources, records, jobs, files)
            with fresh.open("w+b") as target:
                _pack(Manifest(*facts), copies, written_in(root), target)
        finally:
            remove_folder(copies)
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


def _copy_library(root: Path, copies: Path) -> None:
    """Copy the folders of the library, each under its lock."""
    taken = set[Path]()
    while new := [each for each in _folders_of(root) if each not in taken]:
        for folder in new:
            taken.add(folder)
            target = copies / folder.relative_to(root)
            try:
                with locked(folder):
                    _copy(folder, target, is_root=folder == root)
            except OutputError:
                if is_folder(folder):
                    raise
            if not is_folder(folder):  # moved meanwhile: what was copied may be half of it
                remove_folder(target)


def _folders_of(root: Path) -> Iterator[Path]:
    yield root
    yield from (each for each in folders(root) if not each.name.startswith(".") and each.name != TRASH)
    yield from folders(root / TRASH)


def _copy(folder: Path, target: Path, is_root: bool = False) -> None:
    make_folder(target)
    for path, status in listed(folder):
        if not is_kept(path.name):
            continue
        if stat.S_ISDIR(status.st_mode) and not is_root:
            _copy(path, target / path.name)
        elif stat.S_ISREG(status.st_mode):
            (copy if path.name.endswith(_HISTORY) else link)(path, target / path.name)


def _pack(manifest: Manifest, copies: Path, written: Collection[str], target: IO[bytes]) -> None:
    """Write the tar file. The manifest's hashes are filled in at the end, as they do not change its length."""
    blank = _encoded(manifest)
    with tarfile.open(fileobj=target, mode="w") as tar:
        _add(tar, MANIFEST, len(blank), BytesIO(blank), datetime.now(UTC).timestamp())
        for each in manifest.files:
            with open_regular(copies / each.name) as file:
                hashed = _Hashing(file)
                _add(tar, f"{FILES}{each.name}", each.size, hashed, os.fstat(file.fileno()).st_mtime)
            each.sha256 = hashed.sha256.hexdigest()
            each.written = int(each.sha256 in written)
    target.seek(tarfile.BLOCKSIZE)
    target.write(_encoded(manifest))


def _add(tar: tarfile.TarFile, name: str, size: int, content: Any, modified: float) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mtime = size, int(modified)
    tar.addfile(member, content)


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
