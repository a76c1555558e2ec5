"""Episodes of a library that nothing is done with: whatever lies in another, they lose, gain and change nothing.

Some are called as folders that the app keeps for itself, all are old enough to be swept, and there is in them what is
swept elsewhere.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from tests.web.library.shelved import plant
from tests.web.search.asking import search
from web.library import Library

OTHER = "other"
NAMES = (OTHER, "incoming", "passing", "scratch")
LEFT = ".quotecast-00000000-1-0-0123456789ab"
"""As what a killed process of another machine was writing is called."""

_OLD = 30 * 24 * 3600.0  # seconds
_IN_OTHER = (
    *("clips/a.wav", "clips/trash/20250101-000000-aaaaaaaa/b.wav", "clips/trash/20250102-000000-aaaaaaaa.moved/c.wav"),
    *(f"notes/{LEFT}.txt", f"notes/{LEFT}/mine.txt", "notes/.joining-abcdefgh", "cover.jpg"),
    *("audio/mine.mp3", "transcript/mine.txt", "cover/mine.jpg", ".quotecast/mine.txt"),
)


class Bystanders:
    """Those of the library at ``root``, of which copies are attacked; ``other`` is there already."""

    def __init__(self, root: Path) -> None:
        for name in NAMES[1:]:
            plant(root / name)
        for name in _IN_OTHER:
            path = root / OTHER / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"mine")
        _age(root)
        search(Library(root), "tandem")  # which leaves the index
        _age(root)

    def look(self, library: Path) -> Look:
        """How they are now, in a library whose folders have become old over night."""
        for path in (library, *(path for path in library.iterdir() if not path.is_file())):
            _make_old(path)
        return Look(library, _states(library))


@dataclass(slots=True)
class Look:
    """How the bystanders of ``library`` were."""

    library: Path
    states: dict[str, tuple[int, int, int]]

    def changed(self, when: str) -> list[str]:
        """What is another than before, told once."""
        before, self.states = self.states, _states(self.library)
        differing = [name for name in before.keys() | self.states.keys() if before.get(name) != self.states.get(name)]
        return [f"{name} changed: {when}" for name in sorted(differing)]


def _states(library: Path) -> dict[str, tuple[int, int, int]]:
    paths = [path for name in NAMES for path in (library / name, *(library / name).rglob("*"))]
    statuses = ((path, path.lstat()) for path in paths if os.path.lexists(path))
    return {
        path.relative_to(library).as_posix(): (status.st_mode, status.st_size, status.st_mtime_ns)
        for path, status in statuses
    }


def _age(root: Path) -> None:
    for name in NAMES:
        for path in (root / name, *(root / name).rglob("*")):
            _make_old(path)


_moment = time.time() - _OLD


def _make_old(path: Path) -> None:
    os.utime(path, (_moment, _moment), follow_symlinks=False)
