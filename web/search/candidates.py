"""Which episodes may have what is wanted, as the full text tells: those with all of it in their titles, those that may
have it together, and the rest.

The full text is asked in FTS5's language. It never lacks an episode that has something; where it tells too many,
looking into them shows that.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from web.library.library import Order, collation_key
from web.search.index import Catalogue, Entry, matching, ranked
from web.search.query import Label, Term, read_query

RELEVANCE = "relevance"
"""What the order is called that is by relevance; it is none of a library's list."""

_SAID = "{said}"  # the column of the full text
_LOOKED_AT_FIRST = 20  # episodes, before the full text is asked which have several terms together


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is sought and where: in the episodes of one ``show``, of the days from ``since`` up to ``until``
    (YYYY-MM-DD, both empty for any); and in which order, with ``by_relevance`` that before all."""

    query: str
    order: Order = Order.DATE
    by_relevance: bool = False
    show: str = ""
    since: str = ""
    until: str = ""

    def admits(self, entry: Entry) -> bool:
        """Whether an episode is among those that are searched."""
        day = entry.facts.traits.age[0]
        return (
            (not self.show or entry.episode.details.show == self.show)
            and (not self.since or day >= self.since)
            and (not self.until or day[: len(self.until)] <= self.until)
        )


class Candidates:
    """The episodes of a catalogue that may have what is wanted, as one state of the index tells."""

    def __init__(self, connection: sqlite3.Connection, catalogue: Catalogue, wanted: Wanted) -> None:
        self.connection, self._catalogue, self._wanted = connection, catalogue, wanted
        self.query = read_query(wanted.query)
        self.label = _label(self.query.labels, catalogue.speakers)
        # After a label the rest is sought by itself, and the whole only in titles.
        self.rest = read_query(self.label.rest or "") if self.label else self.query
        self._terms = self.rest.terms
        self._asked = 0

    @cached_property
    def entries(self) -> list[Entry]:
        """All that are searched, in the order that is wanted."""
        found = self._catalogue.arranged(self._wanted.order)
        if self._wanted.show or self._wanted.since or self._wanted.until:
            found = [entry for entry in found if self._wanted.admits(entry)]
        if self._wanted.by_relevance and self._terms:
            places = self._ranked
            found = sorted(found, key=lambda entry: places.get(entry.number, len(places)))
        return found

    @property
    def shows(self) -> tuple[tuple[str, str | None], ...]:
        """The names of all shows, each with the language of its newest episode."""
        details = [entry.episode.details for entry in reversed(self._catalogue.arranged(Order.DATE))]
        languages = {each.show: each.language for each in details if each.show}
        return tuple(sorted(languages.items(), key=lambda each: collation_key(each[0])))

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.titled) + len(self.others)

    @cached_property
    def titled(self) -> list[Entry]:
        """Those that have all of it in their title or show."""
        return [entry for entry in self.entries if entry.number in self._titled]

    @cached_property
    def others(self) -> list[Entry]:
        numbers = self._any - self._titled
        return [entry for entry in self.entries if entry.number in numbers]

    def is_titled(self, entry: Entry) -> bool:
        return entry.number in self._titled

    def may_be_together(self, entry: Entry) -> bool:
        """Whether it may have what is sought in one place."""
        if self.is_titled(entry) and not self.label and len(self._terms) == 1:
            return entry.number in self._beside_titles
        if len(self._terms) < 2:
            return True
        # What is common is found sooner than the full text tells where it stands together.
        self._asked += 1
        if self._asked <= _LOOKED_AT_FIRST:
            return True
        return entry.number in (self._beside_titles if self.is_titled(entry) else self._together)

    def may_be_apart(self, entry: Entry) -> bool:
        """Whether it may have what is sought in several."""
        return bool(self.label) or not self.is_titled(entry)

    @cached_property
    def _titled(self) -> set[int]:
        titles = self._catalogue.titles
        for term in self.query.terms:
            titles = [each for each in titles if term.sought in each[1] or term.sought in each[2]]
        return {number for number, _, _ in titles}

    @cached_property
    def _ranked(self) -> dict[int, int]:
        return ranked(self.connection, _all_of(self._terms))

    @cached_property
    def _any(self) -> set[int]:
        if self.label is None:
            is_ranked = self._wanted.by_relevance and self._terms
            return set(self._ranked) if is_ranked else matching(self.connection, _all_of(self._terms))
        found = self._named({name for name in self._catalogue.speakers if self.label.named([name])})
        return found & matching(self.connection, _all_of(self._terms, _SAID)) if self._terms else found

    @cached_property
    def _together(self) -> set[int]:
        """Those that are not titled: what the title has need not be said beside the rest."""
        if self.label:
            return self._beside_titles
        titled = {
            number
            for number, title, show in self._catalogue.titles
            if any(term.sought in title or term.sought in show for term in self._terms)
        }
        return self._beside_titles | titled

    @cached_property
    def _beside_titles(self) -> set[int]:
        """Those that have it beside what their titles have; what names who speaks need not be said either."""
        phrases = " ".join(term.phrase for term in self._terms)
        near = phrases if len(self._terms) == 1 else f"NEAR({phrases}, {self._catalogue.density})"
        found = matching(self.connection, f"{_SAID} : {near}")
        if self.label:
            return found
        return found | self._named(
            {name for name in self._catalogue.speakers if any(t.is_in(name) for t in self._terms)}
        )

    def _named(self, names: set[str]) -> set[int]:
        """Those in which one of them speaks."""
        names = set(names)
        return {entry.number for entry in self._catalogue.entries if not names.isdisjoint(entry.facts.speakers)}


def _label(labels: Iterable[Label], speakers: frozenset[str]) -> Label | None:
    """The longest that names somebody who speaks in an episode."""
    return next((label for label in labels if label.named(speakers)), None)


def _all_of(terms: Iterable[Term], columns: str = "") -> str:
    return " AND ".join(_in(term, columns) for term in terms)


def _in(term: Term, columns: str) -> str:
    return f"({columns} : {term.phrase})" if columns else term.phrase
