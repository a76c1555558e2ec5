"""Lines of credits, such as ``Date : 4 mai`` or ``Guests: Ana Sol, Leo Paz``, and who takes part by them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aligner.transcript.candidates import ends_sentence
from aligner.transcript.draft import Line
from aligner.transcript.names import NameShape, clean_name, shape_of
from aligner.transcript.vocabulary import ARTICLES, CAST, CREDITS, METADATA, ROLES

_CREDIT = re.compile(r"([^\s:：][^:：]{0,40}?)\s*[:：]")
EDGES = "#*_ :.–—-"
_BETWEEN = re.compile(r"[,;/&•|]|\s(?:et|and|und|y|e|en|och)\s", re.IGNORECASE)
_OF_PEOPLE = CAST | CREDITS | ROLES
_MOST_CHARS = 500  # of a line that names who takes part


def is_credit(text: str, line: Line) -> bool:
    """Whether a line tells of the episode rather than being said in it."""
    words = _opening(text, line)
    if any(word in METADATA for word in words):
        return True
    return any(word in ROLES or word in CREDITS for word in words) and not ends_sentence(text[line.start : line.end])


def people_credited(text: str, lines: Sequence[Line]) -> frozenset[str]:
    """The full names in lines of credits of those who take part, and their first and last words, casefolded."""
    told = (line for line in lines if any(word in _OF_PEOPLE for word in _opening(text, line)))
    names = [name for line in told if is_credit(text, line) for name in _names(text, line)]
    parts = [part for name in names for part in (name.split()[0], name.split()[-1])]
    return frozenset(" ".join(name.casefold().split()) for name in (*names, *parts))


def _opening(text: str, line: Line) -> list[str]:
    """The word that tells what a line of credits is of: the first one, or the one after an article."""
    found = _CREDIT.match(text, line.start, line.end)
    words = found[1].casefold().strip(EDGES).split() if found else []
    return words[1:2] if words and words[0] in ARTICLES else words[:1]


def _names(text: str, line: Line) -> list[str]:
    found = _CREDIT.match(text, line.start, line.end)
    listed = text[found.end() : min(line.end, found.end() + _MOST_CHARS)] if found else ""
    names = map(clean_name, _BETWEEN.split(listed))
    return [name for name in names if name and shape_of(name) is NameShape.FULL_NAME]
