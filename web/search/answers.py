"""Answer queries on the titles, speakers and words of all episodes, regardless of case, accents and hyphens.

A passage is a paragraph, or a piece of a long one. A hit is a passage with all terms of a query in its text or its
speaker's name; terms in the episode's title or show may be missing. After a speaker's name and a colon, only words of
this speaker match. Episodes with all terms in their title or show come first, then episodes with hits. If these are
few, episodes with the terms in different passages follow. Their hits are, for each term, the first passage that has it.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from aligner.typography import unbroken
from web.library import Episode, Library, Order, in_order
from web.library.library import collation_key, nearest_page
from web.search.index import APART, Known, index_of, rows_of
from web.search.query import Query, Term, read_query

RELEVANCE = "relevance"
"""The name of the order by relevance, an order that the list of episodes does not have."""

EPISODES, HITS = 10, 100  # on a page of results, and on a page of one episode's hits
_HITS_PER_EPISODE = 10  # on a page of results
_OPEN, _CLOSE = "\x02", "\x03"  # around each match of FTS5
_ONE_MARK = re.compile(f"{_CLOSE}([\\s’'-]*){_OPEN}")  # between adjacent matches
_SHOWN = f"""
SELECT rowid, start, char_start, said, speaker, snippet(passage, 0, '{_OPEN}', '{_CLOSE}', '', 40),
    highlight(passage, 1, '{_OPEN}', '{_CLOSE}')
