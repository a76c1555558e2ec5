"""What people say of an episode: episode.json, a file that they can read and edit too, and the form to fill in."""

from __future__ import annotations

import codecs
import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, Required, TypedDict

from aligner.languages import language_code
from aligner.publication import LONGEST_ADDRESS, is_web_address, iso_date
from aligner.storage.atomic import write_text
from aligner.storage.backups import write_keeping
from aligner.storage.checked_json import decode, encodable
from aligner.storage.file_names import printable
from aligner.transcript.names import LONGEST_NAME
from media.safe_fs import is_regular, read_regular
from web.errors import Unusable

NAME = "episode.json"
FORMAT, VERSION = "quotecast-episode", 1

LONGEST = {"title": 300, "show": 200, "url": LONGEST_ADDRESS, "name": LONGEST_NAME}  # characters
MOST_NAMES = 200  # speakers of an episode
_LARGEST_BYTES = 200_000  # two hundred speakers' names take some 10 kB
_LONGEST_TEXT = 2_000  # characters of a text that others wrote into an episode.json
_TEXTS = ("title", "show", "date", "url", "language", "cover", "guid")


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of an episode as a publication; unknown fields are None.

    ``names`` maps labels of the transcript to the speakers' names to show, where they differ; ``speakers`` are the
    names to show, in order of appearance. ``cover`` is the name of a file in the episode's folder; ``guid`` identifies
    the episode's item in its feed.
    """

    title: str | None = None
    show: str | None = None
    date: str | None = None
    url: str | None = None
    language: str | None = None
    speakers: tuple[str, ...] = ()
    cover: str | None = None
    guid: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)


class _File(TypedDict, total=False):
    format: Required[Literal["quotecast-episode"]]
    version: Required[Literal[1]]
    title: str | None
    show: str | None
    date: str | None
    url: str | None
    language: str | None
    cover: str | None
    guid: str | None
    speakers: list[str | None]
    names: dict[str, str | None]
    audio: str | None
    transcript: str | None


def read_details(folder: Path) -> dict[str, Any] | None:
    """Read the folder's episode.json: the fields of ``Details`` that it has, and the names of ``audio`` and
    ``transcript``; None if there is none. Raises ValueError: it cannot be read, or another program wrote it."""
    content = _content(folder)
    return None if content is None else _cleaned(decode(content, _File))


def write_details(folder: Path, details: Details, audio: str | None, transcript: str | None) -> None:
    """Write the folder's episode.json; fields that others added stay, and another program's file is kept as a copy.
    Raises OutputError: it cannot be written; nothing has changed then."""
    path = folder / NAME
    try:
        is_ours, added = read_details(folder) is not None, decode(_content(folder) or b"{}", dict[str, Any])
    except ValueError:
        is_ours, added = False, {}
    # No form shows a GUID, so a missing one says nothing.
    said = {name: value for name, value in asdict(details).items() if value or name != "guid"}
    fields = {"format": FORMAT, "version": VERSION, **said, "audio": audio, "transcript": transcript}
    text = encodable(json.dumps({**added, **fields}, ensure_ascii=False, indent=2) + "\n")
    if is_ours or not is_regular(path):
        write_text(path, text)
    else:
        write_keeping({path: text.encode()})


def checked_details(given: Mapping[str, str], names: Mapping[str, str], labels: Sequence[str]) -> Details:
    """Return the details that a form gives.

    ``given`` holds title, show, date, url and language; ``names`` the name to show for each of the transcript's
    ``labels``. Raises Unusable, which names the field that is invalid.
    """
    if len(labels) > MOST_NAMES:
        raise Unusable("fields.speakers", "speakers", most=MOST_NAMES)
    shown = {label: _line(names.get(label, ""), "name", "speakers") or label for label in labels}
    title = _line(given.get("title", ""), "title")
    if not title:
        raise Unusable("fields.title_missing", "title")
    if len(url := given.get("url", "").strip()) > LONGEST["url"]:
        raise Unusable("fields.too_long", "url", most=LONGEST["url"], length=len(url))
    return Details(
        title=title,
        show=_line(given.get("show", ""), "show"),
        date=_valid("date", given, iso_date),
        url=_valid("url", given, lambda text: text if is_web_address(text) else None),
        language=_valid("language", given, language_code),
        speakers=tuple(dict.fromkeys(shown.values())),
        names={label: name for label, name in shown.items() if name != label},
    )


def _content(folder: Path) -> bytes | None:
    try:
        return read_regular(folder / NAME, _LARGEST_BYTES).removeprefix(codecs.BOM_UTF8)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ValueError(f"{folder / NAME}: cannot be read") from error


def _cleaned(file: Mapping[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {name: _text(file[name]) for name in _TEXTS if name in file}
    said |= {name: file[name] or None for name in ("cover", "audio", "transcript") if name in file}  # any bytes
    if "speakers" in file:
        said["speakers"] = tuple(name for each in file["speakers"] if (name := _text(each)))
    named = list(file.get("names", {}).items())[:MOST_NAMES]
    said["names"] = {shown: name for label, each in named if (name := _text(each)) and (shown := _text(label))}
    return said


def _text(given: str | None) -> str | None:
    """Return text that can be shown, of a limited length; None if it is empty."""
    return printable(given[:_LONGEST_TEXT]) if given else None


def _line(text: str, limit: str, field: str | None = None) -> str | None:
    """Return text on one line, without control characters; None if nothing of it is visible."""
    text = "".join(" " if c.isspace() else c for c in unicodedata.normalize("NFC", text))
    text = " ".join("".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cs", "Cn")).split())
    if len(text) > LONGEST[limit]:
        raise Unusable("fields.too_long", field or limit, most=LONGEST[limit], length=len(text))
    return text if any(unicodedata.category(c) != "Cf" for c in text) else None


def _valid(field: str, given: Mapping[str, str], checked: Callable[[str], str | None]) -> str | None:
    """Return what ``checked`` makes of a field, None if it is empty."""
    text = given.get(field, "").strip()
    found = checked(text) if text else None
    if text and not found:
        raise Unusable(f"fields.{field}", field, found=text[:80])
    return found
