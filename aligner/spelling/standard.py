"""The one reading of a word that matching uses, in plain letters.

Case, accents, ligatures, apostrophes, hyphens and punctuation are dropped, and what is written in digits or signs is
spelled out in the language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from aligner.spelling.letters import bare, plain
from aligner.spelling.numbers import DIGITS, in_words, read_number

_CURRENCY_FIRST = re.compile(rf"([€$£])\s?({DIGITS})")
_FIRST_GROUP, _GROUP = re.compile(r"\W*\d{1,3}"), re.compile(r"\d{3}\W*")

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
    return bare(read_out(word, language))


def spell(tokens: Sequence[str], language: str) -> list[str]:
    """``letters_of`` each token, digits grouped by spaces read as the one number that they are.

    "2", "300" gives ``deuxmille``, ``troiscents`` in French: the reading of 2300, cut where the last group's begins.
    """
    spelled = [letters_of(token, language) for token in tokens]
    for start, stop in groups(tokens):
        spelled[start:stop] = cut(letters_of("".join(tokens[start:stop]), language), spelled[start:stop])
    return spelled


def groups(tokens: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The runs ``[start, stop)`` of tokens that are one number with its digits grouped by spaces."""
    k = 0
    while k < len(tokens):
        stop = k + 1
        if _FIRST_GROUP.fullmatch(tokens[k]):
            while stop < len(tokens) and tokens[stop - 1][-1].isdigit() and _GROUP.fullmatch(tokens[stop]):
                stop += 1
        if stop - k > 1:
            yield k, stop
        k = stop


def cut(whole: str, parts: Sequence[str]) -> list[str]:
    """Cut a number's letters into as many pieces as it has groups, each where its own reading begins if it does."""
    pieces, end = [], len(whole)
    for k in range(len(parts) - 1, 0, -1):
        begin = max(0, end - len(parts[k]))
        if plain(whole[begin:end]) != plain(parts[k]):
            begin = end * k // (k + 1)
        pieces.append(whole[begin:end])
        end = begin
    return [whole[:end], *reversed(pieces)]


def is_sign(text: str, language: str) -> bool:
    """Whether ``text`` is a sign that has a reading of its own."""
    return text == "°" or text in _SIGNS.get(language, {})


def read_out(word: str, language: str) -> str:
    """Numbers and signs in words."""
    if any(map(str.isdigit, word)):
        word = _CURRENCY_FIRST.sub(r"\2 \1", word)
        if language in _ORDINALS:
            word = re.sub(_ORDINALS[language], lambda m: f" {in_words(int(m[1]), language, 'ordinal')} ", word)
        word = re.sub(DIGITS, lambda m: f" {read_number(m.group(), language)} ", word)
    for sign, reading in _SIGNS.get(language, {}).items():
        word = word.replace(sign, f" {reading} ")
    return word.replace("°", f" {_DEGREE.get(language, '')} ")
