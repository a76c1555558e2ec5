"""Export formats of an alignment. Each is a function that takes a ``Material``; the module ``format`` lists them."""

from aligner.formats.format import FORMATS, PROFILES, Format
from aligner.formats.material import Chapter, Material, Quote
from aligner.formats.quotes import lost_quotes, quotes_or_warnings, spoken_quotes, warnings_of_lost
