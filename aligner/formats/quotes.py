"""An episode's saved quotes, as the formats write them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from aligner.errors import SavedQuotesError
from aligner.formats.material import Quote
from aligner.model import Alignment
from aligner.saved_quotes import CurrentQuotes, current_quotes
from media.errors import Message

_SHOWN = 120  # characters of a quote in a warning
_NAMED = 20  # quotes with a warning of their own


def quotes_or_warnings(folder: Path, alignment: Alignment) -> tuple[CurrentQuotes, list[Message]]:
    """Return the episode's quotes and no warning, or no quotes and a warning if their file cannot be read."""
    try:
        return current_quotes(folder, alignment), []
    except SavedQuotesError as error:
        return CurrentQuotes(), [error.message]


def spoken_quotes(quotes: CurrentQuotes) -> tuple[Quote, ...]:
    """Return the quotes that are in the audio, sorted by time."""
    found = (
        Quote(" ".join(quote.text.split()), quote.speaker or each.speaker, quote.voice.start, quote.voice.end)
        for each, quote in quotes.spoken
    )
    return tuple(sorted(found, key=lambda each: (each.start, each.end)))


def lost_quotes(quotes: CurrentQuotes) -> tuple[str, ...]:
    """Return the text of each saved quote that is no longer in the audio."""
    return tuple(" ".join(each.text.split()) for each in quotes.lost)


def warnings_of_lost(lost: Sequence[str]) -> Iterator[Message]:
    """Yield a warning for each of the first 20 texts of lost quotes, then one that says how many more there are."""
    for text in lost[:_NAMED]:
        quote = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1].rstrip()}…"
        yield Message("a saved quote is not in the audio any more: « {quote} »", quote=quote)
    if more := len(lost[_NAMED:]):
        yield Message("more saved quotes that are not in the audio any more: {count}", count=more)
