"""The kept quotes of an episode, as formats read them: what is printed and said of them now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from aligner.errors import SavedQuotesError
from aligner.formats.material import Quote
from aligner.model import Alignment
from aligner.saved_quotes import CurrentQuotes, current_quotes
from media.errors import Message

_SHOWN = 120  # characters of a quote
_NAMED = 20  # quotes that are named by their words


def kept_or_why(folder: Path, alignment: Alignment) -> tuple[CurrentQuotes, list[Message]]:
    """``current_quotes``, for what goes on without them: none where their file cannot be read, and why."""
    try:
        return current_quotes(folder, alignment), []
    except SavedQuotesError as error:
        return CurrentQuotes(), [error.message]


def said_of(kept: CurrentQuotes) -> tuple[Quote, ...]:
    """The quotes that are said, in order of time."""
    found = (
        Quote(" ".join(quote.text.split()), quote.speaker or each.speaker, quote.voice.start, quote.voice.end)
        for each, quote in kept.spoken
    )
    return tuple(sorted(found, key=lambda each: (each.start, each.end)))


def lost_of(kept: CurrentQuotes) -> tuple[str, ...]:
    """The words of the others, as they were kept."""
    return tuple(" ".join(each.text.split()) for each in kept.lost)


def warnings_of_lost(lost: Sequence[str]) -> Iterator[Message]:
    """Yield a sentence on each quote that is left out; of many on the first."""
    for text in lost[:_NAMED]:
        quote = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1].rstrip()}…"
        yield Message("a kept quote was not found in what is said now: « {quote} »", quote=quote)
    if more := len(lost[_NAMED:]):
        yield Message("kept quotes more that were not found: {count}", count=more)
