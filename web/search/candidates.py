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

from web.library import Order
from web.search.index import Catalogue, Entry, matching, ranked
from web.search.query import Label, Term, read_query

# Tokens, at most, that lie between the first and the last of terms that stand together.
_NEAR_TOKENS = 750
RELEVANCE = "relevance"
"""What the order is called that is by relevance; it is none of a library's list."""

_TITLES, _NAMES, _SAID, _SAID_OR_NAMED = "{title show}", "{speakers}", "{said}", "{said speakers}"


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
        self._terms = read_query(self.label.rest or "").terms if self.label else self.query.terms

    @cached_property
    def entries(self) -> list[Entry]:
        """All that are searched, in the order that is wanted."""
        found = [entry for entry in self._catalogue.arranged(self._wanted.order) if self._wanted.admits(entry)]
        if self._wanted.by_relevance and self._terms:
            places = ranked(self.connection, _all_of(self._terms))
            found.sort(key=lambda entry: places.get(entry.number, len(places)))
        return found

    @property
    def shows(self) -> tuple[str, ...]:
        """The names of all shows."""
        return tuple(
            sorted({each.episode.details.show for each in self._catalogue.entries if each.episode.details.show})
        )

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.titled()) + len(self.others())

    def titled(self) -> list[Entry]:
        """Those that have all of it in their title or show."""
        return [entry for entry in self.entries if entry.number in self._titled]

    def others(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.number in self._any - self._titled]

    def is_titled(self, entry: Entry) -> bool:
        return entry.number in self._titled

    def may_be_together(self, entry: Entry) -> bool:
        """Whether it may have what is sought in one place."""
        return entry.number in (self._together_in_titled if self.is_titled(entry) else self._together)

    def may_be_apart(self, entry: Entry) -> bool:
        """Whether it may have what is sought in several."""
        return bool(self.label) or not self.is_titled(entry)

    @cached_property
    def _titled(self) -> set[int]:
        found = matching(self.connection, _all_of(self.query.terms, _TITLES))
        return {entry.number for entry in self._catalogue.entries if entry.number in found and self._has_title(entry)}

    def _has_title(self, entry: Entry) -> bool:
        titles = entry.episode.title, entry.episode.details.show or ""
        return all(any(map(term.is_in, titles)) for term in self.query.terms)

    @cached_property
    def _any(self) -> set[int]:
        if self.label is None:
            return matching(self.connection, _all_of(self._terms))
        named = {name for name in self._catalogue.speakers if self.label.named([name])}
        found = {entry.number for entry in self._catalogue.entries if named.intersection(entry.facts.speakers)}
        return found & matching(self.connection, _all_of(self._terms, _SAID)) if self._terms else found

    @cached_property
    def _together(self) -> set[int]:
        if len(self._terms) < 2:
            return self._any
        # What the title has, or the name of who speaks, need not be said beside the rest.
        found = self._together_in_titled
        return found if self.label else found | matching(self.connection, _one_of(self._terms, _TITLES))

    @cached_property
    def _together_in_titled(self) -> set[int]:
        if self.label and len(self._terms) < 2:
            return self._any
        if len(self._terms) < 2:
            return matching(self.connection, _all_of(self._terms, _SAID_OR_NAMED))
        near = f"NEAR({' '.join(term.phrase for term in self._terms)}, {_NEAR_TOKENS})"
        found = matching(self.connection, f"{_SAID} : {near}")
        return found if self.label else found | matching(self.connection, _one_of(self._terms, _NAMES))


def _label(labels: Iterable[Label], speakers: frozenset[str]) -> Label | None:
    """The longest that names somebody who speaks in an episode."""
    return next((label for label in labels if label.named(speakers)), None)


def _all_of(terms: Iterable[Term], columns: str = "") -> str:
    return " AND ".join(_in(term, columns) for term in terms)


def _one_of(terms: Iterable[Term], columns: str) -> str:
    return " OR ".join(_in(term, columns) for term in terms)


def _in(term: Term, columns: str) -> str:
    return f"({columns} : {term.phrase})" if columns else term.phrase
