"""Letters: those that an ear tells apart, and how any writing is brought down to them.

Conventions
-----------
``ALPHABET`` holds a-z and the accented letters that sound unlike their base; ``plain`` maps each to its base, letter
for letter, so a place in one string is the same place in the other.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from aligner.languages import language_of

ALPHABET = "abcdefghijklmnopqrstuvwxyzéèçñãõäöü"

_PLAIN = str.maketrans("éèçñãõäöü", "eecnaoaou")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})


def plain(letters: str) -> str:
    """The same letters without their accents, one for one."""
    return letters.translate(_PLAIN)


def bare(text: str) -> str:
    """Letters and digits of ``text`` in small letters without accents; those of other scripts stay."""
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    return "".join(c for c in folded if c.isalnum())


def sounded(text: str, language: str) -> str:
    """The letters of ``text`` that are in ``ALPHABET``, other accents folded, all else left out."""
    composed = unicodedata.normalize("NFC", text.casefold().translate(_LIGATURES))
    alike = language_of(language).reading.same_sound if language else {}
    return "".join(_letters(alike.get(char, char)) for char in composed)


@lru_cache(maxsize=4096)
def _letters(char: str) -> str:
    """What one character in small print comes to in ``ALPHABET``; may be empty, or several letters (ﬁ)."""
    if char in ALPHABET:
        return char
    kept = ""
    for part in unicodedata.normalize("NFKD", char).casefold().translate(_LIGATURES):
        accented = unicodedata.normalize("NFC", kept[-1:] + part)
        if len(accented) == 1 and accented in ALPHABET:
            kept = kept[:-1] + accented if unicodedata.combining(part) else kept + part
        elif part in ALPHABET:
            kept += part
    return kept
