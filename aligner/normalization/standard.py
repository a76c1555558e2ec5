"""The one reading of a word that matching uses, in plain letters.

Case, accents, ligatures, apostrophes, hyphens and punctuation are dropped, and what is written in digits or signs is
spelled out in the language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from aligner.normalization.languages import language_of
from aligner.normalization.letters import bare, plain
from aligner.normalization.numbers import DIGITS, in_words, read_number

_CURRENCY_FIRST = re.compile(rf"([€$£])\s?({DIGITS})")
_FIRST_GROUP, _GROUP = re.compile(r"\W*\d{1,3}"), re.compile(r"\d{3}(?:[.,]\d+)?\W*")


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
    """Cut a number's letters into as many pieces as it has groups, where the readings of the groups meet.

    A group's own reading may end there (2 300), or the first group's be there before "thousand" (4 000, 500 000).
    """
    pieces, end = [], len(whole)
    for k in range(len(parts) - 1, 0, -1):
        begin = max(0, end - len(parts[k]))
        if plain(whole[begin:end]) != plain(parts[k]):
            begin = (_opening(whole[:end], parts[0]) if k == 1 else 0) or end * k // (k + 1)
        pieces.append(whole[begin:end])
        end = begin
    return [whole[:end], *reversed(pieces)]


def _opening(whole: str, part: str) -> int:
    """How many letters of ``whole`` are the reading of its first group, perhaps without a plural s; 0 if it is not."""
    lengths = (len(part), len(part) - 1)
    return next((n for n in lengths if n > 0 and plain(whole[:n]) == plain(part[:n])), 0)


def is_sign(text: str, language: str) -> bool:
    """Whether ``text`` is a sign that has a reading of its own."""
    return text == "°" or text in language_of(language).signs


def read_out(word: str, language: str) -> str:
    """Numbers and signs in words; a sign that the language's record lacks is left as it is."""
    known = language_of(language)
    if any(map(str.isdigit, word)):
        word = _CURRENCY_FIRST.sub(r"\2 \1", word)
        if known.ordinal:
            word = re.sub(known.ordinal, lambda m: f" {in_words(int(m[1]), language, 'ordinal')} ", word)
        word = re.sub(DIGITS, lambda m: f" {read_number(m.group(), language)} ", word)
    for sign, reading in known.signs.items():
        word = word.replace(sign, f" {reading} ")
    return word.replace("°", f" {known.degrees} ")
