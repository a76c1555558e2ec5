"""Letters said one by one, by their names in the language and by those that it has taken from English."""

from __future__ import annotations

import re

from aligner.normalization.language import Language
from aligner.normalization.letters import plain, sounded

MOST_LETTERS = 7  # more capitals than that are a word printed large
_VOWELS = re.compile(r"[aeiouyäöü]", re.IGNORECASE)
# A run of capitals, perhaps with a small plural s; a name's other parts, as in ChatGPT.
_PARTS = re.compile(r"[^\W\d_a-zà-öø-ÿ]{2,}s?(?![a-zà-öø-ÿ])|(?:(?![^\W\d_a-zà-öø-ÿ]{2,})[^\W\d_])+|[^\W\d_]+")


def parts_of(letters: str) -> list[str]:
    """A run of letters cut where capitals begin that may be said one by one."""
    return [letters] if is_initialism(letters) else _PARTS.findall(letters)


def is_initialism(letters: str) -> bool:
    """Whether these letters look as if they may be said one by one: IA, PIBs, ARNm, PhD, but not McNeil."""
    capitals = sum(map(str.isupper, letters))
    if not 2 <= capitals <= MOST_LETTERS:
        return False
    small = len(letters) - capitals
    return small == 0 or (small == 1 and letters[0].isupper()) or (len(letters) <= 4 and letters[-1].isupper())


def letter_ways(letters: str, language: Language) -> list[str]:
    """The readings of an initialism, likeliest first: by letter names, and as the word that it may also be."""
    plural = len(letters) > 2 and letters[:-1].isupper() and letters[-1] == "s"
    stem = letters[:-1] if plural else letters
    named = [said + tail for said in named_ways(stem, language) for tail in (["s", ""] if plural else [""])]
    if len(stem) > 3 and has_vowel(stem):
        return [letters, *named]
    return [*named, letters]


def has_vowel(letters: str) -> bool:
    """Whether letters can be said as a word at all."""
    return bool(_VOWELS.search(letters))


def named_ways(letters: str, language: Language) -> list[str]:
    """The names of the letters, one reading an alphabet; none if one of them has no name there."""
    spelled = plain(sounded(letters, "")) if letters else ""
    return [" ".join(names[letter] for letter in spelled) for names in language.letters if spelled]
