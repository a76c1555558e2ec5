"""Make safe file names, and find the audio, cover and other files that belong to an alignment.

A stranger may have written an alignment in a confined folder, such as a library. Such an alignment may only refer to
files in its own folder. An alignment that was named on the command line may refer to any file.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

from aligner.errors import MissingAudioError, SourceError
from aligner.model import Alignment
from aligner.storage.checked_json import encodable
from media.errors import FingerprintError
from media.fingerprint import LARGEST_BYTES, Fingerprint, from_bytes
from media.safe_fs import confined, files, is_regular, open_regular, read_regular, status_of

JSON_SUFFIX = ".alignment.json"
QUOTES = "quotes.json"
"""An episode's saved quotes."""

_LONGEST_BYTES = 150  # of 255; outputs beside the file have longer endings
_LONGEST_ENDING = 12  # characters; a longer one is part of the name
_FORBIDDEN = re.compile(r'[<>:"|?*\\/]')
DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])", re.IGNORECASE)
_INVISIBLE = {"Cc", "Cf", "Co", "Cs", "Cn"}  # control and format characters, private use, surrogates


def history_path(path: Path) -> Path:
    """Return the path of the history file that belongs to the alignment at ``path``."""
    return _beside(path, ".history.jsonl")


def fingerprint_path(path: Path) -> Path:
    """Return the path of the audio fingerprint file that belongs to the alignment at ``path``."""
    return _beside(path, ".fingerprint")


def read_fingerprint(path: Path, sha256: str) -> Fingerprint | None:
    """Return the fingerprint stored beside the alignment at ``path``. Return None if the file is missing or damaged, or
    belongs to audio with another hash than ``sha256``."""
    try:
        found = read_sync_file(fingerprint_path(path))
    except FingerprintError:
        return None
    return found if found.sha256 == sha256 else None


def read_sync_file(path: Path) -> Fingerprint:
    """Return the fingerprint in a file. Raises FingerprintError if the file is damaged or cannot be read."""
    try:
        return from_bytes(read_regular(path, LARGEST_BYTES))
    except (FingerprintError, OSError) as error:
        reason = error.message if isinstance(error, FingerprintError) else error.strerror
        raise FingerprintError("{path}: {reason}; name a sync file, or export one", path=path, reason=reason) from error


def _beside(path: Path, suffix: str) -> Path:
    name = path.name.removesuffix(JSON_SUFFIX) if path.name.endswith(JSON_SUFFIX) else path.stem
    return path.with_name(f"{name}{suffix}")


def shown_name(path: Path) -> str:
    """Return the name of a file or folder for display, even if its bytes are not valid UTF-8."""
    return printable(path.absolute().name)


def printable(text: str) -> str:
    """Return text with "?" in place of NUL characters and lone surrogates."""
    return encodable(text.replace("\0", "?"))


def last_part(path: str) -> str:
    """Return the last part of a path: the text after the last slash or backslash."""
    return re.split(r"[/\\]", path)[-1]


def without_slashes(title: str) -> str:
    """Return a title with each slash or backslash replaced by a hyphen: "AC/DC" becomes "AC-DC"."""
    return "-".join(part.strip() for part in re.split(r"[/\\]", title))


def safe_name(path: str, otherwise: str, longest_bytes: int = _LONGEST_BYTES) -> str:
    """Return the last part of a path as a file name valid on any system; ``otherwise`` if no character is valid.

    Examples
    --------
    >>> safe_name("C:\\\\Users\\\\Léa\\\\..épisode 3?.MP3", "audio")
    'épisode 3.MP3'
    """
    name = unicodedata.normalize("NFC", last_part(path))
    name = "".join(c for c in name if unicodedata.category(c) not in _INVISIBLE)
    name = " ".join(_FORBIDDEN.sub(" ", name).split())
    stem, ending = parted(name.rstrip(". "))
    stem = stem.strip(". ")
    first, dot, rest = stem.partition(".")
    if DEVICES.fullmatch(first.strip()):  # Windows reserves them with any ending
        stem = f"{first.strip()}_{dot}{rest}"
    stem = stem.encode()[: longest_bytes - len(ending.encode())].decode("utf-8", "ignore").rstrip(". ")
    return f"{stem or otherwise}{ending}"


