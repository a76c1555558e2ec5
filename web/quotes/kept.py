"""Quotes that somebody kept, and what became of them.

A quote is never deleted by us: with a change of the text it goes with its words, and one that is not found stays in the
list as lost; one that a person removes is only marked so, until it is taken back.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from aligner import saved_quotes as kept_quotes
from aligner.errors import KeptQuotesError, OutputError
from aligner.kept import Placed, is_astray, kept_now, place_of, settled
from aligner.model import Alignment
from aligner.saved_quotes import MOST, Kept, timestamp, write
from aligner.storage.file_names import QUOTES as FILE
from web.bounded import call
from web.errors import Conflict, NotFound, Unusable
from web.library.library import exclusive
from web.quotes.selection import checked_words


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
    fresh = kept_now(alignment, checked_words(alignment, first, last))
    with exclusive(folder):
        quotes = _read(folder)
        kept, is_new = _put_among(quotes, fresh)
        if is_new:
            write(folder, quotes)
        return kept


def placed(folder: Path, alignment: Alignment) -> list[Placed]:
    """The quotes that are kept, in order of the text, lost ones last.

    Those of another transcript are sought, by a worker, and what was found is written.

    Raises
    ------
    Conflict
        As ``keep``.
    """
    with exclusive(folder):
        quotes = _read(folder)
        known = quotes
        if any(is_astray(kept, alignment) for kept in quotes):
            with contextlib.suppress(Unusable):  # one that cannot be sought within bounds is shown as lost
                known = call(settled, quotes, alignment)
        if known != quotes:
            with contextlib.suppress(OutputError):  # in a library that cannot be written they are sought each time
                write(folder, known)
    found = [place_of(kept, alignment) for kept in known if not kept.removed]
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
    _change(folder, identifier, lambda kept: replace(kept, removed=kept.removed or timestamp()))


def take_back(folder: Path, identifier: str) -> None:
    """Undo ``remove``, which tells what is raised."""
    _change(folder, identifier, lambda kept: replace(kept, removed=None))


def take_nearest(folder: Path, alignment: Alignment, identifier: str) -> tuple[Kept, bool]:
    """Keep the passage that is suggested for a lost quote in its stead: that is taken off the list, and ``take_back``
    brings it back as it was. Also told is whether the passage was not on the list before.

    Raises
    ------
    NotFound
        There is no such quote, or it has no such passage.
    Conflict, OutputError
        As ``keep``.
    """
    with exclusive(folder):
        quotes = _read(folder)
        number = _number_of(quotes, identifier)
        if quotes[number].removed:
            raise NotFound("kept.gone")
        nearest = place_of(quotes[number], alignment).nearest
        if not nearest:
            raise NotFound("kept.nothing_near")
        kept, is_new = _put_among(quotes, kept_now(alignment, nearest))
        quotes[number] = replace(quotes[number], removed=timestamp())
        write(folder, quotes)
        return kept, is_new


def _read(folder: Path) -> list[Kept]:
    """The quotes that are kept in a folder.

    Raises
    ------
    Conflict
        Their file is damaged, or holds more than ``MOST``.
    """
    try:
        return kept_quotes.read(folder)
    except KeptQuotesError as error:
        raise Conflict("kept.damaged", file=FILE, why=error.message.values["why"]) from error


def _put_among(quotes: list[Kept], fresh: Kept) -> tuple[Kept, bool]:
    """The record of the words of ``fresh`` in the list, where it is put if they are not kept yet; and whether they were
    not on the list that is shown.

    Raises
    ------
    Conflict
        The list is full.
    """
    for number, kept in enumerate(quotes):
        if (kept.hash, kept.char_start, kept.char_end) == (fresh.hash, fresh.char_start, fresh.char_end):
            quotes[number] = replace(kept, removed=None)
            return quotes[number], kept.removed is not None
    if len(quotes) >= MOST:
        raise Conflict("kept.full", n=MOST, file=FILE)
    quotes.append(fresh)
    return fresh, True


def _change(folder: Path, identifier: str, change: Callable[[Kept], Kept]) -> None:
    with exclusive(folder):
        quotes = _read(folder)
        number = _number_of(quotes, identifier)
        quotes[number] = change(quotes[number])
        write(folder, quotes)


def _number_of(quotes: Sequence[Kept], identifier: str) -> int:
    number = next((number for number, kept in enumerate(quotes) if kept.id == identifier), None)
    if number is None:
        raise NotFound("kept.gone")
    return number
