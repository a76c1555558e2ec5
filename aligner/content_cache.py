"""Results of slow functions by a hash of all that decides them, so that after an edit of the text only what the edit
touched is computed again. A key is a hash of a function's code and of everything that it reads."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from msgspec import msgpack


class ContentCache:
    """What was found, by what decided it. ``used`` is what was asked for or found since it was made."""

    def __init__(self, known: Mapping[bytes, bytes] | None = None) -> None:
        self._known = dict(known or {})
        self.used: dict[bytes, bytes] = {}

    @property
    def changed(self) -> bool:
        """Whether something was found that was not known before."""
        return any(self._known.get(key) != found for key, found in self.used.items())

    def get(self, key: bytes) -> bytes | None:
        """What was kept under ``key``, if anything was."""
        found = self._known.get(key)
        if found is not None:
            self.used[key] = found
        return found

    def put(self, key: bytes, found: bytes) -> None:
        self.used[key] = found


def content_key(*parts: object) -> bytes:
    """A hash of numbers, texts, bytes and sequences of them; those that differ in anything have different ones."""
    return hashlib.blake2b(msgpack.encode(parts), digest_size=16).digest()


@cache
def code_of(*places: str) -> bytes:
    """A hash of Python files, of all in the folders among ``places``, and of what runs them."""
    files = (file for place in map(Path, places) for file in (sorted(place.glob("*.py")) or [place]))
    return content_key(sys.version, *(file.read_bytes() for file in files))
