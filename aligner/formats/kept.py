"""The kept quotes of an episode, as formats read them: what is printed and said of them now."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from aligner.errors import QuoteError
from aligner.formats.material import Quote
from aligner.model import Alignment
from aligner.quotes import quote_of_words, words_of_chars
from aligner.storage.kept_quotes import HASH_DIGITS, LONGEST, Kept, read


def kept_in(folder: Path, alignment: Alignment) -> tuple[Quote, ...]:
    """The quotes that are kept in a folder and are said in this transcript, without those that were removed or lost, in
    order of time; none where there is no file of them.

    Raises
    ------
    KeptQuotesError
        The file is damaged, or holds too many.
    """
    return tuple(sorted(_found(read(folder), alignment), key=lambda each: (each.start, each.end)))


def _found(quotes: list[Kept], alignment: Alignment) -> Iterator[Quote]:
    version = alignment.transcript.sha256[:HASH_DIGITS]
    for kept in quotes:
        if kept.removed or kept.hash != version or kept.char_end - kept.char_start > LONGEST:
            continue
        if words := words_of_chars(alignment, kept.char_start, kept.char_end):
            with contextlib.suppress(QuoteError):  # nobody says it
                quote = quote_of_words(alignment, words)
                speaker = quote.speaker or kept.speaker
                yield Quote(" ".join(quote.text.split()), speaker, quote.voice.start, quote.voice.end)
