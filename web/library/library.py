"""The library: a folder of episodes, each a folder of plain files; the list of them, and the trash.

Names are compared as people look them up: case, accents, ligatures and punctuation do not matter, and numbers count as
numbers. What an order leaves open is listed newest first; episodes that lack what it asks for come last.

An episode that was removed lies whole in LIBRARY/trash, until it is restored or deleted for good.
"""

from __future__ import annotations

import contextlib
import errno
import math
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from aligner.errors import OutputError
from aligner.model import Verdict
from aligner.normalization import fold
from aligner.storage.atomic import blaming
from aligner.storage.database import HIDDEN, OWN
from aligner.storage.file_names import shown_name
from media import safe_fs
from media.temporary import temporary_path
from web.errors import Busy, Conflict, NotFound
from web.library.episode import Episode, alignment_in, free_path, ids_of, read_folder

T = TypeVar("T")

TRASH = "trash"
RESERVED = OWN - {HIDDEN}
"""Names of folders, in small letters, that are no episodes."""

ON_A_PAGE = 200  # episodes of the list; the page of so many has 0.2 MB
_COMPARED = 300  # characters of a name
_PARTS = re.compile(r"\d+|[^\W\d]+")
_REFUSED = (errno.EROFS, errno.EACCES, errno.EPERM)
_PATIENCE = 30.0  # seconds until a change that waits for another is refused

_locks: dict[Path, threading.RLock] = {}


class Library:
    """The episodes in the folder ``root``, out of which no link is followed."""

    def __init__(self, root: Path) -> None:
        safe_fs.confine(root)  # by whatever name it is reached
        self.root = root.resolve()
        self._has_hidden = False
        self.changes = 0  # that were made through the app: the search looks at the folders again
        self.changing = threading.Lock()  # held while episodes are added, removed or restored

    @property
    def is_there(self) -> bool:
        """Whether the folder is still there: not moved away, its disk not removed. Once our own folder was seen in it,
        it is the library only with that: the folder on which a disk is mounted stays when the disk goes."""
        found = safe_fs.is_folder(self.root / HIDDEN)
        self._has_hidden = self._has_hidden or found
        return found or (not self._has_hidden and safe_fs.is_folder(self.root))

    def episodes(self) -> list[Episode]:
        """Return all episodes, the root itself first if it is one, by folder name."""
        found = [read_folder(folder, key) for key, folder in self.folders().items()]
        return [episode for episode in found if episode]

    def episode(self, episode_id: str) -> Episode:
        """Return the episode of that id; raises NotFound if there is none, or no longer."""
        folder = self.folders().get(episode_id)
        episode = read_folder(folder, episode_id) if folder else None
        if episode is None:
            raise NotFound("error.episode")
        return episode

    def alignment_path(self, episode_id: str) -> Path | None:
        """Return the alignment of the episode of that id, which is not read; None if there is none."""
        folder = self.folders().get(episode_id)
        return alignment_in(folder) if folder else None

    def episode_in(self, folder: Path) -> Episode:
        """Return the episode in a folder of the library; raises as ``episode``."""
        return self.episode(next((key for key, each in self.folders().items() if each == folder), ""))

    def left_out(self) -> list[str]:
        """Return the names of the links in the library, which are not followed."""
        shown = (path for path in safe_fs.entries(self.root) if not path.name.startswith("."))
        return [shown_name(path) for path in shown if safe_fs.place(path).is_symlink()]

    def folders(self) -> dict[str, Path]:
        """Return every folder that may be an episode, by id."""
        shown = (folder for folder in safe_fs.folders(self.root) if not folder.name.startswith("."))
        return ids_of([self.root, *(folder for folder in shown if folder.name.casefold() not in RESERVED)])


def unreserved(name: str) -> str:
    """Return ``name`` for an episode's folder: not one that is reserved, where the episode would not be listed."""
    return f"{name} episode" if name.casefold() in RESERVED else name


def open_library(root: Path) -> str | None:
    """Make the library at ``root`` if it is missing, and our own folder in it. Returns why nothing can be written
    there, as on a write-protected stick or in another user's folder; None if it can. Raises OutputError: it cannot be
    made, or is not a folder."""
    if root.is_file():
        raise OutputError("{path}: is a file; expected a folder of episodes", path=root)
    try:
        safe_fs.make_folder(root)
        safe_fs.confine(root)  # before anything is made in it
        safe_fs.make_folder(passing_folder(root))
    except OSError as error:
        if _is_read_only(error) and os.access(root, os.R_OK | os.X_OK):
            return str(error.strerror)
        raise OutputError(
            "{path}: cannot be made ({reason}); name another folder",
            path=error.filename or root,
            reason=error.strerror,
        ) from error
    return why_unwritable(passing_folder(root))


