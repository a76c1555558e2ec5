"""Reduce text to letters: ``sounded`` for the acoustic model, ``fold`` for comparing and searching text."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from aligner.languages import language_of

# Accented letters that sound unlike their base letter count as letters of their own.
ALPHABET = "abcdefghijklmnopqrstuvwxyzéèçñãõäöü"

_PLAIN = str.maketrans("éèçñãõäöü", "eecnaoaou")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
# U+02BC becomes a plain apostrophe; joiners and soft hyphens vanish.
_FOLDED = _LIGATURES | str.maketrans({"ʼ": "'", "\u00ad": None, "\u200c": None, "\u200d": None})


@lru_cache(maxsize=8_192)
def fold(text: str, between: str = "") -> str:
    """Return the letters and digits of a text in any script, in lower case without accents.

    Ligatures are expanded (œ to oe, ß to ss, ﬁ to fi); combining marks, soft hyphens and joiners are removed. Every
    other character becomes ``between``; if this is a space, words are also separated at hyphens and apostrophes. The
    JavaScript of the web pages does the same; ``tests/data/fold.json`` tests both.

    Examples
    --------
    >>> fold("L’Œuvre, peut-être"), fold("L’Œuvre, peut-être", " ").split()
    ('loeuvrepeutetre', ['l', 'oeuvre', 'peut', 'etre'])
    """
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold().translate(_FOLDED))
    return "".join(c if c.isalnum() else "" if unicodedata.category(c)[0] == "M" else between for c in apart)


def unaccented(letters: str) -> str:
    """Return the letters without their accents. The number of letters stays the same."""
    return letters.translate(_PLAIN)


def sounded(text: str, language: str) -> str:
    """Reduce a text to letters of ``ALPHABET``. Any other letter is replaced by plain letters (ô by o, œ by oe) or
    omitted, like all other characters. Of letters that sound alike in the language (French è, ê), only one is used."""
    composed = unicodedata.normalize("NFC", text.casefold().translate(_LIGATURES))
    alike = language_of(language).reading.spelling.same_phone if language else {}
    return "".join(_in_alphabet(alike.get(char, char)) for char in composed)


@lru_cache(maxsize=4096)
def _in_alphabet(char: str) -> str:
    """Return the letters of ``ALPHABET`` for a lower-case character: none, one, or several as for the ligature ﬁ."""
    if char in ALPHABET:
        return char
    letters = ""
    for part in unicodedata.normalize("NFKD", char).casefold().translate(_LIGATURES):
        accented = unicodedata.normalize("NFC", letters[-1:] + part)
        if len(accented) == 1 and accented in ALPHABET:
            letters = letters[:-1] + accented if unicodedata.combining(part) else letters + part
        elif part in ALPHABET:
            letters += part
    return letters
