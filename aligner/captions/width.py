"""How many characters a reader sees: combining marks count nothing, wide characters two."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_UNSEEN = {"Mn", "Me", "Cf", "Cc"}


def width(text: str) -> int:
    """The characters of ``text`` as a line of captions holds them (Unicode TR 11: W and F are wide)."""
    if text.isascii():
        return len(text)
    return sum(map(_character_width, text))


@lru_cache(maxsize=4096)
def _character_width(character: str) -> int:
    if character < "\u0300":
        return 1
    if unicodedata.category(character) in _UNSEEN:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
