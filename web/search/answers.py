"""Searching titles, speakers and words of all episodes, whatever the case, accents, apostrophes and hyphens.

Each word of a query may be in the title or show of an episode, in the name of who speaks, or be said; the last may be
only begun. Places where somebody whom some words name says the others come first, then those where all are said one
after the other, then those where they stand together in any order. Where an episode has them nowhere together, the
first place of each is given instead. After a name and a colon only what they say counts, or a title that has it all.

Episodes that have all of a query in their title or show come first, then those that have it together, then those that
have it apart; each newest first, or in another order that is asked for. They are looked into one after the other, and
no more of them than are given: the full text tells which may have something, and which cannot have it together.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from sqlite3 import Connection

from web.errors import Full, Gone, NotFound, WebError
from web.library import Episode, Library
from web.search.candidates import Candidates, Wanted
from web.search.hits import Hit, hit_at
from web.search.index import Catalogue, Entry, StoredWords
from web.search.places import Finder, Place
from web.search.query import Term
from web.search.reading import Unread, state_of_files
from web.search.upkeep import upkeep_of

EPISODES = 10  # on a page of what is found
MOST_HITS = 20  # given of an episode; more are counted
_MANY, _HITS_OF_MANY = 10, 5  # episodes from which fewer are given of each
_LEAST_TURNS = 2  # of a speaker that are given, however often the name is said
_MOST_COUNTED = 100_000  # hits in an episode
_MOST_LISTED, HITS = 2000, 100  # of one episode that can be reached, and on a page
_ATTEMPTS = 2  # to answer from episodes as they are now


@dataclass(frozen=True, slots=True)
class Found:
    """What a query gave in one episode: by its title or show, and in its words; ``total`` hits, not all of them given.
    With ``by_show`` the show's name has some of the query, and the title only the rest.

    With ``apart`` the words of the query stand nowhere together: the hits are the first place of each. ``sha256`` is
    the transcript's, by which links to its words are told from links to another wording. ``unread`` tells why its words
    were not searched.
    """

    episode: Episode
    in_title: bool
    hits: tuple[Hit, ...] = ()
    total: int = 0
    sha256: str | None = None
    apart: bool = False
    by_show: bool = False
    unread: Unread | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of what a query found. ``is_all`` where there is no other page; else ``episodes`` may have something,
    which none of them has in vain but for words that somebody else says than who is asked for.

    ``unread`` are the episodes whose words could not be searched, ``waiting`` how many have changed and are yet to be,
    and ``hindrance`` why they cannot now; ``shows`` all that a search may be narrowed to, each with its language.
    """

    found: list[Found] = field(default_factory=list)
    page: int = 1
    has_more: bool = False
    episodes: int = 0
    unread: tuple[tuple[Unread, Episode], ...] = ()
    waiting: int = 0
    hindrance: WebError | None = None
    shows: tuple[tuple[str, str | None], ...] = ()

    @property
    def is_all(self) -> bool:
        return self.page == 1 and not self.has_more


def search(library: Library, wanted: Wanted, page: int = 1, most: int | None = None) -> Answer:
    """The episodes that have all that is wanted, ``most`` of them on a page, else ``EPISODES``.

    Raises
    ------
    Unusable, Busy
        It takes too long, or cannot be answered now.
    Full, Gone
        There can be no index.
    """
    upkeep = upkeep_of(library)
    upkeep.refresh()
    hindrance = upkeep.hindrance
    for attempt in range(_ATTEMPTS):
        answer, entries = upkeep.ask(partial(_page, wanted=wanted, page=page, most=most or EPISODES))
        changed = [entry.episode.folder for entry in entries if state_of_files(entry.episode.folder) != entry.stamp]
        if not changed:
            return replace(answer, waiting=upkeep.waiting, hindrance=hindrance)
        if attempt + 1 < _ATTEMPTS:
            try:
                upkeep.update(changed)
            except (Full, Gone) as error:  # what has not changed is answered all the same
                hindrance = error
                break
    # What changes all the time is told when it is at rest.
    found = [each for each in answer.found if each.episode.folder not in changed]
    return replace(answer, found=found, waiting=max(upkeep.waiting, len(changed)), hindrance=hindrance)


def hits_in(library: Library, wanted: Wanted, episode_id: str, page: int = 1) -> tuple[Found, int, int]:
    """The hits of one episode, ``HITS`` on a page, as many as can be reached; the page that they are, the nearest to
    that of the number, and how many there are.

    Raises
    ------
    NotFound
        There is no such episode, or as yet none in the index.
    Unusable, Busy
        It takes too long, or cannot be answered now.
    Full, Gone
        There can be no index, or none of the episode as it is.
    """
    folder = library.episode(episode_id).folder
    upkeep = upkeep_of(library)
    entry = upkeep.ask(lambda _, catalogue: catalogue.by_folder.get(folder))
    if entry is None or entry.stamp != state_of_files(folder):
        upkeep.update([folder])
    return upkeep.ask(partial(_listed, wanted=wanted, folder=folder, page=page))


def _listed(
    connection: Connection, catalogue: Catalogue, wanted: Wanted, folder: Path, page: int
) -> tuple[Found, int, int]:
    """A page of the hits of the episode in a folder, as ``hits_in`` gives it."""
    entry = catalogue.by_folder.get(folder)
    if entry is None:
        raise NotFound("error.episode")
    seen = _Looking(Candidates(connection, catalogue, wanted)).look(entry, _MOST_LISTED)
    pages = max(1, math.ceil(len(seen.places) / HITS))
    page = min(max(1, page), pages)
    return seen.told(range((page - 1) * HITS, page * HITS)), page, pages


