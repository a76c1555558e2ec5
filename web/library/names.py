"""File names from outside, made safe on every system and still readable."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

_LONGEST_BYTES = 150  # of 255; what is written beside a file has longer endings
_LONGEST_ENDING = 12  # characters; what is longer is part of the name
_FORBIDDEN = re.compile(r'[<>:"|?*\\/]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])", re.IGNORECASE)
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn"}  # controls, marks of direction, private and lone surrogates


def safe_name(given: str, otherwise: str) -> str:
    """The last part of a path from any system as a name for a file here; ``otherwise`` if nothing of it is left.

    Examples
    --------
    >>> safe_name("C:\\\\Users\\\\Léa\\\\..épisode 3?.MP3", "audio")
    'épisode 3.MP3'
    """
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", given)[-1])
    name = "".join(c for c in name if unicodedata.category(c) not in _INVISIBLE)
    name = " ".join(_FORBIDDEN.sub(" ", name).split())
    stem, ending = _parted(name.rstrip(". "))
    stem = stem.strip(". ")
    if _DEVICES.fullmatch(stem.split(".")[0].strip()):
        stem = f"{stem}_"
    stem = _shortened(stem, _LONGEST_BYTES - len(ending.encode()))
    return f"{stem or otherwise}{ending}"


def free_path(folder: Path, name: str) -> Path:
    """A path in ``folder`` where nothing is: ``name``, else the same with a number; case does not tell names apart."""
    taken = {unicodedata.normalize("NFC", p.name).casefold() for p in folder.iterdir()} if folder.is_dir() else set()
    stem, ending = _parted(name)
    number = 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem} {number}{ending}"
    return folder / name


def _parted(name: str) -> tuple[str, str]:
    """A name and its ending, dot included; a long one or one with spaces is none."""
    stem, dot, ending = name.rpartition(".")
    if dot and 0 < len(ending) <= _LONGEST_ENDING and ending.isalnum():
        return stem, f"{dot}{ending}"
    return name, ""


def _shortened(text: str, length_bytes: int) -> str:
    return text.encode()[:length_bytes].decode("utf-8", "ignore").rstrip(". ")
