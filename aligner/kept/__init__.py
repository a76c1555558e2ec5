"""Quotes that somebody kept: where each is in the transcript as it is now, whatever was corrected since.

``settling`` finds one again or says that it is lost, ``placing`` does so for all of an episode.
"""

from aligner.kept.passages import as_it_stands, chars_of, is_too_long, text_of
from aligner.kept.placing import KeptQuotes, Placed, all_settled, is_astray, place_of, quotes_of
from aligner.kept.settling import is_of_sound, kept_now

__all__ = [
    "KeptQuotes",
    "Placed",
    "all_settled",
    "as_it_stands",
    "chars_of",
    "is_astray",
    "is_of_sound",
    "is_too_long",
    "kept_now",
    "place_of",
    "quotes_of",
    "text_of",
]
