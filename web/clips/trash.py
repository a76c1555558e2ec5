"""Clips that were deleted: the files of each in a folder of their own in ``clips/trash``, and back.

What plays is moved away last and back first: a failure hides no clip.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aligner.storage.file_names import printable
from media.errors import Message
from media.safe_fs import entries, files, folders, is_taken, make_folder, move, place, remove_empty, remove_folder
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
    """Move all files of a clip into the trash, what lies beside it only if no other clip has that stem; return the
    token that ``bring_back`` takes. Raises Conflict if they cannot be moved."""
    token, clips = secrets.token_hex(8), clip.file.parent
    alike = [path for path in files(clips).values() if path.stem == clip.file.stem and plays(path)]
    moved = [clip.file] if len(alike) > 1 else sorted(clip.files.values(), key=plays)
    _move(moved, clips / TRASH / token)
    return token


def bring_back(folder: Path, token: str, awaited: Iterable[str] = ()) -> None:
    """Undo ``discard`` for a clip of the episode in ``folder``, whose jobs will write ``awaited``. Raises NotFound: the
    trash has no such clip; Conflict: a file of the same name is there again, or will be, or they cannot be moved."""
    deleted, names = _folder(folder, token), {Path(output).name.casefold() for output in awaited}
    for path in entries(deleted):
        if is_taken(folder / CLIPS / path.name) or path.name.casefold() in names:
            raise Conflict("clips.again", name=path.name)
    _move(sorted(entries(deleted), key=plays, reverse=True), folder / CLIPS)
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
        with suppress(FileNotFoundError):  # deleted in another tab
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
    """Move all files in that order, or none."""
    moved: list[Path] = []
    try:
        make_folder(target)
        for path in paths:
            move(path, target / path.name)
            moved.append(path)
    except OSError as error:
        with suppress(OSError):
            for path in reversed(moved):
                move(target / path.name, path)
        with suppress(OSError):
            remove_empty(target)
        name, reason = Path(str(error.filename)).name, Message("{reason}", reason=error.strerror)
        raise Conflict("clips.stuck", name=name, why=reason) from error
