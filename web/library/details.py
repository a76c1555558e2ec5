"""What people say of an episode: episode.json, a file that they can read and edit too, and the form to fill in."""

from __future__ import annotations

import codecs
import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from aligner.languages import language_code
from aligner.publication import LONGEST_ADDRESS, is_web_address, iso_date
from aligner.storage.atomic import state_of, write_keeping, write_text
from aligner.storage.checked_json import decode, encodable
from aligner.storage.file_names import printable
from aligner.transcript.names import LONGEST_NAME
from media.safe_fs import is_regular, read_regular
from web.errors import Unusable

NAME = "episode.json"

LONGEST = {"title": 300, "show": 200, "url": LONGEST_ADDRESS, "name": LONGEST_NAME}  # characters
MOST_NAMES = 200  # speakers of an episode
_LARGEST_BYTES = 200_000  # two hundred speakers' names take some 10 kB
_LONGEST_TEXT = 2_000  # characters of a text that others wrote into an episode.json


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


class EpisodeFile(Struct, kw_only=True):
    """The content of an episode.json: the fields of ``Details``, and the names of ``audio`` and ``transcript``."""

    format: Literal["quotecast-episode"]
    version: Literal[1]
    title: str | UnsetType | None = UNSET
    show: str | UnsetType | None = UNSET
    date: str | UnsetType | None = UNSET
    url: str | UnsetType | None = UNSET
    language: str | UnsetType | None = UNSET
    guid: str | UnsetType | None = UNSET
    cover: str | None = None
    speakers: list[str | None] = []
    names: dict[str, str | None] = {}
    audio: str | None = None
    transcript: str | None = None

    def over(self, other: Details) -> Details:
        """Return the details that it has, and those of ``other`` where it is silent; texts can be shown, and have a
        limited length."""
        said = {name: getattr(self, name) for name in ("title", "show", "date", "url", "language", "guid")}
        named = ((_text(label), _text(name)) for label, name in list(self.names.items())[:MOST_NAMES])
        return replace(
            other,
            **{name: _text(text) for name, text in said.items() if text is not UNSET},
            cover=self.cover or other.cover,  # of any bytes
            speakers=tuple(filter(None, map(_text, self.speakers))),
            names={label: name for label, name in named if label and name},
        )


def read_details(folder: Path) -> EpisodeFile | None:
    """Read the folder's episode.json; None if there is none. Raises ValueError: damaged, or another program's."""
    try:
        content = read_regular(folder / NAME, _LARGEST_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ValueError(f"{folder / NAME}: cannot be read") from error
    return decode(content.removeprefix(codecs.BOM_UTF8), EpisodeFile)


def write_details(folder: Path, details: Details, audio: str | None, transcript: str | None) -> None:
    """Write the folder's episode.json, with a copy of another program's file. Raises OutputError: nothing changed."""
    path = folder / NAME
    try:
        is_free = read_details(folder) is not None or not is_regular(path)
    except ValueError:
        is_free = False
    said = {"format": "quotecast-episode", "version": 1, **asdict(details), "audio": audio, "transcript": transcript}
    text = encodable(json.dumps(said, ensure_ascii=False, indent=2) + "\n")
    if is_free:
        write_text(path, text)
    else:
        write_keeping({path: text.encode()})


def details_version(folder: Path) -> str:
    """Return the version of the folder's episode.json, which a page sends back: empty if there is none."""
    try:
        return str(state_of(folder / NAME).modified_ns)
    except OSError:
        return ""


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


def _text(given: str | None) -> str | None:
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
