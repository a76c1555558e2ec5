"""Find passages of a line that are not spoken, called marks: time codes, footnote marks, tags, stage directions.

A time counts as a time code if it is in brackets, alone on a line or before a paragraph, and as spoken if it is part of
a sentence ("at 10:30 we met", "10:30 Uhr"). Most parentheses are spoken. So brackets count as stage directions only if
their words (``rires``, ``applause``) or their position suggest it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from aligner.model import Kind
from aligner.transcript.vocabulary import (
    AFTER_TIMES,
    ARTICLES,
    BEFORE_TIMES,
    CLAUSE,
    PARTICLES,
    STAGE,
    STAGE_COMPANIONS,
)

# Film editors add frames after the seconds. German interview transcripts add tenths: #00:12:31-4#.
_CLOCK = r"\d{1,3}:\d{1,2}(?::\d{1,2}){0,2}(?:[.,]\d{1,3})?"
_BRACKETED = rf"(?:\[{_CLOCK}\]|\({_CLOCK}\)|<{_CLOCK}>|\{{{_CLOCK}\}}|#{_CLOCK}(?:-\d)?#)"
_ONE = rf"(?:{_BRACKETED}|{_CLOCK}(?![\w:]))"
_BRACKETED_RANGE = rf"[\[(]\s*{_CLOCK}\s*(?:-->|->|-|–|—|→)\s*{_CLOCK}\s*[\])]"
TIME = rf"(?:{_BRACKETED_RANGE}|{_ONE}(?:\s*(?:-->|->|-|–|—|→)\s*{_ONE})?)"

TIMES = re.compile(rf"(?:{TIME}\s*)+[-–—|,]?\s*")
ONLY_TIME = re.compile(rf"[*_]{{0,3}}\s*{TIME}\s*(?:[:.]\s*)?[*_]{{0,3}}")
LEADING_TIME = re.compile(rf"[*_]{{0,3}}{TIME}[*_]{{0,3}}\s*(?:[-–—|:]\s*)?")
BRACKETED_TIME = re.compile(rf"{_BRACKETED_RANGE}|{_BRACKETED}")
_TIME_OF_DAY = re.compile(r"\d{1,2}:[0-5]\d\s+(?=(\S+))")
_NEAR = 40  # characters before a time that are searched for the word before it


def goes_on(text: str, start: int, end: int) -> bool:
    """Return whether a time of day at ``start`` begins a spoken sentence ("10:30 we met"). The line ends at ``end``."""
    found = _TIME_OF_DAY.match(text, start, end)
    return found is not None and (found[1][0].islower() or found[1].casefold().rstrip(",;:!?") in AFTER_TIMES)


def is_said_after(words: str) -> bool:
    """Return whether a time that follows these words is spoken, as after ``At`` in "At 10:30 we met"."""
    word = words[-_NEAR:].split()[-1:]
    return bool(word) and word[0].casefold().replace("’", "'") in BEFORE_TIMES


MAX_STAGE_WORDS = 8
MAX_EDITORIAL_WORDS = 30  # in square brackets alone on a line
FOOTNOTE = re.compile(
    r"\[(?:\^?\d{1,3}|\^[\w-]{1,20}|[a-zA-Z](?=\](?!\w))|\*{1,3}|†|‡|(?:note|fn)\s?\d{1,3})\]", re.IGNORECASE
)
EDITORIAL = re.compile(
    r"[\[(](?:sic|ndlr|nde|ndt|n\.d\.l\.r\.?|ed\. note|editor['’]s note|anm\. d\. red\.)\b[^\])\n]{0,300}[\])]",
    re.IGNORECASE,
)
SUPERSCRIPT = re.compile(r"(?:(?<=[^\W\d_]{2})|(?<=[.,;:!?»”\")]))[¹²³⁰⁴-⁹]{1,3}(?!\w)")
# An XML tag. Names in mixed case are excluded for "<Odile>", attributes without a value for "x <y and y> z". Lengths
# are bounded because the search starts again at every "<".
TAG = re.compile(
    r"</?(?:[a-z][a-z0-9_.:-]{0,40}|[A-Z][A-Z0-9_.:-]{0,40})"
    r"(?:\s{1,9}[\w:-]{1,40}=(?:\"[^\"<>\n]{0,200}\"|'[^'<>\n]{0,200}'|[^\s\"'<>]{1,200})){0,9}\s{0,9}/?>"
)
BRACKET = re.compile(r"\[[^\[\]\n]{1,200}\]|\([^()\n]{1,200}\)|(?<!\*)\*[^*\s\n][^*\n]{0,60}\*(?!\*)")
CONJUNCTION = re.compile(r",|\b(?:et|ou|and|or|und|oder|y|o|e)\b")
CLOSING = re.compile(r"[.!?,;:…]$")
MUSIC = "♪♫🎵🎶"
NEUTRAL = STAGE_COMPANIONS | ARTICLES | PARTICLES | CLAUSE
LETTERS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Mark:
    """A note or a stage direction within a line, at the offsets from ``start`` up to but excluding ``end``."""

    kind: Kind
    start: int
    end: int


def find_marks(text: str, start: int, end: int, *, superscripts: bool) -> list[Mark]:
    """Return the marks (text that is not spoken) within ``[start, end)``, disjoint and in order. If ``superscripts`` is
    True, raised numbers are footnote marks; otherwise they are powers."""
    notes = (EDITORIAL, BRACKETED_TIME, FOOTNOTE, TAG, *([SUPERSCRIPT] if superscripts else []))
    found = [Mark(Kind.NOTE, *match.span()) for pattern in notes for match in pattern.finditer(text, start, end)]
    brackets = BRACKET.finditer(text, start, end)
    found += [Mark(Kind.STAGE, *bracket.span()) for bracket in brackets if is_stage(bracket.group())]
    marks: list[Mark] = []
    for mark in sorted(found, key=lambda mark: (mark.start, -mark.end)):
        if not marks or mark.start >= marks[-1].end:
            marks.append(mark)
    return marks


def is_stage(bracket: str, *, alone: bool = False) -> bool:
    """Return whether a text in brackets or asterisks is a stage direction; ``alone`` means alone on its line.

    In square brackets alone on a line, any text counts. Elsewhere, more than half of the words must name sounds or
    gestures, like ``applause``; half are enough in square brackets, alone on a line, or if the first word is one. A
    text without any such word, and without a verb, counts in two cases: in square brackets, if it starts with a capital
    and has lower-case words; in parentheses alone on a line, if it has no final punctuation.
    """
    inside, is_square = bracket[1:-1].strip(), bracket[0] == "["
    words = LETTERS.findall(inside)
    if not words:
        return any(char in MUSIC for char in inside)
    if is_square and alone:
        return len(words) <= MAX_EDITORIAL_WORDS
    if len(words) > MAX_STAGE_WORDS:
        return False
    known, unknown = _known_and_unknown(words)
    if known:
        is_loose = is_square or alone or (words[0].casefold() in STAGE and not CONJUNCTION.search(inside))
        return unknown <= known if is_loose else unknown < known
    if any(word.casefold() in CLAUSE for word in words):
        return False
    if is_square:
        return inside[0].isupper() and any(word.islower() for word in words)
    return alone and bracket[0] == "(" and not CLOSING.search(inside)


def _known_and_unknown(words: list[str]) -> tuple[int, int]:
    """Count the words that name a sound or gesture, and all other words except names and function words."""
    known = unknown = 0
    for at, word in enumerate(words):
        stem = re.split("['’]", word.casefold())[-1]
        if stem in STAGE:
            known += 1
        elif stem not in NEUTRAL and (at == 0 or not word[0].isupper()):
            unknown += 1
    return known, unknown
