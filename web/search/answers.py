"""Searching titles, speakers and words of all episodes, whatever the case, accents, apostrophes and hyphens.

A hit is a passage that has all words of a query, each said in it or in the name of who speaks; words that the title or
the show of an episode has need not be in its passages. After a name and a colon only what they say counts. Episodes
that have all of a query in their title or show come first, then those with hits. Where these are few, those follow in
which no passage has all words: of these the first passage with each word is a hit.
"""

from __future__ import annotations

import math
import re
import sqlite3
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from aligner.typography import unbroken
from web.errors import WebError
from web.library import Episode, Library, Order, in_order
from web.library.library import collation_key
from web.search.index import Known, Passage, Unread, counts, marked, matches
from web.search.query import Query, Term, read_query
from web.search.upkeep import upkeep_of

RELEVANCE = "relevance"
"""The name of the order by relevance, which a library's list does not have."""

EPISODES, HITS = 10, 100  # on a page of results, and on a page of one episode's hits
_MOST_HITS, _HITS_OF_MANY = 20, 5  # of an episode on a page of results, and where the page is full
_MOST_LISTED = 2000  # hits of one episode that its pages list
_BEFORE, _AFTER = 150, 250  # characters of a hit around what was found
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A query, and the episodes that are searched: of one ``show``, of the days from ``since`` up to ``until``
    (YYYY-MM-DD), or one, by its id; empty for any. Results are in ``order``, with ``by_relevance`` in that first."""

    query: str
    order: Order = Order.DATE
    by_relevance: bool = False
    show: str = ""
    since: str = ""
    until: str = ""
    episode: str = ""

    def admits(self, known: Known) -> bool:
        """Return whether an episode is searched."""
        day = known.traits.age[0]
        return (
            self.episode in ("", known.id)
            and self.show in ("", known.details.show)
            and (not self.since or day >= self.since)
            and (not self.until or day[: len(self.until)] <= self.until)
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, as it is shown: ``pieces`` of its text, each with whether it was sought. ``start`` is
    when it is said, in seconds; ``chars`` are the words that were sought, in the transcript's text. With
    ``by_speaker`` the speaker's name was sought."""

    pieces: Sequence[tuple[str, bool]]
    chars: range
    start: float | None
    speaker: str
    by_speaker: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What was found in an episode: all in its title or show (``in_title``; with ``by_show`` the title alone lacks
    some), and ``total`` hits, some of which are ``hits``. With ``apart`` no passage has all words. ``sha256`` is the
    transcript's, by which links know it; ``terms`` are sought in the passages."""

    episode: Episode
    in_title: bool
    by_show: bool
    terms: tuple[Term, ...]
    sha256: str | None = None
    unread: Unread | None = None
    total: int = 0
    apart: bool = False
    hits: Sequence[Hit] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of results: those that are ``found`` are on it, and ``all`` on any page, without their hits.

    ``unread`` are the episodes whose words are not searched; ``waiting`` is how many have changed and are yet to be
    read, ``hindrance`` why they cannot be; ``shows`` are those that a search may be narrowed to, with their languages.
    """

    is_sought: bool
    all: Sequence[Result]
    found: Sequence[Result]
    page: int
    pages: int
    unread: Sequence[Result]
    shows: Sequence[tuple[str, str | None]]
    waiting: int = 0
    hindrance: WebError | None = None


def search(library: Library, wanted: Wanted, page: int = 1, most: int | None = None) -> Answer:
    """Return the page of that number or the nearest: of ``most`` results, else ``EPISODES``, or of ``HITS`` of the one
    episode. Raises Unusable, Busy: it takes too long, or is not possible now; Full, Gone: there can be no index."""
    upkeep = upkeep_of(library)

    def answer(connection: sqlite3.Connection) -> Answer:
        searching = _Searching(connection, upkeep.index.known(connection), wanted)
        results = searching.results()
        if wanted.episode:
            listed = range(min(_MOST_LISTED, sum(each.total for each in results)))
            number, pages, places = _page(len(listed), page, HITS)
            found, given = results, listed[places]
        else:
            number, pages, places = _page(len(results), page, most or EPISODES)
            found, given = results[places], range(_HITS_OF_MANY if len(results) >= EPISODES else _MOST_HITS)
        return Answer(
            bool(searching.query.whole),
            results,
            [searching.with_hits(each, given) for each in found],
            number,
            pages,
            [result for result in map(searching.bare.__getitem__, searching.searched) if result.unread],
            searching.shows,
        )

    return replace(upkeep.ask(answer), waiting=upkeep.waiting, hindrance=upkeep.hindrance)


class _Searching:
    """A query that is asked of one state of the index; ``bare`` has each episode by its number, without any hits."""

    def __init__(self, connection: sqlite3.Connection, known: Mapping[Path, tuple[int, Known]], wanted: Wanted) -> None:
        self._connection, self._wanted = connection, wanted
        self._known = dict(in_order(known.values(), wanted.order, lambda each: each[1].traits))
        self.searched = [number for number, each in self._known.items() if wanted.admits(each)]
        self._counted: dict[str, dict[int, tuple[int, float]]] = {}
        self.query = read_query(wanted.query, lambda name: bool(counts(connection, Query((), (), name).having(()))))
        self.bare = {number: self._result(folder, each) for folder, (number, each) in known.items()}
        self._numbers = {each.episode.id: number for number, each in self.bare.items()}

    @property
    def shows(self) -> Sequence[tuple[str, str | None]]:
        """The names of all shows, each with the language of an episode."""
        languages = {each.details.show: each.details.language for each in self._known.values() if each.details.show}
        return sorted(languages.items(), key=lambda each: collation_key(each[0]))

    def results(self) -> Sequence[Result]:
        """Return all results in their order, without their hits."""
        if not self.query.whole:
            return []
        totals, searched = self._totals(), self.searched
        if self._wanted.by_relevance:
            searched.sort(key=lambda number: totals[number][1] if number in totals else 0.0)
        found = [replace(self.bare[k], total=totals[k][0] if k in totals else 0) for k in searched]
        together = sorted(
            (each for each in found if each.total or each.in_title),
            key=lambda each: (not each.in_title, not each.total),
        )
        if len(together) >= EPISODES or len(self.query.terms) < 2:
            return together
        having = {term: self._counts(self.query.having([term])) for term in self.query.terms}
        others = (k for k in searched if k not in totals and not self.bare[k].in_title)
        apart = (self.bare[k] for k in others if all(k in having[term] for term in self.bare[k].terms))
        return [*together, *(replace(each, total=len(each.terms), apart=True) for each in apart)]

    def with_hits(self, result: Result, places: range) -> Result:
        """Return the result with its hits at these places among all."""
        number = self._numbers[result.episode.id]
        if result.apart:
            each_of = (self.query.having([term]) for term in result.terms)
            found = sorted((matches(self._connection, each, number)[0], each) for each in each_of)
        else:
            ways = dict[int, str]()  # of each passage the best expression that it matches, which marks it
            for each in self.query.best_first(result.terms):
                # FTS5 looks for no more than there are: one more would be sought in all other episodes.
                most = min(places.stop, self._counts(each).get(number, (0, 0.0))[0])
                for passage in matches(self._connection, each, number, most):
                    ways.setdefault(passage, each)
            found = list(ways.items())
        language, here = self._known[number].language, found[places.start : places.stop]
        hits = [_hit(*marked(self._connection, expression, passage), language) for passage, expression in here]
        return replace(result, hits=hits)

    def _result(self, folder: Path, known: Known) -> Result:
        episode = Episode(known.id, folder, known.details, None, None, None)
        titles, whole = (episode.title, known.details.show or ""), self.query.whole
        elsewhere = tuple(term for term in whole if not any(map(term.is_in, titles)))
        in_title = bool(whole) and not elsewhere
        by_show = in_title and not all(term.is_in(episode.title) for term in whole)
        # Where the titles have all, it is sought in what is said as well.
        terms = self.query.terms if self.query.label or in_title else elsewhere
        return Result(episode, in_title, by_show, terms, known.sha256, known.unread)

    def _counts(self, expression: str) -> dict[int, tuple[int, float]]:
        if expression not in self._counted:
            self._counted[expression] = counts(self._connection, expression, self._wanted.by_relevance)
        return self._counted[expression]

    def _totals(self) -> dict[int, tuple[int, float]]:
        """Return how many hits each episode has, and how relevant they are."""
        numbers, totals = defaultdict[tuple[Term, ...], set[int]](set), dict[int, tuple[int, float]]()
        for number in self.searched:
            numbers[self.bare[number].terms].add(number)
        for terms, having in numbers.items():
            found = self._counts(self.query.having(terms))
            totals |= {number: total for number, total in found.items() if number in having}
        return totals


def _page(total: int, number: int, most: int) -> tuple[int, int, slice]:
    """Return the number of the page that is nearest to the one asked for, how many there are, and its places."""
    pages = max(1, math.ceil(total / most))
    number = min(max(1, number), pages)
    return number, pages, slice((number - 1) * most, number * most)


def _hit(passage: Passage, found: Sequence[range], by_speaker: bool, language: str) -> Hit:
    """Return a passage as it is shown: what was found, and some words around it."""
    text = unbroken(passage.text, language)
    first = _WORD.search(text)
    best = max(found, key=len, default=range(*first.span()) if first else range(len(text)))  # a phrase, if there is one
    start, end = max(0, best.start - _BEFORE), min(len(text), best.stop + _AFTER)
    if start:
        start = text.find(" ", start, best.start) + 1 or start
    if end < len(text):
        end = max(text.rfind(" ", best.stop, end), best.stop)
    pieces, at = [("… " if start else "", False)], start
    for each in found:
        if start <= each.start < end:
            at, before = min(each.stop, end), at
            pieces += [(text[before : each.start], False), (text[each.start : at], True)]
    pieces += [(text[at:end], False), ("\u00a0…" if end < len(text) else "", False)]
    chars = range(passage.char_start + best.start, passage.char_start + best.stop)
    return Hit([each for each in pieces if each[0]], chars, passage.start, passage.speaker, by_speaker)
