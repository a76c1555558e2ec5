"""No-break spaces: those spaces of a text at which no line may end, whoever breaks it.

Between a word and the marks beside it, as French writes them (« mot » : ; ? !), between the groups of a number, and
between a number and its unit. Only spaces that are there change, one for one: what is shown has the length of the text,
and an offset means the same place in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from aligner.languages import Captioning, language_of
from aligner.typography.breaks import UNITS
from aligner.typography.tokens import DASHES, Token

NO_BREAK, NARROW = "\u00a0", "\u202f"

# A mark that is written on to a word, as in "…et puis" or the German »so«, belongs to that word instead.
_BEFORE_MARKS = re.compile(r" (?=[;:!?…»”›%‰°€$£–—](?!\w))")
_AFTER_MARKS = re.compile(r"(?:(?<=[\s(\[’'—–][«„“‹¿¡])|(?<=^[«„“‹¿¡])) (?=\S)", re.MULTILINE)
_NUMBER = re.compile(r"(?<![\w.,])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)")
_OPENING = frozenset("«„“‹([{¿¡")
_APART = _OPENING | {*DASHES, "/"}  # from the word before
_UNIT = re.compile(r"(?<=\d) (?=([°%‰€$£]?[^\W\d_]*)(?![\w’']))")
_MINUTES = re.compile(r"(?<=\d[ \u00a0]h) (?=\d\d(?!\w))")


def unbroken(text: str, language: str) -> str:
    """The text with no-break spaces where a line must not end, narrow ones where the language, by its code, has those.

    Examples
    --------
    >>> unbroken("Tu viens ? Il y a 12 000 km.", "fr")
    'Tu viens\\u202f? Il y a 12\\u202f000\\xa0km.'
    """
    return _unbroken(text, language_of(language).captioning)


def _unbroken(text: str, language: Captioning) -> str:
    if " " not in text:
        return text
    grouping = NARROW if language.narrow_before else NO_BREAK

    def before_mark(found: re.Match[str]) -> str:
        return NARROW if text[found.end()] in language.narrow_before else NO_BREAK

    def before_unit(found: re.Match[str]) -> str:
        word = found[1].lower()
        # "from 5 to 6": in another language it is a unit.
        return NO_BREAK if word in UNITS and word not in language.phrase | language.clause else " "

    # No step changes an offset, so that the marks are those of the text as it came.
    shown = _BEFORE_MARKS.sub(before_mark, text)
    shown = _AFTER_MARKS.sub(NO_BREAK, shown)
    shown = _NUMBER.sub(lambda number: number[0].replace(" ", grouping), shown)
    shown = _MINUTES.sub(NO_BREAK, shown)
    return _UNIT.sub(before_unit, shown)


def unbroken_tokens(tokens: Sequence[Token], language: Captioning) -> Iterator[tuple[str, str]]:
    """What stands before each token on its line, and its text, as they are shown one after the other."""
    shown = _unbroken("".join(token.before + token.text for token in tokens), language)
    at = 0
    for token in tokens:
        start = at + len(token.before)
        end = start + len(token.text)
        yield shown[at:start], shown[start:end]
        at = end


def with_marks(text: str, start: int, end: int, within: range) -> tuple[int, int]:
    """Where a word of an ``unbroken`` text begins and ends with the marks that belong to it, which stand on to it
    or are parted from it by a no-break space; they are sought ``within``, where no other word is.

    What opens a quotation or a bracket belongs to the word after it, a dash and a slash to none, all else to the word
    before.

    Examples
    --------
    >>> with_marks("dit «\\xa0oui\\u202f!\\xa0»\\xa0– et", 6, 9, range(3, 16))
    (4, 13)
    """
    while end < within.stop:
        mark = end + (text[end] in (NO_BREAK, NARROW))
        if mark >= within.stop or text[mark].isspace() or text[mark] in _APART:
            break
        end = mark + 1
    while within.start < start:
        mark = start - 1 - (text[start - 1] in (NO_BREAK, NARROW))
        if mark < within.start or text[mark] not in _OPENING:
            break
        start = mark
    return start, end


def widened(text: str) -> str:
    """The text with wide no-break spaces for narrow ones.

    For what is read elsewhere: U+00A0 is in every font and every programme for text, and is one character to those who
    count them, where U+202F is a box to some, and two characters in a post on X.
    """
    return text.replace(NARROW, NO_BREAK)
