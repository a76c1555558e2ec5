"""Quotes: finding the words of one in an alignment, and what a clip of them needs to know. Knows no sound."""

from aligner.quotes.cautions import Caution, cautions_of_edges, compare_texts
from aligner.quotes.choose import QuoteMatch, QuoteQuery, find_quote, listing
from aligner.quotes.find import Place, SearchResult, search
from aligner.quotes.quote import (
    Quote,
    quote_of_segment,
    quote_of_span,
    quote_of_words,
    read_printed,
    span_of,
)
from aligner.quotes.timeline import Cut, Timeline, cut_out, room_after, room_before

__all__ = [
    "Caution",
    "Cut",
    "Place",
    "Quote",
    "QuoteMatch",
    "QuoteQuery",
    "SearchResult",
    "Timeline",
    "cautions_of_edges",
    "compare_texts",
    "cut_out",
    "find_quote",
    "listing",
    "quote_of_segment",
    "quote_of_span",
    "quote_of_words",
    "read_printed",
    "room_after",
    "room_before",
    "search",
    "span_of",
]