def parted(name: str) -> tuple[str, str]:
    """Split a file name into its stem and its extension with the dot, such as ".mp3". An extension has at most 12
    characters, all letters or digits. For a name without an extension, return the whole name and ""."""
    stem, dot, ending = name.rpartition(".")
    if dot and 0 < len(ending) <= _LONGEST_ENDING and ending.isalnum():
        return stem, f"{dot}{ending}"
    return name, ""


def named(name: str, among: Mapping[str, Path]) -> Path | None:
    """Return the path that ``among`` has for a file name, or for another Unicode form of the name; None if neither."""
    wanted = composed(name)
    return among.get(name) or next((path for each, path in among.items() if composed(each) == wanted), None)


def composed(name: str) -> str:
    """Return a file name as alignments store it: in Unicode form NFC, with "?" for each byte that is not UTF-8."""
    return unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8"))


LARGEST_GUESSED_BYTES = 10_000_000_000
"""A larger file is hashed only if a person names it; a day of audio as WAV has this size."""

_MOST_HASHED = 50  # files beside an alignment that are searched for its audio


def seen_from(folder: Path, path: Path) -> str:
    """Return ``path`` relative to ``folder``, with forward slashes, for use in an alignment in that folder."""
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # on another drive, on Windows
        return path.absolute().as_posix()


def find_named(name: str, file: Path) -> Path | None:
    """Return the regular file to which ``name`` in the alignment at ``file`` refers. Return None if the file is
    missing, or if the alignment is in a confined folder and ``name`` leads out of the alignment's folder."""
    folder, path = Path(os.path.normpath(file.parent.absolute())), file.parent / name
    leads_out = not Path(os.path.normpath(path.absolute())).is_relative_to(folder)
    if leads_out and any(map(folder.is_relative_to, confined())):
        return None
    return path if is_regular(path) else named(path.name, files(path.parent))


def find_cover(alignment: Alignment, file: Path) -> Path | None:
    """Return the cover of the alignment at ``file``; None if the alignment names no cover or the cover is not found."""
    cover = alignment.episode.cover
    return find_named(cover, file) if cover else None


def named_files(alignment: Alignment, file: Path) -> tuple[Path, ...]:
    """Return the paths that no output may overwrite: the alignment's ``file``, its history and saved quotes, and its
    audio, transcript and cover. The files need not exist."""
    names = alignment.audio.file, alignment.transcript.file, alignment.episode.cover
    return (file, history_path(file), file.parent / QUOTES, *(file.parent / name for name in names if name))


def find_audio(alignment: Alignment, file: Path, chosen: Path | None = None) -> Path:
    """Return the audio of the alignment at ``file``: ``chosen`` if passed, else the file that the alignment names, else
    a file in the same folder with the same hash. Raises SourceError if the audio is missing or has changed, DecodeError
    if it cannot be read."""
    from media.decode import check_readable

    audio = alignment.audio
    called = chosen or find_named(audio.file, file)
    if called:
        check_readable(called)
    for path in chain([called] if called else [], () if chosen else _likely_files(audio.file, file)):
        if sha256_of(path) == audio.sha256:
            return path
    if called:
        raise SourceError(
            "{path}: is not the audio that was aligned, or has changed since; align it again", path=called
        )
    path = file.parent / audio.file
    raise MissingAudioError("{path}: the audio of the alignment is missing; name it with --audio", path=path)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal; raises SourceError if it cannot be read."""
    try:
        with open_regular(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise SourceError("{path}: cannot be read ({reason})", path=path, reason=error.strerror) from error


def _likely_files(name: str, file: Path) -> Iterator[Path]:
    called = Path(name)
    alike = (path for path in files(file.parent).values() if path.suffix.lower() == called.suffix.lower())
    for path in sorted(alike, key=lambda path: path.name != called.name)[:_MOST_HASHED]:
        if status_of(path).st_size <= LARGEST_GUESSED_BYTES:
            yield path
