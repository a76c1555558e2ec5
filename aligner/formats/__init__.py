"""Export formats of an alignment. Each is a function that takes a ``Material``; the module ``format`` lists them."""

from aligner.formats.format import FORMATS, PROFILES, Format, Profile
from aligner.formats.material import Chapter, Material, Paragraph, Quote, Turn
from aligner.formats.quotes import lost_quotes, quotes_or_warnings, spoken_quotes, warnings_of_lost

__all__ = [
    "FORMATS",
    "PROFILES",
    "Chapter",
    "Format",
    "Material",
    "Paragraph",
    "Profile",
    "Quote",
    "Turn",
    "lost_quotes",
    "quotes_or_warnings",
    "spoken_quotes",
    "warnings_of_lost",
]
