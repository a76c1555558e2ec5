"""What every format's words become: text between two times, however odd the file.

Conventions
-----------
- Seconds. A start of None is a time that the file does not give, or not in a form that can be used.
- Letters are letters and digits; words without any are nobody's speech and are left out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from aligner.model import HeardWord, Span
from aligner.spans import JoinedSpans, SpeechSpans, total

# French and English are spoken at about 14 letters a second; for words whose end is missing or cannot be.
_PER_LETTER, _SHORTEST = 0.07, 0.1

# No voice holds out longer: this, and so much more for each letter.
_LONGEST, _LONGEST_PER_LETTER = 5.0, 1.0

# A word without a time is no further than this from the neighbour that lends it one.
_FURTHEST = 1.0

# What is left of the probability of a word whose time is only shared out: it was heard, but not just then.
_SHARED = 0.5

# Of the time that words usually take; with less, it is not all their speech that was found.
_LEAST_ROOM = 0.5

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_EVENT = re.compile(r"\[[^\[\]]{0,100}\]|<[^<>]{0,100}>|\A\s*\([^()]{0,100}\)\s*\Z")


@dataclass(frozen=True, slots=True)
class Entry:
    """One or several words with their common times, and the recogniser's probability.

    ``lent`` is True where the times are not the file's own but lent by the neighbours.
    """

    text: str
    start: float | None
    end: float
    probability: float = 1.0
    lent: bool = False


def entry(text: object, start: object, end: object, probability: object = None, unit: float = 1.0) -> Entry:
    """Make an entry of whatever stands in a file; ``unit`` is how many seconds the file's 1 is.

    Events (``[Music]``, ``<unk>``, ``(laughter)``) and control characters are taken out of the text. An end that is
    missing, not after the start or longer after it than anyone speaks becomes the usual one; a probability that is
    missing or none becomes 1.
    """
    words = _EVENT.sub(" ", _CONTROL.sub("", text)) if isinstance(text, str) else ""
    begin, finish, sure = number(start, unit), number(end, unit), number(probability)
    share = min(sure, 1.0) if sure is not None else 1.0
    if begin is None:
        return Entry(words, None, 0.0, share)
    letters = _letters(words)
    if finish is None or not begin < finish <= begin + _LONGEST + _LONGEST_PER_LETTER * letters:
        finish = begin + max(_SHORTEST, _PER_LETTER * letters)
    return Entry(words, begin, finish, share)


def number(value: object, unit: float = 1.0) -> float | None:
    """``unit`` times a finite number of at least 0, given as such or in digits; None for all else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        result = float(value) * unit
    except (ValueError, OverflowError):
        return None
    return result if math.isfinite(result) and result >= 0 else None


def filled(entries: Iterable[Entry], start: float | None = None, end: float | None = None) -> list[Entry]:
    """Lend times to the words that have none: those between their neighbours', or the edges of what holds them all.

    "en" 1.0-1.2, "2021", "déjà" 2.0-2.3 gives "2021" 1.2-2.0. Without neighbour or edge they stay untimed.
    """
    runs = [(timed, list(run)) for timed, run in groupby(entries, key=lambda one: one.start is not None)]
    result: list[Entry] = []
    for at, (timed, run) in enumerate(runs):
        low = result[-1].end if at else start
        high = runs[at + 1][1][0].start if at + 1 < len(runs) else end
        result += run if timed else _lent(run, low, high)
    return result


def _lent(run: list[Entry], low: float | None, high: float | None) -> list[Entry]:
    text = " ".join(one.text for one in run)
    usual = max(_SHORTEST, _PER_LETTER * _letters(text))
    if high is None:
        if low is None:
            return run
        high = low + usual
    elif low is None:
        low = max(0.0, high - usual)
        high = low + usual
    low = min(low, high)  # neighbours that overlap
    high = min(high, low + _FURTHEST * len(run))
    return [Entry(text, low, max(high, low + _SHORTEST), min(one.probability for one in run), lent=True)]


def spread(found: Entry, speech: SpeechSpans) -> Iterator[HeardWord]:
    """The entry's words, its time shared out by their letters over the speech that is in it.

    "à demain" from 1.0 to 2.4 gives "à" 1.0-1.2 and "demain" 1.2-2.4, less sure than words with times of their own.
    """
    words = [word for word in found.text.split() if _letters(word)]
    if found.start is None or not words:
        return
    if len(words) == 1 and not found.lent:
        yield HeardWord(words[0], found.start, found.end, found.probability)
        return
    room = JoinedSpans(_room(found.start, found.end, speech, _letters(found.text)))
    for word, place in zip(words, room.share_out([_letters(word) for word in words]), strict=True):
        yield HeardWord(word, place.start, place.end, found.probability * _SHARED)


def _room(start: float, end: float, speech: SpeechSpans, letters: int) -> list[Span]:
    """The speech between two times, or all of it where there is too little speech for so many letters."""
    inside = speech.between(start, end)
    return inside if total(inside) >= _LEAST_ROOM * _PER_LETTER * letters else [Span(start, end)]


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))
