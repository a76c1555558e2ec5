"""The library: its episodes, the sorted list on its page, and the trash.

Names are sorted regardless of case, accents, ligatures and punctuation, with digits as numbers. Episodes with equal
names are sorted newest first. Removed episodes are in LIBRARY/trash until they are restored or deleted for good.
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
"""Lower-case names of folders that are not episodes."""

ON_A_PAGE = 200  # episodes; such a page of the list has 0.2 MB
_COMPARED = 300  # characters of a name
_PARTS = re.compile(r"\d+|[^\W\d]+")
_REFUSED = (errno.EROFS, errno.EACCES, errno.EPERM)
_LOCK_TIMEOUT = 30.0  # seconds

_locks: dict[Path, threading.RLock] = {}


class Library:
    """The library in the folder ``root``: each subfolder is an episode. Links out of the folder are not followed."""

    def __init__(self, root: Path) -> None:
        safe_fs.confine(root)
        self.root = root.resolve()
        self._has_hidden = False
        self.changes = 0  # requests that may have changed it, after which the search updates its index
        self.changing = threading.Lock()  # held while episodes are added, removed or restored

    @property
    def is_there(self) -> bool:
        """Return whether the library's folder exists and is not just the empty mount point of a removed disk."""
        found = safe_fs.is_folder(self.root / HIDDEN)
        self._has_hidden = self._has_hidden or found
        return found or (not self._has_hidden and safe_fs.is_folder(self.root))

    def episodes(self) -> list[Episode]:
        """Return all episodes sorted by folder name. If the root itself is an episode, it comes first."""
        found = [read_folder(folder, key) for key, folder in self.folders().items()]
        return [episode for episode in found if episode]

    def episode(self, episode_id: str) -> Episode:
        """Return the episode with this id. Raises NotFound if there is no such episode."""
        folder = self.folders().get(episode_id)
        episode = read_folder(folder, episode_id) if folder else None
        if episode is None:
            raise NotFound("error.episode")
        return episode

    def alignment_path(self, episode_id: str) -> Path | None:
        """Return the path of the alignment of the episode with this id, None if there is none."""
        folder = self.folders().get(episode_id)
        return alignment_in(folder) if folder else None

    def episode_in(self, folder: Path) -> Episode:
        """Return the episode in a folder of the library. Raises NotFound if the folder contains no episode."""
        return self.episode(next((key for key, each in self.folders().items() if each == folder), ""))

    def left_out(self) -> list[str]:
        """Return the names of symbolic links in the library, which are ignored."""
        shown = (path for path in safe_fs.entries(self.root) if not path.name.startswith("."))
        return [shown_name(path) for path in shown if safe_fs.place(path).is_symlink()]

    def folders(self) -> dict[str, Path]:
        """Return the folders that may contain an episode, by the episode's id."""
        shown = (folder for folder in safe_fs.folders(self.root) if not folder.name.startswith("."))
        return ids_of([self.root, *(folder for folder in shown if folder.name.casefold() not in RESERVED)])


def unreserved(name: str) -> str:
    """Return ``name`` or, if the library itself uses a folder of that name, the name with "episode" appended."""
    return f"{name} episode" if name.casefold() in RESERVED else name


def open_library(root: Path) -> str | None:
    """Create the library at ``root`` with its hidden folder if they are missing. If the library is read-only, return
    the reason, else None. Raises OutputError if the library cannot be created, or ``root`` is a file."""
    if root.is_file():
        raise OutputError("{path}: is a file; expected a folder of episodes", path=root)
    try:
        safe_fs.make_folder(root)
        safe_fs.confine(root)  # before writing to it
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
    """Return the folder for the server's temporary files, such as incomplete uploads."""
    return root / HIDDEN / "passing"


def why_unwritable(folder: Path) -> str | None:
    """Return why this user is not allowed to write to ``folder``. Return None if allowed, even if the disk is full."""
    try:
        probe = temporary_path(safe_fs.where(folder))
        safe_fs.new_file(probe).close()
        safe_fs.remove_file(probe)
    except OSError as error:
        return str(error.strerror) if _is_read_only(error) else None
    return None


