"""What people say of an episode: episode.json, a file that they can read and edit too, and the form to fill in."""

from __future__ import annotations

import codecs
import contextlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from aligner.languages import language_code
from aligner.publication import LONGEST_ADDRESS, is_web_address, iso_date
from aligner.storage.atomic import Content
from aligner.storage.backups import write_keeping
from aligner.storage.checked_json import decode, encodable
from aligner.storage.file_names import printable
from aligner.storage.file_states import until_changed
from aligner.storage.history_writing import Files
from aligner.transcript.names import LONGEST_NAME
from media.confinement import is_regular, read_regular, status_of
from web.errors import Unusable
from web.library.episode import Details
from web.library.patience import patience

NAME = "episode.json"
FORMAT, VERSION = "quotecast-episode", 1

LONGEST = {"title": 300, "show": 200, "url": LONGEST_ADDRESS, "name": LONGEST_NAME}  # characters
MOST_NAMES = 200  # speakers of an episode
_LARGEST_BYTES = 1_000_000
_LARGE_BYTES = 50_000  # two hundred speakers' names take some 10 kB
_AT_HAND = 1024  # large ones
_LONGEST_TEXT = 2_000  # characters of whatever others wrote into an episode.json
_TEXTS = ("title", "show", "date", "url", "language", "cover", "guid")


@dataclass(frozen=True, slots=True)
class Stored:
    """What an episode.json holds: the details, which of their fields it speaks of, and the names of the files."""

    details: Details = field(default_factory=Details)
    said: frozenset[str] = frozenset()
    audio: str | None = None
    transcript: str | None = None

    def over(self, known: Details) -> Details:
        """The details, with those of ``known`` where this file is silent."""
        return replace(known, **{name: getattr(self.details, name) for name in self.said})


class _File(Struct):
    """The content of an episode.json; what it does not speak of is unset."""

    format: Literal["quotecast-episode"]
    version: Literal[1]
    title: str | UnsetType | None = UNSET
    show: str | UnsetType | None = UNSET
    date: str | UnsetType | None = UNSET
    url: str | UnsetType | None = UNSET
    language: str | UnsetType | None = UNSET
    cover: str | UnsetType | None = UNSET
    guid: str | UnsetType | None = UNSET
    speakers: list[str | None] | UnsetType = UNSET
    names: dict[str, str | None] | UnsetType = UNSET
    audio: str | None = None
    transcript: str | None = None


