"""Replacing files without losing what a person made of them.

A file is ours if its bytes are among those we wrote, whose hashes the user's cache keeps; any other file, and any that
was edited since, is kept beside the new one. Where the cache is lost, a copy too many is made, never one too few.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Mapping, Set
from pathlib import Path

from aligner.errors import OutputError
from aligner.storage.atomic import blaming, replace_files
from aligner.storage.journal import backup_names, fingerprint, settle, taking_turns
from aligner.storage.moving import is_taken
from aligner.storage.user_folders import cache_folder
from media.confinement import OutsideError, place, regular_file


def write_keeping(
    contents: Mapping[Path, bytes], beside: Mapping[Path, bytes | Path] | None = None
) -> tuple[Path, ...]:
    """Write files of one folder, all or none; what someone made or edited in their place is kept as ``NAME.bak``,
    ``NAME.bak2``, ...

    Those ``beside`` belong to the same set, and nothing is kept of what they replace; a path among them is a file of
    the folder, which has that name too. Returns the paths of what was kept this time.

    Raises
    ------
    OutputError
        Something cannot be read or written; then nothing has changed.
    """
    beside = beside or {}
    if not contents and not beside:
        return ()
    folder = next(iter((*contents, *beside))).parent
    with blaming(folder), taking_turns(folder):
        settle(folder)
        known = _known()
        kept: dict[Path, Path] = {}
        for path, content in contents.items():
            kept |= to_keep(path, content, known)
        # Before they are written: one that is ours and not known to be would be kept as if someone had edited it.
        _remember({_hash(content) for content in contents.values()} - known)
        replace_files({**kept, **contents, **beside})
    return tuple(kept)


def is_ours(content: bytes) -> bool:
    """Whether these bytes are among those that this user's own quotecast wrote."""
    return _hash(content) in _known()


def to_keep(path: Path, content: bytes, known: Set[str] = frozenset()) -> dict[Path, Path]:
    """What stands at ``path`` by the place where it is to be kept when ``content`` replaces it; nothing where it is the
    same, has one of the hashes that are ``known``, or is kept there already. It is not read into memory.

    Raises
    ------
    OutputError
        It cannot be read.
    """
    try:
        old = _fingerprint(path)
        if old is None or old == _hash(content) or old in known:
            return {}
        backup = next(name for name in backup_names(path) if not is_taken(name) or _holds(name, old))
        return {} if is_taken(backup) else {backup: path}
    except OSError as error:
        raise OutputError(
            "{path}: cannot be read to keep a copy of it ({reason})", path=path, reason=error.strerror
        ) from error


def _fingerprint(path: Path) -> str | None:
    """That of the file at ``path``; None where none is, or a link to what is not ours to open: that stays as it is."""
    try:
        return fingerprint(regular_file(path))
    except FileNotFoundError:
        return None
    except OutsideError:
        if place(path).is_symlink():
            return None
        raise


def _holds(path: Path, content: str) -> bool:
    try:
        return fingerprint(regular_file(path)) == content
    except OSError:
        return False  # none that may be read: another name is taken


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _record() -> Path:
    return cache_folder() / "written.txt"


def _known() -> set[str]:
    try:
        return set(_record().read_text(encoding="ascii", errors="replace").split())
    except OSError:
        return set()


def _remember(hashes: Iterable[str]) -> None:
    with contextlib.suppress(OSError):  # a record that cannot be written only costs a copy
        _record().parent.mkdir(parents=True, exist_ok=True)
        with _record().open("a", encoding="ascii") as record:
            # The line end comes first too, should the line before have been cut off.
            record.write("".join(f"\n{each}\n" for each in hashes))
