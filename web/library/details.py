"""episode.json: what people say of an episode, in a file that they can read and edit too."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from aligner.storage.atomic import write_text
from aligner.storage.backups import write_keeping
from web.library.records import Details

NAME = "episode.json"
FORMAT, VERSION = "quotecast-episode", 1

_LARGEST_BYTES = 1_000_000
_TEXTS = ("title", "show", "date", "url", "language", "cover")


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


def read_details(folder: Path) -> Stored | None:
    """What the folder's episode.json says, nothing if there is none.

    Raises
    ------
    ValueError
        It cannot be read, or is not ours.
    """
    data = _load(folder / NAME)
    if data is None:
        return None
    if data.get("format") != FORMAT or data.get("version") != VERSION:
        raise ValueError(f"{folder / NAME}: not of format {FORMAT!r}, version {VERSION}")
    texts = {name: _text(data[name]) for name in _TEXTS if name in data}
    said: dict[str, Any] = dict(texts)
    if "speakers" in data:
        said["speakers"] = tuple(_texts(data["speakers"]))
    if "names" in data:
        said["names"] = _names(data["names"])
    return Stored(Details(**said), frozenset(said), _text(data.get("audio")), _text(data.get("transcript")))


def write_details(folder: Path, details: Details, audio: str | None, transcript: str | None) -> None:
    """Write the folder's episode.json; what others put into it stays, and one that is not ours is kept as a copy.

    Raises
    ------
    OutputError
        It cannot be written; then nothing has changed.
    """
    path = folder / NAME
    try:
        others, ours = (_load(path) or {}), read_details(folder) is not None
    except ValueError:
        others, ours = {}, False
    fields = {
        "format": FORMAT,
        "version": VERSION,
        **{name: getattr(details, name) for name in _TEXTS},
        "speakers": list(details.speakers),
        "names": dict(details.names),
        "audio": audio,
        "transcript": transcript,
    }
    text = json.dumps({**(others if ours else {}), **fields}, ensure_ascii=False, indent=2) + "\n"
    if ours or not path.exists():
        write_text(path, text)
    else:
        write_keeping({path: text.encode("utf-8")})


def _load(path: Path) -> dict[str, Any] | None:
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise ValueError(f"{path}: larger than any episode.json")
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return None
    except (OSError, RecursionError) as error:
        raise ValueError(f"{path}: cannot be read") from error
    if not isinstance(data, dict):
        raise ValueError(f"{path}: not an object")
    return data


def _text(value: object) -> str | None:
    """Text without what is no character (JSON can hold halves of one); None and empty are unknown."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueError(f"{value!r} where text was expected")
    return value.encode("utf-8", "replace").decode("utf-8") or None


def _texts(values: object) -> list[str]:
    if not isinstance(values, list):
        raise ValueError(f"{values!r} where a list was expected")
    return [text for value in values if (text := _text(value))]


def _names(values: object) -> Mapping[str, str]:
    if not isinstance(values, dict):
        raise ValueError(f"{values!r} where names were expected")
    return {label: name for label, value in values.items() if (name := _text(value))}
