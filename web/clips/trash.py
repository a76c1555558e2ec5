"""Clips that were deleted: the files of each in a folder of their own in ``clips/trash``, and back."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from aligner.storage.file_names import printable
from media.errors import Message
from media.safe_fs import entries, files, is_folder, is_taken, make_folder, move, remove_empty
from web.clips.folder import MadeClip, plays
from web.errors import Conflict, NotFound
from web.jobs.kinds import CLIPS
from web.library.library import TRASH, Removed, in_trash, removed_in


def trash_of(folder: Path) -> Path:
    """Return the trash of the clips of the episode in ``folder``."""
    return folder / CLIPS / TRASH


def discard(clip: MadeClip) -> str:
    """Move all files of a clip into the trash, what lies beside it only if no other clip has that stem; return the
    token that ``bring_back`` takes. Raises Conflict if they cannot be moved."""
    token, clips = secrets.token_hex(8), clip.file.parent
    alike = [path for path in files(clips).values() if path.stem == clip.file.stem and plays(path)]
    _move([clip.file] if len(alike) > 1 else clip.files.values(), clips / TRASH / token)
    return token


def bring_back(folder: Path, token: str, making: Collection[str] = ()) -> None:
    """Undo ``discard`` for a clip of the episode in ``folder``; ``making`` are names, without endings, that open jobs
    write. Raises NotFound: the trash has no such clip; Conflict: a file of the same name is there again, or will be, or
    they cannot be moved."""
    deleted = in_trash(trash_of(folder), token)
    if not is_folder(deleted):  # through no link
        raise NotFound("remove.gone")
    for path in entries(deleted):
        if path.stem in making or is_taken(folder / CLIPS / path.name):
            raise Conflict("clips.again", name=path.name)
    _move(entries(deleted), folder / CLIPS)
    remove_empty(deleted)


def deleted_clips(folder: Path) -> Iterator[Removed]:
    """Yield the clips in the trash of the episode in ``folder``."""
    return removed_in(trash_of(folder), lambda path: next((printable(p.name) for p in entries(path) if plays(p)), None))


def _move(paths: Iterable[Path], target: Path) -> None:
    """Move all or none."""
    moved: list[Path] = []
    try:
        make_folder(target)
        for path in paths:
            move(path, target / path.name)
            moved.append(path)
    except OSError as error:
        with suppress(OSError):
            for path in moved:
                move(target / path.name, path)
            remove_empty(target)
        name, reason = Path(str(error.filename)).name, Message("{reason}", reason=error.strerror)
        raise Conflict("clips.stuck", name=name, why=reason) from error
