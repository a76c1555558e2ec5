"""Quotes that somebody kept: ``quotes.json`` in the episode's folder, readable without us.

A quote is never deleted by us: when the transcript is replaced it is sought by its words, and where it is not found it
stays in the list as lost; one that a person removes is only marked so, until it is taken back.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from aligner.errors import QuoteError
from aligner.model import Alignment
from aligner.quotes import search
from aligner.storage.atomic import write_text
from aligner.storage.checked_json import MisfitError, NotJsonError, Seconds, decode, encodable
from media.confinement import read_regular
from media.errors import Message
from web.bounded import call
from web.errors import Conflict, NotFound, Unusable
from web.library import exclusive
from web.quotes.links import link_to, version_of, words_of_chars, write_fragment
from web.quotes.selection import selected

FILE = "quotes.json"
FORMAT, VERSION = "quotecast-quotes", 1

_MOST = 5000  # quotes of an episode
_LARGEST_BYTES = 20_000_000
_SETTLING = 10.0  # seconds of the processor in which quotes are sought, when the transcript is another one


@dataclass(frozen=True, slots=True)
class Kept:
    """A quote as it was kept.

    ``char_start`` and ``char_end`` are half-open in the transcript whose hash begins with ``hash``; ``start`` and
    ``end`` are seconds, None where nobody says it; ``created`` and ``removed`` are ISO times in UTC. ``lost_in`` is the
    hash of a transcript in which it was sought and not found.
    """

    id: str
    text: str
    speaker: str | None
    char_start: Annotated[int, Meta(ge=0)]
    char_end: int
    start: Seconds | None
    end: Seconds | None
    hash: str
    created: str
    removed: str | None = None
    lost_in: str | None = None

    def __post_init__(self) -> None:
        if not self.char_start < self.char_end:
            raise ValueError(f"quote {self.id!r} holds no text")


class _File(Struct):
    """The content of a ``quotes.json``."""

    format: Literal["quotecast-quotes"]
    version: Literal[1]
    quotes: list[Kept]


@dataclass(frozen=True, slots=True)
class Placed:
    """A kept quote, and the words that it now is; None where it is lost."""

    kept: Kept
    words: range | None


def keep(folder: Path, alignment: Alignment, first: int, last: int) -> Kept:
    """Keep the words from ``first`` to before ``last``; words that are kept already are not kept twice.

    Raises
    ------
    Unusable
        The episode has no such words.
    Conflict
        The file of quotes is damaged, or full.
    OutputError
        It cannot be written.
    """
    fresh = _fresh(alignment, first, last)
    with exclusive(folder):
        quotes = _read(folder)
        for number, kept in enumerate(quotes):
            if (kept.hash, kept.char_start, kept.char_end) == (fresh.hash, fresh.char_start, fresh.char_end):
                if kept.removed:
                    quotes[number] = kept = replace(kept, removed=None)
                    _write(folder, quotes)
                return kept
        if len(quotes) >= _MOST:
            raise Conflict("kept.full", n=_MOST, file=FILE)
        _write(folder, [*quotes, fresh])
        return fresh


def placed(folder: Path, alignment: Alignment) -> list[Placed]:
    """The quotes that are kept, in order of the text, lost ones last.

    Those of another transcript are sought by their words, by a child, and what was found is written down.

    Raises
    ------
    Conflict, OutputError
        As ``keep``.
    """
    with exclusive(folder):
        quotes = _read(folder)
        settled = quotes
        if any(_is_astray(kept, alignment) for kept in quotes):
            with contextlib.suppress(Unusable):  # one that cannot be sought within bounds is shown as lost
                settled = call(_all_settled, quotes, alignment)
        if settled != quotes:
            _write(folder, settled)
    found = [Placed(kept, _words_of(kept, alignment)) for kept in settled if not kept.removed]
    return sorted(found, key=lambda each: (each.words is None, each.words.start if each.words else 0))


def remove(folder: Path, identifier: str) -> None:
    """Take a quote off the list; ``take_back`` undoes it.

    Raises
    ------
    NotFound
        There is no such quote.
    Conflict, OutputError
        As ``keep``.
    """
    _change(folder, identifier, lambda kept: replace(kept, removed=kept.removed or _now()))


def take_back(folder: Path, identifier: str) -> None:
    """Undo ``remove``, which tells what is raised."""
    _change(folder, identifier, lambda kept: replace(kept, removed=None))


def kept_facts(alignment: Alignment, placed: Placed) -> dict[str, Any]:
    """A kept quote; ``first`` and the link's ``fragment`` are None where it is lost."""
    kept, words = placed.kept, placed.words
    return {
        "id": kept.id,
        "text": kept.text,
        "speaker": kept.speaker,
        "start": kept.start,
        "end": kept.end,
        "created": kept.created,
        "first": words.start if words else None,
        "last": words.stop if words else None,
        "fragment": f"#{write_fragment(link_to(alignment, words))}" if words else None,
    }


