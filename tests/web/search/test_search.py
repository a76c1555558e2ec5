"""Search words and titles of all episodes."""

import json
from itertools import pairwise

import pytest

from aligner.normalization import fold
from tests.paths import DATA
from tests.tables import over_rows
from tests.web.library.shelved import PACE, plant
from tests.web.search.asking import search
from web.library import Library
from web.search.answers import Criteria, Hit
from web.search.answers import search as search_page
from web.search.query import read_query

LONG = "A: " + " ".join(f"mot{k}" for k in range(60)) + " une aiguille cachée " + " ".join(["foin"] * 60) + "\n"


def hits(library: Library, query: str) -> list[Hit]:
    return [hit for found in search(library, query) for hit in found.hits]


def text_of(hit: Hit) -> str:
    return "".join(text for text, _ in hit.pieces)


def marked(hit: Hit) -> list[str]:
    return [text for text, sought in hit.pieces if sought]


def test_a_query_is_read_as_on_the_page_of_an_episode() -> None:
    cases = json.loads((DATA / "query.json").read_text(encoding="utf-8"))
    read = {query: read_query(query).terms for query in cases}
    assert {query: [[fold(term.text, " "), term.is_prefix] for term in terms] for query, terms in read.items()} == cases


@over_rows(
    "query, found",
    [
        ("été", ["été"]),
        ("ETE", ["été"]),
        ("L'été", ["l’été"]),
        ("l'ete des velos", ["l’été des vélos"]),
        ("rendez vous", ["rendez-vous"]),
        ("c'est rendez-vous au café", ["C'est rendez-vous au café"]),
        ("vel", ["vélos"]),
        ("heading", ["heading"]),
        ("COEUR", ["cœur"]),
        ("peut etre", ["peut-être"]),
        ("CAFE, rendez vous (c'est)", ["C'est rendez-vous", "café"]),
        ("自行车", ["自行车"]),
    ],
)
def test_words_are_found_in_any_order_whatever_their_accents_case_and_marks(
    library: Library, query: str, found: list[str]
) -> None:
    plant(library.root / "summer")
    plant(library.root / "planted", "A: Au cœur du sujet, peut-être.\n\nA: 今天我们谈论自行车的故事。\n")
    assert [marked(hit) for hit in hits(library, query)] == [found]


@over_rows("query", ["", "  ", "«»", "élo", "vélos verts", "b", "x" * 5000, '"" OR vélos*', "NEAR(été vélos)"])
def test_absent_words_are_not_found(library: Library, query: str) -> None:
    plant(library.root / "summer")
    assert search(library, query) == []


def test_a_hit_says_when_and_by_whom_and_leads_to_its_words(library: Library) -> None:
    plant(library.root / "talk", f"Élise: Non.\n\n{LONG.replace('A:', 'Bob:')}")
    (found,) = search(library, "cachée aiguille")
    (hit,) = found.hits
    assert hit.start == pytest.approx(PACE)
    text = (library.root / "talk" / "talk.txt").read_text(encoding="utf-8")
    assert (hit.speaker, text[hit.chars.start : hit.chars.stop]) == ("Bob", "aiguille cachée")
    assert marked(hit) == ["aiguille cachée"]
    assert found.sha256
    assert len(found.sha256) == 64


def test_a_long_passage_is_cut_around_what_was_found(library: Library) -> None:
    plant(library.root / "talk", LONG)
    (hit,) = hits(library, "aiguille")
    assert text_of(hit).startswith("… mot")
    assert "une aiguille" in text_of(hit)
    assert text_of(hit).endswith("foin\u00a0…")
    assert len(text_of(hit).split()) < 45


def test_each_part_of_a_long_paragraph_is_a_hit_with_a_time_of_its_own(library: Library) -> None:
    plant(library.root / "talk", f"A: {'Un vélo passe, M. Roy dort. ' * 100}\n")
    found = hits(library, "vélo")
    times = [hit.start for hit in found if hit.start is not None]
    assert len(times) == len(found) > 3
    assert all(earlier < later for earlier, later in pairwise(times))


@over_rows("quoted", ["“{}”", "« {} »", "«\u00a0{}\u00a0»", '"{}"', "„{}“", "‹{}›", "「{}」", "“{}", '"{}" ordre'])
def test_a_quoted_phrase_is_found_word_for_word(library: Library, quoted: str) -> None:
    plant(library.root / "exact", "A: Dans cet ordre, la petite reine.\n")
    plant(library.root / "other", "A: Dans cet ordre, la reine petite, la petite reinette.\n")
    (found,) = search(library, quoted.format("Petite reine"))
    assert found.episode.id == "exact"
    assert "petite reine" in marked(found.hits[0])


@over_rows("query", ["Élise", "elise morel", "Morel Élise", "Morel Éli", "Élise:", "Élise Morel :"])
def test_a_speaker_is_found_by_name(library: Library, query: str) -> None:
    plant(library.root / "talk", "Élise Morel: Bonjour.\n\nBob: Merci.\n\nÉlise Morel: Au revoir.\n")
    plant(library.root / "none", "Bob Morel: Bonjour.\n")
    (found,) = search(library, query)
    assert [(hit.speaker, text_of(hit), hit.by_speaker) for hit in found.hits] == [
        ("Élise Morel", "Bonjour.", True), ("Élise Morel", "Au revoir.", True),
    ]  # fmt: skip


