"""Extract the name from a label such as ``Antonio Casilli, voix off``, and judge how much a label looks like a name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum

from aligner.transcript.vocabulary import (
    ARTICLES,
    BEFORE_NOUNS,
    CLAUSE,
    PARTICLES,
    PREPOSITIONS,
    QUALIFIERS,
    ROLES,
    TITLES,
)

MAX_NAME_WORDS = 7
LONGEST = 300  # characters of a title or language
LONGEST_NAME = 100  # characters of a speaker's name
BRACKETS = re.compile(r"(?:(?<!\s)\s++)?+(?:\([^()]*\)|\[[^\[\]]*\])\s*")
WORD = re.compile(r"[^\s/&+]+")
DASH = re.compile(r"\s[-–—]\s")
SENTENCE = re.compile(r"[!?…;«»{}=]|(?<=\w{4})\.\s")
INITIALS = re.compile(r"(?:[^\W\d_](?:\.[-‐]?|[-‐]))*[^\W\d_]\.")
EDGE_MARKS = re.compile(r"^(?!['’]\w\s)\W+|(?<=\w{3})\.$")  # except in ``’t Hooft``
ELIDED = re.compile(r"[^\W\d_]{1,3}['’ʼ-](?=\w)")  # ``d’Ormesson``, ``al-Khwarizmi``
# Bidirectional controls (https://www.unicode.org/reports/tr9/). Embeddings, overrides and isolates would reorder text
# beside a name; marks are removed only at its ends, because within it they can be needed.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_DIRECTION_MARKS = "\u200e\u200f\u061c"
EDGES = _DIRECTION_MARKS + ' \t\u00a0\u202f*_-–—>|"“”:：'


def shortened(text: str | None, longest: int = LONGEST) -> str | None:
    """Return a title, name or language cut to ``longest`` characters, because a hostile file may contain a huge one."""
    return text if text is None or len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


class NameShape(IntEnum):
    """How much a label looks like a name: a higher value is more like a name."""

    SENTENCE = 0  # it has a pronoun or verb, or is too long
    WORDS = 1  # lower-case words, or an article with a noun
    ARTICLED = 2  # capitals after an article or similar word: ``El Mago Pop``, ``Son Heung-Min``, also ``The Problem``
    NAME = 3  # one word with a capital
    FULL_NAME = 4  # first and last name, capitals throughout, or a role such as "voix off"


def clean_name(label: str) -> str:
    """Return the name in a label, without brackets, text after a comma, and qualifiers such as "voix off".

    >>> clean_name("Antonio Casilli, voix off")
    'Antonio Casilli'
    """
    label = _DIRECTIONS.sub("", label)
    name = (BRACKETS.sub(" ", label).strip(EDGES) or label.strip("[]() ")).split(",", 1)[0]
    head, *tail = DASH.split(name, maxsplit=1)
    if tail and tail[0].split() and all(word in QUALIFIERS for word in tail[0].casefold().split()):
        name = head
    return shortened(" ".join(EDGE_MARKS.sub("", name.strip(EDGES)).split()), LONGEST_NAME) or ""


def shape_of(name: str) -> NameShape:
    """Return how much a cleaned label looks like a name."""
    words: list[str] = WORD.findall(name)
    plain = " ".join(word.rstrip(".") if is_short_form(word) else word for word in name.split())
    if not words or len(words) > MAX_NAME_WORDS or SENTENCE.search(plain) or _has_small(words, CLAUSE):
        return NameShape.SENTENCE
    folded = [word.casefold().strip(".").replace("’", "'") for word in words]
    if len(words) == 1 and words[0].isupper():
        return NameShape.NAME
    if any(word in ROLES for word in folded):
        return NameShape.FULL_NAME
    if _has_small(words, PREPOSITIONS - PARTICLES):
        return NameShape.SENTENCE
    named = [word for word, low in zip(words, folded, strict=True) if low not in PARTICLES and low not in ARTICLES]
    if not named or not all(map(_is_capital, named)) or (folded[0] in BEFORE_NOUNS and _is_capital(words[0])):
        return NameShape.WORDS
    if folded[0] in ARTICLES:
        return NameShape.ARTICLED
    return NameShape.FULL_NAME if len(named) >= 2 or named[0].isupper() else NameShape.NAME


def is_short_form(word: str) -> bool:
    """Return whether a word ends with the full stop of an abbreviation, as ``Dr.`` and ``J.-P.`` do."""
    return word.endswith(".") and (word[:-1].casefold() in TITLES or INITIALS.fullmatch(word) is not None)


def is_clause(qualifier: str) -> bool:
    """Return whether the text after a label's comma is part of a sentence, as in ``Marie, tu viens``."""
    return SENTENCE.search(qualifier) is not None or _has_small(WORD.findall(qualifier), CLAUSE)


def _has_small(words: Sequence[str], small: frozenset[str]) -> bool:
    """Return whether one of ``words`` is in ``small``, a set of lower-case words. A capitalised word counts only if it
    comes first and not all words are capitalised: ``Will`` counts in ``Will you``, but not in ``Will Smith``."""
    articled = bool(words) and words[0].casefold() in ARTICLES
    all_capitals = all(_is_capital(word) or (articled and word.casefold() in PARTICLES) for word in words)
    for at, word in enumerate(words):
        folded = word.casefold().replace("’", "'")
        is_small = word[0].islower() or (at == 0 and not all_capitals)
        if is_small and (folded in small or folded.partition("'")[0] + "'" in small):
            return True
    return False


def _is_capital(word: str) -> bool:
    """Return whether a word begins with a capital, digit or caseless letter, ignoring an elided article (``l'``)."""
    first = next((char for char in ELIDED.sub("", word, count=1) if char.isalnum()), "a")
    return not first.islower()
