"""Read and write an episode's details (title, date, speakers …) in episode.json, and check details from a form."""

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
from aligner.storage.vocabulary import LONGEST_VOCABULARY, entries_of
from aligner.transcript.names import LONGEST_NAME
from media.safe_fs import is_regular, read_regular
from web.errors import Unusable

NAME = "episode.json"

LONGEST = {"title": 300, "show": 200, "url": LONGEST_ADDRESS, "name": LONGEST_NAME}  # characters
MOST_NAMES = 200  # speakers of an episode
_LARGEST_BYTES = 200_000  # 200 speakers' names take some 10 kB
_LONGEST_TEXT = 2_000  # characters of a field in an episode.json written by others


@dataclass(frozen=True, slots=True)
class Details:
    """An episode's publication details, None where unknown.

    ``speakers`` are the names to show, in order of appearance; ``names`` maps a label in the transcript to the name to
    show if the two differ. ``cover`` is a file name in the episode's folder, ``guid`` identifies its item in the feed.
    ``vocabulary`` lists names and words for ASR to expect.
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
    vocabulary: tuple[str, ...] = ()


class EpisodeFile(Struct, kw_only=True):
    """The content of an episode.json: the fields of ``Details``, and the file names of ``audio`` and ``transcript``."""

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
    vocabulary: list[str | None] = []
    audio: str | None = None
    transcript: str | None = None

    def over(self, other: Details) -> Details:
        """Return the file's details, made printable. Missing fields except lists and ``names`` come from ``other``."""
        fields = {name: getattr(self, name) for name in ("title", "show", "date", "url", "language", "guid")}
        named = ((_text(label), _text(name)) for label, name in list(self.names.items())[:MOST_NAMES])
        return replace(
            other,
            **{name: _text(text) for name, text in fields.items() if text is not UNSET},
            cover=self.cover or other.cover,  # a file name, so any bytes
            speakers=tuple(filter(None, map(_text, self.speakers))),
            names={label: name for label, name in named if label and name},
            vocabulary=tuple(filter(None, map(_text, self.vocabulary))),
        )


def read_details(folder: Path) -> EpisodeFile | None:
    """Return the folder's episode.json, None if missing. Raises ValueError if it is damaged or not from quotecast."""
    try:
        content = read_regular(folder / NAME, _LARGEST_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ValueError(f"{folder / NAME}: cannot be read") from error
    return decode(content.removeprefix(codecs.BOM_UTF8), EpisodeFile)


def write_details(folder: Path, details: Details, audio: str | None, transcript: str | None) -> None:
    """Write the folder's episode.json; keep another program's file as a backup. Raises OutputError if this fails."""
    path = folder / NAME
    try:
        is_free = read_details(folder) is not None or not is_regular(path)
    except ValueError:
        is_free = False
    fields = {"format": "quotecast-episode", "version": 1, **asdict(details), "audio": audio, "transcript": transcript}
    text = encodable(json.dumps(fields, ensure_ascii=False, indent=2) + "\n")
    if is_free:
        write_text(path, text)
    else:
        write_keeping({path: text.encode()})


def details_version(folder: Path) -> str:
    """Return a text that changes whenever the folder's episode.json changes; it is empty if the file is missing."""
    try:
        return str(state_of(folder / NAME).modified_ns)
    except OSError:
        return ""


def checked_details(fields: Mapping[str, str], names: Mapping[str, str], labels: Sequence[str]) -> Details:
    """Return the details in a form's ``fields`` (title, show, date, url, language and vocabulary). ``names`` maps the
    speakers' ``labels`` in the transcript to the names to show. Raises Unusable if a field is invalid."""
    if len(labels) > MOST_NAMES:
        raise Unusable("fields.speakers", "speakers", most=MOST_NAMES)
    shown = {label: _line(names.get(label, ""), "name", "speakers") or label for label in labels}
    title = _line(fields.get("title", ""), "title")
    if not title:
        raise Unusable("fields.title_missing", "title")
    if len(url := fields.get("url", "").strip()) > LONGEST["url"]:
        raise Unusable("fields.too_long", "url", most=LONGEST["url"], length=len(url))
    vocabulary = entries_of(encodable(fields.get("vocabulary", "")).splitlines())
    if (length := len(" ".join(vocabulary))) > LONGEST_VOCABULARY:
        raise Unusable("fields.too_long", "vocabulary", most=LONGEST_VOCABULARY, length=length)
    return Details(
        title=title,
        show=_line(fields.get("show", ""), "show"),
        date=_valid("date", fields, iso_date),
        url=_valid("url", fields, lambda text: text if is_web_address(text) else None),
        language=_valid("language", fields, language_code),
        speakers=tuple(dict.fromkeys(shown.values())),
        names={label: name for label, name in shown.items() if name != label},
        vocabulary=vocabulary,
    )


def _text(text: str | None) -> str | None:
    return printable(text[:_LONGEST_TEXT]) if text else None


def _line(text: str, limit: str, field: str | None = None) -> str | None:
    """Return ``text`` as one line, None if blank. Raises Unusable if the line is longer than ``LONGEST[limit]``."""
    text = "".join(" " if c.isspace() else c for c in unicodedata.normalize("NFC", text))
    text = " ".join("".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cs", "Cn")).split())
    if len(text) > LONGEST[limit]:
        raise Unusable("fields.too_long", field or limit, most=LONGEST[limit], length=len(text))
    return text if any(unicodedata.category(c) != "Cf" for c in text) else None


def _valid(field: str, fields: Mapping[str, str], checked: Callable[[str], str | None]) -> str | None:
    """Return a form field's value, converted by ``checked``; None if empty. Raises Unusable if the value is invalid."""
    text = fields.get(field, "").strip()
    found = checked(text) if text else None
    if text and not found:
        raise Unusable(f"fields.{field}", field, found=text[:80])
    return found
