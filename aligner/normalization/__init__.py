"""From a word as written to the letters of what a voice makes of it.

For matching there is one reading of each word, in plain letters: two spellings of the same words should give the same
("97" and "quatre-vingt-dix-sept" both give ``quatrevingtdixsept``). For an ear that hears letters there are all the
ways in which a voice may read it, likeliest first, the first of them being the one for matching.

``letters`` says what a letter is, ``nonstandard_words`` how numbers and other tokens that are no plain word are read,
``readings`` puts it together; what differs by language is in the records of ``aligner.languages``.
"""

from aligner.normalization.letters import ALPHABET, fold, unaccented
from aligner.normalization.nonstandard_words import has_vowel
from aligner.normalization.readings import is_sign, letters_of, readings, spell

__all__ = ["ALPHABET", "fold", "has_vowel", "is_sign", "letters_of", "readings", "spell", "unaccented"]
