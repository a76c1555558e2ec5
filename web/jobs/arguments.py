"""Arguments of jobs, checked where their records are read and made: names of files, and texts for a command line."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import PurePath

PROGRESS = ("--progress", "json")

_LONGEST_NAME = 255  # bytes, as file systems have it


def as_text(text: str) -> str:
    """The wording with a line end in it, so that no command takes it for the name of a file."""
    return text if "\n" in text else f"{text}\n"


def check_name(name: str) -> None:
    """Raises ValueError where ``name`` is not that of a file right in a folder."""
    if name in ("", "..") or PurePath(name).name != name or "\0" in name:
        raise ValueError(f"{name!r} where the name of a file in the episode's folder was expected")
    if len(os.fsencode(name)) > _LONGEST_NAME:
        raise ValueError(f"a name of {len(name)} characters")


def check_texts(texts: Iterable[str], longest: int) -> None:
    """Raises ValueError where a text is too long, or holds what no command line can."""
    for text in texts:
        if len(text) > longest:
            raise ValueError(f"a text of {len(text)} characters")
        if b"\0" in os.fsencode(text):  # which no half of a character survives
            raise ValueError("NUL in a text")
