"""The versions of an episode's transcript: plain files in the folder ``versions`` beside it, the original first.

They are called ``0003 2026-11-27 14-05-09 NAME.txt``, with the time of UTC at which they were kept, and hold what the
transcript's file held then, to the byte. Who made one is in the history, which knows them by their hashes. ``folder``
is always the episode's.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from aligner.storage.atomic import FileState, blaming, hash_in, state_of, write_file
from aligner.storage.file_names import safe_name
from aligner.transcript import MAX_WORD_BYTES
from media.safe_fs import files, make_folder, read_regular

FOLDER = "versions"

_NAME = re.compile(r"(\d{1,9}) (\d{4}-\d\d-\d\d \d\d-\d\d-\d\d) (.+)", re.ASCII)
_TIME = "%Y-%m-%d %H-%M-%S"


@dataclass(frozen=True, slots=True)
class Version:
    """A file that is kept: its number, when that was, and the name that it had."""

    path: Path
    number: int
    when: datetime
    name: str

    def content(self) -> bytes:
        """Its bytes; raises OSError where it cannot be read."""
        return read_regular(self.path, MAX_WORD_BYTES)


def versions_in(folder: Path) -> list[Version]:
    """The versions that are kept, in order; files that somebody else put there are none."""
    return sorted(_found(folder / FOLDER), key=lambda version: (version.number, version.path.name))


def version_of(folder: Path, sha256: str) -> Version | None:
    """Return the version with that hash; None where none is kept."""
    return next((each for each in versions_in(folder) if _hash_of(each.path) == sha256), None)


def is_version(path: Path) -> bool:
    """Return whether a file of the episode's folder holds what a version does: a transcript that somebody made."""
    sha256 = hash_in(path)
    return sha256 is not None and version_of(path.parent, sha256) is not None


def keep_version(folder: Path, name: str, content: bytes, when: datetime | None = None) -> None:
    """Keep what the transcript called ``name`` holds, unless that is kept; raises OutputError if that is impossible."""
    with blaming(folder / FOLDER):
        for path, each in new_versions(folder, [(name, content, when)]).items():
            make_folder(path.parent)
            write_file(path, each)


def new_versions(folder: Path, held: Iterable[tuple[str, bytes, datetime | None]]) -> dict[Path, bytes]:
    """Return the files to write for what transcripts, each with its name and time, hold that is not kept yet."""
    number = max((version.number for version in versions_in(folder)), default=0)
    found: dict[Path, bytes] = {}
    for name, content, when in held:
        if content not in found.values() and version_of(folder, hashlib.sha256(content).hexdigest()) is None:
            number += 1
            time = (when or datetime.now(UTC)).astimezone(UTC).strftime(_TIME)
            found[folder / FOLDER / f"{number:04d} {time} {safe_name(name, 'transcript')}"] = content
    return found


def _hash_of(path: Path) -> str | None:
    with suppress(OSError):  # it has just gone
        return _hash_in_state(path, state_of(path))
    return None


@lru_cache(maxsize=10_000)
def _hash_in_state(path: Path, _: FileState) -> str | None:
    return hash_in(path)  # a change of the text asks for that of every version, several times


def _found(place: Path) -> Iterator[Version]:
    for name, path in files(place).items():
        if (found := _NAME.fullmatch(name)) and (when := _time(found[2])):
            yield Version(path, int(found[1]), when, found[3])


def _time(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None
