"""The search of a published show finds words, speakers and titles, in any script."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from aligner.formats import Material
from aligner.formats.cast import cast_data
from aligner.locating.quality import timed_segments
from aligner.model import Alignment, EpisodeDetails, Kind, Status
from aligner.storage.alignment_json import read_alignment
from tests.tables import over_rows
from tests.web.page.planted import planted
from tests.web.site.searching import Show, ShowPage, lay_show
from web.site import search_index
from web.site.published import published_index


@pytest.fixture(scope="module")
def page() -> Iterator[ShowPage]:
    page = ShowPage()
    yield page
    page.close()


def with_headings(alignment: Alignment, numbers: Collection[int]) -> Alignment:
    """The alignment in which these paragraphs are headings, which nobody says."""
    segments = tuple(
        replace(segment, kind=Kind.HEADING, speaker=None) if number in numbers else segment
        for number, segment in enumerate(alignment.transcript.segments)
    )
    words = tuple(
        replace(timed, span=None, status=Status.UNSPOKEN) if timed.word.segment in numbers else timed
        for timed in alignment.words
    )
    transcript = replace(alignment.transcript, segments=segments)
    return replace(alignment, transcript=transcript, words=words, segments=timed_segments(transcript, words))


def test_who_is_called_by_initials_is_found_by_them(page: ShowPage, tmp_path: Path) -> None:
    show = lay_show(tmp_path, planted((None, "Rien."), ("J. F. K. Smith", "La cave est ouverte."), ("K", "Oui.")))
    queries = ["J. F. K.", "j f k", "J.F.K.", "f k cave", "K. Smith", "k smi"]
    for query, found in zip(queries, page.ask(show, queries), strict=True):
        assert [hit["speaker"] for each in found for hit in each["hits"]] == ["J. F. K. Smith"], query
    assert page.ask(show, ["K"]) == [[]]  # a label


SPEAKERS = {
    "Max: biscuit": ["Max: the producer"],
    "Max: the producer: biscuit": ["Max: the producer"],
    "max the producer: last": ["Max: the producer"],
    "Max: what": [],
    "X : thanks": ["X"],
    "at 3:15": ["X"],
    "note: this": ["X"],
    "max biscuit": ["Max: the producer", "נועה"],
    "Max, what": ["נועה"],
}


def test_a_name_before_a_colon_is_who_speaks(page: ShowPage, tmp_path: Path) -> None:
    said = ("נועה", "Max, what did you bring? A biscuit?"), ("Max: the producer", "Who ate the last biscuit?")
    show = lay_show(
        tmp_path, planted(*said, ("X", "Thanks. Note: this is at 3:15.")), planted(("Bob", "Max, a biscuit?"))
    )
    queries = [*SPEAKERS]
    for query, found in zip(queries, page.ask(show, queries), strict=True):
        told = [hit["speaker"] for each in found for hit in each["hits"] if each["episode"] == "e0"]
        assert told == SPEAKERS[query], query


def test_all_hits_that_are_counted_can_be_reached_each_once(page: ShowPage, tmp_path: Path) -> None:
    turns = [("Élise Morel" if k % 2 else "Bob", f"Le bac{k} part avec Bob, le bac.") for k in range(60)]
    show = lay_show(tmp_path, *[planted(*turns, ("Bob", "Bac le.")) for _ in range(11)])
    for query, [first, *_, last] in zip(QUERIES_OF_MANY, page.reachable(show, list(QUERIES_OF_MANY)), strict=True):
        total = QUERIES_OF_MANY[query]
        assert (first, last) == ((total,) * 3, (total,) * 3), query


QUERIES_OF_MANY = {
    "morel": 30, "bob": 91, "bac": 121, "le bac": 120, "part bac": 60, "bob part": 60,
    "bob: bac": 61, "bob: le bac": 60, "bob:": 31, "morel: part bac": 30, "bob bac": 91, "morel le bac": 60,
}  # fmt: skip


def two_talks() -> tuple[Alignment, Alignment]:
    first = planted(
        (None, "Un vélo dort dans la cave."), ("Élise Morel", "La cave du vélociste est ouverte, 日本語です。")
    )
    second = planted(
        (None, "Le bac part à six heures."), (None, "Rien ne dort ici."), unspoken="Le bac part à six heures."
    )
    return first, replace(second, language="ja", episode=EpisodeDetails("Cave", "Le bac"))


ODD = [
    *("", "   ", "« »", "“", "(a|b)+[^c]$", "\\", "<b>dort</b>", "<script>alert(1)</script>", "\ud800"),
    *("dort " * 500, "z" * 5000, "日本語です" * 100, "__proto__ constructor"),
    *(" ".join("abcdefghijklmnopqrstuvwxyz1234"), "un vélo dort dans la cave du vélociste le bac part à six heures"),
]


def test_odd_queries_find_nothing_or_what_is_said(page: ShowPage, tmp_path: Path) -> None:
    found = page.ask(lay_show(tmp_path, *two_talks()), ODD)
    assert [bool(each) for each in found] == [query.startswith("dort") for query in ODD]


def test_of_an_episode_without_times_the_words_are_found(page: ShowPage, tmp_path: Path) -> None:
    talk = planted((None, "Personne ne dit cela."), unspoken="Personne ne dit cela.")
    [[found]] = page.ask(lay_show(tmp_path, talk), ["cela"])
    assert [(hit["start"], hit["fragment"]) for hit in found["hits"]] == [(None, "w=16-21&v=abababab")]


def test_a_heading_is_found_at_the_moment_of_what_stands_under_it(page: ShowPage, tmp_path: Path) -> None:
    told = (None, "Au port."), (None, "Le départ"), (None, "À quai"), ("Bob", "Le bac part."), (None, "Fin")
    show = lay_show(tmp_path, with_headings(planted(*told), {1, 2, 4}))
    queries = {
        "départ": (6.0, "t=6&w=12-18&v=abababab"),
        "quai": (6.0, "t=6&w=21-25&v=abababab"),
        "départ quai": (6.0, "t=6&w=12-25&v=abababab"),
        "départ quai bac": (6.0, "t=6,7.8&w=12-32&v=abababab"),
        "fin": (None, "w=39-42&v=abababab"),
    }
    for query, found in zip(queries, page.ask(show, list(queries)), strict=True):
        [hit] = found[0]["hits"]
        assert (hit["start"], hit["fragment"]) == queries[query], query


def test_of_an_episode_whose_text_is_not_at_hand_the_words_are_found_as_they_were_published(
    page: ShowPage, tmp_path: Path
) -> None:
    first, second = two_talks()
    show = lay_show(tmp_path, first, with_headings(second, {0}))
    for each in show.episodes:
        assert each.path
        text = json.dumps(cast_data(Material(read_alignment(each.path), each.name), ["sound.mp3"]))
        each.path.with_name("episode.cast.json").write_text(text, encoding="utf-8")
    lost = Show(tmp_path, tuple(replace(each, path=None, folder=tmp_path / each.name) for each in show.episodes))
    queries = ["cave", "vélociste Élise", "本", '"six heures"', "bac", "dort", "ven"]
    for query, found, expected in zip(queries, page.ask(lost, queries), page.ask(show, queries), strict=True):
        for ours, theirs in zip(found, expected, strict=True):
            assert (ours["episode"], ours["total"]) == (theirs["episode"], theirs["total"]), query
            for hit, other in zip(ours["hits"], theirs["hits"], strict=True):
                assert (hit["start"], hit["speaker"], hit["match"]) == (
                    other["start"],
                    other["speaker"],
                    other["match"],
                )


@over_rows(
    "change",
    [
        {"speakers": 1},
        {"paragraphs": [{"words": ["a"], "start": 1e99}]},
    ],
)
def test_damaged_words_that_were_published_are_not_searched(tmp_path: Path, change: dict[str, object]) -> None:
    cast: dict[str, object] = {"language": "fr", "speakers": [], "paragraphs": [{"words": ["a"], "speaker": 7}]}
    (tmp_path / "episode.cast.json").write_text(json.dumps(cast), encoding="utf-8")
    assert published_index(tmp_path)
    (tmp_path / "episode.cast.json").write_text(json.dumps(cast | change), encoding="utf-8")
    assert published_index(tmp_path) is None
    assert published_index(tmp_path / "gone") is None


def test_a_query_loads_the_parts_of_its_words_and_the_blocks_of_its_hits_alone(
    page: ShowPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "_WORDS_A_BLOCK", 5)
    monkeypatch.setattr(search_index, "_BYTES_A_PART", 1)
    show = lay_show(tmp_path, *two_talks())

    def loaded(query: str) -> list[str]:
        return [re.sub(r"search/|-\w+(?=\.js)", "", address) for address in page.loaded(show, query)]

    assert [name[:5] for name in loaded("bac")] == ["index", "terms", "words"]
    assert [name[:5] for name in loaded("vélo")] == ["index", "terms", "terms", "words", "words"]
    assert [name[:5] for name in loaded("zeppelin")] == ["index", "terms"]
    assert loaded("!!!") == ["index.js"]


def test_a_new_episode_changes_no_other_s_words(tmp_path: Path) -> None:
    show = lay_show(tmp_path, planted(("Zoé", "Une voix de plus.")), *two_talks())
    _, now = search_index.search_files(show.episodes)
    _, before = search_index.search_files(show.episodes[1:])
    words = {path: content for path, content in before.items() if "words" in path}
    assert words
    assert words.items() <= now.items()


def test_parts_are_whole_scripts_whatever_is_said(page: ShowPage, tmp_path: Path) -> None:
    said = "</script><!-- \\ \u2028 ` ${x} ]]> \" ' \x00 \U0001f389 mot"
    show = lay_show(tmp_path, replace(planted((said, f"{said} fin")), episode=EpisodeDetails(said, said)))
    assert [found[0]["total"] for found in page.ask(show, ["mot", "fin"])] == [2, 1]
