"""What an alignment is written as: each format a file here, all from one ``Material``.

``format`` lists them, ``profiles`` says which go together and what they are called.
"""

from aligner.formats.format import FORMATS, Format
from aligner.formats.kept import kept_or_why, lost_of, said_of, told_of_lost
from aligner.formats.material import Chapter, Material, Paragraph, Quote, Turn
from aligner.formats.profiles import PROFILES, Profile

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
