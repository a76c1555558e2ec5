"""Replacing files without losing what a person made of them.

A file is ours if its bytes are among those we wrote, whose hashes the user's cache keeps; any other file, and any that
was edited since, is kept beside the new one. Where the cache is lost, a copy too many is made, never one too few.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from pathlib import Path

from aligner.errors import OutputError
from aligner.storage.atomic import Content, blaming, replace_files
from aligner.storage.journal import backup_names, fingerprint, fingerprint_of, settle
from aligner.storage.turns import taking_turns
from aligner.storage.user_folders import cache_folder
from media.confinement import OutsideError, place, regular_file, status_of
from media.listing import entries
from media.moving import is_taken

_MOST_COMPARED, _MOST_COMPARED_BYTES = 20, 100_000_000  # of the copies that are there, before another is made


def write_keeping(
    contents: Mapping[Path, bytes | Path], beside: Mapping[Path, Content] | None = None, ours_too: bool = False
) -> tuple[Path, ...]:
    """Write files of one folder, all or none; what someone made or edited in their place is kept as ``NAME.bak``,
    ``NAME.bak2``, ...

    With ``ours_too`` what we wrote is kept as well, for work that finds files in places which were free when somebody
    asked for it. Those ``beside`` belong to the same set, and nothing is kept of what they replace. Returns the paths
    of what was kept this time.

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
        return replace_keeping(contents, beside, ours_too)


def replace_keeping(
    contents: Mapping[Path, bytes | Path],
    beside: Mapping[Path, Content] | None = None,
    ours_too: bool = False,
    ours: Set[str] = frozenset(),
) -> tuple[Path, ...]:
    """``write_keeping`` for whoever has the folder's turn, and has settled what others left there; files with one of
    the fingerprints ``ours`` are known to be ours as well."""
    known = _known() | ours
    kept: dict[Path, Path] = {}
    for path, content in contents.items():
        kept |= to_keep(path, content, frozenset() if ours_too else known)
    # Before they are written: one that is ours and not known to be would be kept as if someone had edited it.
    _remember({_fingerprint_of(content) for content in contents.values()} - known)
    # Beside them lies a history, than which captions of the change are to be newer.
    replace_files({**kept, **(beside or {}), **contents})
    return tuple(kept)


def is_ours(content: bytes) -> bool:
    """Whether these bytes are among those that this user's own quotecast wrote."""
    return fingerprint_of(content) in _known()


def to_keep(path: Path, content: bytes | Path, known: Set[str] = frozenset()) -> dict[Path, Path]:
    """What stands at ``path`` by the place where it is to be kept when ``content`` replaces it; nothing where it is the
    same, has one of the hashes that are ``known``, or is kept there already, as far as the latest copies tell. It is
    not read into memory.

    Raises
    ------
    OutputError
        It cannot be read.
    """
    try:
        old = _fingerprint(path)
        if old is None or old in known or old == _fingerprint_of(content):
            return {}
        free, before = _free_backup(path)
        return {} if any(_holds(name, old) for name in _comparable(path, before)) else {free: path}
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


def _fingerprint_of(content: bytes | Path) -> str:
    """That of what is to be written; a path is a file that has it."""
    if isinstance(content, bytes):
        return fingerprint_of(content)
    with blaming(content):
        return str(fingerprint(content))


def _free_backup(path: Path) -> tuple[Path, list[Path]]:
    """Where the next copy of ``path`` goes, and where those before it lie. The folder is looked through once, however
    many there are."""
    taken = {entry.name for entry in entries(path.parent)}
    before: list[Path] = []
    for name in backup_names(path):
        if name.name not in taken and not is_taken(name):  # a file system may take two names for one
            return name, before
        before.append(name)
    raise AssertionError("the numbers never end")


def _comparable(path: Path, backups: Sequence[Path]) -> Iterator[Path]:
    """Of the backups of ``path`` the latest, the last one first, that may hold the same, as few as are read in a
    moment."""
    size = status_of(path).st_size
    left_bytes = _MOST_COMPARED_BYTES
    for backup in backups[: -_MOST_COMPARED - 1 : -1]:
        with contextlib.suppress(OSError):  # none that may be read: another name is taken
            if status_of(backup).st_size == size and size <= left_bytes:
                left_bytes -= size
                yield backup


def _holds(path: Path, content: str) -> bool:
    try:
        return fingerprint(regular_file(path)) == content
    except OSError:
        return False  # none that may be read: another name is taken


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
