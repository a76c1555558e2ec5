"""Quotes: finding the words of one in an alignment, and what a clip of them needs to know. Knows no sound."""

from aligner.quotes.cautions import cautions_of_edges
from aligner.quotes.choosing import Chosen, Wanted, choose, listing
from aligner.quotes.cutting import cut_out
from aligner.quotes.find import Place, Search, search
from aligner.quotes.quote import Caution, Cut, Quote, Timeline
from aligner.quotes.spans import quote_of_segment, quote_of_span, quote_of_words, room_after, room_before, span_of
from aligner.quotes.wording import compare

__all__ = [
    "Caution",
    "Chosen",
    "Cut",
    "Place",
    "Quote",
    "Search",
    "Timeline",
    "Wanted",
    "cautions_of_edges",
    "choose",
    "compare",
    "cut_out",
    "listing",
    "quote_of_segment",
    "quote_of_span",
    "quote_of_words",
    "room_after",
    "room_before",
    "search",
    "span_of",
]
