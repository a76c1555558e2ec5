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
from aligner.storage.journal import backup_names, settle, taking_turns
from aligner.storage.moving import is_taken
from aligner.storage.user_folders import cache_folder
from media.confinement import OutsideError, place, read_regular


def write_keeping(contents: Mapping[Path, bytes], beside: Mapping[Path, bytes] | None = None) -> tuple[Path, ...]:
    """Write files of one folder, all or none; what someone made or edited in their place is kept as ``NAME.bak``,
    ``NAME.bak2``, ...

    Those ``beside`` belong to the same set, and nothing is kept of what they replace. Returns the paths of what was
    kept this time.

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
        kept = _edited(contents, known)
        # Before they are written: one that is ours and not known to be would be kept as if someone had edited it.
        _remember({_hash(content) for content in contents.values()} - known)
        replace_files({**kept, **contents, **beside})
    return tuple(kept)


def is_ours(content: bytes) -> bool:
    """Whether these bytes are among those that this user's own quotecast wrote."""
    return _hash(content) in _known()


def _edited(contents: Mapping[Path, bytes], known: Set[str]) -> dict[Path, bytes]:
    """By the place where it is to be kept, what someone made or edited in the place of ``contents``."""
    kept: dict[Path, bytes] = {}
    for path, content in contents.items():
        try:
            old = _content(path)
            if old is not None and old != content and _hash(old) not in known:
                backup = backup_path(path, old)
                if not is_taken(backup):
                    kept[backup] = old
        except OSError as error:
            raise OutputError(
                "{path}: cannot be read to keep a copy of it ({reason})", path=path, reason=error.strerror
            ) from error
    return kept


def _content(path: Path) -> bytes | None:
    """What stands at ``path``; None where nothing does, or a link to what is not ours to open: that stays as it is."""
    try:
        return read_regular(path)
    except FileNotFoundError:
        return None
    except OutsideError:
        if place(path).is_symlink():
            return None
        raise


def backup_path(path: Path, content: bytes) -> Path:
    """The first place for a copy of ``path`` that is free, or has that copy already: NAME.bak, NAME.bak2, ..."""
    return next(name for name in backup_names(path) if not is_taken(name) or _holds(name, content))


def _holds(path: Path, content: bytes) -> bool:
    try:
        return read_regular(path, len(content)) == content
    except OSError:
        return False  # larger, or none that may be read: another name is taken


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