def _page(
    connection: Connection, catalogue: Catalogue, wanted: Wanted, page: int, most: int
) -> tuple[Answer, list[Entry]]:
    """A page of what is found, the nearest where there are fewer; and the episodes on it."""
    candidates = Candidates(connection, catalogue, wanted)
    # However far somebody asks, each page has an episode of its own.
    return _nearest(candidates, min(page, len(catalogue.entries)), most)


def _nearest(candidates: Candidates, page: int, most: int) -> tuple[Answer, list[Entry]]:
    """The page of that number, or the last one before it."""
    unread = tuple((each.facts.unread, each.episode) for each in candidates.entries if each.facts.unread)
    told = Answer(unread=unread, shows=candidates.shows)
    if not candidates.query.terms:
        return told, []
    before = max(0, page - 1) * most
    found = _Looking(candidates, before).all()
    passed = sum(1 for _ in islice(found, before))
    here = list(islice(found, most))
    if not here and passed:
        return _nearest(candidates, math.ceil(passed / most), most)
    number = 1 + passed // most
    has_more = next(found, None) is not None
    is_many = number > 1 or has_more or len(here) >= _MANY
    given = [each.told(range(_HITS_OF_MANY if is_many else MOST_HITS)) for each in here]
    told = replace(told, found=given, page=number, has_more=has_more, episodes=candidates.count)
    return told, [each.entry for each in here]


@dataclass(frozen=True, slots=True)
class _Seen:
    """An episode that was looked into: ``found`` is without its hits, which are at these places of its words."""

    entry: Entry
    found: Found
    words: StoredWords | None = None
    places: Sequence[Place] = ()

    def told(self, shown: range) -> Found:
        """What was found with those of its hits that are shown."""
        if not self.words or not self.places:
            return self.found
        hits = tuple(hit_at(self.words, place) for place in self.places[shown.start : shown.stop])
        return replace(self.found, hits=hits, sha256=self.words.sha256)


class _Looking:
    """Looks into episodes for what is wanted; of so many ``passed`` it is only told that they have it."""

    def __init__(self, candidates: Candidates, passed: int = 0) -> None:
        self._candidates, self._passed = candidates, passed
        self._count = 0

    def all(self) -> Iterator[_Seen]:
        """Each episode that has all that is wanted, in their order."""
        for group in (self._candidates.titled, self._candidates.others):
            for each in self._in_order(group):
                self._count += 1
                yield each

    def _in_order(self, group: Sequence[Entry]) -> Iterator[_Seen]:
        """Those that have it together, then those that have it apart, then those that have it in the title alone."""
        later: list[Entry] = []
        for entry in group:
            if self._candidates.may_be_together(entry):
                seen = self.look(entry, self._most, together=True)
                if seen.places:
                    yield seen
                    continue
            later.append(entry)
        last: list[_Seen] = []
        for entry in later:
            seen = self.look(entry, self._most) if self._candidates.may_be_apart(entry) else self._bare(entry)
            if seen.places:
                yield seen
            elif seen.found.in_title:
                last.append(seen)
        yield from last

    @property
    def _most(self) -> int:
        if self._count < self._passed:
            return 1
        return MOST_HITS if self._count < _MANY else _HITS_OF_MANY

    def _bare(self, entry: Entry) -> _Seen:
        """What is found before any word is looked at."""
        title, terms = entry.episode.title, self._candidates.query.terms
        in_title = self._candidates.is_titled(entry)
        by_show = in_title and not all(term.is_in(title) for term in terms)
        return _Seen(entry, Found(entry.episode, in_title, by_show=by_show, unread=entry.facts.unread))

    def look(self, entry: Entry, most: int, together: bool = False) -> _Seen:
        """What an episode has, no more than ``most`` places; only those where it has it ``together``, or any."""
        seen, query, speakers = self._bare(entry), self._candidates.query, None
        if not query.terms or entry.facts.unread or not entry.words_of:
            return seen
        titles = entry.episode.title, entry.episode.details.show or ""
        elsewhere = tuple(term for term in query.terms if not any(map(term.is_in, titles)))
        if label := self._candidates.label:
            query, speakers = self._candidates.rest, label.named(entry.facts.speakers)
            elsewhere = query.terms
        words = StoredWords(self._candidates.connection, entry.number, entry.facts.speakers)
        finder = Finder(words, query, most, _MOST_COUNTED if most > 1 else 1, speakers)
        places, total = _places(finder, query.terms, query.phrase, most)
        if not places and elsewhere and elsewhere != query.terms:
            places, total = _places(finder, elsewhere, None, most)
        apart = not places and not together and bool(firsts := finder.firsts(elsewhere))
        if apart:
            places, total = firsts[:most], len(firsts)
        return replace(seen, found=replace(seen.found, total=total, apart=apart), words=words, places=places)


def _places(finder: Finder, terms: Sequence[Term], phrase: Term | None, most: int) -> tuple[list[Place], int]:
    """The places to give, and how many there are; where a speaker has that name, the turns among them: a few at least,
    and more where the name is seldom said."""
    turns, (said, total) = finder.turns(terms), finder.places(terms, phrase)
    if turns:
        given = [*turns[:_LEAST_TURNS], *said, *turns[_LEAST_TURNS:]][:most]
        said = sorted(given, key=lambda place: (place.words.start, bool(place.marked)))
    return said, min(total + len(turns), _MOST_COUNTED)
