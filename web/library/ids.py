"""Ids of folders in addresses: short, plain, and never a path."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path

_LONGEST = 60  # characters of a name that an id repeats


def ids_of(folders: Iterable[Path]) -> dict[str, Path]:
    """The folders by their ids, each id once."""
    found: dict[str, Path] = {}
    for folder in folders:
        name = folder.absolute().name
        shortest = id_of(name)
        found[shortest if shortest not in found else f"{shortest}-{_hash(str(folder.absolute()))}"] = folder
    return found


def id_of(name: str) -> str:
    """The id of a folder's name: its letters and digits, and a hash where those do not say it all.

    Examples
    --------
    >>> id_of("quotecast-demo"), id_of("Épisode 3")
    ('quotecast-demo', 'episode-3-55fd68')
    """
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", bare)[:_LONGEST].strip("-")
    return slug if slug and slug == name else f"{slug}-{_hash(name)[:6]}".lstrip("-")


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "backslashreplace")).hexdigest()
