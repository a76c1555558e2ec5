"""Quotes that somebody kept, and what became of them.

A quote is never deleted by us: when the transcript is replaced it is sought, and where it is not found it stays in the
list as lost; one that a person removes is only marked so, until it is taken back.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aligner.errors import OutputError
from aligner.model import Alignment
from aligner.normalization import fold
from aligner.typography import unbroken
from web.bounded import call
from web.errors import Busy, Conflict, NotFound, Unusable
from web.library import exclusive
from web.quotes.kept_file import FILE, MOST, Kept, read, timestamp, write
from web.quotes.links import link_to, version_of, words_of_chars, write_fragment
from web.quotes.selection import LONGEST, chars_of, checked_words, is_too_long, text_of
from web.quotes.settling import kept_now, settled

# Seconds of the processor in which quotes are sought, when the transcript is another one, and printed.
_SETTLING, _PRINTING = 10.0, 3.0
_ON_A_PAGE, _PAGE_CHARS = 500, 200_000  # of the list: a page ends with the quote that reaches one of them
_LONGEST_TEXT, _LONGEST_NAMES = 5000, 300  # characters of what a row shows; a minute of talk has 1000


@dataclass(frozen=True, slots=True)
class Placed:
    """A kept quote, and the words that it now is, None where it is lost; ``nearest`` are then those that are most like
    it, if any are."""

    kept: Kept
    words: range | None
    nearest: range | None = None


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
        quotes = read(folder)
        kept, is_new = _put_among(quotes, fresh)
        if is_new:
            write(folder, quotes)
        return kept


def placed(folder: Path, alignment: Alignment) -> list[Placed]:
    """The quotes that are kept, in order of the text, lost ones last.

    Those of another transcript are sought, by a child, and what was found is written down.

    Raises
    ------
    Conflict
        As ``keep``.
    """
    with exclusive(folder):
        quotes = read(folder)
        known = quotes
        if any(_is_astray(kept, alignment) for kept in quotes):
            with contextlib.suppress(Unusable):  # one that cannot be sought within bounds is shown as lost
                known = call(_all_settled, quotes, alignment)
        if known != quotes:
            with contextlib.suppress(OutputError):  # in a library that cannot be written they are sought each time
                write(folder, known)
    found = [_placed(kept, alignment) for kept in known if not kept.removed]
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
        quotes = read(folder)
        number = _number_of(quotes, identifier)
        if quotes[number].removed:
            raise NotFound("kept.gone")
        nearest = _placed(quotes[number], alignment).nearest
        if not nearest:
            raise NotFound("kept.nothing_near")
        kept, is_new = _put_among(quotes, kept_now(alignment, nearest))
        quotes[number] = replace(quotes[number], removed=timestamp())
        write(folder, quotes)
        return kept, is_new


def page_of_quotes(
    alignment: Alignment, placed: Sequence[Placed], start: int = 0
) -> tuple[list[dict[str, Any]], int | None]:
    """The facts of the quotes from the ``start``-th on, as many as one answer tells; and where the list goes on, None
    where it does not.

    Of a quote as it now is, ``was`` is its text as it was kept where the words are others; ``first`` and the link's
    ``fragment`` are None where it is lost, ``start`` where it is not said; ``nearest`` is then the passage that is
    suggested, if there is one. Texts are as they are shown, with no-break spaces.
    """
    stop = start = max(0, start)
    chars = 0
    while stop < len(placed) and stop - start < _ON_A_PAGE and chars < _PAGE_CHARS:
        each = placed[stop]
        chars += min(len(each.kept.text), LONGEST)
        chars += sum(chars_of(alignment, words) for words in (each.words, each.nearest) if words)
        stop += 1
    shown = placed[start:stop]
    # What stands between the first word and the last is at hand; what is printed of it has to be made.
    kept_words = [(each.kept, each.words) for each in shown if each.words]
    to_print = [words for kept, words in kept_words if not _has_words(kept.text, _raw(alignment, words))]
    printed: dict[range, str] = {}
    if to_print:
        with contextlib.suppress(Unusable, Busy):  # they are shown as they stand
            printed = call(_all_printed, alignment, to_print)
    return [_facts(alignment, each, printed) for each in shown], stop if stop < len(placed) else None


def _all_printed(alignment: Alignment, passages: list[range]) -> dict[range, str]:
    """What is printed of the passages, of as many of them as time allows."""
    latest = time.process_time() + _PRINTING
    return {words: text_of(alignment, words) for words in passages if time.process_time() < latest}


def _facts(alignment: Alignment, placed: Placed, printed: Mapping[range, str]) -> dict[str, Any]:
    kept, words = placed.kept, placed.words
    facts: dict[str, Any] = {
        "id": kept.id,
        "created": kept.created,
        "was": None,
        "nearest": placed.nearest and _passage_facts(alignment, placed.nearest),
    }
    if not words:
        speaker = kept.speaker and _shortened(kept.speaker, _LONGEST_NAMES)
        lost = {"text": _shown(kept.text, alignment), "speaker": speaker, "start": kept.start, "end": kept.end}
        return facts | lost | {"first": None, "last": None, "fragment": None}
    facts |= _passage_facts(alignment, words)
    raw = _raw(alignment, words)
    text = kept.text if _has_words(kept.text, raw) else printed.get(words, raw)
    was = None if _has_words(kept.text, text) else _shown(kept.text, alignment)
    speaker = facts["speaker"] or kept.speaker
    return facts | {
        "text": _shown(text, alignment),
        "was": was,
        "speaker": speaker and _shortened(speaker, _LONGEST_NAMES),
    }


def _passage_facts(alignment: Alignment, words: range) -> dict[str, Any]:
    spoken = [span for k in words if (span := alignment.words[k].span)]
    said = 2 * len(spoken) >= len(words)
    return {
        "text": _shown(_raw(alignment, words), alignment),
        "speaker": _shortened(", ".join(_speakers(alignment, words)), _LONGEST_NAMES) or None,
        "start": spoken[0].start if said else None,
        "end": max(span.end for span in spoken) if said else None,
        "first": words.start,
        "last": words.stop,
        "fragment": f"#{write_fragment(link_to(alignment, words))}",
    }


def _shown(text: str, alignment: Alignment) -> str:
    return unbroken(_shortened(text), alignment.language)


def _shortened(text: str, longest: int = _LONGEST_TEXT) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _speakers(alignment: Alignment, words: range) -> dict[str, None]:
    """The names of who says the words, in order of appearance."""
    names = (alignment.segments[alignment.words[k].word.segment].segment.speaker for k in words)
    return dict.fromkeys(filter(None, names))


def _raw(alignment: Alignment, words: range) -> str:
    """The text from the first of the words to the last as it stands in the transcript."""
    first, last = alignment.words[words[0]].word, alignment.words[words[-1]].word
    return alignment.transcript.text[first.char_start : last.char_end]


def _has_words(text: str, other: str) -> bool:
    """Whether two texts, of which none is too long, are the same but for case, accents, punctuation and space."""
    if max(len(text), len(other)) > 2 * LONGEST:  # what is printed of words adds dashes to them
        return False
    one, two = ([folded for word in each.split() if (folded := fold(word))] for each in (text, other))
    return one == two


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
        quotes = read(folder)
        number = _number_of(quotes, identifier)
        quotes[number] = change(quotes[number])
        write(folder, quotes)


def _number_of(quotes: Sequence[Kept], identifier: str) -> int:
    number = next((number for number, kept in enumerate(quotes) if kept.id == identifier), None)
    if number is None:
        raise NotFound("kept.gone")
    return number


def _placed(kept: Kept, alignment: Alignment) -> Placed:
    version = version_of(alignment)
    words = _words(alignment, (kept.char_start, kept.char_end)) if kept.hash == version else None
    nearest = kept.nearest if words is None and kept.lost_in == version else None
    return Placed(kept, words, _words(alignment, nearest) if nearest else None)


def _words(alignment: Alignment, chars: tuple[int, int]) -> range | None:
    """The words that are there; of more than a quote may hold none."""
    words = words_of_chars(alignment, *chars)
    return words if words and not is_too_long(alignment, words) else None


def _is_astray(kept: Kept, alignment: Alignment) -> bool:
    """Whether it is not yet known where the quote is in this transcript."""
    return not kept.removed and version_of(alignment) not in (kept.hash, kept.lost_in)


def _all_settled(quotes: list[Kept], alignment: Alignment) -> list[Kept]:
    """The quotes, as many of them settled as time allows; the others are when they are asked for again."""
    latest = time.process_time() + _SETTLING
    return [
        settled(kept, alignment) if _is_astray(kept, alignment) and time.process_time() < latest else kept
        for kept in quotes
    ]
