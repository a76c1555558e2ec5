"""What every format's words become: text between two times.

Conventions
-----------
- Seconds. A start of None is a time that the file does not give, or not in a form that can be used.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

# For a word whose end is missing or before its start.
_USUAL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Entry:
    """One or several words with their common times, and the recogniser's probability."""

    text: str
    start: float | None
    end: float
    probability: float = 1.0


def entry(text: object, start: object, end: object, probability: object = None, unit: float = 1.0) -> Entry:
    """Make an entry of whatever stands in a file; ``unit`` is how many seconds the file's 1 is.

    An end that is missing or not after the start becomes a usual word's; a probability that is none becomes 1.
    """
    begin, finish, sure = number(start), number(end), number(probability)
    words = text if isinstance(text, str) else ""
    share = min(sure, 1.0) if sure is not None else 1.0
    if begin is None:
        return Entry(words, None, 0.0, share)
    begin *= unit
    finish = begin + _USUAL_SECONDS if finish is None or finish * unit <= begin else finish * unit
    return Entry(words, begin, finish, share)


def number(value: object) -> float | None:
    """A finite number of at least 0, given as such or in digits; None for all else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        result = float(value)
    except (ValueError, OverflowError):
        return None
    return result if math.isfinite(result) and result >= 0 else None


def spread(found: Entry) -> Iterator[tuple[str, float, float, float]]:
    """The entry's words as (text, start, end, probability), its time shared out by their letters.

    "à demain" from 1.0 to 2.4 gives "à" 1.0-1.2 and "demain" 1.2-2.4. What has no letter or digit takes no time.
    """
    words = [word for word in found.text.split() if any(character.isalnum() for character in word)]
    letters = [sum(character.isalnum() for character in word) for word in words]
    begin = found.start or 0.0
    each = (found.end - begin) / max(1, sum(letters))
    at = 0
    for word, count in zip(words, letters, strict=True):
        yield word, begin + at * each, begin + (at + count) * each, found.probability
        at += count