def _change(folder: Path, identifier: str, change: Callable[[Kept], Kept]) -> None:
    with exclusive(folder):
        quotes = _read(folder)
        number = next((number for number, kept in enumerate(quotes) if kept.id == identifier), None)
        if number is None:
            raise NotFound("kept.gone")
        quotes[number] = change(quotes[number])
        _write(folder, quotes)


def _fresh(alignment: Alignment, first: int, last: int) -> Kept:
    selection = selected(alignment, first, last)
    words = [alignment.words[k].word for k in (first, last - 1)]
    return Kept(
        id=secrets.token_hex(4),
        text=selection.text,
        speaker=", ".join(selection.speakers) or None,
        char_start=words[0].char_start,
        char_end=words[1].char_end,
        start=selection.voice.start if selection.voice else None,
        end=selection.voice.end if selection.voice else None,
        hash=version_of(alignment),
        created=_now(),
    )


def _is_astray(kept: Kept, alignment: Alignment) -> bool:
    """Whether it is not yet known where the quote is in this transcript."""
    return not kept.removed and version_of(alignment) not in (kept.hash, kept.lost_in)


def _all_settled(quotes: list[Kept], alignment: Alignment) -> list[Kept]:
    """The quotes, as many of them settled as time allows; the others are when they are asked for again."""
    latest = time.process_time() + _SETTLING
    return [_settled(k, alignment) if not k.removed and time.process_time() < latest else k for k in quotes]


def _settled(kept: Kept, alignment: Alignment) -> Kept:
    """The quote with the characters and times that it has in this transcript, or marked as lost in it."""
    version = version_of(alignment)
    if version in (kept.hash, kept.lost_in):
        return kept
    try:
        places = search(alignment, kept.text).places
    except QuoteError:  # nothing in it can be sought
        places = ()
    if not places:
        return replace(kept, lost_in=version)
    here = [_fresh(alignment, place.words.start, place.words.stop) for place in places]
    # Where the same is said more than once, it is the sound that tells which was meant.
    nearest = min(here, key=lambda each: _apart(each.start, kept.start))
    return replace(nearest, id=kept.id, text=kept.text, created=kept.created)


def _apart(one: float | None, other: float | None) -> float:
    return abs(one - other) if one is not None and other is not None else float("inf")


def _words_of(kept: Kept, alignment: Alignment) -> range | None:
    if kept.hash != version_of(alignment):
        return None
    return words_of_chars(alignment, kept.char_start, kept.char_end)


def _read(folder: Path) -> list[Kept]:
    try:
        return decode(read_regular(folder / FILE, _LARGEST_BYTES), _File).quotes
    except FileNotFoundError:
        return []
    except OSError as error:
        raise Conflict("kept.damaged", file=FILE, why=Message("{reason}", reason=error.strerror)) from error
    except NotJsonError as error:
        raise Conflict("kept.damaged", file=FILE, why="JSON") from error
    except MisfitError as error:
        why = Message("what is at {place} does not fit", place=error.place or "$")
        raise Conflict("kept.damaged", file=FILE, why=why) from error


def _write(folder: Path, quotes: list[Kept]) -> None:
    content = {"format": FORMAT, "version": VERSION, "quotes": [asdict(kept) for kept in quotes]}
    text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    write_text(folder / FILE, encodable(text))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
