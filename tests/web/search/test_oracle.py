"""What the index finds is what looking into every episode finds, in the same order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aligner.model import Alignment
from tests.web.site.searching import lay_show
from tests.web.site.test_search_index import LABELLED, QUERIES, talks
from web.library import Library
from web.search import Answer, Hit, Wanted, hits_in, reading, search
from web.search import answers as searching
from web.search.hits import hit_at
from web.search.places import Finder
from web.search.query import Label, Query, read_query
from web.search.word_index import Index, build

pytestmark = pytest.mark.nightly

_MOST, _MANY, _HITS_OF_MANY = 20, 10, 5


@dataclass(frozen=True, slots=True)
class Told:
    """What is found in an episode."""

    name: str
    in_title: bool
    apart: bool
    total: int
    hits: tuple[Hit, ...]


def slow_search(episodes: Sequence[tuple[str, Alignment]], query: str) -> list[Told]:
    """By the words of all episodes, one after the other: newest first."""
    wanted = read_query(query)
    if not wanted.terms:
        return []
    read = [(name, alignment, build(alignment)) for name, alignment in episodes]
    speakers = {speaker for _, _, index in read for speaker in index.speakers}
    label = next((label for label in wanted.labels if label.named(speakers)), None)
    told = [_in_episode(name, alignment, index, wanted, label) for name, alignment, index in read]
    found = [each for each in told if each.in_title or each.hits]
    found.sort(key=lambda each: (not each.in_title, not each.hits, each.apart))
    most = _MOST if len(found) < _MANY else _HITS_OF_MANY
    return [Told(each.name, each.in_title, each.apart, each.total, each.hits[:most]) for each in found]


def _in_episode(name: str, alignment: Alignment, index: Index, query: Query, label: Label | None) -> Told:
    titles = alignment.episode.title or name, alignment.episode.show or ""
    elsewhere = tuple(term for term in query.terms if not any(map(term.is_in, titles)))
    in_title, speakers = not elsewhere, None
    if label:
        query, speakers = read_query(label.rest or ""), label.named(index.speakers)
        elsewhere = query.terms
    finder = Finder(index, query, _MOST, 100_000, speakers)
    places, total = searching._places(finder, query.terms, query.phrase, _MOST)
    if not places and elsewhere and elsewhere != query.terms:
        places, total = searching._places(finder, elsewhere, None, _MOST)
    apart = not places and bool(firsts := finder.firsts(elsewhere))
    if apart:
        places, total = firsts[:_MOST], len(firsts)
    return Told(name, in_title, apart, total, tuple(hit_at(index, place) for place in places))


def told_by(answer: Answer) -> list[Told]:
    return [Told(each.episode.id, each.in_title, each.apart, each.total, each.hits) for each in answer.found]


@pytest.fixture(autouse=True)
def _not_by_a_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which takes its time."""
    monkeypatch.setattr(reading, "call", lambda function, *given: function(*given))


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(
    talked=st.lists(talks(), min_size=1, max_size=12),
    queries=st.lists(QUERIES | LABELLED, min_size=1, max_size=10),
    first=st.sampled_from([0, 1, 40]),
)
def test_it_finds_what_looking_into_every_episode_finds(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    talked: list[Alignment],
    queries: list[str],
    first: int,
) -> None:
    monkeypatch.setattr("web.search.candidates._LOOKED_AT_FIRST", first)
    show = lay_show(tmp_path_factory.mktemp("show"), *talked)
    library = Library(show.folder)
    episodes = [(f"e{k}", alignment) for k, alignment in enumerate(talked)]
    for query in queries:
        expected = slow_search(episodes, query)
        whole = search(library, Wanted(query), most=1000)
        assert told_by(whole) == expected, query
        assert whole.is_all
        assert whole.episodes >= len(expected)
        assert [each for page in pages(library, query) for each in page] == [
            Told(e.name, e.in_title, e.apart, e.total, e.hits[: len(e.hits) if len(expected) <= 2 else 5])
            for e in expected
        ], query


def pages(library: Library, query: str) -> Iterator[list[Told]]:
    """What is found, two episodes on a page."""
    number = 1
    while (answer := search(library, Wanted(query), number, most=2)).found:
        assert answer.page == number
        yield told_by(answer)
        if not answer.has_more:
            break
        number += 1


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(talks(), st.lists(QUERIES | LABELLED, min_size=1, max_size=6))
def test_the_hits_of_one_episode_begin_with_those_that_are_given_of_it(
    tmp_path_factory: pytest.TempPathFactory, talk: Alignment, queries: list[str]
) -> None:
    library = Library(lay_show(tmp_path_factory.mktemp("show"), talk).folder)
    for query in queries:
        answer = search(library, Wanted(query))
        found, page, count = hits_in(library, Wanted(query), "e0", 7)
        assert (page, count) == (1, 1)
        if answer.found:
            assert found.total == answer.found[0].total
            assert set(answer.found[0].hits) <= set(found.hits)
        else:
            assert not found.hits
