"""Quotes: finding the words of one in an alignment, and what a clip of them needs to know. Knows no sound."""

from aligner.quotes.cutting import cut_out
from aligner.quotes.quote import Cut, Quote, Timeline

__all__ = ["Cut", "Quote", "Timeline", "cut_out"]
