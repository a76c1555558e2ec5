"""How names are written, in labels such as ``Antonio Casilli, voix off`` or ``Dr. Jane Roe (CNRS)``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum

from aligner.transcript.vocabulary import ARTICLES, CLAUSE, PARTICLES, PREPOSITIONS, QUALIFIERS, ROLES

MAX_NAME_WORDS = 7
BRACKETS = re.compile(r"(?:(?<!\s)\s++)?+(?:\([^()]*\)|\[[^\[\]]*\])\s*")
WORD = re.compile(r"[^\s/&+]+")
DASH = re.compile(r"\s[-–—]\s")
SENTENCE = re.compile(r"[!?…;«»{}=]|(?<=\w{4})\.\s")
EDGES = ' \t\u00a0\u202f*_-–—>|"“”:：'


class NameShape(IntEnum):
    """How much a label is written like a name."""

    SENTENCE = 0  # it has a pronoun or a verb, or is too long
    WORDS = 1  # small words, or an article with a noun
    NAME = 2  # one word with a capital
    FULL_NAME = 3  # first and last name, capitals throughout, or a role such as "voix off"


def clean_name(label: str) -> str:
    """The name in a label: without what follows a comma or stands in brackets, and how the voice is heard.

    >>> clean_name("Antonio Casilli, voix off")
    'Antonio Casilli'
    """
    name = (BRACKETS.sub(" ", label).strip(EDGES) or label.strip("[]() ")).split(",", 1)[0]
    head, *tail = DASH.split(name, maxsplit=1)
    if tail and tail[0].split() and all(word in QUALIFIERS for word in tail[0].casefold().split()):
        name = head
    return " ".join(re.sub(r"^\W+|(?<=\w{3})\.$", "", name.strip(EDGES)).split())


def shape_of(name: str) -> NameShape:
    """How much a cleaned label is written like a name."""
    words: list[str] = WORD.findall(name)
    if not words or len(words) > MAX_NAME_WORDS or SENTENCE.search(name) or _has_small(words, CLAUSE):
        return NameShape.SENTENCE
    folded = [word.casefold().strip(".") for word in words]
    if len(words) == 1 and words[0].isupper():
        return NameShape.NAME
    if any(word in ROLES for word in folded):
        return NameShape.FULL_NAME
    if _has_small(words, PREPOSITIONS):
        return NameShape.SENTENCE
    named = [word for word, low in zip(words, folded, strict=True) if low not in PARTICLES and low not in ARTICLES]
    if not named or folded[0] in ARTICLES or not all(_is_capital(word) for word in named):
        return NameShape.WORDS
    return NameShape.FULL_NAME if len(named) >= 2 or named[0].isupper() else NameShape.NAME


def is_clause(qualifier: str) -> bool:
    """Whether what follows the comma of a label speaks, as in ``Marie, tu viens`` or ``Marie, non ! Paul``."""
    return SENTENCE.search(qualifier) is not None or _has_small(WORD.findall(qualifier), CLAUSE)


def _has_small(words: Sequence[str], small: frozenset[str]) -> bool:
    """One of the words is among `small`; a capital makes a name of it (``Will Smith``, ``Per Olsson``)."""
    all_capitals = all(_is_capital(word) for word in words)
    for at, word in enumerate(words):
        folded = word.casefold().replace("’", "'")
        is_small = word[0].islower() or (at == 0 and not all_capitals)
        if is_small and (folded in small or folded.partition("'")[0] + "'" in small):
            return True
    return False


def _is_capital(word: str) -> bool:
    """Starts with a capital, a digit, or a letter of a script without case."""
    first = next((char for char in word if char.isalnum()), "a")
    return not first.islower()
