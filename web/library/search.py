"""Searching titles, speakers and words of all episodes, whatever the case, accents, apostrophes and hyphens.

Each word of a query may be in the title or show of an episode, in the name of who speaks, or be said; the last may be
only begun. Places where somebody whom some words name says the others come first, then those where all are said one
after the other, then those where they stand together in any order. Where an episode has them nowhere together, the
first place of each is given instead. After a name and a colon only what they say counts, or a title that has it all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from aligner.errors import AlignmentError
from aligner.languages import language_of
from aligner.model import Span
from aligner.typography import ends_sentence, unbroken
from web.errors import Unusable
from web.library.alignments import known_error
from web.library.episode import Episode
from web.library.order import Order, arranged
from web.library.patience import one_list
from web.library.places import Finder, Place
from web.library.query import Label, Query, Term, read_query
from web.library.shelf import Library
from web.library.word_index import Index, index_of

MOST_HITS = 20  # given of an episode; more are counted
_MANY, _HITS_OF_MANY = 10, 5  # episodes from which fewer are given of each
_LEAST_TURNS = 2  # of a speaker that are given, however often the name is said
BEFORE, AFTER = 100, 140  # characters of a snippet around what was found
_LONGEST_MATCH = 500  # characters; of a longer one the beginning is shown
_MOST_COUNTED = 100_000  # hits in an episode
_WORD = re.compile(r"\S+\s*")


class Unread(StrEnum):
    """Why the words of an episode could not be searched; the names are keys of the catalogue."""

    DAMAGED = "search.unread"  # or another program's
    TOO_LARGE = "search.too_large"  # for what may be spent on searching one episode


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a query was found. ``words`` index the alignment's; ``span`` is when they are said, if any is;
    ``start`` where that begins, or, of a heading that nobody says, what stands under it.

    ``before``, ``match`` and ``after`` are the transcript's own text with no-break spaces, whole sentences of one
    passage where they are short; a long match is cut. ``marked`` are the characters of the match that were sought; with
    ``by_speaker`` the name of who speaks was.
    """

    words: range
    chars: range
    start: float | None
    span: Span | None
    speaker: str | None
    before: str
    match: str
    after: str
    marked: tuple[range, ...]
    by_speaker: bool = False

    @property
    def pieces(self) -> Iterator[tuple[str, bool]]:
        """The match in pieces, each with whether it was sought."""
        at = 0
        for each in self.marked:
            yield self.match[at : each.start], False
            yield self.match[each.start : each.stop], True
            at = each.stop
        yield self.match[at:], False


@dataclass(frozen=True, slots=True)
class Found:
    """What a query gave in one episode: by its title or show, and in its words; ``total`` hits, not all of them given.
    With ``by_show`` the show's name has some of the query, and the title only the rest.

    With ``apart`` the words of the query stand nowhere together: the hits are the first place of each. ``sha256`` is
    the transcript's, by which links to its words are told from links to another wording; ``unread`` is why nothing is
    known of the words of its alignment, if nothing is.
    """

    episode: Episode
    in_title: bool
    hits: tuple[Hit, ...] = ()
    total: int = 0
    sha256: str | None = None
    unread: Unread | None = None
    apart: bool = False
    by_show: bool = False


def search(library: Library, query: str, order: Order = Order.DATE) -> list[Found]:
    """The episodes that have all of ``query`` in their title, show, speakers or words: those with it in the title
    first, then those that have it together, each in that order; at the end those whose words could not be searched."""
    wanted = read_query(query)
    if not wanted.terms:
        return []
    found: list[Found] = []
    with one_list():
        episodes = arranged(library.episodes(), order)
    label = _label(wanted, episodes)
    for episode in episodes:
        told = _in_episode(episode, wanted, label, MOST_HITS if len(found) < _MANY else _HITS_OF_MANY)
        if told.in_title or told.hits or told.unread:
            found.append(told)
    found.sort(key=lambda each: (not each.in_title, not each.hits, each.apart))
    return found if len(found) < _MANY else [replace(each, hits=each.hits[:_HITS_OF_MANY]) for each in found]


def _label(query: Query, episodes: Sequence[Episode]) -> Label | None:
    """The longest that names somebody who speaks in an episode."""
    speakers: set[str] = set()
    for episode in episodes if query.labels else ():
        index = _index_of(episode)
        speakers |= index.speakers if isinstance(index, Index) else set()
    return next((label for label in query.labels if label.named(speakers)), None)


