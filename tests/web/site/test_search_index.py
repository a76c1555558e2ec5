"""The search of a published show finds words, phrases and speakers, in any script, and says where they are."""

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from aligner.locating.quality import timed_segments
from aligner.model import Alignment, EpisodeDetails, Kind, Status
from tests.web.page.planted import planted
from tests.web.site.searching import ShowPage, lay_show
from web.site import search_index


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


def marked(found: list[dict[str, object]]) -> list[tuple[str, list[str]]]:
    """The episodes that were found, and what is marked in each."""
    return [
        (each["episode"], [text for hit in each["hits"] for text, is_sought in hit["pieces"] if is_sought])  # type: ignore[attr-defined]
        for each in found
    ]  # type: ignore[return-value]


def two_talks() -> tuple[Alignment, Alignment]:
    first = planted(
        (None, "Un vélo dort dans la cave."), ("Élise Morel", "La cave du vélociste est ouverte, 日本語です。")
    )
    second = planted(
        (None, "Le bac part à six heures."), (None, "Rien ne dort ici."), unspoken="Le bac part à six heures."
    )
    return first, replace(second, language="ja", episode=EpisodeDetails("Cave", "Le bac"))


FOUND = {
    "velo": [("e0", ["vélo", "vélociste"])],
    '"vélo"': [("e0", ["vélo"])],
    "cave vélo": [("e0", ["vélo", "cave.", "cave", "vélociste"])],
    '"dans la cave"': [("e0", ["dans la cave."])],
    "dort cave": [("e0", ["dort", "cave."])],
    "cave": [("e1", []), ("e0", ["cave.", "cave"])],
    "bac heures": [("e1", ["bac", "heures."])],
    "morel ouverte": [("e0", ["ouverte,"])],
    "élise: cave": [("e0", ["cave"])],
    "Élise:": [("e0", [])],
    "bob: cave": [("e1", ["bob", "cave"])][:0],
    "本語": [("e0", ["日本語です。"])],
    "zeppelin": [],
    "": [],
    "« »": [],
    "<script>": [],
    "(a|b)+[^c]$ \\": [],
    "__proto__ constructor": [],
}


def test_words_phrases_and_speakers_are_found_and_marked(page: ShowPage, tmp_path: Path) -> None:
    show = lay_show(tmp_path, *two_talks())
    for query, found in zip(FOUND, page.ask(show, [*FOUND]), strict=True):
        assert marked(found) == FOUND[query], query


def test_ligatures_accents_and_apostrophes_are_folded(page: ShowPage, tmp_path: Path) -> None:
    show = lay_show(tmp_path, planted((None, "L’Œuvre d’O’Neil ex æquo, c’était l’été.")))
    queries = ["oeuvre", "œuvre", "OEUVRES", "o'neil", "aequo", "etait ete", "l'été"]
    assert [bool(found) for found in page.ask(show, queries)] == [True, True, False, True, True, True, True]


def test_words_that_stand_in_no_one_passage_are_not_found(page: ShowPage, tmp_path: Path) -> None:
    assert page.ask(lay_show(tmp_path, planted(("A", "Un bac."), ("B", "Un vélo."))), ["bac vélo"]) == [[]]


def test_a_name_before_a_colon_is_who_speaks(page: ShowPage, tmp_path: Path) -> None:
    said = ("נועה", "Max, what did you bring? A biscuit?"), ("Max: the producer", "Who ate the last biscuit?")
    show = lay_show(tmp_path, planted(*said, ("X", "Thanks. Note: this is at 3:15.")))
    speakers = {
        "Max: biscuit": ["Max: the producer"],
        "Max: the producer: biscuit": ["Max: the producer"],
        "X : thanks": ["X"],
        "at 3:15": ["X"],
        "note: this": ["X"],
        "Max, what": ["נועה"],
    }
    for query, found in zip(speakers, page.ask(show, [*speakers]), strict=True):
        assert [hit["speaker"] for each in found for hit in each["hits"]] == speakers[query], query


def test_a_hit_leads_to_the_time_of_its_words_or_of_what_follows_words_that_nobody_says(
    page: ShowPage, tmp_path: Path
) -> None:
    told = (None, "Au port."), (None, "Le départ"), (None, "À quai"), ("Bob", "Le bac part."), (None, "Fin")
    show = lay_show(tmp_path, with_headings(planted(*told), {1, 2, 4}))
    times = {
        "port": (1.0, "#t=1,1.8"),
        '"bac part"': (7.0, "#t=7,8.8"),
        "départ": (6.0, "#t=6"),
        "quai": (6.0, "#t=6"),
        "fin": (None, ""),
    }
    for query, [found] in zip(times, page.ask(show, [*times]), strict=True):
        assert [(hit["start"], hit["fragment"]) for hit in found["hits"]] == [times[query]], query


def test_an_episode_whose_published_words_cannot_be_read_is_found_by_its_title(page: ShowPage, tmp_path: Path) -> None:
    first, second = two_talks()
    show = lay_show(tmp_path, first, second)
    show.publish()
    cast = show.episodes[1].folder / "episode.cast.json"
    for damaged in ("{", json.dumps({"speakers": 1, "paragraphs": []})):
        cast.write_text(damaged, encoding="utf-8")
        [found] = page.ask(show, ["cave"])
        assert [(each["episode"], each["searched"]) for each in found] == [("e1", False), ("e0", True)]


def test_a_query_loads_the_parts_of_its_words_and_the_episodes_of_its_hits_alone(
    page: ShowPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_index, "_BYTES_A_PART", 1)
    show = lay_show(tmp_path, *two_talks())

    def loaded(query: str) -> list[str]:
        return [re.sub(r"(?:-\d+)?-\w+(?=\.json)", "", address) for address in page.loaded(show, query)]

    assert set(loaded("bac")) == {"search/index.json", "search/terms.json", "e/e1/episode.cast.json"}
    assert loaded("!!!") == ["search/index.json"]
