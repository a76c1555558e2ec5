"""Times that a recorder or a transcriber wrote beside the talk, told from times of day that somebody says.

Hours, minutes and seconds are what a recorder counts; in brackets, alone on a line or before a paragraph two numbers
are, too. Who says a time of day goes on with it: "at 10:30 we met", "10:30 Uhr".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aligner.transcript.vocabulary import AFTER_TIMES, BEFORE_TIMES

# With frames after the seconds, as editors of films write them, or tenths, as those of interviews do: #00:12:31-4#.
_CLOCK = r"\d{1,3}:\d{1,2}(?::\d{1,2}){0,2}(?:[.,]\d{1,3})?"
_BRACKETED = rf"(?:\[{_CLOCK}\]|\({_CLOCK}\)|<{_CLOCK}>|\{{{_CLOCK}\}}|#{_CLOCK}(?:-\d)?#)"
_ONE = rf"(?:{_BRACKETED}|{_CLOCK}(?![\w:]))"
_BRACKETED_RANGE = rf"[\[(]\s*{_CLOCK}\s*(?:-->|->|-|–|—|→)\s*{_CLOCK}\s*[\])]"
TIME = rf"(?:{_BRACKETED_RANGE}|{_ONE}(?:\s*(?:-->|->|-|–|—|→)\s*{_ONE})?)"

TIMES = re.compile(rf"(?:{TIME}\s*)+[-–—|,]?\s*")
ONLY_TIME = re.compile(rf"[*_]{{0,3}}\s*{TIME}\s*(?:[:.]\s*)?[*_]{{0,3}}")
LEADING_TIME = re.compile(rf"{TIME}\s*(?:[-–—|:]\s*)?")
_BRACKETED_TIME = re.compile(rf"{_BRACKETED_RANGE}|{_BRACKETED}")
_TIMECODE = re.compile(r"(?<![\w:.,/“„«\"'’-])\d{1,2}:[0-5]\d:[0-5]\d(?::\d\d)?(?:[.,]\d{1,3})?(?![\w:/”“»\"'’-])")
_TIME_OF_DAY = re.compile(r"\d{1,2}:[0-5]\d\s+(?=(\S+))")
_SENTENCE_END = re.compile(r"[.!?…。！？:][\"”“»)\]]*$")
_NEAR = 40  # characters in which the word before a time is looked for


def times_within(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The times in ``[start, end)`` of a line that nobody says: in brackets, or of hours, minutes and seconds."""
    yield from (found.span() for found in _BRACKETED_TIME.finditer(text, start, end))
    for found in _TIMECODE.finditer(text, start, end):
        before = text[max(start, found.start() - _NEAR) : found.start()].rstrip()
        after = text[found.end() : min(end, found.end() + _NEAR)]  # all of a long line would take quadratic time
        if _is_recorders(found.group(), before, after.lstrip()):
            yield found.span()


def _is_recorders(time: str, before: str, after: str) -> bool:
    """Whether hours, minutes and seconds stand between two sentences, or amid one with a zero before the hours, which
    nobody says, and after no word that a time goes with."""
    if not before or _SENTENCE_END.search(before):
        return time.startswith("0") or not after[:1].islower()
    return time.startswith("0") and not is_said_after(before)


def goes_on(text: str, start: int, end: int) -> bool:
    """Whether two bare numbers at ``start`` are a time of day with which a sentence opens: "10:30 we met"."""
    found = _TIME_OF_DAY.match(text, start, end)
    return found is not None and (found[1][0].islower() or found[1].casefold().rstrip(",;:!?") in AFTER_TIMES)


def is_said_after(words: str) -> bool:
    """Whether words end with one after which a time is said, as ``At`` in "At 10:30 we met"."""
    word = words[-_NEAR:].split()[-1:]
    return bool(word) and word[0].casefold().replace("’", "'") in BEFORE_TIMES
