"""How rare it is what a sound and a text have in common, among all that an archive knows.

What is yet to be paired tells little of that: the fewer are left, the less any word or number of theirs would say. So
the episodes that were made before count too, each as a sound and its text.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from web.archive.pairing.items import Clues
from web.archive.pairing.names import Told, folded

NUMBERS, DATES, NAMES, SPELT = "numbers", "dates", "names", "spelt"


class Rarity:
    """How often words, numbers, dates and names are there, among the clues of what is to be paired and of the episodes
    made ``before``; ``count`` is of as many pairs as there may be."""

    def __init__(self, sounds: Sequence[Clues], texts: Sequence[Clues], before: Sequence[Clues]) -> None:
        sides = ([*sounds, *before], [*texts, *before])
        self.count = max(2, *map(len, sides))
        self.word = _shares(clues.told.words for side in sides for clues in side)
        self.said = _shares(clues.said for clues in sides[1])
        self._counts = {
            kind: tuple(Counter(v for clues in side for v in of(clues)) for side, of in zip(sides, both, strict=True))
            for kind, both in VALUES.items()
        }

    def by_chance(self, kind: str, value: object, rate: float) -> float:
        """How likely two have a number, date or name in common that are not of one episode, where at ``rate`` those of
        one agree."""
        mine, other = (counts[value] for counts in self._counts[kind])
        return (mine * other - min(mine, other)) / self.count**2 + (1 - rate) / self.count

    def is_known(self, kind: str, sides: Sequence[Iterable[object]]) -> bool:
        """Whether any sound, or any text, has one of these numbers, dates or names, those of sounds first."""
        counts = self._counts[kind]
        return any(value in known for known, values in zip(counts, sides, strict=True) for value in values)


def _shares(all_of: Iterable[Iterable[object]]) -> Callable[[object], float]:
    """The share of those that have something of all that have anything; what none has is as rare as can be."""
    count, number = Counter[object](), 0
    for each in all_of:
        known = set(each)
        count.update(known)
        number += 1 if known else 0

    def share(of: object) -> float:
        # Both sides of a pair have it: what one pair alone has is told as one of as many as there are pairs.
        return min(1.0, max(count[of] / 2, 1.0) / max(1.0, number / 2)) if count[of] else 0.0

    return share


def dates_of(clues: Clues) -> frozenset[str]:
    return clues.told.dates | ({clues.date} if clues.date else frozenset())


def names_of(clues: Clues) -> frozenset[str]:
    return frozenset(name for each in clues.names if (name := folded(each)))


def called(clues: Clues) -> frozenset[str]:
    """What a sound's transcript may be named: as its file, or as its episode's title."""
    return names_of(clues) | {name for each in clues.titles if (name := folded(each))}


def spelt_names(clues: Clues) -> frozenset[str]:
    """The names as they are spelt, but for how their accents are encoded."""
    return frozenset(unicodedata.normalize("NFC", name) for name in clues.names)


def spelt_calls(clues: Clues) -> frozenset[str]:
    """What a sound's transcript may be named, spelt the same."""
    return spelt_names(clues) | {unicodedata.normalize("NFC", title) for title in clues.titles}


def numbers_of(clues: Clues) -> frozenset[int]:
    return all_numbers(clues.told)


def all_numbers(told: Told) -> frozenset[int]:
    return frozenset(number for _, number in told.numbers) | told.bare


_Values = Callable[[Clues], frozenset[object]]
VALUES: Mapping[str, tuple[_Values, _Values]] = {
    NUMBERS: (numbers_of, numbers_of),
    DATES: (dates_of, dates_of),
    NAMES: (called, names_of),
    SPELT: (spelt_calls, spelt_names),
}
"""What a sound has of each kind, and what a text has."""