MAX = "Noa: Max, what did you bring? A biscuit?\n\nMax: Who ate the last biscuit?\n\nNoa: What, Max?\n\nX: Thanks.\n"


@over_rows(
    "query, said",
    [
        ("Max: biscuit", [("Max", ["biscuit"])]),
        ("max : BISC", [("Max", ["biscuit"])]),
        ("Max：biscuit", [("Max", ["biscuit"])]),
        ("“Max”: biscuit", [("Max", ["biscuit"])]),
        ("Max: “last biscuit”", [("Max", ["last biscuit"])]),
        ("Max: biscuit who", [("Max", ["Who", "biscuit"])]),
        ("Max: what", []),
        ("Max: Max", []),
        ("X: thanks", [("X", ["Thanks"])]),
        ("Noa: what", [("Noa", ["what"]), ("Noa", ["What"])]),
        ("Ann: biscuit", []),
    ],
)
def test_a_name_before_a_colon_is_who_speaks(library: Library, query: str, said: list[tuple[str, list[str]]]) -> None:
    plant(library.root / "talk", MAX)
    plant(library.root / "other", "Zoe: Max has a biscuit.\n\nJ. F. K.: What?\n", title="Max", show="Biscuits")
    found = hits(library, query)
    assert [(hit.speaker, marked(hit), hit.by_speaker) for hit in found] == [(*each, True) for each in said]


@over_rows("query", ["Note: this", "3:15", "ABBA: the film: four stars"])
def test_other_colons_only_part_words(library: Library, query: str) -> None:
    plant(
        library.root / "talk", "Ada: Note: this is at 3:15. “ABBA: the film”: four stars. “Bob: the end”.\n\nBob: No.\n"
    )
    (hit,) = hits(library, query)
    assert (hit.speaker, hit.by_speaker) == ("Ada", False)


def test_a_letter_is_no_name_unless_a_colon_follows(library: Library) -> None:
    plant(library.root / "talk", "A: Il y a un vélo.\n\nY: Non.\n\nA: Si.\n\nY: Non.\n")
    assert [hit.speaker for hit in hits(library, "y")] == ["A"]
    assert [hit.speaker for hit in hits(library, "y:")] == ["Y", "Y"]


def test_titles_and_shows_are_searched_and_come_first(library: Library) -> None:
    plant(library.root / "a", "A: La promenade du soir.\n", title="Autre chose")
    plant(library.root / "b", "A: Rien.\n", title="Une Promenade", date="2025-03-02")
    plant(library.root / "c", "A: Rien.\n", title="Rien", show="Promenades", date="2025-03-01")
    found = search(library, "promenade")
    assert [(each.episode.id, each.in_title, each.total) for each in found] == [
        ("b", True, 0), ("c", True, 0), ("a", False, 1),
    ]  # fmt: skip


def test_words_of_the_title_need_not_be_said(library: Library) -> None:
    plant(library.root / "summer", title="La promenade", show="Roue libre")
    plant(library.root / "other", title="Une autre")
    (found,) = search(library, "roue vélos promenade")
    assert (found.in_title, [marked(hit) for hit in found.hits]) == (False, [["vélos"]])
    assert search(library, "libre promenade roue")[0].in_title


def test_words_of_several_passages_are_found_each_at_its_first_place(library: Library) -> None:
    plant(library.root / "far", "A: Un mot2.\n\nB: Une aiguille.\n\nA: Encore une aiguille.\n")
    plant(library.root / "near", "A: Une aiguille, puis mot2.\n")
    near, far = search(library, "mot2 aiguille")
    assert (near.episode.id, near.apart, near.total) == ("near", False, 1)
    assert (far.episode.id, far.apart, [text_of(hit) for hit in far.hits]) == (
        "far", True, ["Un mot2.", "Une aiguille."],
    )  # fmt: skip
    assert search(library, "mot2 aiguille zeppelin") == []


def test_all_hits_are_counted_and_some_given(library: Library) -> None:
    plant(library.root / "hay", "A: Du foin.\n\nB: Du foin.\n\n" * 15)
    assert [(each.total, len(each.hits)) for each in search(library, "foin")] == [(30, 10)]


def test_results_are_sorted_by_date_or_by_relevance(library: Library) -> None:
    plant(library.root / "new", "A: Un vélo passe, et puis plus rien de tout le jour.\n", date="2025-03-02")
    plant(library.root / "much", "A: Le vélo.\n\nB: Mon vélo.\n\nA: Ton vélo.\n", date="2025-03-01")
    assert [each.episode.id for each in search(library, "vélo")] == ["new", "much"]
    assert [each.episode.id for each in search_page(library, Criteria("vélo", by_relevance=True)).found] == [
        "much", "new",
    ]  # fmt: skip


def test_hits_have_no_break_spaces_also_within_matches(library: Library) -> None:
    plant(library.root / "talk", "A: Il y a 12 000 pas d’ici ; tu viens ? Oui.\n")
    for query in ("12", "12 000", "12\u00a0000", "12\u202f000", "tu viens"):
        (hit,) = hits(library, query)
        assert text_of(hit) == "Il y a 12\u202f000 pas d’ici\u202f; tu viens\u202f? Oui."