def passing_folder(root: Path) -> Path:
    """Return the folder in which the bytes of an upload lie until all have arrived."""
    return root / HIDDEN / "passing"


def why_unwritable(folder: Path) -> str | None:
    """Return why this user can create no file in ``folder``; None if they can, or only a full disk prevents it."""
    try:
        probe = temporary_path(safe_fs.where(folder))
        safe_fs.new_file(probe).close()
        safe_fs.remove_file(probe)
    except OSError as error:
        return str(error.strerror) if _is_read_only(error) else None
    return None


@contextlib.contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Let no other thread of the server change the episode in ``folder`` meanwhile; the same thread may ask again.
    Raises Busy: another change takes too long."""
    lock = _locks.setdefault(folder.resolve(), threading.RLock())
    if not lock.acquire(timeout=_PATIENCE):
        raise Busy("episode.busy")
    try:
        yield
    finally:
        lock.release()


def _is_read_only(error: OSError) -> bool:
    return error.errno in _REFUSED and not isinstance(error, safe_fs.OutsideError)


class Order(StrEnum):
    """The orders there are; their names appear in addresses."""

    DATE = "date"  # of publication, else the day its folder was last changed
    ADDED = "added"  # the day its audio was added
    TITLE = "title"
    SHOW = "show"
    ATTENTION = "attention"  # the most urgent to look at first


@dataclass(frozen=True, slots=True)
class Traits:
    """What orders compare of an episode: ``age`` is its day, and when its folder was last changed, in seconds since
    1970; ``added`` is when its audio was written; ``urgency`` is least for what should be looked at first."""

    age: tuple[str, float]
    added: float
    title: str
    show: str | None
    urgency: int


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of the list: its episodes, its ``number`` among ``pages``, and which of ``total`` episodes they are."""

    episodes: list[Episode]
    number: int
    pages: int
    places: range
    total: int


def page_of(
    library: Library,
    number: int = 1,
    order: Order = Order.DATE,
    has_failed: Callable[[Episode], bool] = lambda _: False,
) -> ListPage:
    """Return the page of that number, or the nearest; ``has_failed`` is whether an episode's last alignment failed."""
    asks = order is Order.ATTENTION
    found = in_order(library.episodes(), order, lambda each: traits_of(each, asks and has_failed(each)))
    number, pages, places = nearest_page(len(found), number, ON_A_PAGE)
    return ListPage([found[k] for k in places], number, pages, places, len(found))


def nearest_page(total: int, number: int, most: int) -> tuple[int, int, range]:
    """Return the number of the page that is nearest to the one asked for, how many there are, and its places."""
    pages = max(1, math.ceil(total / most))
    number = min(max(1, number), pages)
    return number, pages, range(total)[(number - 1) * most : number * most]


def traits_of(episode: Episode, has_failed: bool = False) -> Traits:
    """Return what orders compare of an episode."""
    try:
        modified = safe_fs.where(episode.folder).stat().st_mtime
        day = episode.details.date or date.fromtimestamp(modified).isoformat()
        added = safe_fs.status_of(episode.audio).st_mtime if episode.audio else modified
    except (OSError, OverflowError, ValueError):  # removed meanwhile, or a clock that was wrong
        modified, day, added = 0.0, episode.details.date or "", 0.0
    urgency = 0 if has_failed else _urgency(episode)
    return Traits((day, modified), added, episode.title, episode.details.show, urgency)


_BY: Mapping[Order, Callable[[Traits], Any]] = {
    Order.DATE: lambda _: 0,
    Order.ADDED: lambda traits: -traits.added,
    Order.TITLE: lambda traits: collation_key(traits.title),
    Order.SHOW: lambda traits: (not traits.show, collation_key(traits.show or "")),
    Order.ATTENTION: lambda traits: traits.urgency,
}


def in_order(found: Iterable[T], order: Order, of: Callable[[T], Traits]) -> list[T]:
    """Return what is found in that order; ``of`` gives the traits of each."""
    arranged = sorted(((of(each), each) for each in found), key=lambda pair: pair[0].age, reverse=True)
    arranged.sort(key=lambda pair: _BY[order](pair[0]))
    return [each for _, each in arranged]


