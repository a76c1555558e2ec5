"""What an alignment is written as: each format a function, all from one ``Material``; ``format`` lists them."""

from aligner.formats.format import FORMATS, PROFILES, Format, Profile
from aligner.formats.material import Chapter, Material, Paragraph, Quote, Turn
from aligner.formats.quotes import kept_or_why, lost_of, said_of, warnings_of_lost

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
    "kept_or_why",
    "lost_of",
    "said_of",
    "warnings_of_lost",
]
