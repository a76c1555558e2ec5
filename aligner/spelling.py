"""From a word as written to the letters that stand for its sound in matching.

Two spellings of the same words should give the same letters: case, accents, ligatures, apostrophes, hyphens and
punctuation are dropped, and what is written in digits or signs is spelled out in the language ("97" and
"quatre-vingt-dix-sept" both give ``quatrevingtdixsept``).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")
_MAX_DIGITS = 15  # past that a run of digits is a code, read digit by digit

# How the sign is read aloud, by language; a sign that a language lacks here is left out of the matching.
_SIGNS: dict[str, dict[str, str]] = {
    "fr": {"%": "pour cent", "&": "et", "+": "plus", "=": "égale", "€": "euros", "$": "dollars", "°": "degrés"},
    "en": {"%": "percent", "&": "and", "+": "plus", "=": "equals", "€": "euros", "$": "dollars", "°": "degrees"},
    "es": {"%": "por ciento", "&": "y", "+": "más", "=": "igual", "€": "euros", "$": "dólares", "°": "grados"},
    "it": {"%": "per cento", "&": "e", "+": "più", "=": "uguale", "€": "euro", "$": "dollari", "°": "gradi"},
    "pt": {"%": "por cento", "&": "e", "+": "mais", "=": "igual", "€": "euros", "$": "dólares", "°": "graus"},
    "de": {"%": "prozent", "&": "und", "+": "plus", "=": "gleich", "€": "euro", "$": "dollar", "°": "grad"},
}
_CUSTOMARY_POINT = {"en", "ja", "zh", "ko", "th", "he"}  # languages whose decimal mark is a point


@lru_cache(maxsize=65_536)
def letters_of(word: str, language: str) -> str:
    """The letters by which ``word`` is matched; may be empty.

    Parameters
    ----------
    word : a token of a transcript or of a hypothesis, punctuation and all.
    language : ISO 639-1 code; one that num2words does not know leaves digits as they are.

    Examples
    --------
    >>> letters_of("L'œuvre,", "fr"), letters_of("21", "fr")
    ('loeuvre', 'vingtetun')
    """
    spelled = _NUMBER.sub(lambda m: f" {_number(m.group(), language)} ", word) if any(map(str.isdigit, word)) else word
    for sign, reading in _SIGNS.get(language, {}).items():
        spelled = spelled.replace(sign, f" {reading} ")
    folded = unicodedata.normalize("NFKD", spelled.casefold().translate(_LIGATURES))
    return "".join(c for c in folded if c.isalnum())


def _number(digits: str, language: str) -> str:
    """Digits read aloud, or as they stand where the language has no reader."""
    from num2words import CONVERTER_CLASSES, num2words

    if not digits.isascii() or language not in CONVERTER_CLASSES or sum(map(str.isdigit, digits)) > _MAX_DIGITS:
        return digits
    thousands = "," if language in _CUSTOMARY_POINT else "."
    if _GROUPED.fullmatch(digits) and thousands in digits:
        digits = re.sub(r"[.,]", "", digits)
    digits = digits.replace(",", ".")
    if digits.count(".") > 1 or re.fullmatch(r"0\d+", digits):
        return " ".join(_number(part, language) for part in re.findall(r"0|[1-9]\d*", digits))
    number = float(digits) if "." in digits else int(digits)
    try:
        return str(num2words(number, lang=language))
    except (NotImplementedError, OverflowError):
        return digits
