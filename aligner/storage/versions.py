"""The versions of an episode's transcript: plain files in the folder ``versions`` beside it, the original first.

They are called ``0003 2026-11-27 14-05-09 NAME.txt``, with the time of UTC at which they were kept, and hold what the
transcript's file held then, to the byte. Who made one is in the history, which knows them by their hashes. Those that
somebody takes out lie in ``versions/trash``.

Conventions
-----------
``folder`` is the episode's. Whoever keeps a version has its turn.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aligner.storage.atomic import blaming, replace_files
from aligner.storage.file_names import safe_name
from aligner.storage.file_states import until_changed
from aligner.transcript import MAX_WORD_BYTES
from media.confinement import open_regular, read_regular, status_of
from media.listing import files
from media.moving import make_folder, remove_empty, remove_file

FOLDER = "versions"
TRASH = "trash"  # within it

_NAME = re.compile(r"(\d{1,9}) (\d{4}-\d\d-\d\d \d\d-\d\d-\d\d) (.+)", re.ASCII)
_TIME = "%Y-%m-%d %H-%M-%S"
_AT_HAND = 2048  # hashes


@dataclass(frozen=True, slots=True)
class Version:
    """A file that is kept: its number, when that was, and the name that it had."""

    path: Path
    number: int
    when: datetime
    name: str

    @property
    def sha256(self) -> str:
        """Of its bytes; raises OSError where it is gone."""
        return _sha256(self.path)

    def content(self) -> bytes:
        """Its bytes; raises OSError where it cannot be read."""
        return read_regular(self.path, MAX_WORD_BYTES)


def versions_in(folder: Path) -> list[Version]:
    """The versions that are kept, in order; files that somebody else put there are none."""
    return _in_order(folder / FOLDER)


def versions_in_trash(folder: Path) -> list[Version]:
    """Those that somebody took out, in order."""
    return _in_order(folder / FOLDER / TRASH)


def version_of(folder: Path, sha256: str) -> Version | None:
    """The version with that hash; None where none is kept."""
    return next((version for version in versions_in(folder) if _is(version, sha256)), None)


def is_version(path: Path) -> bool:
    """Whether a file of the episode's folder is what a version holds: a transcript that somebody made."""
    try:
        size, versions = status_of(path).st_size, versions_in(path.parent)
        return any(_has_size(version, size) and _is(version, _sha256(path)) for version in versions)
    except OSError:
        return False


def keep_version(folder: Path, name: str, content: bytes, when: datetime | None = None) -> Path | None:
    """Keep what the transcript called ``name`` holds, unless that is kept; the file that was made, None where none was.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    kept = versions_in(folder)
    sha256 = hashlib.sha256(content).hexdigest()
    if any(_has_size(version, len(content)) and _is(version, sha256) for version in kept):
        return None
    number = max((version.number for version in (*kept, *versions_in_trash(folder))), default=0) + 1
    time = (when or datetime.now(UTC)).astimezone(UTC).strftime(_TIME)
    place = folder / FOLDER
    with blaming(place):
        make_folder(place)
        path = place / f"{number:04d} {time} {safe_name(name, 'transcript')}"
        replace_files({path: content})
    return path


def forget_version(path: Path) -> None:
    """Take back one that was just kept, and for nothing."""
    with contextlib.suppress(OSError):
        remove_file(path)
        remove_empty(path.parent)


def _in_order(place: Path) -> list[Version]:
    return sorted(_found(place), key=lambda version: (version.number, version.path.name))


def _found(place: Path) -> Iterator[Version]:
    for name, path in files(place).items():
        if (found := _NAME.fullmatch(name)) and (when := _time(found[2])):
            yield Version(path, int(found[1]), when, found[3])


def _time(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None


def _is(version: Version, sha256: str) -> bool:
    try:
        return version.sha256 == sha256
    except OSError:
        return False  # gone meanwhile


def _has_size(version: Version, size_bytes: int) -> bool:
    try:
        return status_of(version.path).st_size == size_bytes
    except OSError:
        return False


@until_changed(_AT_HAND)
def _sha256(path: Path) -> str:
    with open_regular(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
