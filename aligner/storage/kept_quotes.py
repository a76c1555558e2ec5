"""``quotes.json`` in an episode's folder: the quotes that somebody kept, readable without us."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Raw, Struct

from aligner.errors import KeptQuotesError, TooManyQuotesError
from aligner.model import Alignment
from aligner.storage.atomic import write_text
from aligner.storage.checked_json import MisfitError, NotJsonError, Seconds, decode, encodable
from media.confinement import read_regular
from media.errors import Message

FILE = "quotes.json"
FORMAT, VERSION = "quotecast-quotes", 1
MOST = 5000  # quotes of an episode
LONGEST = 40_000  # characters of a quote: half an hour of fast talk, as long as a clip can be
HASH_DIGITS = 8  # of the hashes that quotes and links carry

_LARGEST_BYTES = 10_000_000
_Term = Annotated[str, Meta(max_length=200)]


class Lost(StrEnum):
    """Why a quote is not found: other ``WORDS`` are printed of its moment, somebody else is said to say it, or nothing
    of it is printed there any more."""

    WORDS = "words"
    SPEAKER = "speaker"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Kept:
    """A quote as it was kept, and where its words are.

    ``text`` is what was printed when it was kept. ``char_start`` and ``char_end`` are half-open in the transcript whose
    hash begins with ``hash``; ``start`` and ``end`` are seconds of the sound whose hash begins with ``sound``, None
    where nobody says it; ``created`` and ``removed`` are ISO times in UTC. ``lost_in`` is the hash of a transcript in
    which it was sought and not found, ``nearest`` the characters there that are most like it, ``lost_as`` what became
    of its words. ``speaker_was`` is who was said to say it before a person set its speaker right.
    """

    id: _Term
    text: str
    speaker: str | None
    char_start: Annotated[int, Meta(ge=0)]
    char_end: int
    start: Seconds | None
    end: Seconds | None
    hash: _Term
    created: _Term
    removed: _Term | None = None
    lost_in: _Term | None = None
    sound: _Term | None = None
    nearest: tuple[int, int] | None = None
    lost_as: Lost | None = None
    speaker_was: str | None = None

    def __post_init__(self) -> None:
        if not self.char_start < self.char_end:
            raise ValueError(f"quote {self.id!r} holds no text")


class _File(Struct):
    """The content of a ``quotes.json``."""

    format: Literal["quotecast-quotes"]
    version: Literal[1]
    quotes: list[Kept]


def version_of(alignment: Alignment) -> str:
    """The digits of the transcript's hash that quotes and links carry."""
    return alignment.transcript.sha256[:HASH_DIGITS]


def timestamp() -> str:
    """Now, as the times of quotes are written."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def read(folder: Path) -> list[Kept]:
    """The quotes that are kept in a folder, none where there is no file.

    Raises
    ------
    KeptQuotesError
        It is damaged; ``why`` among the message's values tells how.
    TooManyQuotesError
        It holds more than ``MOST``.
    """
    try:
        quotes = decode(read_regular(folder / FILE, _LARGEST_BYTES), _File).quotes
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _damaged(folder, Message("{reason}", reason=error.strerror)) from error
    except NotJsonError as error:
        raise _damaged(folder, "JSON") from error
    except MisfitError as error:
        raise _damaged(folder, Message("what is at {place} does not fit", place=error.place or "$")) from error
    if len(quotes) > MOST:
        raise TooManyQuotesError(
            "{path}: holds more than {most} quotes; take some out of it", path=folder / FILE, most=MOST
        )
    return quotes


def _damaged(folder: Path, why: str) -> KeptQuotesError:
    return KeptQuotesError("{path}: is damaged ({why}); mend it or move it away", path=folder / FILE, why=why)


def write(folder: Path, quotes: list[Kept]) -> None:
    """Write the quotes that were read, those that were changed in their places, others after them; what somebody else
    put into the file stays.

    Raises
    ------
    OutputError
        That cannot be done.
    """
    write_text(folder / FILE, content_of(folder, quotes))


def content_of(folder: Path, quotes: list[Kept]) -> str:
    """What ``write`` writes."""
    file, olds = _as_written(folder)
    written = []
    for number, kept in enumerate(quotes):
        old = olds[number] if number < len(olds) else {}
        own = old if json.loads(old.get("id", "null")) == kept.id else {}
        written.append(_object({**own, **_fields(asdict(kept))}, "  "))
    listed = "[\n" + ",\n".join(f"  {each}" for each in written) + "\n ]" if written else "[]"
    text = _object({**file, **_fields({"format": FORMAT, "version": VERSION}), "quotes": listed})
    return encodable(text) + "\n"


def _as_written(folder: Path) -> tuple[dict[str, str], list[dict[str, str]]]:
    """The fields of the file and those of its quotes, each value as it is written there; none where there is no file.

    A value is not looked into: of a list of millions nothing is made but a copy.
    """
    try:
        content = read_regular(folder / FILE, _LARGEST_BYTES)
    except OSError:  # it is not there, or somebody has replaced it since it was read
        return {}, []
    try:
        file = msgspec.json.decode(content, type=dict[str, Raw])
        quotes = msgspec.json.decode(file["quotes"], type=list[dict[str, Raw]])
        return _texts(file), [_texts(quote) for quote in quotes]
    except (msgspec.MsgspecError, UnicodeDecodeError):  # halves of characters and NaN, which ``decode`` reads too
        data = json.loads(content)
        return _fields(data), [_fields(quote) for quote in data["quotes"]]


def _texts(record: dict[str, Raw]) -> dict[str, str]:
    return {name: bytes(value).decode() for name, value in record.items()}


def _fields(record: dict[str, Any]) -> dict[str, str]:
    return {name: json.dumps(value, ensure_ascii=False) for name, value in record.items()}


def _object(fields: dict[str, str], margin: str = "") -> str:
    """An object of JSON with a line for each field."""
    lines = (f"{margin} {json.dumps(name, ensure_ascii=False)}: {value}" for name, value in fields.items())
    return "{\n" + ",\n".join(lines) + f"\n{margin}}}"
