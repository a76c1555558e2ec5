"""From a word as written to the letters that stand for its sound in matching.

Two spellings of the same words should give the same letters: case, accents, ligatures, apostrophes, hyphens and
punctuation are dropped, and what is written in digits or signs is spelled out in the language ("97" and
"quatre-vingt-dix-sept" both give ``quatrevingtdixsept``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_DIGITS = r"\d+(?:[.,]\d+)*"
_CURRENCY_FIRST = re.compile(rf"([€$£])\s?({_DIGITS})")
_FIRST_GROUP, _GROUP = re.compile(r"\W*\d{1,3}"), re.compile(r"\d{3}\W*")
_MAX_DIGITS = 15  # past that a run of digits is a code, read digit by digit

# How a sign is read aloud, by language; a sign that a language lacks here is left out of the matching.
_SIGNS: dict[str, dict[str, str]] = {
    "fr": {"%": "pour cent", "&": "et", "+": "plus", "=": "égale", "€": "euros", "$": "dollars", "£": "livres"},
    "en": {"%": "percent", "&": "and", "+": "plus", "=": "equals", "€": "euros", "$": "dollars", "£": "pounds"},
    "es": {"%": "por ciento", "&": "y", "+": "más", "=": "igual", "€": "euros", "$": "dólares", "£": "libras"},
    "it": {"%": "per cento", "&": "e", "+": "più", "=": "uguale", "€": "euro", "$": "dollari", "£": "sterline"},
    "pt": {"%": "por cento", "&": "e", "+": "mais", "=": "igual", "€": "euros", "$": "dólares", "£": "libras"},
    "de": {"%": "prozent", "&": "und", "+": "plus", "=": "gleich", "€": "euro", "$": "dollar", "£": "pfund"},
}
_DEGREE = {"fr": "degrés", "en": "degrees", "es": "grados", "it": "gradi", "pt": "graus", "de": "grad"}
_ORDINALS: dict[str, str] = {
    "fr": r"(?<!\d)(\d{1,15})(?:ers?|ère|re|nde?|ème|e)s?\b",
    "en": r"(?<!\d)(\d{1,15})(?:st|nd|rd|th)\b",
    "es": r"(?<!\d)(\d{1,15})\.?[ºª°]",
    "it": r"(?<!\d)(\d{1,15})[ºª°]",
    "pt": r"(?<!\d)(\d{1,15})\.?[ºª°]",
}
_POINT_IS_DECIMAL = {"en", "ja", "zh", "ko", "th", "he"}


@lru_cache(maxsize=65_536)
def letters_of(word: str, language: str) -> str:
    """The letters by which ``word`` is matched; may be empty.

    Parameters
    ----------
    word : a token of a transcript or of a hypothesis, punctuation and all.
    language : ISO 639-1 code; one that num2words does not know leaves digits as they are.

    Examples
    --------
    >>> letters_of("L'œuvre,", "fr"), letters_of("21", "fr"), letters_of("£5", "en")
    ('loeuvre', 'vingtetun', 'fivepounds')
    """
    spelled = _read_out(word, language)
    folded = unicodedata.normalize("NFKD", spelled.casefold().translate(_LIGATURES))
    return "".join(c for c in folded if c.isalnum())


def spell(tokens: Sequence[str], language: str) -> list[str]:
    """``letters_of`` each token, digits grouped by spaces read as the one number that they are.

    "2", "300" gives ``deuxmille``, ``troiscents`` in French: the reading of 2300, cut where the last group's begins.
    """
    spelled = [letters_of(token, language) for token in tokens]
    k = 0
    while k < len(tokens):
        stop = k + 1
        if _FIRST_GROUP.fullmatch(tokens[k]):
            while stop < len(tokens) and tokens[stop - 1][-1].isdigit() and _GROUP.fullmatch(tokens[stop]):
                stop += 1
        if stop - k > 1:
            spelled[k:stop] = _cut(letters_of("".join(tokens[k:stop]), language), spelled[k:stop])
        k = stop
    return spelled


def _cut(whole: str, parts: Sequence[str]) -> list[str]:
    """Cut a number's letters into as many pieces as it has groups, each where its own reading begins if it does."""
    pieces = []
    for k in range(len(parts) - 1, 0, -1):
        begin = len(whole) - len(parts[k]) if whole.endswith(parts[k]) else len(whole) * k // (k + 1)
        pieces.append(whole[begin:])
        whole = whole[:begin]
    return [whole, *reversed(pieces)]


def is_sign(text: str, language: str) -> bool:
    """Whether ``text`` is a sign that has a reading of its own."""
    return text == "°" or text in _SIGNS.get(language, {})


def _read_out(word: str, language: str) -> str:
    """Numbers and signs in words."""
    if any(map(str.isdigit, word)):
        word = _CURRENCY_FIRST.sub(r"\2 \1", word)
        if language in _ORDINALS:
            word = re.sub(_ORDINALS[language], lambda m: f" {_in_words(int(m[1]), language, 'ordinal')} ", word)
        word = re.sub(_DIGITS, lambda m: f" {_number(m.group(), language)} ", word)
    for sign, reading in _SIGNS.get(language, {}).items():
        word = word.replace(sign, f" {reading} ")
    return word.replace("°", f" {_DEGREE.get(language, '')} ")


def _number(digits: str, language: str) -> str:
    """Digits with their decimal and thousands marks read aloud, or as they stand where that cannot be done."""
    if not digits.isascii() or sum(map(str.isdigit, digits)) > _MAX_DIGITS:
        return digits
    decimal = "." if language in _POINT_IS_DECIMAL else ","
    marks = set(re.findall(r"[.,]", digits))
    if len(marks) == 2:  # the later of two different marks is the decimal one, whatever the custom
        decimal = "." if digits.rfind(".") > digits.rfind(",") else ","
    whole, _, fraction = digits.rpartition(decimal) if decimal in marks else (digits, "", "")
    groups = re.split(r"[.,]", whole)
    grouped = len(groups) > 1 and len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    if len(groups) == 2 and not grouped and not fraction:
        whole, fraction = groups  # a decimal point in a language of decimal commas
    elif len(groups) > 1 and not grouped:
        return " ".join(_number(part, language) for part in re.findall(r"\d+", digits))
    else:
        whole = "".join(groups)
    if not fraction and len(whole) > 1 and whole[0] == "0":
        return " ".join(_in_words(int(digit), language) for digit in whole)
    return _in_words(float(f"{whole}.{fraction}") if fraction else int(whole), language)


def _in_words(number: float, language: str, kind: str = "cardinal") -> str:
    from num2words import CONVERTER_CLASSES, num2words

    if language not in CONVERTER_CLASSES or number >= 10**_MAX_DIGITS:
        return str(number)
    try:
        return str(num2words(number, lang=language, to=kind))
    except (NotImplementedError, OverflowError, TypeError):
        return str(number)
