"""Episodes that were removed: each whole in LIBRARY/trash, until it is brought back or deleted for good.

When that was is written down beside them, for the system's times become others where a library is copied.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISREG
from typing import Annotated

from msgspec import Meta

from aligner.errors import OutputError
from aligner.storage.atomic import write_text
from aligner.storage.checked_json import decode
from aligner.storage.file_names import shown_name
from media.confinement import place, read_regular
from media.listing import contents, entries
from media.moving import is_taken, make_folder, move, remove_file, remove_folder
from web.errors import Conflict, NotFound
from web.library.episode import Episode
from web.library.folders import free_path, ids_of, read_folder
from web.library.patience import one_list
from web.library.shelf import TRASH, Library, unreserved

_TIMES = ".removed.json"
_LARGEST_BYTES = 4_000_000
_CLOCKS_DIFFER = 24 * 3600.0  # seconds, by which another machine's clock may be ahead

_Times = dict[str, Annotated[float, Meta(ge=0, le=1e11)]]
"""When each folder in the trash was put there, in seconds since 1970, by its name."""


@dataclass(frozen=True, slots=True)
class Removed:
    """What lies in the trash under a ``token``: an ``episode``, or the rest of one. ``at`` is when it was put there, in
    seconds since 1970."""

    token: str
    title: str
    at: float
    size_bytes: int
    is_episode: bool


def remove(library: Library, episode: Episode, end_work: Callable[[Path], object] = lambda _: None) -> str:
    """Move the episode's folder to the trash, once ``end_work`` has ended all that works in it; return the token by
    which it comes back.

    Raises
    ------
    Conflict
        The episode is the library's own folder.
    OutputError
        The library cannot be written.
    """
    if episode.folder == library.root:
        raise Conflict("remove.root")
    end_work(episode.folder)
    with library.adding:
        moved = _move(episode.folder, library.root / TRASH)
        _note(library, moved.name, time.time())
    return next(token for token, folder in _folders(library).items() if folder == moved)


def restore(library: Library, token: str) -> Episode:
    """Bring a removed episode back, under another name if its own is taken.

    Raises
    ------
    NotFound
        Nothing of that token is in the trash.
    OutputError
        The library cannot be written.
    """
    with library.adding:
        folder = _folder(library, token)
        at = _times(library).get(folder.name)
        moved = _move(folder, library.root)
        _note(library)
        try:
            return library.episode_in(moved)
        except NotFound as error:  # no episode: where it would be shown nowhere it does not stay
            _note(library, _move(moved, library.root / TRASH).name, at)
            raise NotFound("remove.gone") from error


def delete_for_good(library: Library, token: str) -> None:
    """Delete what lies in the trash under that token; of a link that alone.

    Raises
    ------
    NotFound
        Nothing of that token is in the trash.
    Conflict
        Something of it cannot be deleted.
    """
    with library.adding:
        folder = _folder(library, token)
        remove_folder(folder)
        _note(library)
        if is_taken(folder):
            raise Conflict("trash.stuck")


def removed_episode(library: Library, token: str) -> Episode | None:
    """What lies in the trash under that token."""
    folder = _folders(library).get(token)
    return read_folder(folder, token) if folder else None


def removed_episodes(library: Library) -> list[Removed]:
    """All that lies in the trash, what was put there last first."""
    with one_list():
        times = _times(library)
        found = [_removed(folder, token, times.get(folder.name)) for token, folder in _folders(library).items()]
    return sorted(filter(None, found), key=lambda each: each.at, reverse=True)


def size_of(folder: Path) -> int:
    """The bytes of all files below ``folder``; no link is followed."""
    return sum(_sizes(folder))


def _sizes(folder: Path) -> Iterator[int]:
    found = contents(folder)
    for path in found.files.values():
        try:
            status = place(path).lstat()
        except OSError:
            continue  # it has gone meanwhile
        if S_ISREG(status.st_mode):
            yield status.st_size
    for inner in found.folders:
        if not place(inner).is_symlink():
            yield from _sizes(inner)


def _removed(folder: Path, token: str, at: float | None) -> Removed | None:
    try:
        status = place(folder).lstat()  # of which the last change was that of its place
    except OSError:
        return None  # it has gone meanwhile
    episode = read_folder(folder, token)
    title = episode.title if episode else shown_name(folder)
    size_bytes = 0 if place(folder).is_symlink() else size_of(folder)
    return Removed(token, title, status.st_ctime if at is None else at, size_bytes, episode is not None)


def _times(library: Library) -> _Times:
    """When what lies in the trash was put there, as far as that was written down and can be."""
    try:
        times = decode(read_regular(library.root / TRASH / _TIMES, _LARGEST_BYTES), _Times)
    except (OSError, ValueError):
        return {}
    latest = time.time() + _CLOCKS_DIFFER
    return {name: at for name, at in times.items() if at <= latest}


def _note(library: Library, name: str = "", at: float | None = None) -> None:
    """Write down when the folder of that name was put into the trash; what has gone from there is forgotten."""
    there = {folder.name for folder in _folders(library).values()}
    before = _times(library)
    times = {other: at for other, at in before.items() if other in there}
    if at is not None:
        times[name] = round(at, 3)
    with contextlib.suppress(OSError, OutputError):  # then the time that the system keeps has to do
        if times:
            write_text(library.root / TRASH / _TIMES, json.dumps(times) + "\n")
        elif before:
            remove_file(library.root / TRASH / _TIMES)


def _folder(library: Library, token: str) -> Path:
    folder = _folders(library).get(token)
    if folder is None:
        raise NotFound("remove.gone")
    return folder


def _folders(library: Library) -> dict[str, Path]:
    """What lies in the trash, a link to an episode too; none is followed there."""
    return ids_of(path for path in entries(library.root / TRASH) if not path.name.startswith("."))


def _move(folder: Path, into: Path) -> Path:
    try:
        make_folder(into)
        free = free_path(into, unreserved(folder.name))
        move(folder, free)
    except OSError as error:
        raise OutputError("{path}: cannot be written ({reason})", path=into, reason=error.strerror) from error
    return free
