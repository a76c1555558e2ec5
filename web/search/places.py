"""Where the terms of a query stand in the words of an episode: said by whom others of them name, as one phrase,
together, or each by itself.

Nobody knows how long an episode is, or how often it says a word: places are looked for one after the other, from the
term that is said least, and no more of them than are given or counted.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, islice, repeat
from operator import itemgetter

from aligner.typography import has_unspaced
from web.search.query import LONGEST_QUERY, Query, Term, called
from web.search.word_index import Words

_NEAR = 250  # characters on each side of a term within which the others stand together with it
_REACH, _STEP = 2 * _NEAR + LONGEST_QUERY, 100  # characters that terms which stand together lie in, at most
_MOST_LOOKED_AT = 300_000  # terms near which others are looked for
_ELSEWHERE = "\0"  # a character of what others say

_Range = tuple[int, int]  # in the folded text
_Marks = tuple[_Range, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """``words`` index the alignment's; ``marked`` are those among them that were sought. With ``by_speaker`` it was
    found by the name of who speaks as well, or by that alone: then nothing is marked."""

    words: range
    marked: tuple[range, ...]
    by_speaker: bool = False


def density_of(folded: str) -> int:
    """How many tokens of FTS5 may lie between terms that stand together, at most."""
    if has_unspaced(folded):
        return _REACH  # where each character may be one
    return max(folded.count(" ", at, at + _REACH + _STEP) for at in range(0, len(folded), _STEP))


class Finder:
    """Finds places in one index, no more than ``most_given``, and counts them up to ``most_counted``; with ``by`` only
    in what those speakers say, each place in one turn."""

    def __init__(
        self, index: Words, query: Query, most_given: int, most_counted: int, by: Collection[str] | None = None
    ) -> None:
        self._index, self._query, self._most_given, self._most_counted = index, query, most_given, most_counted
        self._at, self._count = 0, 0
        self._is_by, self._speakers = by is not None, frozenset(index.speakers if by is None else by)
        self._texts = [index.folded] if by is None else [_said_by(name, index) for name in by]
        self._voices = {
            term: frozenset(name for name in self._speakers if by is None and query.is_named(term, name))
            for term in query.terms
        }

    def places(self, terms: Sequence[Term], phrase: Term | None) -> tuple[list[Place], int]:
        """The first places, and how many there are: those where somebody whom some of the terms name says the others,
        then those of the ``phrase``, then those where the terms stand together or are in the name of who says the
        others; each in the order of the text, none overlapping another.

        Where the phrase alone has more than are given, only it is counted, and what stands before it.
        """
        if not terms:
            return [], 0
        only = terms[0] if len(terms) == 1 else None
        most, whole = self._most_given, phrase or only
        named = list(islice(self._by_named(terms), self._most_counted))
        given = [self._place(marks, by_speaker=True) for marks in named[:most]]
        taken, count = [(min(marks)[0], max(marks)[1]) for marks in named], len(named)
        if whole:
            free = (place for place in self._all(whole) if not (taken and _overlaps(place, taken)))
            found = list(islice(free, most + 1))
            given += [self._place((place,), self._is_by) for place in found[: most - len(given)]]
            count += len(found)
            if not taken and len(found) > most:
                return given, min(
                    self._most_counted, sum(whole.count(text, self._most_counted) for text in self._texts)
                )
            if whole == only or len(found) > most:
                return given, count + sum(1 for _ in islice(free, max(0, self._most_counted - count)))
            taken = sorted(taken + found)
        rest = _merged(self._together(text, terms, self._voices, taken) for text in self._texts)
        fewer = [
            self._place(marks, self._is_by or len(marks) < len(terms)) for marks in islice(rest, most - len(given))
        ]
        count += len(fewer)
        return given + fewer, count + sum(1 for _ in islice(rest, max(0, self._most_counted - count)))

    def turns(self, terms: Sequence[Term]) -> list[Place]:
        """Where someone begins to speak whose name has all the terms, who is one of ``by``."""
        speakers = self._speakers.intersection(*map(self._voices.__getitem__, terms))
        found: list[Place] = []
        if speakers:
            before = None
            for number, (_, _, speaker) in enumerate(self._index.passages):
                first = bisect_left(self._index.segments, number) if speaker in speakers and speaker != before else -1
                if 0 <= first < len(self._index.segments) and self._index.segments[first] == number:
                    found.append(Place(range(first, first + 1), (), by_speaker=True))
                before = speaker
        return found

    def firsts(self, terms: Sequence[Term]) -> list[Place]:
        """The first place of each term, in the order of the text; none at all where one is nowhere."""
        found = []
        for term in terms:
            place = next(self._all(term), None)
            first = self._place((place,), self._is_by) if place else next(iter(self.turns([term])), None)
            if first is None:
                return []
            found.append((first.words.start, place[0] if place else -1, first))  # several may begin in one word
        return [first for _, _, first in sorted(found, key=itemgetter(0, 1))]

    def _all(self, term: Term) -> Iterator[_Range]:
        return heapq.merge(*(term.places(text) for text in self._texts))

    def _by_named(self, terms: Sequence[Term]) -> Iterator[_Marks]:
        """Where those who are called by some of the terms say all the others."""
        found = []
        for name in self._speakers:
            rest = [term for term in terms if name not in self._voices[term]]
            if rest and any(self._query.is_named(term, called(name)) for term in terms if term not in rest):
                found.append(self._together(_said_by(name, self._index), rest, {}, ()))
        return _merged(found)

    def _together(
        self, folded: str, terms: Sequence[Term], voices: Mapping[Term, frozenset[str]], taken: Sequence[_Range]
    ) -> Iterator[_Marks]:
        said = {term: folded.count(term.sought) for term in terms}
        unnamed = [term for term in terms if not voices.get(term)]
        if not all(said[term] for term in unnamed):
            return
        rarest = [min(unnamed, key=said.__getitem__)] if unnamed else terms
        # What is said least is looked for first, so that what is not there is soon known.
        named = [(term, voices.get(term, frozenset())) for term in sorted(terms, key=said.__getitem__)]
        found = [zip(t.places(folded), repeat([n for n in named if n[0] != t]), strict=False) for t in rarest]
        places = heapq.merge(*found, key=itemgetter(0)) if len(found) > 1 else found[0]
        reached = 0
        for place, others in islice(places, _MOST_LOOKED_AT // len(terms)):
            if place[0] < reached or (taken and _overlaps(place, taken)):
                continue
            marks = self._around(folded, place, others, reached)
            if marks and not (taken and _overlaps((min(marks)[0], max(marks)[1]), taken)):
                yield marks
                reached = max(marks)[1]

    def _around(
        self, folded: str, place: _Range, others: Sequence[tuple[Term, frozenset[str]]], reached: int
    ) -> _Marks | None:
        """The place and the nearest of each other term that is said beside it; None where one is neither beside it nor
        in the name of who speaks, which is one of those that are given with it."""
        marks = [place]
        low, high = max(reached, place[0] - _NEAR), place[1] + _NEAR
        low = max(low, folded.rfind(_ELSEWHERE, low, place[0]) + 1)
        end = folded.find(_ELSEWHERE, place[1], high)
        high = end if end >= 0 else high
        for other, speakers in others:
            if near := other.nearest(folded, place, low, high):
                marks.append(near)
            elif not speakers or self._speaker_at(place) not in speakers:
                return None
        return tuple(marks)

    def _speaker_at(self, place: _Range) -> str | None:
        return self._index.passages[self._index.segments[self._words(place).start]][2]

    def _place(self, marks: _Marks, by_speaker: bool = False) -> Place:
        marked: list[range] = []
        for words in sorted(map(self._words, marks), key=lambda words: words.start):
            if marked and words.start < marked[-1].stop:  # a term may stand within another
                marked[-1] = range(marked[-1].start, max(marked[-1].stop, words.stop))
            else:
                marked.append(words)
        return Place(range(marked[0].start, marked[-1].stop), tuple(marked), by_speaker)

    def _words(self, place: _Range) -> range:
        """From a place in the folded text to words, by counting the spaces from the last place that was asked for."""
        start, end = place
        folded = self._index.folded
        if start >= self._at:
            self._count += folded.count(" ", self._at, start)
        else:
            self._count -= folded.count(" ", start, self._at)
        self._at = start
        first, last = self._count - 1, self._count - 1 + folded.count(" ", start, end)
        return range(self._index.owners[first], self._index.owners[last] + 1)


def _overlaps(place: _Range, taken: Sequence[_Range]) -> bool:
    """Whether a place shares something with one of others that are in order."""
    last = bisect_right(taken, place[1], key=itemgetter(0)) - 1
    return last >= 0 and taken[last][1] > place[0]


def _merged(found: Iterable[Iterator[_Marks]]) -> Iterator[_Marks]:
    return heapq.merge(*found, key=min)


def _said_by(speaker: str, index: Words) -> str:
    """The folded text with everything that others say in it hidden, so that each place is where it was."""
    import numpy as np

    folded, owners, segments = index.folded, index.owners, index.segments
    # Each part stands between the space of its number and the next.
    spaces = np.flatnonzero(np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), "<u4") == ord(" "))
    pieces, at = list[str](), 0
    for is_said, each in groupby(enumerate(index.passages), key=lambda each: each[1][2] == speaker):
        if not is_said:
            continue
        passages = [number for number, _ in each]
        words = bisect_left(segments, passages[0]), bisect_right(segments, passages[-1])
        first, last = (bisect_left(owners, word) for word in words)
        if first < last:
            start, end = int(spaces[first]), int(spaces[last]) + 1  # with the spaces on both sides
            pieces += _ELSEWHERE * (start - at), folded[max(at, start) : end]
            at = end
    return "".join(pieces) + _ELSEWHERE * (len(folded) - at)