def collation_key(name: str) -> tuple[tuple[bool, int, str], ...]:
    """Return the key by which names are compared."""
    parts = _PARTS.findall(fold(name[:_COMPARED], " "))
    return tuple((False, int(part), "") if part.isdecimal() else (True, 0, part) for part in parts)


def _urgency(episode: Episode) -> int:
    head = episode.head
    signs = (
        episode.problem,
        head and head.verdict is Verdict.POOR,
        episode.alignment is None,
        episode.is_outdated,
        head and head.verdict is Verdict.REVIEW,
        head and head.warnings,
    )
    return next((k for k, sign in enumerate(signs) if sign), len(signs))


@dataclass(frozen=True, slots=True)
class Removed:
    """A removed episode or clip in the trash, under a ``token``; ``at`` is when, in seconds since 1970."""

    token: str
    title: str
    at: float
    size_bytes: int
    can_return: bool


def remove(library: Library, episode: Episode, end_work: Callable[[Path], object] = lambda _: None) -> str:
    """Move the episode's folder to the trash, after ``end_work`` has ended all jobs in it; return its token there.
    Raises Conflict: the episode is the library's own folder; OutputError: the library cannot be written."""
    if episode.folder == library.root:
        raise Conflict("remove.root")
    end_work(episode.folder)
    with library.changing:
        moved = _move(episode.folder, library.root / TRASH)
    return next(token for token, folder in trash_folders(library.root / TRASH).items() if folder == moved)


def restore(library: Library, token: str) -> Episode:
    """Move an episode out of the trash, under another name if its own is taken. Raises NotFound: there is no episode of
    that token; OutputError: the library cannot be written."""
    with library.changing:
        folder = in_trash(library.root / TRASH, token)
        if read_folder(folder, token) is None:
            raise NotFound("remove.gone")
        return library.episode_in(_move(folder, library.root))


def delete_for_good(trash: Path, token: str) -> None:
    """Delete what has that token in a trash; links are removed, not followed. Raises NotFound: nothing has that
    token; Conflict: something of it cannot be deleted."""
    folder = in_trash(trash, token)
    safe_fs.remove_folder(folder)
    if safe_fs.is_taken(folder):
        raise Conflict("trash.stuck")


def in_trash(trash: Path, token: str) -> Path:
    """Return what has that token in a trash; raises NotFound if nothing has."""
    folder = trash_folders(trash).get(token)
    if folder is None:
        raise NotFound("remove.gone")
    return folder


def trash_folders(trash: Path) -> dict[str, Path]:
    """Return what lies in a trash, by token."""
    return ids_of(path for path in safe_fs.entries(trash) if not path.name.startswith("."))


def removed_episode(library: Library, token: str) -> Episode | None:
    """Return the episode that has that token in the trash."""
    folder = trash_folders(library.root / TRASH).get(token)
    return read_folder(folder, token) if folder else None


def removed_episodes(library: Library) -> list[Removed]:
    """Return all that lies in the library's trash, the last removed first."""
    trash = library.root / TRASH
    found = removed_in(trash, lambda folder: episode.title if (episode := read_folder(folder, "")) else None)
    return sorted(found, key=lambda each: each.at, reverse=True)


def removed_in(trash: Path, title_of: Callable[[Path], str | None]) -> Iterator[Removed]:
    """Yield all that lies in a trash; ``title_of`` names what lies in a folder, None if that cannot be brought back."""
    for token, folder in trash_folders(trash).items():
        with contextlib.suppress(FileNotFoundError):  # deleted in another tab
            at = safe_fs.place(folder).lstat().st_ctime  # moving it changed its status last
            title = title_of(folder)
            yield Removed(token, title or shown_name(folder), at, size_of(folder), title is not None)


def size_of(folder: Path) -> int:
    """Return the bytes of all files below ``folder``; no link is followed."""
    own = sum(status.st_size for status in safe_fs.plain_files(folder).values())
    return own + sum(map(size_of, safe_fs.folders(folder)))


def _move(folder: Path, into: Path) -> Path:
    with blaming(into):
        safe_fs.make_folder(into)
        free = free_path(into, unreserved(folder.name))
        safe_fs.move(folder, free)
    return free
