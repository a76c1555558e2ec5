"""Restore a backup into a new folder. All that the file holds is data that a stranger may have written.

The files are unpacked beside the new folder and checked, and the folder is renamed to its place within the transaction
that stores the rows: an error leaves nothing.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

import msgspec

from aligner.errors import OutputError
from aligner.storage.atomic import blaming
from aligner.storage.database import changing, library_number
from media.safe_fs import entries, is_folder, is_taken, make_folder, new_file, open_regular, remove_empty, remove_folder
from media.temporary import sweep, temporary_path
from web.care.backup import FILES, FORMAT, KINDS, MANIFEST, VERSION, BackupError, File, Manifest, is_kept, without_place
from web.jobs.job import job_in
from web.jobs.kinds import KINDS as JOBS

_LARGEST_MANIFEST_BYTES = 1 << 28  # of a million files
_ROOM_BYTES = 50_000_000  # of free disk that stay
_BLOCK_BYTES = 1 << 20


def restore(file: Path, root: Path, with_sources: bool) -> Manifest:
    """Restore the backup ``file`` into the folder ``root``, which is missing or empty; return the backup's manifest.
    Raises BackupError if the file is damaged, no backup, or made by a newer quotecast; OutputError or StateError if the
    library cannot be written."""
    if is_taken(root) and (not is_folder(root) or entries(root)):
        raise BackupError("{path}: is in use; name a folder that does not exist, or is empty", path=root)
    folder = root.resolve().parent
    sweep(folder)
    fresh = temporary_path(folder)
    try:
        with _reading(file) as tar:
            *members, last = tar.getmembers() or [tarfile.TarInfo()]
            manifest = _manifest(tar, last, file)
            if len(members) != len(manifest.files):
                raise ValueError("it holds other files than its manifest names")
            records = _checked_records(manifest, with_sources)
            _check_room(manifest, folder)
            with blaming(fresh):
                make_folder(fresh)
            for expected, member in zip(manifest.files, members, strict=True):
                _unpack(tar, expected, member, fresh)
        _put_in_place(manifest, records, fresh, root)
    except OutputError as error:
        raise error.where_it_is() from error
    finally:
        remove_folder(fresh)
    return manifest


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with open_regular(path) as file, tarfile.open(fileobj=file, mode="r:") as tar:
            yield tar
    except (tarfile.TarError, LookupError, ValueError, TypeError, EOFError, RecursionError) as error:
        raise BackupError(
            "{path}: is damaged, or no backup of quotecast ({detail})", path=path, detail=str(error)[:200]
        ) from error


def _manifest(tar: tarfile.TarFile, member: tarfile.TarInfo, path: Path) -> Manifest:
    content = tar.extractfile(member) if member.name == MANIFEST and not member.issparse() else None
    if not content or member.size > _LARGEST_MANIFEST_BYTES:
        raise ValueError(f"it does not end with {MANIFEST}")
    facts = json.loads(content.read())
    if facts["format"] == FORMAT and isinstance(facts["version"], int) and facts["version"] > VERSION:
        raise BackupError("{path}: was made by a newer quotecast; update this one", path=path)
    manifest = msgspec.convert(facts, Manifest)
    if (manifest.format, manifest.version) != (FORMAT, VERSION) or any(each.size < 0 for each in manifest.files):
        raise ValueError("its manifest is unknown")
    return manifest


def _checked_records(manifest: Manifest, with_sources: bool) -> list[tuple[str, str, str]]:
    """Return the records to store. Raises ValueError or LookupError if a record or a job is invalid."""
    for id, content in manifest.jobs:
        if job_in(content, JOBS).id != id:
            raise ValueError(f"job {id}")
    kept: list[tuple[str, str, str]] = []
    for kind, name, content in manifest.records:
        record = msgspec.json.decode(content, type=KINDS[kind])
        folder = getattr(record, "folder", "")
        if folder == ".." or not {"/", "\\"}.isdisjoint(folder):
            raise ValueError(f"record {name}")
        taken = content if with_sources and manifest.has_sources else without_place(kind, content)
        kept += [(kind, name, taken)] if taken is not None else []
    return kept


def _check_room(manifest: Manifest, folder: Path) -> None:
    with blaming(folder):
        make_folder(folder)
        free = shutil.disk_usage(folder).free
    if (needed := sum(each.size for each in manifest.files) + _ROOM_BYTES) > free:
        raise BackupError(
            "{path}: has {free} MB free, and the backup needs {needed} MB",
            path=folder, free=free // 10**6, needed=needed // 10**6,
        )  # fmt: skip


def _unpack(tar: tarfile.TarFile, expected: File, member: tarfile.TarInfo, fresh: Path) -> None:
    """Write a member below ``fresh``. Raises ValueError or TarError if it is not the regular file that is expected."""
    if not member.isreg() or member.issparse():
        raise ValueError(f"{member.name!r} is not a regular file")
    name = tarfile.data_filter(member, str(fresh)).name
    parts = expected.name.split("/")
    is_plain = all(part not in ("", ".", "..") and is_kept(part) for part in parts) and "\\" not in name
    if (member.name, member.size) != (name, expected.size) or name != f"{FILES}{expected.name}" or not is_plain:
        raise ValueError(f"{expected.name!r} is not what its manifest names")
    target, sha256 = fresh.joinpath(*parts), hashlib.sha256()
    content = tar.extractfile(member)
    assert content
    with blaming(target):
        make_folder(target.parent)
        with new_file(target) as file:
            while block := content.read(_BLOCK_BYTES):
                sha256.update(block)
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        os.utime(target, (member.mtime, member.mtime))
    if sha256.hexdigest() != expected.sha256:
        raise ValueError(f"{expected.name!r} was changed")


def _put_in_place(manifest: Manifest, records: list[tuple[str, str, str]], fresh: Path, root: Path) -> None:
    with changing() as db:
        number = library_number(db, root)
        db.executemany("INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?)", [(number, *each) for each in records])
        # On the machine of the original, the jobs stay with that.
        jobs = [(id, number, content) for id, content in manifest.jobs]
        db.executemany("INSERT OR IGNORE INTO job VALUES (?, ?, ?)", jobs)
        with blaming(root):
            if is_taken(root):
                remove_empty(root)
            fresh.rename(root)
