"""Marks inside a line that nobody says: footnote marks, times, and stage directions.

A bracket is a stage direction by evidence, its words (``rires``, ``applause``) and its place, for what stands in
parentheses is mostly spoken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aligner.model import Kind
from aligner.transcript.times import BRACKETED_TIME
from aligner.transcript.vocabulary import ARTICLES, CLAUSE, PARTICLES, STAGE, STAGE_COMPANIONS, UNITS

MAX_STAGE_WORDS = 8
FOOTNOTE = re.compile(
    r"\[(?:\^?\d{1,3}|\^[\w-]{1,20}|[a-zA-Z](?=\](?!\w))|\*{1,3}|†|‡|(?:note|fn)\s?\d{1,3})\]", re.IGNORECASE
)
EDITORIAL = re.compile(
    r"[\[(](?:sic|ndlr|nde|ndt|n\.d\.l\.r\.?|ed\. note|editor['’]s note|anm\. d\. red\.)\b[^\])\n]*[\])]", re.I
)
SUPERSCRIPT = re.compile(r"(?:(?<=[^\W\d_]{2})|(?<=[.,;:!?»”\")]))[¹²³⁰⁴-⁹]{1,3}(?!\w)")
BRACKET = re.compile(r"\[[^\[\]\n]{1,200}\]|\([^()\n]{1,200}\)|(?<!\*)\*[^*\s\n][^*\n]{0,60}\*(?!\*)")
LETTERS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a line that is a note or a stage direction."""

    kind: Kind
    start: int
    end: int


def find_marks(text: str, start: int, end: int, *, superscripts: bool) -> list[Mark]:
    """The marks within ``[start, end)``, in order and disjoint; an empty line's worth of brackets gives none."""
    found = sorted(_all_marks(text, start, end, superscripts), key=lambda mark: (mark.start, -mark.end))
    marks: list[Mark] = []
    for mark in found:
        if not marks or mark.start >= marks[-1].end:
            marks.append(mark)
    return marks


def _all_marks(text: str, start: int, end: int, superscripts: bool) -> Iterator[Mark]:
    notes = [FOOTNOTE, EDITORIAL, BRACKETED_TIME] + ([SUPERSCRIPT] if superscripts else [])
    for pattern in notes:
        for match in pattern.finditer(text, start, end):
            if pattern is SUPERSCRIPT and _is_power(text, match.start()):
                continue
            yield Mark(Kind.NOTE, match.start(), match.end())
    for match in BRACKET.finditer(text, start, end):
        if is_stage(match.group()):
            yield Mark(Kind.STAGE, match.start(), match.end())


def is_stage(bracket: str, *, alone: bool = False) -> bool:
    """Whether a bracket with its delimiters is a stage direction; `alone` is one that has a line to itself.

    Most of its words must be known ones. Square brackets are hardly ever spoken, so half is enough for them, and a
    bracket alone on its line needs none if it is short and no sentence.
    """
    inside = bracket[1:-1].strip()
    if inside and not any(char.isalnum() for char in inside):
        return any(char in "♪♫🎵🎶" for char in inside)
    words = LETTERS.findall(inside)
    folded = [word.casefold().replace("’", "'") for word in words]
    if not words or len(words) > MAX_STAGE_WORDS:
        return False
    known = [word for word in folded if word in STAGE or word.split("'")[-1] in STAGE]
    content = [word for word, low in zip(words, folded, strict=True) if _has_content(word, low, first=word is words[0])]
    if known:
        unknown = [
            word for word in content if word.casefold().split("’")[-1].split("'")[-1] not in STAGE | STAGE_COMPANIONS
        ]
        return (
            len(unknown) <= len(known)
            if bracket[0] == "[" or alone
            else len(unknown) < len(known) and "," not in inside
        )
    if bracket[0] == "[":
        return alone or (inside[0].isupper() and len(words) > 1 and not any(word in CLAUSE for word in folded))
    return alone and bracket[0] == "(" and not any(w in CLAUSE for w in folded) and not re.search(r"[.!?,;:…]$", inside)


def _is_power(text: str, at: int) -> bool:
    """A raised figure after a unit, as in ``km²``."""
    before = re.search(r"[^\W\d_]+$", text[max(0, at - 20) : at])
    return before is not None and before[0].casefold() in UNITS


def _has_content(word: str, folded: str, *, first: bool) -> bool:
    """Not a little word, and not the name of the one who laughs."""
    if folded in ARTICLES or folded in PARTICLES or folded in CLAUSE or folded.rpartition("'")[0]:
        return False
    return first or not word[0].isupper()
