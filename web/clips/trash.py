"""Move deleted clips into ``clips/trash``, each into a folder of its own, and restore them."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from aligner.storage.file_names import printable
from media.errors import Message
from media.safe_fs import entries, files, is_folder, is_taken, make_folder, move, remove_empty
from web.clips.folder import SavedClip, is_playable
from web.errors import Conflict, NotFound
from web.jobs.kinds import CLIPS
from web.library.library import TRASH, Removed, in_trash, removed_in


def trash_of(folder: Path) -> Path:
    """Return the folder for deleted clips of the episode in ``folder``."""
    return folder / CLIPS / TRASH


def delete(clip: SavedClip) -> str:
    """Move a clip's files into the trash; return a token with which ``restore`` can undo this. Files that the clip
    shares with another clip are not moved. Raises Conflict if a file cannot be moved."""
    token, clips = secrets.token_hex(8), clip.file.parent
    same_stem = [path for path in files(clips).values() if path.stem == clip.file.stem and is_playable(path)]
    _move([clip.file] if len(same_stem) > 1 else clip.files.values(), clips / TRASH / token)
    return token


def restore(folder: Path, token: str, pending: Collection[str] = ()) -> None:
    """Move a deleted clip back to the clips of the episode in ``folder``. ``pending`` are the names, without
    extension, of files that unfinished jobs will write. Raises NotFound if no deleted clip has this token; Conflict
    if the clip's name is in use or pending, or if a file cannot be moved."""
    deleted = in_trash(trash_of(folder), token)
    if not is_folder(deleted):  # false for a link
        raise NotFound("remove.gone")
    for path in entries(deleted):
        if path.stem in pending or is_taken(folder / CLIPS / path.name):
            raise Conflict("clips.again", name=path.name)
    _move(entries(deleted), folder / CLIPS)
    remove_empty(deleted)


def deleted_clips(folder: Path) -> Iterator[Removed]:
    """Yield the clips in the trash of the episode in ``folder``."""

    def name_in(deleted: Path) -> str | None:
        return next((printable(path.name) for path in entries(deleted) if is_playable(path)), None)

    return removed_in(trash_of(folder), name_in)


def _move(paths: Iterable[Path], target: Path) -> None:
    """Move all files into the folder ``target``, or none of them. Raises Conflict if a file cannot be moved."""
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
