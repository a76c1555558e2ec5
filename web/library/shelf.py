"""The library: a folder of episodes, each a folder of plain files, found by looking; and the list of them to show."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aligner.storage.file_names import shown_name
from aligner.storage.user_folders import HIDDEN
from media.confinement import OWN, confine, is_folder
from media.listing import folders, links_out
from web.errors import NotFound
from web.library.episode import Episode
from web.library.folders import ids_of, known_id, read_folder
from web.library.order import Order, arranged
from web.library.patience import one_list
from web.library.row import Row, row_of

TRASH = "trash"
RESERVED = OWN - {HIDDEN}
"""Names of folders, in small letters, that are no episodes: within the library, and within one that is an episode."""

ON_A_PAGE = 200  # episodes of the list; the page of so many has 0.2 MB


@dataclass(frozen=True, slots=True)
class ListPage:
    """A piece of the list: its rows, the ``number`` that it is of ``pages``, and which of ``total`` episodes it has."""

    rows: list[Row]
    number: int
    pages: int
    places: range
    total: int


class Library:
    """The episodes in the folder ``root``, out of which nothing leads; nothing is remembered that is not on disk."""

    def __init__(self, root: Path) -> None:
        confine(root)  # by whatever name it is reached
        self.root = root.resolve()
        self._has_hidden = False
        self.adding = threading.Lock()  # what is sent twice, by an impatient hand, is made once

    @property
    def hidden(self) -> Path:
        """Our own folder: uploads on their way, and what the server needs."""
        return self.root / HIDDEN

    @property
    def is_there(self) -> bool:
        """Whether the folder is the library still: not moved away, its disk not taken out. Where our own folder has
        been seen in it, it is the library with that alone: what a disk is mounted on is a folder too."""
        found = is_folder(self.hidden)
        self._has_hidden = self._has_hidden or found
        return found or (not self._has_hidden and is_folder(self.root))

    def episodes(self) -> list[Episode]:
        """All of them, the root itself first if it is one, by folder name."""
        with one_list():
            found = [read_folder(folder, key) for key, folder in self.folders().items()]
        return [episode for episode in found if episode]

    def episode(self, episode_id: str) -> Episode:
        """The episode of that id.

        Raises
        ------
        NotFound
            There is none, or no longer.
        """
        folders = self.folders()
        return _episode_of(known_id(episode_id, folders), folders)

    def episode_in(self, folder: Path) -> Episode:
        """The episode in a folder of the library; what is raised is told by ``episode``."""
        folders = self.folders()
        return _episode_of(next((key for key, each in folders.items() if each == folder), None), folders)

    def left_out(self) -> list[str]:
        """The names of links right in the library that lead out of it, or nowhere, and are not followed."""
        return [shown_name(path) for path in links_out(self.root) if not path.name.startswith(".")]

    def folders(self) -> dict[str, Path]:
        """Every folder that may be an episode, by id."""
        skipped = RESERVED if read_folder(self.root, "") else {TRASH}
        shown = (folder for folder in folders(self.root) if not folder.name.startswith("."))
        return ids_of([self.root, *(folder for folder in shown if folder.name.casefold() not in skipped)])


def unreserved(name: str) -> str:
    """``name`` for an episode's folder: none that is kept for something else, where it would be shown nowhere."""
    return f"{name} episode" if name.casefold() in RESERVED else name


def page_of(
    library: Library,
    number: int = 1,
    order: Order = Order.DATE,
    has_failed: Callable[[Episode], bool] = lambda _: False,
) -> ListPage:
    """The page of that number of all episodes, as ``arranged`` has them; where there is no such page, the nearest."""
    with one_list():
        found = arranged(library.episodes(), order, has_failed)
        pages = max(1, math.ceil(len(found) / ON_A_PAGE))
        number = min(max(1, number), pages)
        places = range(len(found))[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
        return ListPage([row_of(found[k]) for k in places], number, pages, places, len(found))


def _episode_of(episode_id: str | None, folders: Mapping[str, Path]) -> Episode:
    episode = read_folder(folders[episode_id], episode_id) if episode_id else None
    if episode is None:
        raise NotFound("error.episode")
    return episode
