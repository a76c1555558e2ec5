"""The search of a published show finds what the app's finds, in any script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aligner.model import Alignment, EpisodeDetails
from tests.web.page.planted import planted
from tests.web.site.searching import ShowPage, lay_show
from web.site import search_index

FRENCH = """de la a l’été Été, vélo vélos. vélociste cœur peut-être a-a-a 12 Élise Morel C'est (rires) “de la” <b> _"""
OTHERS = """日本語 日本 日 本 本語です。 これは日本、東京 radio日本 radio 東京radio ab日 𠮷野家 𠮷
مرحبا بكم ภาษาไทย Straße ᾠδή 1 000 🎉x"""
WORDS = re.split(r"[ \n]", f"{FRENCH} {OTHERS}")
NAMES = [None, "Élise Morel", "Bob", "日本 太郎", "Anna de la Tour", "L’été", "a"]
ALONE = ["Élise", "de la", '"', "“", "”", "Tou", ",", "tour", "vél"]


@pytest.fixture(scope="module")
def page() -> Iterator[ShowPage]:
    page = ShowPage()
    yield page
    page.close()


@st.composite
def talks(draw: st.DrawFn) -> Alignment:
    """An episode of words among which queries look."""
    word = st.sampled_from(WORDS)
    texts = st.lists(word, min_size=1, max_size=40).map(" ".join)
    paragraphs = draw(st.lists(st.tuples(st.sampled_from(NAMES), texts), min_size=1, max_size=8))
    titles = st.none() | st.lists(word, max_size=3).map(" ".join)
    details, unspoken = EpisodeDetails(draw(titles), draw(titles)), draw(st.lists(word, max_size=3))
    alignment = planted(*paragraphs, unspoken=" ".join(unspoken))
    return replace(alignment, episode=details, language=draw(st.sampled_from(["fr", "en", "ja"])))


QUERIES = st.lists(
    st.sampled_from(WORDS) | st.sampled_from(WORDS).map(lambda word: word[:3]) | st.sampled_from(ALONE),
    min_size=1,
    max_size=4,
).map(" ".join)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    alignments=st.lists(talks(), min_size=1, max_size=3),
    queries=st.lists(QUERIES, min_size=1, max_size=12),
    sizes=st.sampled_from([(3, 40), (2000, 64_000)]),
)
def test_it_finds_what_the_app_finds(
    page: ShowPage,
    tmp_path_factory: pytest.TempPathFactory,
    alignments: list[Alignment],
    queries: list[str],
    sizes: tuple[int, int],
) -> None:
    show = lay_show(tmp_path_factory.mktemp("show"), *alignments)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search_index, "_WORDS_A_BLOCK", sizes[0])
        patch.setattr(search_index, "_BYTES_A_PART", sizes[1])
        show.publish()
    for query, found, expected in zip(queries, page.ask(show.folder, queries), show.in_app(queries), strict=True):
        assert found == expected, query
