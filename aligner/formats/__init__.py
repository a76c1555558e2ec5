"""What an alignment is written as: each format a function, all from one ``Material``; ``format`` lists them."""

from aligner.formats.format import FORMATS, PROFILES, Format, Profile
from aligner.formats.kept import kept_or_why, lost_of, said_of, told_of_lost
from aligner.formats.material import Chapter, Material, Paragraph, Quote, Turn

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
    "told_of_lost",
]
