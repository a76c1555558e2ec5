"""Save, list, remove and restore quotes of an episode.

After a correction of the text, a saved quote has the corrected words; if the words are gone, the quote is listed as
lost. A removed quote is only marked as removed, so that it can be restored. ``aligner.saved_quotes`` reads, locates and
writes quotes. Callers must hold the episode's lock (``web.library.exclusive``).
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
from web.quotes.selection import checked_words, display_text
from web.worker_pool import call


def save_quote(folder: Path, alignment: Alignment, first: int, last: int) -> SavedQuote:
    """Save the words from ``first`` to before ``last``, unless they are saved already; return the saved quote.

    Raises Unusable if the episode has no such words, SavedQuotesError if the file of quotes is damaged, Conflict if the
    file is full, OutputError if the file cannot be written."""
    new = saved_quotes.new_quote(alignment, checked_words(alignment, first, last))
    quotes = saved_quotes.read(folder)
    saved, is_new = _add(quotes, new)
    if is_new:
        saved_quotes.write(folder, quotes)
    return saved


def located_quotes(folder: Path, alignment: Alignment) -> list[LocatedQuote]:
    """Return the saved quotes in the order of the text, lost quotes last. Raises the same errors as ``save_quote``.

    Quotes from another version of the transcript are located in the present one. The new locations are stored."""
    quotes = updated = saved_quotes.read(folder)
    if any(saved_quotes.is_unlocated(quote, alignment) for quote in quotes):
        with contextlib.suppress(Unusable):  # quotes that cannot be located within the limits are listed as lost
            updated = call(locate, quotes, alignment)
    if updated != quotes:
        with contextlib.suppress(OutputError):  # in a read-only library they are located each time
            saved_quotes.write(folder, updated)
    found = [saved_quotes.location_of(quote, alignment) for quote in updated if not quote.removed]
    return sorted(found, key=lambda each: (each.words is None, each.words.start if each.words else 0))


def mark_removed(folder: Path, identifier: str, is_removed: bool) -> None:
    """Mark a quote as removed or, if ``is_removed`` is false, restore it. Raises NotFound if there is no such quote,
    otherwise the same errors as ``save_quote``."""
    quotes = saved_quotes.read(folder)
    number = _number_of(quotes, identifier)
    quotes[number] = replace(quotes[number], removed=saved_quotes.timestamp() if is_removed else None)
    saved_quotes.write(folder, quotes)


def accept_nearest(folder: Path, alignment: Alignment, identifier: str) -> tuple[SavedQuote, bool]:
    """Replace a lost quote by a quote of the most similar passage. Return the new quote, and False if that passage was
    saved already, otherwise True.

    Raises NotFound if there is no such quote or no suggestion, otherwise the same errors as ``save_quote``."""
    quotes = saved_quotes.read(folder)
    number = _number_of(quotes, identifier)
    nearest = saved_quotes.location_of(quotes[number], alignment).nearest
    if not nearest or quotes[number].removed:
        raise NotFound("kept.nothing_near")
    saved, is_new = _add(quotes, saved_quotes.new_quote(alignment, nearest))
    quotes[number] = replace(quotes[number], removed=saved_quotes.timestamp())
    saved_quotes.write(folder, quotes)
    return saved, is_new


def quote_facts(alignment: Alignment, located: LocatedQuote) -> dict[str, Any]:
    """Return a saved quote as JSON, for its row in the list of quotes.

    ``text`` has the present words; ``was`` has the saved words if these differ. ``start`` is None if the quote is not
    spoken. For a lost quote, ``first`` is None, ``lost`` is the reason, ``fragment`` links to the quote's time (None if
    the audio was replaced), and ``nearest`` is the most similar passage, if any."""
    quote, text = located.quote, display_text(located.quote.text, alignment.language)
    nearest = located.nearest and _passage(alignment, located.nearest)
    facts: dict[str, Any] = {"id": quote.id, "was": None, "lost": None, "nearest": nearest}
    if not located.words:
        has_time = quote.start is not None and saved_quotes.has_current_audio(quote, alignment)
        fragment = f"#{write_fragment(Link(quote.start, quote.end))}" if has_time else None
        facts |= {"text": text, "speaker": quote.speaker, "lost": quote.lost_as or "text", "fragment": fragment}
        return facts | {"start": quote.start, "first": None, "last": None}
    now = _passage(alignment, located.words)
    now["speaker"] = now["speaker"] or quote.speaker
    if _folded(quote.text) == _folded(text_of(alignment, located.words)):
        return facts | now | {"text": text}
    return facts | now | {"was": text}


def _passage(alignment: Alignment, words: range) -> dict[str, Any]:
    """Return a range of words as JSON for a list; ``start`` is None unless at least half of the words are spoken."""
    spoken = [span for k in words if (span := alignment.words[k].span)]
    speakers = (alignment.segments[alignment.words[k].word.segment].segment.speaker for k in words)
    return {
        "text": display_text(text_of(alignment, words), alignment.language),
        "speaker": ", ".join(dict.fromkeys(filter(None, speakers))) or None,
        "start": spoken[0].start if 2 * len(spoken) >= len(words) else None,
        "first": words.start,
        "last": words.stop,
        "fragment": f"#{write_fragment(link_to(alignment, words))}",
    }


def _folded(text: str) -> list[str]:
    return [folded for word in text.split() if (folded := fold(word))]


def _add(quotes: list[SavedQuote], new: SavedQuote) -> tuple[SavedQuote, bool]:
    """Add ``new`` to ``quotes`` or, if the list has an equal quote, restore that quote if it was removed. Return the
    quote in the list, and whether the list was changed."""
    for number, quote in enumerate(quotes):
        if (quote.hash, quote.char_start, quote.char_end) == (new.hash, new.char_start, new.char_end):
            quotes[number] = replace(quote, removed=None)
            return quotes[number], quote.removed is not None
    if len(quotes) >= MOST:
        raise Conflict("kept.full", n=MOST, file=FILE)
    quotes.append(new)
    return new, True


def _number_of(quotes: Sequence[SavedQuote], identifier: str) -> int:
    for number, quote in enumerate(quotes):
        if quote.id == identifier:
            return number
    raise NotFound("kept.gone")
