"""Clips that were deleted: the files of each in a folder of their own in the trash beside the others, and back.

Files are moved one by one. As long as that lasts the folder has another name; what a killed server has left under such
a name goes back among the clips, so that a clip is whole wherever it is.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from contextlib import suppress
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
_MOVING = ".moving"
_IS_MOVING = re.compile(rf"\d{{8}}-\d{{6}}-[0-9a-f]{{8}}{re.escape(_MOVING)}", re.ASCII)  # a token of ours, and that


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
    passing = _passing(place)
    own = {path: passing / name for name, path in clip.files.items() if name not in clip.shared}
    _move({**own, passing: place})
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
    passing = _passing(deleted)
    moves = {passing / path.name: folder / CLIPS / path.name for path in entries(deleted)}
    awaited = {_stem(Path(name)) for name in making}
    for target in moves.values():
        if is_taken(target):
            raise Conflict("clips.again", name=target.name)
        if _stem(target) in awaited:
            raise Conflict("clips.making", name=target.stem)
    _move({deleted: passing, **moves})
    remove_empty(passing)


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


def finish_moves(folder: Path) -> None:
    """Bring back what a killed server was moving in the episode in ``folder``, as far as that is possible. What has a
    name that ours do not have was put there by somebody, and stays."""
    for passing in folders(folder / CLIPS / TRASH):
        if _IS_MOVING.fullmatch(passing.name):
            with suppress(OSError):  # what cannot be moved now may be so at the next start
                _finish(passing, folder / CLIPS)


def _finish(passing: Path, clips: Path) -> None:
    for path in entries(passing):
        if not is_taken(clips / path.name):
            move(path, clips / path.name)
    if any(entries(passing)):  # another clip has the name now: this one stays deleted
        move(passing, passing.with_name(passing.name.removesuffix(_MOVING)))
    else:
        remove_empty(passing)


def _folders(folder: Path) -> dict[str, Path]:
    """What lies in the trash of the episode in ``folder``, by token."""
    return ids_of(path for path in folders(folder / CLIPS / TRASH) if not _IS_MOVING.fullmatch(path.name))


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


def _passing(place: Path) -> Path:
    return place.with_name(f"{place.name}{_MOVING}")


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
