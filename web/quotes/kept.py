"""The saved quotes of an episode: kept, listed as they are now, removed and taken back.

A correction of the text takes a quote with its words, and one that is not found stays in the list as lost; one that a
person removes is only marked as removed. ``aligner.saved_quotes`` reads, finds and writes them. Whoever
changes them has the episode to themselves (``web.library.exclusive``).
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from aligner import saved_quotes
from aligner.errors import OutputError
from aligner.model import Alignment
from aligner.normalization import fold
from aligner.saved_quotes import MOST, LocatedQuote, SavedQuote, locate, text_of
from aligner.storage.file_names import QUOTES as FILE
from web.errors import Conflict, NotFound, Unusable
from web.quotes.links import Link, link_to, write_fragment
from web.quotes.selection import checked_words, shown
from web.worker_pool import call


def keep(folder: Path, alignment: Alignment, first: int, last: int) -> SavedQuote:
    """Keep the words from ``first`` to before ``last``; words that are kept already are not kept twice.

    Raises Unusable: the episode has no such words; SavedQuotesError, Conflict: the file of quotes is damaged, or full;
    OutputError: it cannot be written.
    """
    fresh = saved_quotes.new_quote(alignment, checked_words(alignment, first, last))
    quotes = saved_quotes.read(folder)
    kept, is_new = _put_among(quotes, fresh)
    if is_new:
        saved_quotes.write(folder, quotes)
    return kept


def placed(folder: Path, alignment: Alignment) -> list[LocatedQuote]:
    """Return the quotes that are kept, in order of the text, lost ones last; raises as ``keep``.

    Those of another transcript are sought, and written as they were found.
    """
    quotes = known = saved_quotes.read(folder)
    if any(saved_quotes.is_unlocated(kept, alignment) for kept in quotes):
        with contextlib.suppress(Unusable):  # one that cannot be sought within the limits is shown as lost
            known = call(locate, quotes, alignment)
    if known != quotes:
        with contextlib.suppress(OutputError):  # in a library that cannot be written they are sought each time
            saved_quotes.write(folder, known)
    found = [saved_quotes.location_of(kept, alignment) for kept in known if not kept.removed]
    return sorted(found, key=lambda each: (each.words is None, each.words.start if each.words else 0))


def mark_removed(folder: Path, identifier: str, is_removed: bool) -> None:
    """Take a quote off the list, or back onto it; raises NotFound if there is no such quote, otherwise as ``keep``."""
    quotes = saved_quotes.read(folder)
    number = _number_of(quotes, identifier)
    quotes[number] = replace(quotes[number], removed=saved_quotes.timestamp() if is_removed else None)
    saved_quotes.write(folder, quotes)


def take_nearest(folder: Path, alignment: Alignment, identifier: str) -> tuple[SavedQuote, bool]:
    """Keep the passage that is suggested for a lost quote in its place; the quote is removed. Return also whether the
    passage is new in the list. Raises NotFound if there is no such quote or passage, otherwise as ``keep``."""
    quotes = saved_quotes.read(folder)
    number = _number_of(quotes, identifier)
    nearest = saved_quotes.location_of(quotes[number], alignment).nearest
    if not nearest or quotes[number].removed:
        raise NotFound("kept.nothing_near")
    kept, is_new = _put_among(quotes, saved_quotes.new_quote(alignment, nearest))
    quotes[number] = replace(quotes[number], removed=saved_quotes.timestamp())
    saved_quotes.write(folder, quotes)
    return kept, is_new


def quote_facts(alignment: Alignment, placed: LocatedQuote) -> dict[str, Any]:
    """Return what the list shows of a quote.

    ``text`` is what its words are now, ``was`` what they were if they are others. Of a lost quote ``first`` is None,
    ``lost`` what became of its words, ``fragment`` leads to its moment, None if the audio no longer has it, and
    ``nearest`` is the suggested passage, if there is one. ``start`` is None if it is not said.
    """
    kept, text = placed.quote, shown(placed.quote.text, alignment.language)
    nearest = placed.nearest and _passage(alignment, placed.nearest)
    facts: dict[str, Any] = {"id": kept.id, "was": None, "lost": None, "nearest": nearest}
    if not placed.words:
        is_there = kept.start is not None and saved_quotes.has_current_audio(kept, alignment)
        fragment = f"#{write_fragment(Link(kept.start, kept.end))}" if is_there else None
        facts |= {"text": text, "speaker": kept.speaker, "lost": kept.lost_as or "text", "fragment": fragment}
        return facts | {"start": kept.start, "first": None, "last": None}
    now = _passage(alignment, placed.words)
    now["speaker"] = now["speaker"] or kept.speaker
    if _folded(kept.text) == _folded(text_of(alignment, placed.words)):
        return facts | now | {"text": text}
    return facts | now | {"was": text}


def _passage(alignment: Alignment, words: range) -> dict[str, Any]:
    """Return what a list shows of words; they have a time if half of them are said."""
    spoken = [span for k in words if (span := alignment.words[k].span)]
    speakers = (alignment.segments[alignment.words[k].word.segment].segment.speaker for k in words)
    return {
        "text": shown(text_of(alignment, words), alignment.language),
        "speaker": ", ".join(dict.fromkeys(filter(None, speakers))) or None,
        "start": spoken[0].start if 2 * len(spoken) >= len(words) else None,
        "first": words.start,
        "last": words.stop,
        "fragment": f"#{write_fragment(link_to(alignment, words))}",
    }


def _folded(text: str) -> list[str]:
    """Return the words of a text without case, accents and punctuation."""
    return [folded for word in text.split() if (folded := fold(word))]


def _put_among(quotes: list[SavedQuote], fresh: SavedQuote) -> tuple[SavedQuote, bool]:
    """Return the record of the words of ``fresh`` in the list, where it is put if they are not kept yet, and whether
    they were not in the list that is shown."""
    for number, kept in enumerate(quotes):
        if (kept.hash, kept.char_start, kept.char_end) == (fresh.hash, fresh.char_start, fresh.char_end):
            quotes[number] = replace(kept, removed=None)
            return quotes[number], kept.removed is not None
    if len(quotes) >= MOST:
        raise Conflict("kept.full", n=MOST, file=FILE)
    quotes.append(fresh)
    return fresh, True


def _number_of(quotes: Sequence[SavedQuote], identifier: str) -> int:
    for number, kept in enumerate(quotes):
        if kept.id == identifier:
            return number
    raise NotFound("kept.gone")
