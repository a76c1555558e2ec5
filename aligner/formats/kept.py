"""The kept quotes of an episode, as formats read them: what is printed and said of them now."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from aligner import quotes
from aligner.errors import KeptQuotesError, QuoteError
from aligner.formats.material import Quote
from aligner.model import Alignment
from aligner.storage.kept_quotes import HASH_DIGITS, LONGEST, Kept, read
from media.errors import Message


def kept_in(folder: Path, alignment: Alignment) -> tuple[Quote, ...]:
    """The quotes that are kept in a folder and are said in this transcript, without those that were removed or lost, in
    order of time; none where there is no file of them.

    Raises
    ------
    KeptQuotesError
        The file is damaged, or holds too many.
    """
    found = (
        Quote(" ".join(quote.text.split()), quote.speaker or kept.speaker, quote.voice.start, quote.voice.end)
        for kept, quote in said_in(folder, alignment)
    )
    return tuple(sorted(found, key=lambda each: (each.start, each.end)))


def kept_or_why(folder: Path, alignment: Alignment) -> tuple[tuple[Quote, ...], tuple[Message, ...]]:
    """``kept_in``, for what goes on without them: none where their file cannot be read, and why."""
    try:
        return kept_in(folder, alignment), ()
    except KeptQuotesError as error:
        return (), (error.message,)


def said_in(folder: Path, alignment: Alignment) -> Iterator[tuple[Kept, quotes.Quote]]:
    """The same quotes, each as it was kept and as it is found in the transcript, in the order of the file.

    Raises
    ------
    KeptQuotesError
        As ``kept_in``.
    """
    version = alignment.transcript.sha256[:HASH_DIGITS]
    for kept in read(folder):
        if kept.removed or kept.hash != version or kept.char_end - kept.char_start > LONGEST:
            continue
        if words := quotes.words_of_chars(alignment, kept.char_start, kept.char_end):
            with contextlib.suppress(QuoteError):  # nobody says it
                yield kept, quotes.quote_of_words(alignment, words)
