"""Quotes: finding the words of one in an alignment, and what a clip of them needs to know. Knows no sound."""

from aligner.quotes.comparison import Caution, cautions_of_edges, cautions_of_room, compare_texts
from aligner.quotes.find import Place, SearchResult, search, text_likeness
from aligner.quotes.quote import (
    Quote,
    QuoteMatch,
    QuoteQuery,
    find_quote,
    listing,
    quote_across,
    quote_of_segment,
    quote_of_span,
    quote_of_words,
    read_printed,
    span_of,
    words_of_chars,
    words_of_times,
)
from aligner.quotes.timeline import HANDLE, Cut, QuoteEdges, Timeline, cut_out, pauses_beside, room_after, room_before

__all__ = [
    "HANDLE",
    "Caution",
    "Cut",
    "Place",
    "Quote",
    "QuoteEdges",
    "QuoteMatch",
    "QuoteQuery",
    "SearchResult",
    "Timeline",
    "cautions_of_edges",
    "cautions_of_room",
    "compare_texts",
    "cut_out",
    "find_quote",
    "listing",
    "pauses_beside",
    "quote_across",
    "quote_of_segment",
    "quote_of_span",
    "quote_of_words",
    "read_printed",
    "room_after",
    "room_before",
    "search",
    "span_of",
    "text_likeness",
    "words_of_chars",
    "words_of_times",
]
