"""Clips that were deleted: the files of each in a folder of their own in the trash beside the others, and back.

Files are moved one by one, what plays last, so that a clip is listed until it is deleted whole.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aligner.storage.file_names import composed, printable
from media.errors import Message
from media.safe_fs import entries, folders, is_taken, make_folder, move, remove_empty, remove_folder
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
    """Move all files of a clip into the trash, but for those that another needs; returns the token that ``bring_back``
    takes.

    Raises
    ------
    Conflict
        They cannot be moved; then they are where they were.
    """
    token = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
    place = clip.file.parent / TRASH / token
    own = sorted((path for name, path in clip.files.items() if name not in clip.shared), key=plays)
    _move({path: place / path.name for path in own})
    return token


def bring_back(folder: Path, token: str, making: Collection[str] = ()) -> None:
    """Undo ``discard`` for a clip of the episode in ``folder``.

    ``making`` are the outputs of the episode's open jobs, which write there whatever has come to lie there.

    Raises
    ------
    NotFound
        The trash has no such clip.
    Conflict
        A file of the same name is there again, or will be, or they cannot be moved.
    """
    deleted = _folder(folder, token)
    moves = {path: folder / CLIPS / path.name for path in sorted(entries(deleted), key=plays)}
    awaited = {_stem(Path(name)) for name in making}
    for target in moves.values():
        if is_taken(target):
            raise Conflict("clips.again", name=target.name)
        if _stem(target) in awaited:
            raise Conflict("clips.making", name=target.stem)
    _move(moves)
    remove_empty(deleted)


def delete_for_good(folder: Path, token: str) -> None:
    """Delete a clip in the trash of the episode in ``folder``.

    Raises
    ------
    NotFound
        The trash has no such clip.
    Conflict
        Something of it cannot be deleted.
    """
    deleted = _folder(folder, token)
    remove_folder(deleted)
    if is_taken(deleted):
        raise Conflict("trash.stuck")


def deleted_clips(folder: Path) -> list[DeletedClip]:
    """The clips in the trash of the episode in ``folder``."""
    return [_deleted(path, token) for token, path in _folders(folder).items()]


def _folders(folder: Path) -> dict[str, Path]:
    """What lies in the trash of the episode in ``folder``, by token."""
    return ids_of(folders(folder / CLIPS / TRASH))


def _folder(folder: Path, token: str) -> Path:
    found = _folders(folder).get(token)
    if found is None:
        raise NotFound("clips.gone")
    return found


def _deleted(place: Path, token: str) -> DeletedClip:
    paths = sorted(entries(place), key=lambda path: not plays(path))
    return DeletedClip(token, printable(paths[0].name) if paths else printable(token), _when(token), size_of(place))


def _when(token: str) -> float:
    """When the token was made, in seconds since 1970; 0 where a person has given the folder another name."""
    try:
        return datetime.strptime(token[:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return 0.0


def _stem(path: Path) -> str:
    """What the files of a clip have in common, as file systems compare it that tell names apart the least."""
    return composed(path.stem).casefold()


def _move(moves: dict[Path, Path]) -> None:
    """Move all or none, in their order."""
    moved: list[tuple[Path, Path]] = []
    try:
        for source, target in moves.items():
            make_folder(target.parent)
            move(source, target)
            moved.append((source, target))
    except OSError as error:
        for source, target in reversed(moved):
            move(target, source)
        raise Conflict(
            "clips.stuck", name=Path(str(error.filename)).name, why=Message("{reason}", reason=error.strerror)
        ) from error
