"""Replacing outputs without losing what a person made of them.

The user's database keeps, for each place where quotecast wrote an output, the hash of what it wrote. A file whose hash
is none of these is a person's, and is kept as ``NAME.bak``, ``NAME.bak2``, ... before it is replaced. Where the
database cannot be used, a copy too many is made, never one too few.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence, Set
from contextlib import suppress
from itertools import count
from pathlib import Path

from aligner.errors import OutputError
from aligner.storage.atomic import blaming, replacing
from aligner.storage.database import StateError, changing, connected
from media.safe_fs import is_taken, link, open_regular, place


def write_keeping(
    contents: Mapping[Path, bytes | Path], ours_too: bool = False, ours: Set[str] = frozenset()
) -> tuple[Path, ...]:
    """Write outputs, each whole, and return the copies of what a person had made or edited in their places.

    A path as content is a file that is copied there. With ``ours_too`` what quotecast wrote is kept as well, for work
    that finds files in places which were free when somebody asked for it; what has a hash of ``ours`` never is.
    Raises OutputError if one cannot be read or written; those before it are written then.
    """
    hashes = {path: hash_of(content) for path, content in contents.items()}
    # What is a link is nobody's content.
    there = {path: hash_of(path) for path in contents if is_taken(path) and not place(path).is_symlink()}
    known = {*ours, *(() if ours_too else _written_among([*there.values()]))}
    kept = tuple(_keep(path) for path, sha256 in there.items() if sha256 not in {hashes[path], *known})
    _remember(hashes.items())  # before a kill can leave what nobody knows
    for path, content in contents.items():
        with replacing(path) as temporary:
            if isinstance(content, bytes):
                temporary.write_bytes(content)
            else:
                with open_regular(content) as source, temporary.open("wb") as target:
                    shutil.copyfileobj(source, target)
    _remember(hashes.items(), alone=True)
    return kept


def hash_of(content: bytes | Path) -> str:
    """Return the SHA-256 of some bytes or of what a file holds; raises OutputError if that cannot be read."""
    if isinstance(content, bytes):
        return hashlib.sha256(content).hexdigest()
    try:
        with open_regular(content) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise OutputError("{path}: cannot be read ({reason})", path=content, reason=error.strerror) from error


def free_backup(path: Path) -> Path:
    """Return where the next copy of ``path`` goes: ``NAME.bak``, ``NAME.bak2``, ..."""
    names = (path.with_name(f"{path.name}.bak{number if number > 1 else ''}") for number in count(1))
    return next(name for name in names if not is_taken(name))


def without_backup_ending(path: Path) -> Path:
    """Return the path that a copy is of; any other path as it is."""
    return path.with_name(name) if (name := re.sub(r"\.bak\d*$", "", path.name)) else path


def written_in(folder: Path) -> dict[str, str]:
    """Return the hashes of what quotecast wrote into ``folder``, each with the name of its file."""
    with suppress(StateError), connected() as connection:
        inside = _key(folder / "x")[:-1]
        sql = "SELECT * FROM written WHERE substr(path, 1, ?) = ?"
        rows = connection.execute(sql, (len(inside), inside)).fetchall()
        return {row["sha256"]: os.fsdecode(row["path"].removeprefix(inside)) for row in rows}
    return {}


def note_written(folder: Path, written: Mapping[str, str]) -> None:
    """Note what was written into ``folder``, also on another machine: hashes, each with the name of its file."""
    _remember([(folder / name, sha256) for sha256, name in written.items()])


def _keep(path: Path) -> Path:
    with blaming(path):
        link(path, copy := free_backup(path))
        return copy


def _written_among(hashes: Sequence[str]) -> list[str]:
    """Return those of what quotecast wrote, here or in a place from which it was copied or moved since."""
    with suppress(StateError), connected() as connection:
        sql = f"SELECT sha256 FROM written WHERE sha256 IN ({', '.join('?' * len(hashes))})"
        return [row["sha256"] for row in connection.execute(sql, hashes)]
    return []


def _remember(written: Iterable[tuple[Path, str]], alone: bool = False) -> None:
    """Note what is written where; ``alone`` it is what stands there now, and what was written before is forgotten."""
    rows = [(_key(path), sha256) for path, sha256 in written]
    with suppress(StateError), changing() as connection:
        connection.executemany("INSERT OR IGNORE INTO written VALUES (?, ?)", rows)
        if alone:
            connection.executemany("DELETE FROM written WHERE path = ? AND sha256 <> ?", rows)


def _key(path: Path) -> bytes:
    return os.fsencode(os.path.join(os.path.realpath(path.parent), path.name))  # noqa: PTH118
