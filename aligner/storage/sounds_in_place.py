"""A sound put in the place of another in a folder, which is kept there as ``NAME.bak``, ``NAME.bak2``, ...

Copies that hold what is called NAME itself by then go, as where the sound of before is taken again: they are of no use.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from aligner.errors import SourceError
from aligner.storage.atomic import Content
from aligner.storage.audio_lookup import sha256_of
from aligner.storage.backups import to_keep
from media.confinement import place as entry
from media.confinement import status_of
from media.listing import files

_COPY = re.compile(r"\.bak([2-9]|[1-9]\d+)?", re.ASCII)
_MOST_COMPARED = 20  # copies


def in_place(place: Path, laid: Path | None, old: Path | None) -> dict[Path, Content]:
    """What puts the sound that is ``laid`` in the folder at its ``place``, where it is without that, and the ``old``
    one, and whatever stands there, in that of a copy: a set for ``replace_files``, by whoever has the folder's turn.

    Raises
    ------
    OutputError
        Something cannot be read.
    """
    found: dict[Path, Content] = {}
    if old and old != place:
        found |= {**to_keep(old, laid or place), old: None}  # goes first: to some systems both names are one
    if laid:
        found |= {**to_keep(place, laid), place: laid, **dict.fromkeys(_needless(place, laid))}
    return found


def copy_of(path: Path, sha256: str) -> Path | None:
    """The copy of what ``path`` was that has this hash; None where none is kept."""
    return next((copy for copy in islice(_copies(path), _MOST_COMPARED) if _hash(copy) == sha256), None)


def _needless(path: Path, content: Path) -> list[Path]:
    """The copies of ``path`` that hold what it is to hold itself, each read to its end."""
    size = status_of(content).st_size
    same = [copy for copy in _copies(path) if _size(copy) == size][:_MOST_COMPARED]
    sha256 = _hash(content) if same else None
    return [copy for copy in same if sha256 and _hash(copy) == sha256]


def _copies(path: Path) -> Iterator[Path]:
    """The copies of ``path``, as they are named where it is replaced; no links, which are somebody's own."""
    for name, copy in files(path.parent).items():
        if name.startswith(path.name) and _COPY.fullmatch(name, len(path.name)) and not entry(copy).is_symlink():
            yield copy


def _size(path: Path) -> int | None:
    with contextlib.suppress(OSError):
        return status_of(path).st_size
    return None


def _hash(path: Path) -> str | None:
    """That of a file; None where it cannot be read: such a copy stays."""
    with contextlib.suppress(SourceError):
        return sha256_of(path)
    return None
