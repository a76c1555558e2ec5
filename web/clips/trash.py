"""Clips that were deleted: the files of each in a folder of their own in ``clips/trash``, and back.

What plays is moved first, so that a clip that cannot be moved stays whole.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from aligner.storage.file_names import printable
from media.errors import Message
from media.safe_fs import entries, folders, is_taken, make_folder, move, place, remove_empty, remove_folder
from web.clips.folder import MadeClip, plays
from web.errors import Conflict, NotFound
from web.jobs.kinds import CLIPS
from web.library.episode import ids_of
from web.library.library import size_of

TRASH = "trash"  # within the folder of clips


@dataclass(frozen=True, slots=True)
class DeletedClip:
    """A clip in the trash of an episode: the file that plays, by name, and when it was put there, in seconds since
    1970."""

    token: str
    name: str
    at: float
    size_bytes: int


def discard(clip: MadeClip) -> str:
    """Move all files of a clip into the trash; return the token that ``bring_back`` takes. Raises Conflict if they
    cannot be moved."""
    token = secrets.token_hex(8)
    _move(clip.files.values(), clip.file.parent / TRASH / token)
    return token


def bring_back(folder: Path, token: str) -> None:
    """Undo ``discard`` for a clip of the episode in ``folder``. Raises NotFound: the trash has no such clip; Conflict:
    a file of the same name is there again, or they cannot be moved."""
    deleted = _folder(folder, token)
    for path in entries(deleted):
        if is_taken(folder / CLIPS / path.name):
            raise Conflict("clips.again", name=path.name)
    _move(entries(deleted), folder / CLIPS)
    remove_empty(deleted)


def delete_for_good(folder: Path, token: str) -> None:
    """Delete a clip in the trash of the episode in ``folder``. Raises NotFound: the trash has no such clip; Conflict:
    something of it cannot be deleted."""
    deleted = _folder(folder, token)
    remove_folder(deleted)
    if is_taken(deleted):
        raise Conflict("trash.stuck")


def deleted_clips(folder: Path) -> list[DeletedClip]:
    """Return the clips in the trash of the episode in ``folder``."""
    found = []
    for token, path in _folders(folder).items():
        names = [each.name for each in sorted(entries(path), key=plays, reverse=True)] or [path.name]
        found.append(DeletedClip(token, printable(names[0]), place(path).lstat().st_mtime, size_of(path)))
    return found


def _folders(folder: Path) -> dict[str, Path]:
    return ids_of(folders(folder / CLIPS / TRASH))


def _folder(folder: Path, token: str) -> Path:
    found = _folders(folder).get(token)
    if found is None:
        raise NotFound("clips.gone")
    return found


def _move(paths: Iterable[Path], target: Path) -> None:
    try:
        make_folder(target)
        for path in sorted(paths, key=plays, reverse=True):
            move(path, target / path.name)
    except OSError as error:
        name, reason = Path(str(error.filename)).name, Message("{reason}", reason=error.strerror)
        raise Conflict("clips.stuck", name=name, why=reason) from error
