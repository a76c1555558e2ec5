"""Names of files: any text as a name that is safe on every system."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path

from aligner.storage.checked_json import encodable

JSON_SUFFIX = ".alignment.json"
QUOTES = "quotes.json"
"""An episode's saved quotes."""

_LONGEST_BYTES = 150  # of 255; what is written beside a file has longer endings
_LONGEST_ENDING = 12  # characters; what is longer is part of the name
_FORBIDDEN = re.compile(r'[<>:"|?*\\/]')
DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])", re.IGNORECASE)
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn"}  # controls, marks of direction, private and lone surrogates


def history_path(path: Path) -> Path:
    """Return where the history of the alignment at ``path`` lies."""
    return _beside(path, ".history.jsonl")


def fingerprint_path(path: Path) -> Path:
    """Return where the fingerprint of the audio of the alignment at ``path`` lies."""
    return _beside(path, ".fingerprint")


def _beside(path: Path, suffix: str) -> Path:
    name = path.name.removesuffix(JSON_SUFFIX) if path.name.endswith(JSON_SUFFIX) else path.stem
    return path.with_name(f"{name}{suffix}")


def shown_name(path: Path) -> str:
    """Return a file's or folder's name as text, also if its bytes are no text."""
    return printable(path.absolute().name)


def printable(text: str) -> str:
    """Return text with a question mark for NUL and for each half of a surrogate pair."""
    return encodable(text.replace("\0", "?"))


def last_part(path: str) -> str:
    """Return the last part of a path from any system."""
    return re.split(r"[/\\]", path)[-1]


def without_slashes(title: str) -> str:
    """Return a title as one part of a path: ``AC-DC``."""
    return "-".join(part.strip() for part in re.split(r"[/\\]", title))


def safe_name(given: str, otherwise: str, longest_bytes: int = _LONGEST_BYTES) -> str:
    """Return the last part of a path from any system as a file's name for any; ``otherwise`` if nothing is left.

    Examples
    --------
    >>> safe_name("C:\\\\Users\\\\Léa\\\\..épisode 3?.MP3", "audio")
    'épisode 3.MP3'
    """
    name = unicodedata.normalize("NFC", last_part(given))
    name = "".join(c for c in name if unicodedata.category(c) not in _INVISIBLE)
    name = " ".join(_FORBIDDEN.sub(" ", name).split())
    stem, ending = parted(name.rstrip(". "))
    stem = stem.strip(". ")
    first, dot, rest = stem.partition(".")
    if DEVICES.fullmatch(first.strip()):  # with whatever endings
        stem = f"{first.strip()}_{dot}{rest}"
    stem = stem.encode()[: longest_bytes - len(ending.encode())].decode("utf-8", "ignore").rstrip(". ")
    return f"{stem or otherwise}{ending}"


def parted(name: str) -> tuple[str, str]:
    """Return a name's stem and its ending with the dot; a long ending, or one with spaces, is part of the stem."""
    stem, dot, ending = name.rpartition(".")
    if dot and 0 < len(ending) <= _LONGEST_ENDING and ending.isalnum():
        return stem, f"{dot}{ending}"
    return name, ""


def named(name: str, among: Mapping[str, Path]) -> Path | None:
    """Find the file recorded as ``name``, even if its accents are composed otherwise by now, as Macs do."""
    sought = composed(name)
    return among.get(name) or next((path for each, path in among.items() if composed(each) == sought), None)


def composed(name: str) -> str:
    """Return a name as it may be recorded: its accents composed, a question mark for each byte that is not Unicode."""
    return unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8"))
