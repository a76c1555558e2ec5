"""Describe the words that a reader selected: text, times, link, and warnings about a clip cut from them."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from aligner.errors import QuoteError
from aligner.model import Alignment
from aligner.publishing.clips import cited
from aligner.quotes.comparison import Caution
from aligner.quotes.quote import quote_of_words, read_printed
from aligner.saved_quotes import LONGEST, length_of, text_of
from aligner.typography import unbroken
from web.errors import Unusable
from web.quotes.links import link_to, write_fragment

_LONGEST_TEXT = 2000  # characters in a row of a list; a minute of speech has 1000


def display_text(text: str, language: str) -> str:
    """Return a quote's text for a list: truncated if very long, with the no-break spaces that ``language`` needs."""
    return unbroken(text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…", language)


def checked_words(alignment: Alignment, first: int, last: int) -> range:
    """Return the range of words from ``first`` to before ``last``. Raises Unusable if they are missing or too many."""
    if not 0 <= first < last <= len(alignment.words):
        raise Unusable("quote.no_words", first=first, last=last, n=len(alignment.words))
    words = range(first, last)
    if length_of(alignment, words) > LONGEST:
        raise Unusable("quote.too_long", n=LONGEST)
    return words


def selection_facts(alignment: Alignment, first: int, last: int, local: str) -> dict[str, Any]:
    """Return the text, times, links and warnings of the words from ``first`` to before ``last`` as JSON.

    ``link`` leads to the words on the episode's public page. If the episode has none, the link leads to this server's
    page, at the address ``local``. ``copy`` is the text for "Copy quote", ``cautions`` are warnings about a clip of
    the words. Raises Unusable if the words are missing or too many."""
    words = checked_words(alignment, first, last)
    printed = read_printed(alignment, words)
    text, cautions = text_of(alignment, words), tuple[Caution, ...]()
    start = end = None
    try:
        quote = quote_of_words(alignment, words)
        start, end, cautions = quote.voice.start, quote.voice.end, quote.cautions
    except QuoteError as error:
        cautions = (Caution("not-said", str(error)),)
    fragment, public = write_fragment(link_to(alignment, words)), (alignment.episode.url or "").strip()
    is_public = public.lower().startswith(("https://", "http://"))
    # A public address with a fragment of its own stays as it is.
    link = public if is_public and "#" in public else f"{public if is_public else local}#{fragment}"
    return {
        "first": first,
        "last": last,
        "text": unbroken(text, alignment.language),
        "start": start,
        "end": end,
        "link": link,
        "public": is_public,
        "copy": cited(alignment, replace(printed, text=text), link),
        "cautions": [asdict(caution) for caution in cautions],
    }