FROM passage(?) WHERE rowid BETWEEN ? AND ? ORDER BY rowid LIMIT ? OFFSET ?
"""


@dataclass(frozen=True, slots=True)
class Criteria:
    """A query, filters and the order of results. A filter is off if empty: ``show``, the dates ``since`` and ``until``
    (YYYY-MM-DD, inclusive), and ``episode`` (an id). With ``by_relevance``, the ``order`` only breaks ties."""

    query: str
    order: Order = Order.DATE
    by_relevance: bool = False
    show: str = ""
    since: str = ""
    until: str = ""
    episode: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with matches. ``pieces`` are (text, whether the text matches). ``chars`` is the range of the best match
    in the transcript. ``start`` is in seconds, None if not spoken. ``by_speaker``: the speaker's name matches."""

    pieces: Sequence[tuple[str, bool]]
    chars: range
    start: float | None
    speaker: str
    by_speaker: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """A matching episode with its first ``hits`` or, if only one episode is searched, a page of them; ``total`` is the
    number of all hits. ``in_title``: the title or show has all terms. ``apart``: the terms are in different passages.
    ``sha256`` is the transcript's hash, for links."""

    episode: Episode
    sha256: str | None
    in_title: bool
    total: int
    apart: bool
    hits: Sequence[Hit]


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of search results (``found``). Over all pages, ``hits`` is the number of hits, ``said`` the number of
    episodes with hits, and ``named`` the number of episodes that match only by their title or show.

    ``is_sought`` is false for a query without terms. ``unread`` episodes have an unreadable alignment; ``waiting`` is
    the number of changed episodes not yet indexed. ``shows`` has all shows with their languages, for the filter."""

    is_sought: bool
    found: Sequence[Result]
    page: int
    pages: int
    hits: int
    said: int
    named: int
    unread: Sequence[Episode]
    shows: Sequence[tuple[str, str | None]]
    waiting: int = 0


def search(library: Library, wanted: Criteria, page: int = 1) -> Answer:
    """Return page number ``page`` of the results, or the nearest page. A page has ``EPISODES`` episodes, or ``HITS``
    hits if ``wanted`` names an episode. Raises Unusable if the query takes too long, Busy if the index is unusable."""
    index = index_of(library)
    answer = index.ask(lambda connection: _Search(connection, library.root, wanted).answer(page))
    return replace(answer, waiting=index.waiting)


@dataclass(frozen=True, slots=True)
class _Match:
    """How an episode matches. ``terms`` are the query's terms, or only the terms missing from the title. Each of
    ``total`` hits has all ``terms`` or, if ``apart``, one of them. A lower ``relevance`` is better (BM25 of SQLite)."""

    terms: tuple[Term, ...]
    in_title: bool = False
    total: int = 0
    relevance: float = 0.0
    apart: bool = False


class _Search:
    """A search in one transaction of the index, so that all results are consistent."""

    def __init__(self, connection: sqlite3.Connection, root: Path, wanted: Criteria) -> None:
        self._connection, self._root, self._wanted = connection, root, wanted
        self._query = read_query(wanted.query, self._is_said)

    def answer(self, page: int) -> Answer:
        matches = self._matches()
        known = self._known("number IN (SELECT value FROM json_each(?))", json.dumps([*matches]))
        matches = {number: matches[number] for number in known}
        numbers = [*known]
        if self._wanted.order is not Order.DATE:
            numbers = in_order(numbers, self._wanted.order, lambda number: known[number][1].traits)
        if self._wanted.by_relevance:
            numbers.sort(key=lambda number: matches[number].relevance)
        numbers.sort(key=lambda k: (matches[k].apart, not matches[k].in_title, not matches[k].total))
        totals = [each.total for each in matches.values()]
        said = sum(total > 0 for total in totals)
        if self._wanted.episode:
            page, pages, positions = nearest_page(sum(totals), page, HITS)
        else:
            page, pages, shown = nearest_page(len(numbers), page, EPISODES)
            numbers, positions = numbers[shown.start : shown.stop], range(_HITS_PER_EPISODE)
        return Answer(
            bool(self._query.whole),
            [self._result(*known[number], number, matches[number], positions) for number in numbers],
            page,
            pages,
            sum(totals),
            said,
            len(totals) - said,
            [self._episode(*each) for each in self._known("is_unreadable").values()],
            self._shows(),
        )

    def _known(self, which: str, *values: str) -> dict[int, tuple[bytes, Known]]:
        """Return the indexed episodes that pass the filters and the SQL condition ``which`` (with parameters
        ``values``), newest first, as a map from episode number to (name of the folder, facts)."""
        wanted = self._wanted
        rows = self._connection.execute(
            "SELECT number, folder, content FROM episode WHERE ? IN ('', id) AND ? IN ('', show) AND day >= ?"
            f" AND (? = '' OR substr(day, 1, length(?)) <= ?) AND {which} ORDER BY day DESC, modified DESC",
            (wanted.episode, wanted.show, wanted.since, *[wanted.until] * 3, *values),
        )
        return {number: (folder, msgspec.json.decode(content, type=Known)) for number, folder, content in rows}

    def _shows(self) -> Sequence[tuple[str, str | None]]:
        """Return all shows sorted by name, each with the language of one of its episodes."""
        shows = "SELECT show, language FROM episode WHERE show > '' GROUP BY show"
        return sorted(self._connection.execute(shows), key=lambda each: collation_key(each[0]))

    def _episode(self, folder: bytes, known: Known) -> Episode:
        return Episode(known.id, self._root / os.fsdecode(folder), known.details, None, None, None)

    def _result(self, folder: bytes, known: Known, number: int, match: _Match, positions: range) -> Result:
        hits = self._hits(number, match, positions, known.language)
        return Result(self._episode(folder, known), known.sha256, match.in_title, match.total, match.apart, hits)

    def _matches(self) -> dict[int, _Match]:
        query = self._query
        if not query.whole:
            return {}
        titled = {term: self._titled(term) for term in query.whole}
        in_title = set.intersection(*titled.values())
        if query.label:
            titled.clear()
        counts = self._counts(query.terms)
        found = {number: _Match(query.terms, number in in_title, *counted) for number, counted in counts.items()}
        missing = defaultdict[tuple[Term, ...], set[int]](set)  # episodes by the terms not in their titles
        for number in set[int]().union(*titled.values()) - in_title:
            missing[tuple(term for term in query.terms if number not in titled[term])].add(number)
        for terms, numbers in missing.items():
            counts = self._counts(terms)
            found |= {number: _Match(terms, False, *counts[number]) for number in numbers & counts.keys()}
        found |= {number: _Match(query.terms, True) for number in in_title - found.keys()}
        if len(found) < EPISODES and len(query.terms) > 1:
            having = {term: titled.get(term, set()) | self._counts([term]).keys() for term in query.terms}
            for number in set.intersection(*having.values()) - found.keys():
                terms = tuple(term for term in query.terms if number not in titled.get(term, ()))
                found[number] = _Match(terms, total=len(terms), apart=True)
        return found

    def _titled(self, term: Term) -> set[int]:
        return {number for (number,) in self._connection.execute("SELECT rowid FROM titles(?)", (term.phrase,))}

    def _is_said(self, query: Query) -> bool:
        return self._connection.execute("SELECT 1 FROM passage(?) LIMIT 1", (query.having(()),)).fetchone() is not None

    def _counts(self, terms: Sequence[Term]) -> dict[int, tuple[int, float]]:
        """Map each episode's number to the count of its passages with all ``terms`` and the sum of their relevances."""
        rank = "sum(rank)" if self._wanted.by_relevance else "0.0"
        counted = f"SELECT rowid >> 16, count(*), {rank} FROM passage(?) GROUP BY 1"
        rows = self._connection.execute(counted, (self._query.having(terms),))
        return {number: (count, relevance) for number, count, relevance in rows}

    def _hits(self, number: int, match: _Match, positions: range, language: str) -> list[Hit]:
        """Return the hits at ``positions`` (0 is the first hit) of the episode with this ``number`` in the index."""
        if match.apart:
            firsts = (row for term in match.terms for row in self._passages(number, [term], 0, 1))
            rows = sorted(set(firsts))
        else:
            # Without an exact limit, FTS5 would go on searching all other episodes.
            most = max(0, min(len(positions), match.total - positions.start))
            rows = self._passages(number, match.terms, positions.start, most)
        return [_hit(language, *row[1:]) for row in rows]

    def _passages(self, number: int, terms: Sequence[Term], first: int, most: int) -> list[tuple[Any, ...]]:
        return self._connection.execute(_SHOWN, (self._query.having(terms), *rows_of(number), most, first)).fetchall()


def _hit(language: str, start: float | None, char_start: int, said: str, speaker: str, snippet: str, named: str) -> Hit:
    """Return a row of the SQL query ``_SHOWN`` as a hit. ``said`` is the passage's text, and ``snippet`` an excerpt in
    which SQLite has marked the matches. ``named`` is the name ``speaker`` with matches marked in the same way."""
    text, shown = said.replace(APART, ""), _ONE_MARK.sub(r"\1", snippet.replace(APART, ""))
    parts = re.split(f"[{_OPEN}{_CLOSE}]", shown)  # every second one is a match
    plain = "".join(parts)
    at = first = text.find(plain)
    text, pieces, found = unbroken(text, language), [("… " if first else "", False)], list[range]()
    for k, part in enumerate(parts):
        pieces.append((text[at : at + len(part)], k % 2 == 1))
        found += [range(at, at + len(part))] if k % 2 else []
        at += len(part)
    pieces.append(("\u00a0…" if at < len(text) else "", False))
    best = max(found, key=len, default=range(len(text)))  # a phrase rather than a word
    chars = range(char_start + best.start, char_start + best.stop)
    return Hit([each for each in pieces if each[0]], chars, start, speaker.replace(APART, ""), _OPEN in named)