@contextlib.contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Context manager: lock the episode in ``folder`` against changes by other threads of the server. The lock is
    reentrant. Raises Busy if another thread holds the lock for too long."""
    lock = _locks.setdefault(folder.resolve(), threading.RLock())
    if not lock.acquire(timeout=_LOCK_TIMEOUT):
        raise Busy("episode.busy")
    try:
        yield
    finally:
        lock.release()


def _is_read_only(error: OSError) -> bool:
    return error.errno in _REFUSED and not isinstance(error, safe_fs.OutsideError)


class Order(StrEnum):
    """The orders in which the list of episodes can be sorted; the values appear in addresses."""

    DATE = "date"  # of publication, or of the folder's last change
    ADDED = "added"  # when the audio was added
    TITLE = "title"
    SHOW = "show"
    ATTENTION = "attention"  # problems first


@dataclass(frozen=True, slots=True)
class Traits:
    """The sort keys of an episode. ``age`` is (the episode's date, the time of the folder's last change); ``added`` is
    when its audio was added. Times are in seconds since 1970. The lowest ``urgency`` is the most urgent."""

    age: tuple[str, float]
    added: float
    title: str
    show: str | None
    urgency: int


@dataclass(frozen=True, slots=True)
class ListPage:
    """Page ``number`` of ``pages`` of the episode list; ``positions`` are indices of ``episodes`` in the whole list."""

    episodes: list[Episode]
    number: int
    pages: int
    positions: range
    total: int  # number of episodes on all pages


def page_of(
    library: Library,
    number: int = 1,
    order: Order = Order.DATE,
    has_failed: Callable[[Episode], bool] = lambda _: False,
) -> ListPage:
    """Return page ``number`` of the library's episodes, or the nearest page that exists. ``has_failed(episode)``
    returns whether the last job that aligned the episode failed."""
    asks = order is Order.ATTENTION
    found = in_order(library.episodes(), order, lambda each: traits_of(each, asks and has_failed(each)))
    number, pages, positions = nearest_page(len(found), number, ON_A_PAGE)
    return ListPage([found[k] for k in positions], number, pages, positions, len(found))


def nearest_page(total: int, number: int, most: int) -> tuple[int, int, range]:
    """Divide ``total`` items into pages of ``most`` items. Return the existing page number nearest to ``number``, the
    number of pages, and the indices of that page's items."""
    pages = max(1, math.ceil(total / most))
    number = min(max(1, number), pages)
    return number, pages, range(total)[(number - 1) * most : number * most]


def traits_of(episode: Episode, has_failed: bool = False) -> Traits:
    """Return an episode's sort keys. If its last alignment failed (``has_failed``), the episode is the most urgent."""
    try:
        modified = safe_fs.where(episode.folder).stat().st_mtime
        day = episode.details.date or date.fromtimestamp(modified).isoformat()
        added = safe_fs.status_of(episode.audio).st_mtime if episode.audio else modified
    except (OSError, OverflowError, ValueError):  # removed in the meantime, or an invalid time
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
    """Return the items sorted in this order; ``of(item)`` returns an item's sort keys."""
    arranged = sorted(((of(each), each) for each in found), key=lambda pair: pair[0].age, reverse=True)
    arranged.sort(key=lambda pair: _BY[order](pair[0]))
    return [each for _, each in arranged]


def collation_key(name: str) -> tuple[tuple[bool, int, str], ...]:
    """Return a key to sort a name by: case, accents and punctuation are ignored, and digits are compared as numbers."""
    parts = _PARTS.findall(fold(name[:_COMPARED], " "))
    return tuple((False, int(part), "") if part.isdecimal() else (True, 0, part) for part in parts)


