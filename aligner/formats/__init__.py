"""Export formats of an alignment. Each is a function that takes a ``Material``; the module ``format`` lists them."""

from aligner.formats.format import FORMATS as FORMATS
from aligner.formats.format import PROFILES as PROFILES
from aligner.formats.format import Format as Format
from aligner.formats.material import Chapter as Chapter
from aligner.formats.material import Material as Material
from aligner.formats.material import Quote as Quote
from aligner.formats.quotes import lost_quotes as lost_quotes
from aligner.formats.quotes import quotes_or_warnings as quotes_or_warnings
from aligner.formats.quotes import spoken_quotes as spoken_quotes
from aligner.formats.quotes import warnings_of_lost as warnings_of_lost
