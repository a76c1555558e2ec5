"""Letters: those that sound alike or not (``sounded``), and any writing for comparing and searching (``fold``)."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from aligner.languages import language_of

# Those that sound unlike their base are letters of their own.
ALPHABET = "abcdefghijklmnopqrstuvwxyzéèçñãõäöü"

_PLAIN = str.maketrans("éèçñãõäöü", "eecnaoaou")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
# Beside them: the letter apostrophe is none, and what only joins or hyphenates is nothing.
_FOLDED = _LIGATURES | str.maketrans({"ʼ": "'", "\u00ad": None, "\u200c": None, "\u200d": None})


@lru_cache(maxsize=8_192)
def fold(text: str, between: str = "") -> str:
    """Letters and digits in small letters without accents; those of other scripts stay.

    Ligatures come apart (œ as oe, ß as ss, ﬁ as fi); marks, soft hyphens and joiners vanish; every other character
    gives way to ``between``, with which words part where hyphens and apostrophes do. ``tests/data/fold.json`` has cases
    that hold for the pages' JavaScript too.

    Examples
    --------
    >>> fold("L’Œuvre, peut-être"), fold("L’Œuvre, peut-être", " ").split()
    ('loeuvrepeutetre', ['l', 'oeuvre', 'peut', 'etre'])
    """
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold().translate(_FOLDED))
    return "".join(c if c.isalnum() else "" if unicodedata.category(c)[0] == "M" else between for c in apart)


def unaccented(letters: str) -> str:
    """The same letters without their accents, one for one."""
    return letters.translate(_PLAIN)


def sounded(text: str, language: str) -> str:
    """The letters of ``text`` that are in ``ALPHABET``, other accents folded, all else left out."""
    composed = unicodedata.normalize("NFC", text.casefold().translate(_LIGATURES))
    alike = language_of(language).reading.spelling.same_sound if language else {}
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
