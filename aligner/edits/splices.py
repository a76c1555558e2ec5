"""Splices: what of a sequence, a text or a list of records, gives way to what, and where everything else goes by that.

Conventions
-----------
Splices of one sequence are in order; ``at`` is a place in the sequence before any of them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Generic, TypeVar

T = TypeVar("T", bound=Sequence[Any])

_MOST_COMPARED = 10**8  # pairs of lines or of tokens: some 30 MB and a tenth of a second; what is longer is one splice
_TOKEN = re.compile(r"\s+|\S+")


@dataclass(frozen=True, slots=True)
class Splice(Generic[T]):
    """From ``at`` on, ``before`` gives way to ``after``: texts, or tuples of records."""

    at: int
    before: T
    after: T

    @property
    def end(self) -> int:
        return self.at + len(self.before)


class Shift:
    """Where the places of a sequence go by its splices. A place that they take away goes nowhere, which is None."""

    def __init__(self, splices: Sequence[Splice[Any]] = ()) -> None:
        self._splices = splices
        self._starts = [splice.at for splice in splices]
        self._ends = [splice.end for splice in splices]
        self._sums = [0, *accumulate(len(splice.after) - len(splice.before) for splice in splices)]

    @property
    def is_still(self) -> bool:
        """Whether nothing goes anywhere else."""
        return not any(self._sums)

    def start(self, place: int) -> int | None:
        """Where a range goes that starts at ``place``: what is put in just there stands before it."""
        done = bisect_right(self._ends, place)
        torn = done < len(self._starts) and self._starts[done] < place
        return None if torn else place + self._sums[done]

    def end(self, place: int) -> int | None:
        """Where a range goes that ends at ``place``: what is put in just there stands after it."""
        begun = bisect_right(self._starts, place - 1)
        torn = begun > 0 and self._ends[begun - 1] > place
        return None if torn else place + self._sums[begun]

    def item(self, index: int) -> int | None:
        """Where an item goes; one that gives way goes to that which is as far from the splice's start."""
        done = bisect_right(self._ends, index)
        if done < len(self._starts) and self._starts[done] <= index:
            splice = self._splices[done]
            if index - splice.at >= len(splice.after):
                return None
        return index + self._sums[done]


def undone_splices(splices: Sequence[Splice[T]]) -> tuple[Splice[T], ...]:
    """The splices that lead back."""
    moved = accumulate((len(splice.after) - len(splice.before) for splice in splices), initial=0)
    return tuple(Splice(s.at + by, s.after, s.before) for s, by in zip(splices, moved, strict=False))


def spliced(
    items: Sequence[Any], splices: Sequence[Splice[Any]], kept: Callable[[int, int, int], Iterable[Any]]
) -> list[Any]:
    """The items after the splices; ``kept`` gives those of a range that stay, for the place to which the first goes.

    Raises
    ------
    ValueError
        The splices are not those of such a sequence, or what is to give way does not stand there.
    """
    new: list[Any] = []
    done = 0
    for splice in splices:
        if not done <= splice.at <= splice.end <= len(items):
            raise ValueError(f"a change at {splice.at}, of {len(splice.before)}, is not in order in {len(items)}")
        new += kept(done, splice.at, len(new))
        if not _is_same(items[splice.at : splice.end], splice.before):
            raise ValueError(f"what is to be changed at {splice.at} is not what stands there")
        new += splice.after
        done = splice.end
    return [*new, *kept(done, len(items), len(new))]


def _is_same(there: Sequence[Any], before: Sequence[Any]) -> bool:
    return there == before if isinstance(before, str) else tuple(there) == tuple(before)


def splices_between(old: Sequence[T], new: Sequence[T], pairs: Iterable[tuple[int, int]]) -> tuple[Splice[Any], ...]:
    """What differs between two sequences, of whose places ``pairs``, in order, are of the same."""
    found, i, j = [], 0, 0
    for same_old, same_new in (*pairs, (len(old), len(new))):
        if i < same_old or j < same_new:
            found.append(Splice(i, old[i:same_old], new[j:same_new]))
        i, j = same_old + 1, same_new + 1
    return tuple(found)


def parted(splice: Splice[Any], alike: Iterable[tuple[int, int]]) -> Iterator[Splice[Any]]:
    """The splice in parts: runs of records that are ``alike``, pairs of places in ``before`` and ``after``, by
    themselves, so that each is known to have become the other."""
    i = j = 0
    start = stop = (0, 0)
    for a, b in (*alike, (len(splice.before), len(splice.after))):
        if (a, b) == stop and a < len(splice.before) and b < len(splice.after):
            stop = a + 1, b + 1
            continue
        for to in (start, stop):
            if (i, j) != to:
                yield Splice(splice.at + i, splice.before[i : to[0]], splice.after[j : to[1]])
            i, j = to
        start, stop = (a, b), (a + 1, b + 1)
    if (i, j) != start:
        yield Splice(splice.at + i, splice.before[i:], splice.after[j:])


def pairs_in_order(old: Sequence[Hashable], new: Sequence[Hashable]) -> Iterator[tuple[int, int]]:
    """The places of what both have, each taken with the next in ``new`` that is the same. It takes time in proportion,
    and is right for what stands in order in both, as records with their places do."""
    places: dict[Hashable, list[int]] | None = None
    j = 0
    for i, item in enumerate(old):
        if j < len(new) and (item is new[j] or item == new[j]):
            found = j
        else:
            places = places if places is not None else _places(new)
            later = places.get(item, [])
            k = bisect_right(later, j - 1)
            if k == len(later):
                continue
            found = later[k]
        yield i, found
        j = found + 1


def _places(items: Sequence[Hashable]) -> dict[Hashable, list[int]]:
    places: dict[Hashable, list[int]] = {}
    for place, item in enumerate(items):
        places.setdefault(item, []).append(place)
    return places


def text_splices(old: str, new: str) -> tuple[Splice[str], ...]:
    """What differs between two texts: whole words, or what is between them, within the lines that differ."""
    found: list[Splice[str]] = []
    for lines in _compared(old.splitlines(keepends=True), new.splitlines(keepends=True), 0):
        for tokens in _compared(_TOKEN.findall(lines.before), _TOKEN.findall(lines.after), lines.at):
            found.append(tokens)
    return tuple(found)


def _compared(old: Sequence[str], new: Sequence[str], at: int) -> Iterator[Splice[str]]:
    """The splices between two texts in pieces, the first of which is at ``at``."""
    from rapidfuzz.distance import Levenshtein

    same = _common(old, new)
    left = _common(old[same:][::-1], new[same:][::-1])
    old, new, at = old[same : len(old) - left], new[same : len(new) - left], at + sum(map(len, old[:same]))
    starts = list(accumulate(map(len, old), initial=at))
    if len(old) * len(new) > _MOST_COMPARED or not (old and new):
        if old or new:
            yield Splice(at, "".join(old), "".join(new))
        return
    i = j = 0
    for step in (*Levenshtein.opcodes(old, new), None):
        if step is None or step.tag == "equal":
            to = (len(old), len(new)) if step is None else (step.src_start, step.dest_start)
            if (i, j) != to:
                yield Splice(starts[i], "".join(old[i : to[0]]), "".join(new[j : to[1]]))
            if step:
                i, j = step.src_end, step.dest_end


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    """How many pieces both begin with."""
    return next((k for k, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