def read_details(folder: Path) -> Stored | None:
    """What the folder's episode.json says, nothing if there is none.

    Raises
    ------
    ValueError
        It cannot be read, or is not ours.
    """
    path = folder / NAME
    try:
        if status_of(path).st_size <= _LARGE_BYTES:
            return _read(path)
        found = _read_large(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ValueError(f"{path}: cannot be read") from error
    if found is None:
        raise ValueError(f"{path}: is not ours")
    return found


def write_details(
    folder: Path,
    details: Details,
    audio: str | None,
    transcript: str | None,
    beside: Mapping[Path, Content] | None = None,
) -> None:
    """Write the folder's episode.json; what others put into it stays, and one that is not ours is kept as a copy.

    Files ``beside`` it belong to the same change: as ``write_keeping`` has them, all or none.

    Raises
    ------
    OutputError
        Something cannot be written; then nothing has changed.
    """
    files = details_files(folder, details, audio, transcript)
    write_keeping(files.contents, {**(beside or {}), **files.beside})


def details_files(folder: Path, details: Details, audio: str | None, transcript: str | None) -> Files:
    """The folder's episode.json as ``write_details`` writes it."""
    path = folder / NAME
    try:
        others, ours = (_load(path) or {}), read_details(folder) is not None
    except ValueError:
        others, ours = {}, False
    # No form shows a GUID, so that none given says nothing.
    texts = {name: getattr(details, name) for name in _TEXTS if name != "guid" or details.guid}
    fields = {
        "format": FORMAT,
        "version": VERSION,
        **texts,
        "speakers": list(details.speakers),
        "names": dict(details.names),
        "audio": audio,
        "transcript": transcript,
    }
    text = encodable(json.dumps({**(others if ours else {}), **fields}, ensure_ascii=False, indent=2) + "\n")
    file = {path: text.encode("utf-8")}
    return Files(beside=file) if ours or not is_regular(path) else Files(contents=file)


def checked_details(given: Mapping[str, str], names: Mapping[str, str], labels: Sequence[str]) -> Details:
    """The details that a form gives.

    ``given`` holds title, show, date, url and language; ``names`` by the transcript's ``labels`` how to show them.

    Raises
    ------
    Unusable
        A field cannot be as it is; the error names it.
    """
    if len(labels) > MOST_NAMES:
        raise Unusable("fields.speakers", "speakers", most=MOST_NAMES)
    shown = {label: _line(names.get(label, ""), "name", "speakers") or label for label in labels}
    title = _line(given.get("title", ""), "title")
    if not title:
        raise Unusable("fields.title_missing", "title")
    return Details(
        title=title,
        show=_line(given.get("show", ""), "show"),
        date=_date(given.get("date", "")),
        url=_url(given.get("url", "")),
        language=_language(given.get("language", "")),
        speakers=tuple(dict.fromkeys(shown.values())),
        names={label: name for label, name in shown.items() if name != label},
    )


def _read(path: Path) -> Stored:
    return _stored(decode(_content(path), _File))


@until_changed(_AT_HAND)
def _read_large(path: Path) -> Stored | None:
    """The same of a file that quotecast hardly writes, which may take long to read; None where it is not ours."""
    with patience(), contextlib.suppress(ValueError):  # which is said by None, for that is kept
        return _read(path)
    return None


def _content(path: Path) -> bytes:
    return read_regular(path, _LARGEST_BYTES).removeprefix(codecs.BOM_UTF8)


def _load(path: Path) -> dict[str, Any] | None:
    try:
        return decode(_content(path), dict[str, Any])
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ValueError(f"{path}: cannot be read") from error


def _stored(file: _File) -> Stored:
    said: dict[str, Any] = {name: _text(getattr(file, name)) for name in _TEXTS if getattr(file, name) is not UNSET}
    if file.cover is not UNSET:
        said["cover"] = file.cover or None  # as the name of a file is, which need be no text
    if file.speakers is not UNSET:
        said["speakers"] = tuple(name for each in file.speakers if (name := _text(each)))
    if file.names is not UNSET:
        named = list(file.names.items())[:MOST_NAMES]
        said["names"] = {shown: name for label, each in named if (name := _text(each)) and (shown := _text(label))}
    return Stored(Details(**said), frozenset(said), file.audio or None, file.transcript or None)


def _text(given: str | None) -> str | None:
    """Text of a length that can be told on, without what is no character (JSON can hold halves of one, and NUL); None
    and empty are unknown."""
    return printable(given[:_LONGEST_TEXT]) if given else None


def _line(text: str, limit: str, field: str | None = None) -> str | None:
    """Text on one line, as it is to be shown: no control characters, no white space to spare."""
    text = "".join(" " if c.isspace() else c for c in unicodedata.normalize("NFC", text))
    text = " ".join("".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cs", "Cn")).split())
    if len(text) > LONGEST[limit]:
        raise Unusable("fields.too_long", field or limit, most=LONGEST[limit], length=len(text))
    return text if any(unicodedata.category(c) != "Cf" for c in text) else None  # marks of direction show nothing


def _date(text: str) -> str | None:
    if not text.strip():
        return None
    found = iso_date(text)
    if not found:
        raise Unusable("fields.date", "date", found=text[:40])
    return found


def _url(text: str) -> str | None:
    """An address that a link may lead to: of the web, and nothing that runs."""
    text = text.strip()
    if not text:
        return None
    if len(text) > LONGEST["url"]:
        raise Unusable("fields.too_long", "url", most=LONGEST["url"], length=len(text))
    if not is_web_address(text):
        raise Unusable("fields.url", "url", found=text[:80])
    return text


def _language(text: str) -> str | None:
    if not text.strip():
        return None
    code = language_code(text)
    if code is None:
        raise Unusable("fields.language", "language", found=text[:40])
    return code
