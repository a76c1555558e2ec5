"""Convert written words to letters, as they are read aloud.

For matching, each word has one reading in plain letters, so that two spellings of a word agree ("97" and
"quatre-vingt-dix-sept" both become ``quatrevingtdixsept``). Acoustic alignment uses all the ways to read a word aloud,
likeliest first; the first is also the one used to match.

``letters`` defines the alphabet, ``nonstandard_words`` reads numbers and other tokens that are not plain words, and
``readings`` combines the two. The records in ``aligner.languages`` hold the differences between languages.
"""

from aligner.normalization.letters import ALPHABET, fold, unaccented
from aligner.normalization.nonstandard_words import has_vowel
from aligner.normalization.readings import is_sign, letters_of, readings, spell
