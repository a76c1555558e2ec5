"""Back up a library into one tar file, while a server may be changing the library, and restore it elsewhere.

The members are ``library/…``, all that people made, with the trash, but no derived or hidden files and no links. The
last one is the manifest. Its rows of the database are read first, so that the files hold at least what they promise.
A backup that is restored is data that a stranger may have written.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import shutil
import stat
import tarfile
import time
from collections.abc import Iterator
from io import BufferedReader, BytesIO
from itertools import islice
from pathlib import Path
from typing import IO, Any

import msgspec

from aligner.errors import AlignerError
from aligner.storage.atomic import blaming, locked, note_written, replacing, written_in
from aligner.storage.database import changing, library_number
from media.safe_fs import confine, entries, folders, is_folder, listed, make_folder, move, open_regular, remove_folder
from media.temporary import temporary_path
from web.archive.records import Change, Finding, ImportedEpisode, Result, Source
from web.jobs.job import job_in
from web.jobs.kinds import KINDS as JOBS
from web.library.library import TRASH

_FILES, _MANIFEST = "library", "quotecast-backup-1.json"
_KINDS = {each.__name__: each for each in (Source, ImportedEpisode, Change, Finding, Result, dict[str, Any])}
_NAME = re.compile(rf"{_FILES}(/[^./][^/]*)+")
_MOST_FILES, _LARGEST_BYTES, _BLOCK_BYTES = 1_000_000, 1 << 26, 1 << 20  # a manifest is the largest

Rows = list[tuple[str, str, str]]
"""Kind, name and JSON of each record of an archive, and of each job, with its id as name."""


class Manifest(msgspec.Struct):
    """The last member of a backup. ``sha256`` is the hash of all bytes before it. ``written`` maps the hashes of files
    that quotecast wrote to their names."""

    sha256: str
    rows: Rows
    written: dict[str, str]


def back_up(root: Path, file: Path, with_sources: bool) -> None:
    """Write a backup of the library at ``root`` to ``file``. Raises OutputError if a file cannot be written or an
    episode stays locked, StateError if the database cannot be used."""
    confine(root)
    with changing() as db:
        number = (library_number(db, root),)
        rows = db.execute("SELECT kind, name, content FROM record WHERE library = ? ORDER BY rowid", number).fetchall()
        rows += db.execute("SELECT 'Job', id, content FROM job WHERE library = ?", number)
    with replacing(file) as fresh:
        fresh.chmod(0o600)  # addresses of feeds may hold keys
        with fresh.open("w+b") as target, tarfile.open(fileobj=target, mode="w", dereference=True) as tar:
            _pack(tar, target, root)
            target.seek(0)
            sha256 = hashlib.file_digest(target, "sha256").hexdigest()
            manifest = Manifest(sha256, _allowed(rows, with_sources), written_in(root))
            # The standard encoder, since names of files may hold bytes that are not UTF-8.
            content = json.dumps(msgspec.to_builtins(manifest)).encode()
            member = tarfile.TarInfo(_MANIFEST)
            member.size, member.mtime = len(content), int(time.time())
            tar.addfile(member, BytesIO(content))


def restore_backup(file: Path, root: Path, with_sources: bool) -> bool:
    """Restore the backup ``file`` into the folder ``root``, which is missing or empty; return whether sources were left
    out. All is checked before anything is written. Raises AlignerError if the file is damaged or of a newer
    version; OutputError or StateError if the library cannot be written."""
    fresh = temporary_path(root)  # within the folder, which may be a mount point
    try:
        with _reading(file) as (tar, members, manifest), blaming(root):
            make_folder(fresh)
            tar.extractall(fresh, members, filter="data")
            with changing() as db:
                number, rows = library_number(db, root), _allowed(manifest.rows, with_sources)
                jobs = [(name, number, content) for kind, name, content in rows if kind == "Job"]
                records = [(number, *row) for row in rows if row[0] != "Job"]
                db.executemany("INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?)", records)
                # On the machine of the original, the jobs stay with that.
                db.executemany("INSERT OR IGNORE INTO job VALUES (?, ?, ?)", jobs)
                for each in entries(fresh / _FILES):
                    move(each, root / each.name)
    finally:
        remove_folder(fresh)
    note_written(root, manifest.written)
    return len(rows) < len(manifest.rows)


def _allowed(rows: Rows, with_sources: bool) -> Rows:
    """Return the rows; without ``with_sources``, those that are left without addresses and paths of sources."""
    kept: Rows = []
    for kind, name, content in rows:
        if with_sources or kind == "Job" or (kind in (Result.__name__, "dict") and "://" not in content):
            kept.append((kind, name, content))
        elif kind == ImportedEpisode.__name__:
            record = json.loads(content)
            for origin in filter(None, (record["audio"], record["text"])):
                origin["location"] = ""
            kept.append((kind, name, json.dumps({**record, "feed": None})))
    return kept


def _pack(tar: tarfile.TarFile, target: IO[bytes], root: Path) -> None:
    """Pack each folder under its lock, and at the end those that were moved into or out of the trash meanwhile."""
    taken = set[Path]()
    while new := [each for each in _folders(root) if each not in taken]:
        taken.update(new)
        for folder in filter(is_folder, new):
            start = tar.offset
            with locked(folder):
                for path in _files(folder, root):
                    with contextlib.suppress(FileNotFoundError), open_regular(path) as file:
                        tar.addfile(tar.gettarinfo(arcname=str(_FILES / path.relative_to(root)), fileobj=file), file)
            if not is_folder(folder):  # moved meanwhile: this may be half of it
                tar.offset = target.seek(start)
                target.truncate()


def _folders(root: Path) -> list[Path]:
    inner = [*(each for each in folders(root) if each.name != TRASH), *folders(root / TRASH)]
    return [root, *(each for each in inner if not each.name.startswith("."))]


def _files(folder: Path, root: Path) -> Iterator[Path]:
    for path, status in ((path, status) for path, status in listed(folder) if not path.name.startswith(".")):
        if stat.S_ISREG(status.st_mode):
            yield path
        elif stat.S_ISDIR(status.st_mode) and folder != root:
            yield from _files(path, root)


class _SmallReads(BufferedReader):
    """A file that refuses to read much at once, as tarfile would for a header that claims gigabytes."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or not 0 <= size <= _BLOCK_BYTES:
            raise ValueError("a header is too large")
        return super().read(size)


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[tuple[tarfile.TarFile, list[tarfile.TarInfo], Manifest]]:
    """Context manager: open a backup, check it whole, and yield it, its files and its manifest."""
    try:
        with _SmallReads(open_regular(path).detach()) as file, tarfile.TarFile(fileobj=file) as tar:
            *members, last = islice(tar, _MOST_FILES)
            for each in (*members, last):
                is_known = _NAME.fullmatch(each.name) or (each is last and each.name == _MANIFEST)
                if not is_known or not each.isreg() or each.issparse() or last.size > _LARGEST_BYTES:
                    raise ValueError(f"{each.name!r} does not belong there")
                each.mode = None  # type: ignore[assignment]  # as the user's other new files
            shutil.copyfileobj(tar.extractfile(last) or BytesIO(), packed := BytesIO())
            manifest = msgspec.convert(json.loads(packed.getvalue()), Manifest)
            sha256 = hashlib.sha256()
            file.seek(0)
            for start in range(0, last.offset, _BLOCK_BYTES):
                sha256.update(file.read(min(_BLOCK_BYTES, last.offset - start)))
            if sha256.hexdigest() != manifest.sha256:
                raise ValueError("it was changed")
            for kind, name, content in manifest.rows:
                row = job_in(content, JOBS) if kind == "Job" else msgspec.json.decode(content, type=_KINDS[kind])
                folder = getattr(row, "folder", "")
                if folder == ".." or not {"/", "\\"}.isdisjoint(folder) or getattr(row, "id", name) != name:
                    raise ValueError(f"{kind} {name}")
            yield tar, members, manifest
    except (tarfile.TarError, LookupError, ValueError, TypeError, EOFError, RecursionError) as error:
        raise AlignerError(
            "{path}: is damaged, or no backup that this version knows ({detail})", path=path, detail=str(error)[:200]
        ) from error
