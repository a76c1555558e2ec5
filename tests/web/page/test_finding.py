"""Find in an episode finds what the search of the app finds there."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Iterator
from itertools import accumulate, groupby
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aligner.model import Alignment
from tests.node import need_node
from tests.web.site.test_search_index import LABELS, QUERIES, WORDS, talks
from web.search.places import Finder
from web.search.query import read_query
from web.search.word_index import Index, build

_SCRIPT = Path(__file__).parents[2] / "js" / "finding.js"
_ALL = 1_000_000

_Marks = list[int]  # the words of a hit that are marked


@pytest.fixture(scope="module")
def node() -> Iterator[subprocess.Popen[str]]:
    need_node()
    with subprocess.Popen(
        ["node", _SCRIPT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        yield process
        process.communicate()


def on_page(node: subprocess.Popen[str], index: Index, queries: list[str]) -> list[list[_Marks]]:
    """The words that are marked of each hit of each query."""
    assert node.stdin
    assert node.stdout
    lengths = [0] * len(index.segments)
    for part, owner in zip(index.folded.split(), index.owners, strict=True):
        lengths[owner] += _units(part) + 1
    starts = list(accumulate(lengths, initial=1))
    words = groupby(range(len(lengths)), lambda word: index.passages[index.segments[word]][2])
    runs = [(speaker, list(each)) for speaker, each in words]
    turns = [(speaker, starts[each[0]], starts[each[-1] + 1]) for speaker, each in runs]
    print(json.dumps({"folded": index.folded, "turns": turns, "queries": queries}), file=node.stdin, flush=True)
    word_at = {place: word for word, start in enumerate(starts[:-1]) for place in range(start, starts[word + 1])}
    return [
        [_words((word_at[start], word_at[end - 1] + 1) for start, end in marks) for marks in hits]
        for hits in json.loads(node.stdout.readline())
    ]


def _units(text: str) -> int:
    """Its length as scripts count it."""
    return len(text.encode("utf-16-le")) // 2


def in_app(index: Index, typed: str) -> list[_Marks]:
    query, speakers = read_query(typed), None
    if label := next((each for each in query.labels if each.named(index.speakers)), None):
        query, speakers = read_query(label.rest or ""), label.named(index.speakers)
    finder = Finder(index, query, _ALL, _ALL, speakers)
    if not query.terms:  # where those begin to speak
        return [_words([(place.words.start, place.words.stop)]) for place in finder.turns(()) if speakers]
    places, _ = finder.places(query.terms, query.phrase)
    return [_words((mark.start, mark.stop) for mark in place.marked) for place in places]


def _words(marks: Iterable[tuple[int, int]]) -> _Marks:
    return sorted({word for start, stop in marks for word in range(start, stop)})


QUOTED = st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(lambda words: f"“{' '.join(words)}”")
"""What stands in quotation marks is found as it is, not also within words."""


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    alignment=talks(),
    queries=st.lists(
        st.builds("{} {} {}".format, st.sampled_from([*LABELS, "", "élise", "Bob"]), QUOTED, QUERIES | st.just("")),
        min_size=1,
        max_size=12,
    ),
)
def test_find_gives_the_hits_of_the_app_in_their_order(
    node: subprocess.Popen[str], alignment: Alignment, queries: list[str]
) -> None:
    index = build(alignment)
    for query, found in zip(queries, on_page(node, index, queries), strict=True):
        assert found == in_app(index, query), query
