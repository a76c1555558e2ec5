"""What people ask a run to try again: a small file for each request, which the app makes and the run takes away.

A request lies there whole or not at all. It goes once the run has remembered that it forgives (``records``), so that
whoever is killed, it is not lost; what is asked for twice is tried again once.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from msgspec import Struct

from aligner.storage.atomic import making, write_text
from aligner.storage.checked_json import decode
from aligner.storage.folder_states import until_entries_change
from aligner.storage.user_folders import HIDDEN
from media.confinement import read_regular
from media.listing import entries
from media.moving import remove_file
from web.archive.runs.records import ARCHIVE

_FOLDER = "retry"
_LARGEST_BYTES = 8_192  # a folder's name has 255 bytes, each up to six in JSON
_MOST = 10_000  # requests that are read at once
_LIBRARIES = 4
_NAME_DIGITS = 16


class _Request(Struct):
    episode: str | None = None  # None: whatever has failed


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for: ``episodes``, by the names of their folders, or ``all`` that failed; in these ``files``."""

    episodes: frozenset[str] = frozenset()
    all: bool = False
    files: tuple[Path, ...] = ()

    @property
    def any(self) -> bool:
        return self.all or bool(self.episodes)

    def names(self, episode: str) -> bool:
        """Whether an episode is to be tried again, if it has failed."""
        return self.all or episode in self.episodes

    def remove(self) -> None:
        """Take the requests away."""
        for path in self.files:
            with contextlib.suppress(OSError):  # it is taken away the next time
                remove_file(path)


def ask(root: Path, episode: str | None = None) -> None:
    """Ask for an episode of the library at ``root`` to be tried again; for all that failed where none is named.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    name = "all" if episode is None else hashlib.sha256(episode.encode("utf-8", "surrogateescape")).hexdigest()
    path = root / HIDDEN / ARCHIVE / _FOLDER / f"{name[:_NAME_DIGITS]}.json"
    with making(path.parent):
        write_text(path, json.dumps({"episode": episode}) + "\n")


def asked(root: Path) -> Asked:
    """What is asked for now of the library at ``root``."""
    with contextlib.suppress(OSError):  # nothing ever was
        return _asked(root / HIDDEN / ARCHIVE / _FOLDER)
    return Asked()


@until_entries_change(_LIBRARIES)
def _asked(folder: Path) -> Asked:
    episodes, has_all, files = set[str](), False, list[Path]()
    for path in islice(entries(folder), _MOST):
        if path.suffix != ".json" or path.name.startswith("."):
            continue  # one that is being written
        try:
            request = decode(read_regular(path, _LARGEST_BYTES), _Request)
        except (OSError, ValueError):
            continue  # somebody else's
        files.append(path)
        if request.episode is None:
            has_all = True
        else:
            episodes.add(request.episode)
    return Asked(frozenset(episodes), has_all, tuple(files))
