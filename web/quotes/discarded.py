"""Clips that were deleted: moved into ``trash`` beside the others, and back."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from pathlib import Path

from web.errors import Conflict, NotFound
from web.quotes.clips import Clip
from web.quotes.exports import CLIPS

TRASH = "trash"  # within the folder of clips


def discard(clip: Clip) -> str:
    """Move all files of a clip into the trash; returns the token that ``bring_back`` takes.

    Raises
    ------
    Conflict
        They cannot be moved; then they are where they were.
    """
    token = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
    place = clip.file.parent / TRASH / token
    _move({path: place / name for name, path in clip.files.items()})
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
    trash = folder / CLIPS / TRASH
    known = {path.name: path for path in trash.iterdir()} if trash.is_dir() else {}
    if token not in known:
        raise NotFound("clips.gone")
    moves = {path: folder / CLIPS / path.name for path in sorted(known[token].iterdir())}
    for target in moves.values():
        if target.exists():
            raise Conflict("clips.again", name=target.name)
    _move(moves)
    known[token].rmdir()


def _move(moves: dict[Path, Path]) -> None:
    """Move all or none."""
    moved: dict[Path, Path] = {}
    try:
        for source, target in moves.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            source.rename(target)
            moved[source] = target
    except OSError as error:
        for source, target in moved.items():
            target.rename(source)
        raise Conflict("clips.stuck", name=Path(str(error.filename)).name, why=error.strerror) from error
