"""The index finds the passages that looking into every passage finds."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aligner.model import Alignment
from aligner.storage.alignment_json import to_text
from tests.web.search.asking import search
from tests.web.search.talks import QUERIES, talks
from web.library import Library
from web.search import upkeep
from web.search.query import Term, read_query
from web.search.upkeep import passages_of

pytestmark = pytest.mark.nightly

Told = tuple[str, bool, bool, list[str]]  # an episode, whether it has all in its title, or apart, and its hits


def slow_search(episodes: dict[str, tuple[Alignment, list[tuple[str, str]]]], query: str) -> list[Told]:
    """Look into the passages of all episodes, which are what each speaker says."""
    everybody = {speaker for _, passages in episodes.values() for speaker, _ in passages}
    wanted = read_query(query, lambda name: any(all(term.is_in(each) for term in name) for each in everybody))

    def has(passage: tuple[str, str], term: Term) -> bool:
        speaker, text = passage
        if wanted.label and not all(each.is_in(speaker) for each in wanted.label):
            return False
        return term.is_in(text) or (not wanted.label and len(term.text) > 1 and term.is_in(speaker))

    together, apart = list[Told](), list[Told]()
    for name, (alignment, passages) in episodes.items():
        titles = alignment.episode.title or name, alignment.episode.show or ""
        missing = [term for term in wanted.whole if not any(map(term.is_in, titles))]
        in_title = bool(wanted.whole) and not missing
        terms = wanted.terms if wanted.label or in_title else missing
        by = [p for p in passages if all(each.is_in(p[0]) for each in wanted.label)]
        having = [text for speaker, text in by if all(has((speaker, text), term) for term in terms)]
        firsts = [next((p[1] for p in passages if has(p, term)), None) for term in terms]
        if not wanted.whole:
            continue
        if having or in_title:
            together.append((name, in_title, False, sorted(having)))
        elif firsts and None not in firsts:
            apart.append((name, False, True, sorted(text for text in firsts if text)))
    together.sort(key=lambda each: (not each[1], not each[3]))
    return together + apart


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    talked=st.lists(talks(), min_size=1, max_size=5),
    queries=st.lists(QUERIES, max_size=10),
)
def test_it_finds_what_looking_into_every_passage_finds(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    talked: list[Alignment],
    queries: list[str],
) -> None:
    monkeypatch.setattr(upkeep, "call", lambda function, *given: function(*given))  # not by a child, which takes time
    monkeypatch.setattr("web.search.answers._MOST_HITS", 1000)
    library = Library(tmp_path_factory.mktemp("show"))
    episodes = {}
    for k, alignment in enumerate(talked):
        dated = replace(alignment, episode=replace(alignment.episode, date=f"2026-01-{28 - k:02d}"))
        path = library.root / f"e{k}" / "a.alignment.json"
        path.parent.mkdir()
        path.write_text(to_text(dated), encoding="utf-8")
        path.with_name(alignment.audio.file).write_bytes(b"sound")
        episodes[f"e{k}"] = (dated, [(each.speaker, each.text) for each in passages_of(path)[2]])
    for query in queries:
        found = [
            (each.episode.id, each.in_title, each.apart, sorted(_text(hit.pieces) for hit in each.hits))
            for each in search(library, query)
        ]
        assert [(*told, len(texts)) for *told, texts in found] == [
            (*told, len(texts)) for *told, texts in slow_search(episodes, query)
        ], query


def _text(pieces: list[tuple[str, bool]]) -> str:
    return "".join(text for text, _ in pieces)
