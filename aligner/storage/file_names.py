"""Names of files: any text as a name that is safe on every system, and what a person sees of an episode named after it.

All that is taken from an episode is called alike: ``2026-11-20 Title of the episode.vtt``; a clip of it
``2026-11-20 Title of the episode - 01m13s Words of the quote.mp3``. What is uploaded for listeners is called as its
sound is, which stays while titles are set right: ``episode-12.vtt``.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path

from aligner.normalization import fold

JSON_SUFFIX = ".alignment.json"
_HISTORY_SUFFIX = ".history.jsonl"
_FINGERPRINT_SUFFIX = ".fingerprint"

_LONGEST_BYTES = 150  # of 255; what is written beside a file has longer endings
_LONGEST_ENDING = 12  # characters; what is longer is part of the name
_FORBIDDEN = re.compile(r'[<>:"|?*\\/]')
_DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])", re.IGNORECASE)
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn"}  # controls, marks of direction, private and lone surrogates

_LONGEST, _LONGEST_TITLE = 76, 32  # characters of a name, and of the title in one that goes on after it
_LONGEST_READ = 400  # characters of what goes into a name
_LONGEST_NAMED_BYTES = 190  # of 255, the rest being for a shape, a number and an ending
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)
_NOT_IN_ADDRESSES = re.compile(r"[^A-Za-z0-9_]+")
_LONGEST_UPLOADED = 80  # characters
_SLASH = re.compile(r"(?:(?<!\s)\s++)?+[/\\]\s*")
_INNER_STOP = re.compile(r"(?<=\w)\.(?=\w)")
_AT_ENDS = " .,;:…!¡¿–—-_'’‘“”„«»‹›()[]{}~#&+=@"  # what no name begins or ends with


def publication_name(title: str, date: str | None = None, words: str = "", at: float | None = None) -> str:
    """The name, without an ending, of what is taken from an episode: its date and title, then what it is: ``words``,
    such as those of a quote that is said ``at`` seconds.

    It is cut at whole words to about 80 characters, and holds no dot.

    Examples
    --------
    >>> publication_name("L’été : des vélos", "2026-11-20", "« C’est le combat qui commence. »", 73.4)
    '2026-11-20 L’été des vélos - 01m13s C’est le combat qui commence'
    >>> publication_name("AC/DC, vol. 2.5")
    'AC-DC, vol 2-5'
    """
    day = found[0] if (found := _DATE.match(date or "")) else ""
    named = _part(title)
    moment = "" if at is None else _moment(at)
    if words or moment:
        named = _cut(named, _LONGEST_TITLE)
    begun = " ".join(filter(None, [day, named]))
    said = _cut(_part(words), _LONGEST - len(f"{begun} - {moment} "))
    name = " - ".join(filter(None, [begun, f"{moment} {said}".strip()]))
    return safe_name(_cut(name, _LONGEST), "quotecast", _LONGEST_NAMED_BYTES)


def upload_name(sound: str) -> str:
    """The name, without an ending, of what is uploaded for listeners: that of the ``sound``'s file in letters, digits,
    ``-`` and ``_``, as it stands in an address, and as hosts and their media libraries leave it. Where other letters
    are lost, or the end of it, some digits tell it from others.

    Examples
    --------
    >>> upload_name("shows/Épisode 3 & été.MP3")
    'Episode-3-ete'
    >>> upload_name("roue_libre-12.mp3")
    'roue_libre-12'
    """
    stem, _ = parted(re.split(r"[/\\]", sound)[-1])
    bare = "".join(c for c in unicodedata.normalize("NFKD", stem) if not unicodedata.combining(c))
    latin = "".join(c if c.isascii() else fold(c) or c for c in bare)
    name = _NOT_IN_ADDRESSES.sub("-", latin).strip("-_")
    is_whole = name and len(name) <= _LONGEST_UPLOADED and not any(c.isalnum() and not c.isascii() for c in latin)
    if not is_whole or _DEVICES.fullmatch(name):
        digits = hashlib.sha256(stem.encode("utf-8", "replace")).hexdigest()[:6]
        name = f"{name[:_LONGEST_UPLOADED].rstrip('-_') or 'episode'}-{digits}"
    return name


def history_path(path: Path) -> Path:
    """Where the history of the alignment at ``path`` lies."""
    return _beside(path, _HISTORY_SUFFIX)


def fingerprint_path(path: Path) -> Path:
    """Where the fingerprint of the sound lies of which the alignment at ``path`` was made."""
    return _beside(path, _FINGERPRINT_SUFFIX)


def _beside(path: Path, suffix: str) -> Path:
    name = path.name.removesuffix(JSON_SUFFIX) if path.name.endswith(JSON_SUFFIX) else path.stem
    return path.with_name(f"{name}{suffix}")


def episode_title(title: str | None, folder: Path) -> str:
    """What an episode is called, on pages and in names of files: its title, else as the folder that it lies in."""
    return title or shown_name(folder)


def shown_name(path: Path) -> str:
    """A file's or folder's name as text, also where its bytes are no text."""
    return printable(path.absolute().name)


def printable(text: str) -> str:
    """Text with another character for each that is none: NUL, and the halves of characters that JSON and the names of
    files can hold."""
    return text.replace("\0", "?").encode("utf-8", "replace").decode("utf-8")


def without_slashes(title: str) -> str:
    """A title, which is no path: ``AC/DC`` is all of it."""
    return _SLASH.sub("-", title)


def safe_name(given: str, otherwise: str, longest_bytes: int = _LONGEST_BYTES) -> str:
    """The last part of a path from any system as a file's name on any other; ``otherwise`` if nothing of it is left.

    Examples
    --------
    >>> safe_name("C:\\\\Users\\\\Léa\\\\..épisode 3?.MP3", "audio")
    'épisode 3.MP3'
    """
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", given)[-1])
    name = "".join(c for c in name if unicodedata.category(c) not in _INVISIBLE)
    name = " ".join(_FORBIDDEN.sub(" ", name).split())
    stem, ending = parted(name.rstrip(". "))
    stem = stem.strip(". ")
    first, dot, rest = stem.partition(".")
    if _DEVICES.fullmatch(first.strip()):  # with whatever endings
        stem = f"{first.strip()}_{dot}{rest}"
    stem = _shortened(stem, longest_bytes - len(ending.encode()))
    return f"{stem or otherwise}{ending}"


def parted(name: str) -> tuple[str, str]:
    """A name and its ending, dot included; a long one or one with spaces is none."""
    stem, dot, ending = name.rpartition(".")
    if dot and 0 < len(ending) <= _LONGEST_ENDING and ending.isalnum():
        return stem, f"{dot}{ending}"
    return name, ""


def _part(text: str) -> str:
    """Text as a part of a name, in one line."""
    plain = _INNER_STOP.sub("-", without_slashes(text[:_LONGEST_READ])).replace(".", "")
    return safe_name(plain, "", 4 * _LONGEST_READ).strip(_AT_ENDS)


def _cut(text: str, longest: int) -> str:
    """As many whole words of ``text`` as fit; of one that does not fit by itself, or has no spaces, its beginning."""
    if len(text) <= longest:
        return text
    fits, _, begun = text[: longest + 1].rpartition(" ")
    return (text[:longest] if len(begun) > longest // 2 else fits).strip(_AT_ENDS)


def _moment(seconds: float) -> str:
    minutes, left = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h{minutes:02d}m{left:02d}s" if hours else f"{minutes:02d}m{left:02d}s"


def _shortened(text: str, length_bytes: int) -> str:
    return text.encode()[:length_bytes].decode("utf-8", "ignore").rstrip(". ")
