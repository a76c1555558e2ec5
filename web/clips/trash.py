"""Clips that were deleted: the files of each in a folder of their own in the trash beside the others, and back.

Files are moved one by one. As long as that lasts the folder has another name; what a killed server has left under such
a name goes back among the clips, so that a clip is whole wherever it is.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from aligner.storage.moving import is_taken, make_folder, move, remove_empty
from media.errors import Message
from media.listing import entries, folders
from web.clips.folder import MadeClip
from web.errors import Conflict, NotFound
from web.jobs.kinds import CLIPS

TRASH = "trash"  # within the folder of clips
_MOVING = ".moving"


def discard(clip: MadeClip) -> str:
    """Move all files of a clip into the trash; returns the token that ``bring_back`` takes.

    Raises
    ------
    Conflict
        They cannot be moved; then they are where they were.
    """
    token = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
    place = clip.file.parent / TRASH / token
    passing = _passing(place)
    _move({**{path: passing / name for name, path in clip.files.items()}, passing: place})
    return token


def bring_back(folder: Path, token: str) -> None:
    """Undo ``discard`` for a clip of the episode in ``folder``.

    Raises
    ------
    NotFound
        The trash has no such clip.
    Conflict
        A file of the same name is there again, or they cannot be moved.
    """
    known = {path.name: path for path in folders(folder / CLIPS / TRASH) if not path.name.endswith(_MOVING)}
    if token not in known:
        raise NotFound("clips.gone")
    passing = _passing(known[token])
    moves = {passing / path.name: folder / CLIPS / path.name for path in entries(known[token])}
    for target in moves.values():
        if is_taken(target):
            raise Conflict("clips.again", name=target.name)
    _move({known[token]: passing, **moves})
    remove_empty(passing)


def finish_moves(folder: Path) -> None:
    """Bring back what a killed server was moving in the episode in ``folder``, as far as that is possible."""
    for passing in folders(folder / CLIPS / TRASH):
        if passing.name.endswith(_MOVING):
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
