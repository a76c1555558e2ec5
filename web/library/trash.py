"""Removing episodes so that they can come back: their folders move to LIBRARY/trash, whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from aligner.errors import OutputError
from web.errors import Conflict, NotFound
from web.library.folders import free_path, ids_of, read_folder
from web.library.records import Episode
from web.library.shelf import TRASH, Library, subfolders


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
    place = _move(episode.folder, library.root / TRASH)
    return next(token for token, folder in _removed(library).items() if folder == place)


def restore(library: Library, token: str) -> Episode:
    """Bring a removed episode back, under another name if its own is taken.

    Raises
    ------
    NotFound
        Nothing of that token is in the trash.
    OutputError
        The library cannot be written.
    """
    folder = _removed(library).get(token)
    if folder is None:
        raise NotFound("remove.gone")
    place = _move(folder, library.root)
    found = next((episode for episode in library.episodes() if episode.folder == place), None)
    if found is None:
        raise NotFound("remove.gone")
    return found


def removed_episode(library: Library, token: str) -> Episode | None:
    """What lies in the trash under that token."""
    folder = _removed(library).get(token)
    return read_folder(folder, library.root, token) if folder else None


def _removed(library: Library) -> dict[str, Path]:
    return ids_of(subfolders(library.root / TRASH))


def _move(folder: Path, into: Path) -> Path:
    try:
        into.mkdir(exist_ok=True)
        place = free_path(into, folder.name)
        folder.rename(place)
    except OSError as error:
        raise OutputError(f"{into}: cannot be written ({error.strerror})") from error
    return place
