"""Versions that were taken out: each a file in the trash beside the others, and back. The original and the present text
stay."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from aligner.storage.versions import FOLDER, TRASH, Version, versions_in_trash
from media.errors import Message
from media.safe_fs import is_taken, make_folder, move, remove_file, status_of
from web.errors import Conflict, NotFound
from web.library.episode import ids_of
from web.versions.listing import Listed


@dataclass(frozen=True, slots=True)
class DeletedVersion:
    """A version in the trash of an episode, put there ``at`` so many seconds since 1970."""

    token: str
    number: int
    name: str
    at: float
    size_bytes: int


def discard(folder: Path, version: Listed) -> str:
    """Move a version of the episode in ``folder`` into the trash; returns the token that ``bring_back`` takes.

    Raises
    ------
    Conflict
        It is the original or the present text, or cannot be moved.
    """
    if not version.can_go:
        raise Conflict("versions.stays")
    target = folder / FOLDER / TRASH / version.path.name
    _move(version.path, target)
    return next(token for token, path in _files(folder).items() if path == target)


def bring_back(folder: Path, token: str) -> None:
    """Undo ``discard`` for a version of the episode in ``folder``.

    Raises
    ------
    NotFound
        The trash has no such version.
    Conflict
        It cannot be moved.
    """
    path = _file(folder, token)
    _move(path, folder / FOLDER / path.name)


def delete_for_good(folder: Path, token: str) -> None:
    """Delete a version in the trash of the episode in ``folder``.

    Raises
    ------
    NotFound
        The trash has no such version.
    Conflict
        It cannot be deleted.
    """
    path = _file(folder, token)
    try:
        remove_file(path)
    except OSError as error:
        raise Conflict("trash.stuck") from error


def deleted_versions(folder: Path) -> list[DeletedVersion]:
    """The versions in the trash of the episode in ``folder``."""
    versions = {version.path: version for version in versions_in_trash(folder)}
    return [told for token, path in _files(folder).items() if (told := _deleted(token, versions[path]))]


def _deleted(token: str, version: Version) -> DeletedVersion | None:
    try:
        status = status_of(version.path)
    except OSError:
        return None  # removed meanwhile
    return DeletedVersion(token, version.number, version.name, status.st_ctime, status.st_size)


def _files(folder: Path) -> dict[str, Path]:
    return ids_of(version.path for version in versions_in_trash(folder))


def _file(folder: Path, token: str) -> Path:
    found = _files(folder).get(token)
    if found is None:
        raise NotFound("versions.gone")
    return found


def _move(path: Path, target: Path) -> None:
    if is_taken(target):
        raise Conflict("versions.again", name=target.name)
    try:
        make_folder(target.parent)
        move(path, target)
    except OSError as error:
        why = Message("{reason}", reason=error.strerror)
        raise Conflict("versions.stuck", name=path.name, why=why) from error
