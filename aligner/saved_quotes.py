"""``quotes.json`` in an episode's folder: its saved quotes, readable without quotecast."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from aligner.errors import SavedQuotesError
from aligner.storage.atomic import write_text
from aligner.storage.checked_json import Seconds, decode, encodable, shortened
from aligner.storage.file_names import QUOTES as FILE
from media.safe_fs import read_regular

MOST = 5000  # quotes of an episode
LONGEST = 40_000  # characters of a quote: half an hour of fast talk, as long as a clip can be

_LARGEST_BYTES = 10_000_000
_Term = Annotated[str, Meta(max_length=200)]


class Lost(StrEnum):
    """Why a quote is not found: other ``WORDS`` stand at its time, another person says them, or nothing is left."""

    WORDS = "words"
    SPEAKER = "speaker"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved quote, and where its words are.

    ``text`` is what was printed when it was saved. ``char_start`` and ``char_end`` are half-open in the transcript
    whose hash begins with ``hash``; ``start`` and ``end`` are seconds of the audio whose hash begins with ``sound``,
    None if nobody says it; ``created`` and ``removed`` are ISO times in UTC. ``lost_in`` is the hash of a transcript in
    which it was not found, ``nearest`` the characters there that are most like it, ``lost_as`` what became of its
    words.
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

    def __post_init__(self) -> None:
        if not self.char_start < self.char_end:
            raise ValueError(f"quote {self.id!r} holds no text")


class _File(Struct):
    """The content of a ``quotes.json``."""

    format: Literal["quotecast-quotes"]
    version: Literal[1]
    quotes: Annotated[list[Kept], Meta(max_length=MOST)]


def timestamp() -> str:
    """Return the present time as quotes hold it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def read(folder: Path) -> list[Kept]:
    """Return the quotes that are saved in a folder, none if there is no file.

    Raises SavedQuotesError if the file cannot be read or is damaged; ``why`` among the message's values says how.
    """
    try:
        return decode(read_regular(folder / FILE, _LARGEST_BYTES), _File).quotes
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else shortened(error)
        path = folder / FILE
        raise SavedQuotesError("{path}: is damaged ({why}); mend it or move it away", path=path, why=why) from error


def write(folder: Path, quotes: list[Kept]) -> None:
    """Write the saved quotes of a folder; raises OutputError if that cannot be done."""
    write_text(folder / FILE, content_of(quotes))


def content_of(quotes: list[Kept]) -> str:
    """Return what ``write`` writes."""
    file = {"format": "quotecast-quotes", "version": 1, "quotes": [asdict(kept) for kept in quotes]}
    return encodable(json.dumps(file, ensure_ascii=False, indent=1)) + "\n"