def _urgency(episode: Episode) -> int:
    head = episode.head
    reasons = (
        episode.problem,
        head and head.verdict is Verdict.POOR,
        episode.alignment is None,
        episode.is_outdated,
        head and head.verdict is Verdict.REVIEW,
        head and head.warnings,
    )
    return next((k for k, applies in enumerate(reasons) if applies), len(reasons))


@dataclass(frozen=True, slots=True)
class Removed:
    """An episode or clip in the trash. ``token`` identifies it, ``at`` is the time of its removal in seconds since
    1970, and ``can_return`` says whether it can be restored."""

    token: str
    title: str
    at: float
    size_bytes: int
    can_return: bool


def remove(library: Library, episode: Episode, end_work: Callable[[Path], object] = lambda _: None) -> str:
    """Move an episode to the trash after ``end_work(folder)`` has ended its jobs; return the token for ``restore``.
    Raises Conflict if the episode's folder is the library itself, OutputError if the library cannot be written."""
    if episode.folder == library.root:
        raise Conflict("remove.root")
    end_work(episode.folder)
    with library.changing:
        moved = _move(episode.folder, library.root / TRASH)
    return next(token for token, folder in trash_folders(library.root / TRASH).items() if folder == moved)


def restore(library: Library, token: str) -> Episode:
    """Move an episode out of the trash and return it; its folder gets a new name if the old one is in use. Raises
    NotFound if no episode in the trash has this token, OutputError if the library cannot be written."""
    with library.changing:
        folder = in_trash(library.root / TRASH, token)
        if read_folder(folder, token) is None:
            raise NotFound("remove.gone")
        return library.episode_in(_move(folder, library.root))


def delete_for_good(trash: Path, token: str) -> None:
    """Delete the item with this token from the folder ``trash``, without following links. Raises NotFound if there is
    no such item, Conflict if a file cannot be deleted."""
    folder = in_trash(trash, token)
    safe_fs.remove_folder(folder)
    if safe_fs.is_taken(folder):
        raise Conflict("trash.stuck")


def in_trash(trash: Path, token: str) -> Path:
    """Return the folder with this token in a trash. Raises NotFound if there is no such folder."""
    folder = trash_folders(trash).get(token)
    if folder is None:
        raise NotFound("remove.gone")
    return folder


def trash_folders(trash: Path) -> dict[str, Path]:
    """Return the folders in ``trash`` by their tokens."""
    return ids_of(path for path in safe_fs.entries(trash) if not path.name.startswith("."))


def removed_episode(library: Library, token: str) -> Episode | None:
    """Return the episode with this token in the trash, None if there is none."""
    folder = trash_folders(library.root / TRASH).get(token)
    return read_folder(folder, token) if folder else None


def removed_episodes(library: Library) -> list[Removed]:
    """Return the items in the library's trash, the last removed one first."""
    trash = library.root / TRASH
    found = removed_in(trash, lambda folder: episode.title if (episode := read_folder(folder, "")) else None)
    return sorted(found, key=lambda each: each.at, reverse=True)


def removed_in(trash: Path, title_of: Callable[[Path], str | None]) -> Iterator[Removed]:
    """Yield the items in a trash. ``title_of(folder)`` returns a title, or None if the folder cannot be restored."""
    for token, folder in trash_folders(trash).items():
        with contextlib.suppress(FileNotFoundError):  # deleted in another tab
            at = safe_fs.place(folder).lstat().st_ctime  # set when it was moved
            title = title_of(folder)
            yield Removed(token, title or shown_name(folder), at, size_of(folder), title is not None)


def size_of(folder: Path) -> int:
    """Return the total size in bytes of the files below ``folder``. Links are not followed."""
    own = sum(status.st_size for status in safe_fs.plain_files(folder).values())
    return own + sum(map(size_of, safe_fs.folders(folder)))


def _move(folder: Path, into: Path) -> Path:
    with blaming(into):
        safe_fs.make_folder(into)
        free = free_path(into, unreserved(folder.name))
        safe_fs.move(folder, free)
    return free