def _in_episode(episode: Episode, query: Query, label: Label | None, most: int) -> Found:
    titles = episode.title, episode.details.show or ""
    elsewhere = tuple(term for term in query.terms if not any(map(term.is_in, titles)))
    by_show = not elsewhere and not all(term.is_in(episode.title) for term in query.terms)
    found, index = Found(episode, in_title=not elsewhere, by_show=by_show), _index_of(episode)
    if index is None or isinstance(index, Unread):
        return replace(found, unread=index)
    speakers = None
    if label:
        query, speakers = read_query(label.rest or ""), label.named(index.speakers)
        elsewhere = query.terms
    finder = Finder(index, query, most, _MOST_COUNTED, speakers)
    places, total = _places(finder, query.terms, query.phrase, most)
    if not places and elsewhere and elsewhere != query.terms:
        places, total = _places(finder, elsewhere, None, most)
    apart = not places and bool(firsts := finder.firsts(elsewhere))
    if apart:
        places, total = firsts[:most], len(firsts)
    hits = tuple(_hit(index, place) for place in places)
    return replace(found, hits=hits, total=total, sha256=index.sha256, apart=apart)


def _places(finder: Finder, terms: Sequence[Term], phrase: Term | None, most: int) -> tuple[list[Place], int]:
    """The places to give, and how many there are; where a speaker has that name, the turns among them: a few at least,
    and more where the name is seldom said."""
    turns, (said, total) = finder.turns(terms), finder.places(terms, phrase)
    if turns:
        given = [*turns[:_LEAST_TURNS], *said, *turns[_LEAST_TURNS:]][:most]
        said = sorted(given, key=lambda place: (place.words.start, bool(place.marked)))
    return said, min(total + len(turns), _MOST_COUNTED)


def _hit(index: Index, place: Place) -> Hit:
    words = place.words
    start, end = index.char_starts[words[0]], index.char_ends[words[-1]]
    first, last, speaker = index.passages[index.segments[words[0]]]
    said = [k for k in words if index.ends_ms[k] >= 0]
    start_ms = next((index.starts_ms[k] for k in said or words if index.starts_ms[k] >= 0), None)
    match = index.text[start:end] if end - start <= _LONGEST_MATCH else f"{index.text[start : start + _LONGEST_MATCH]}…"
    before, after = (
        _before(index.text, range(first, start), index.language),
        _after(index.text, range(end, max(last, end)), index.language),
    )
    # A number, or a word and its marks, may be only in part what was sought.
    shown = unbroken(before + match + after, index.language)
    return Hit(
        words=words,
        chars=range(start, end),
        start=None if start_ms is None else start_ms / 1000,
        span=Span(index.starts_ms[said[0]] / 1000, index.ends_ms[said[-1]] / 1000) if said else None,
        speaker=speaker,
        before=shown[: len(before)],
        match=shown[len(before) : len(before) + len(match)],
        after=shown[len(before) + len(match) :],
        marked=tuple(_within(match, index, each, start) for each in place.marked),
        by_speaker=place.by_speaker,
    )


def _within(match: str, index: Index, words: range, start: int) -> range:
    """The characters of a match, which starts at ``start``, that some words of it have."""
    first, last = index.char_starts[words[0]] - start, index.char_ends[words[-1]] - start
    return range(min(first, len(match)), min(last, len(match)))


def _before(text: str, passage: range, language: str) -> str:
    """What stands before a match: from the beginning of a sentence if one is near, else from a word."""
    near = text[max(passage.start, passage.stop - BEFORE) : passage.stop]
    if len(near) == len(passage):
        return near
    starts = sentence_ends(f"{near}{text[passage.stop : passage.stop + 1]}", language)
    return near[starts[0] :].lstrip("»”) ") if starts else f"… {near.partition(' ')[2]}"


def _after(text: str, passage: range, language: str) -> str:
    """What stands after a match: to the end of a sentence if one is near, else to a word."""
    near = text[passage.start : min(passage.stop, passage.start + AFTER)]
    if len(near) == len(passage):
        return near
    ends = sentence_ends(near, language)
    return near[: ends[-1]].rstrip() if ends else f"{near.rpartition(' ')[0]} …"


def sentence_ends(text: str, language: str) -> list[int]:
    """Where sentences end in a piece of text that goes on after them, spaces included."""
    known = language_of(language).captioning
    words = pairwise(_WORD.finditer(text))
    return [word.end() for word, following in words if ends_sentence(word[0].rstrip(), following[0], known)]


def _index_of(episode: Episode) -> Index | Unread | None:
    """The index of an aligned episode, or why there is none; None where it is not aligned."""
    if episode.alignment is None:
        return None
    try:
        if error := known_error(episode.alignment):
            raise error
        return index_of(episode.alignment)
    except (OSError, AlignmentError):
        return Unread.DAMAGED
    except Unusable:
        return Unread.TOO_LARGE
