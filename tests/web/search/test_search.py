"""Searching words and titles of all episodes."""

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aligner.normalization import fold
from aligner.transcript import read_transcript
from tests.places import DATA
from tests.tables import over_rows
from tests.web.library.shelved import PACE, plant
from tests.web.search.asking import answer_of, search
from web.library import Library
from web.search import Hit, Unread
from web.search.query import read_query

LONG = "A: " + " ".join(f"mot{k}" for k in range(60)) + " une aiguille cachée " + " ".join(["foin"] * 60) + "\n"


def hits(library: Library, query: str) -> list[Hit]:
    return [hit for found in search(library, query) for hit in found.hits]


def test_a_query_is_read_as_on_the_page_of_an_episode() -> None:
    cases = json.loads((DATA / "query.json").read_text(encoding="utf-8"))
    assert {query: [[term.text, term.begun] for term in read_query(query).terms] for query in cases} == cases


@over_rows(
    "query, match",
    [
        ("été", "l’été"),
        ("ETE", "l’été"),
        ("L'été", "l’été"),
        ("l'ete des velos", "l’été des vélos."),
        ("rendez vous", "rendez-vous"),
        ("c'est rendez-vous au café", "C'est rendez-vous au café"),
        ("vel", "vélos."),
        ("heading", "heading"),
        ("COEUR", "cœur"),
        ("peut etre", "peut-être."),
    ],
)
def test_a_phrase_is_found_whatever_its_accents_case_and_marks(library: Library, query: str, match: str) -> None:
    plant(library.root / "summer")
    plant(library.root / "planted", "A: Au cœur du sujet, peut-être.\n")
    assert [hit.match for hit in hits(library, query)] == [match]


@over_rows("query", ["", "  ", "«»", "élo", "vélos verts", "b", "x" * 5000])
def test_what_is_not_there_is_not_found(library: Library, query: str) -> None:
    plant(library.root / "summer")
    assert search(library, query) == []


def test_a_hit_says_when_who_and_in_what_words(library: Library) -> None:
    plant(library.root / "summer", LONG)
    (found,) = search(library, "aiguille cachée")
    (hit,) = found.hits
    assert hit.span
    assert (hit.span.start, hit.span.end) == pytest.approx((60 * PACE + PACE, 63 * PACE - 0.05))
    assert (hit.words, hit.speaker, hit.match) == (range(61, 63), "A", "aiguille cachée")
    assert hit.before.startswith("… mot")
    assert hit.before.endswith("mot59 une ")
    assert hit.after.endswith("foin\u00a0…")
    assert LONG[hit.chars.start : hit.chars.stop] == "aiguille cachée"
    assert found.sha256
    assert len(found.sha256) == 64


def test_words_that_are_close_together_are_found_where_the_phrase_is_not(library: Library) -> None:
    plant(library.root / "near", LONG)
    plant(library.root / "far", LONG.replace("aiguille", "épingle"))
    (found,) = search(library, "cachée aiguille mot50")
    (hit,) = found.hits
    assert (found.episode.id, hit.words, found.apart) == ("near", range(50, 63), False)


def test_words_far_apart_are_found_each_at_its_first_place(library: Library) -> None:
    plant(library.root / "far", LONG)
    plant(library.root / "near", "A: Une aiguille, puis mot2.\n")
    near, far = search(library, "mot2 aiguille")
    assert (near.episode.id, near.apart, near.total) == ("near", False, 1)
    assert (far.episode.id, far.apart, far.total) == ("far", True, 2)
    assert [hit.words.start for hit in far.hits] == [2, 61]
    assert search(library, "mot2 aiguille zeppelin") == []


@over_rows("query", ["café vélos rendez-vous", "CAFE, rendez vous (velos)", "vélos  café rendez"])
def test_words_are_found_in_any_order(library: Library, query: str) -> None:
    plant(library.root / "summer")
    (hit,) = hits(library, query)
    assert marked(hit) == ["vélos.", "rendez-vous", "café"]


def marked(hit: Hit) -> list[str]:
    assert "".join(text for text, _ in hit.pieces) == hit.match
    return [text for text, sought in hit.pieces if sought]


def test_a_phrase_comes_before_other_places_of_its_words(library: Library) -> None:
    plant(library.root / "order", f"A: Électrique, mon vélo. {'bla ' * 99} Un vélo électrique.\n")
    phrase, other = hits(library, "vélo électrique")
    assert (marked(phrase), marked(other)) == (["vélo électrique."], ["Électrique,", "vélo."])


@over_rows("quoted", ["“{}”", "« {} »", "«\u00a0{}\u00a0»", '"{}"', "„{}“", "‹{}›", "「{}」", "“{}", '"{}" ordre'])
def test_what_stands_in_quotation_marks_is_found_as_it_stands(library: Library, quoted: str) -> None:
    plant(library.root / "exact", "A: Dans cet ordre, la petite reine.\n")
    plant(library.root / "other", "A: Dans cet ordre, la reine petite, la petite reinette.\n")
    (found,) = search(library, quoted.format("Petite reine"))
    (hit,) = found.hits
    assert found.episode.id == "exact"
    assert "petite reine." in marked(hit)


@over_rows("query", ["Élise", "elise morel", "“Élise Morel”", "Morel Élise", "Morel Éli"])
def test_a_speaker_is_found_where_a_turn_begins(library: Library, query: str) -> None:
    plant(library.root / "talk", "Élise Morel: Bonjour.\n\nElle va bien.\n\nBob: Merci.\n\nÉlise Morel: Au revoir.\n")
    plant(library.root / "none", "Bob Morel: Bonjour.\n")
    (found,) = search(library, query)
    assert [(hit.speaker, hit.match, hit.by_speaker) for hit in found.hits] == [
        ("Élise Morel", "Bonjour.", True), ("Élise Morel", "Au", True),
    ]  # fmt: skip
    assert [hit.span.start for hit in found.hits if hit.span] == pytest.approx([0, 5 * PACE])


@over_rows("query", ["Élise: camembert", "camembert élise", "Élise:camembert", "Élise “le camembert”"])
def test_words_are_found_where_somebody_says_them(library: Library, query: str) -> None:
    said = f"Élise: J’aime le camembert.\n\nBob: {'bla ' * 200} Et le camembert ?\n"
    plant(library.root / "talk", said)
    (hit,) = hits(library, query)
    assert (hit.speaker, hit.by_speaker) == ("Élise", True)
    assert marked(hit)[-1] == "camembert." or marked(hit) == ["le camembert."]


MAX = "Noa: Max, what did you bring? A biscuit?\n\nMax: Who ate the last biscuit?\n\nNoa: What, Max?\n\nX: Thanks.\n"


@over_rows(
    "query, said",
    [
        ("Max: biscuit", [("Max", ["biscuit?"])]),
        ("max : BISC", [("Max", ["biscuit?"])]),
        ("Max：biscuit", [("Max", ["biscuit?"])]),
        ("“Max”: biscuit", [("Max", ["biscuit?"])]),
        ("Max: “last biscuit”", [("Max", ["last biscuit?"])]),
        ("Max: the last", [("Max", ["the last"])]),
        ("Max: biscuit who", [("Max", ["Who", "biscuit?"])]),
        ("Max: what", []),
        ("Max: Max", []),
        ("Max:", [("Max", [])]),
        ("Noa: what", [("Noa", ["what"]), ("Noa", ["What,"])]),
        ("Ann: biscuit", []),
    ],
)
def test_a_name_before_a_colon_is_who_speaks(library: Library, query: str, said: list[tuple[str, list[str]]]) -> None:
    plant(library.root / "talk", MAX)
    plant(library.root / "other", "Zoe: Max has a biscuit.\n\nJ. F. K.: What?\n", title="Max", show="Biscuits")
    found = hits(library, query)
    assert [(hit.speaker, marked(hit), hit.by_speaker) for hit in found] == [(*each, True) for each in said]


@over_rows(
    "query, match",
    [
        ("Note: this", "Note: this"),
        ("3:15", "3:15."),
        ("ABBA: the film: four stars", "“ABBA: the film”: four stars."),
    ],
)
def test_other_colons_only_part_words(library: Library, query: str, match: str) -> None:
    plant(
        library.root / "talk", "Ada: Note: this is at 3:15. “ABBA: the film”: four stars. “Bob: the end”.\n\nBob: No.\n"
    )
    plant(library.root / "other", "Speaker 3: Fifteen.\n")
    (hit,) = hits(library, query)
    assert (hit.match, hit.speaker, hit.by_speaker) == (match, "Ada", False)


def test_a_title_that_has_a_colon_is_found_by_it(library: Library) -> None:
    plant(library.root / "talk", "Max: Oui.\n\nBob: La vie.\n", title="Max : la vie")
    (found,) = search(library, "Max: la vie")
    assert (found.in_title, found.total) == (True, 0)


def test_what_somebody_says_who_is_named_comes_first(library: Library) -> None:
    said = (
        "Bob: Max, what did you bring? What?\n\nMax: What?\n\nBob: Max, what is it?\n\nMax: What do you mean by what?\n"
    )
    plant(library.root / "talk", said)
    (found,) = search(library, "max what")
    assert [(hit.speaker, hit.by_speaker, marked(hit)) for hit in found.hits] == [
        ("Max", True, ["What?"]), ("Max", True, ["What"]), ("Max", True, ["what?"]),
        ("Bob", False, ["Max, what"]), ("Bob", False, ["Max, what"]),
    ]  # fmt: skip
    assert found.total == 5


def test_a_name_is_found_where_it_is_said_as_well(library: Library) -> None:
    plant(library.root / "talk", "Élise: Moi.\n\nBob: Bonjour Élise.\n\n" + "Élise: Oui.\n\nBob: Non.\n\n" * 30)
    (found,) = search(library, "Élise")
    assert found.total == 32
    assert [hit.by_speaker for hit in found.hits[:4]] == [True, False, True, True]
    assert [hit.words.start for hit in found.hits] == sorted(hit.words.start for hit in found.hits)


def test_words_of_the_title_need_not_be_said(library: Library) -> None:
    plant(library.root / "summer", title="La promenade", show="Roue libre")
    plant(library.root / "other", title="Une autre")
    (found,) = search(library, "roue vélos promenade")
    assert (found.in_title, [marked(hit) for hit in found.hits]) == (False, [["vélos."]])
    assert search(library, "libre promenade roue")[0].in_title


def test_a_hit_stands_in_its_sentence(library: Library) -> None:
    before, after = "Rien ici n’a de fin " * 6, "et rien ne finit non plus " * 9
    plant(library.root / "talk", f"A: {before}. M. Roy dort. Le chat de Léa rêve. Bien sûr ! Et la suite : {after}.\n")
    (hit,) = hits(library, "chat rêve")
    assert hit.before.endswith("M. Roy dort. Le ")
    assert hit.before.startswith(("M. Roy", ". M. Roy"))
    assert (hit.match, marked(hit)) == ("chat de Léa rêve.", ["chat", "rêve."])
    assert hit.after == " Bien sûr\u202f!"


def test_all_hits_are_counted_and_some_given(library: Library) -> None:
    plant(library.root / "hay", LONG)
    (found,) = search(library, "foin")
    assert (found.total, len(found.hits)) == (60, 20)
    assert [hit.words.start for hit in found.hits] == list(range(63, 83))


def test_where_many_episodes_have_a_word_fewer_hits_are_given_of_each(library: Library) -> None:
    for k in range(10):
        plant(library.root / f"hay {k}", LONG)
    found = search(library, "foin")
    assert [(each.total, len(each.hits)) for each in found] == 10 * [(60, 5)]


def test_titles_and_shows_are_searched_and_come_first(library: Library) -> None:
    plant(library.root / "a", "A: La promenade du soir.\n", title="Autre chose")
    plant(library.root / "b", "A: Rien.\n", title="Une Promenade", date="2025-03-02")
    plant(library.root / "c", "A: Rien.\n", title="Rien", show="Promenades", date="2025-03-01")
    found = search(library, "promenade")
    assert [(each.episode.id, each.in_title, each.total) for each in found] == [
        ("b", True, 0), ("c", True, 0), ("a", False, 1),
    ]  # fmt: skip


def test_a_script_without_spaces_is_found_inside_its_runs(library: Library) -> None:
    plant(library.root / "zh", "A: 今天我们谈论自行车的故事。\n")
    (hit,) = hits(library, "自行车")
    assert "自行车" in hit.match


def test_a_long_word_is_shown_by_its_beginning(library: Library) -> None:
    plant(library.root / "long", f"A: Un {'x' * 90_000} fin.\n")
    (hit,) = hits(library, "x" * 150)
    assert hit.match == "x" * 500 + "…"
    assert hit.chars == range(6, 90_006)


def test_places_are_counted_up_to_a_hundred_thousand(library: Library) -> None:
    plant(library.root / "ja", "A: " + " ".join(3 * ["の" * 80_000]) + "\n")
    (found,) = search(library, "のの")
    assert (found.total, len(found.hits)) == (100_000, 20)


def test_a_library_that_cannot_be_written_is_searched(library: Library) -> None:
    folder = plant(library.root / "summer")
    (folder / ".quotecast").write_text("in the way of a folder")
    assert len(hits(library, "vélos")) == 1


def test_a_damaged_alignment_is_passed_over_and_told(library: Library) -> None:
    plant(library.root / "good")
    (plant(library.root / "bad") / "talk.alignment.json").write_text("{}")
    answer = answer_of(library, "vélos")
    assert [(each.episode.id, each.total) for each in answer.found] == [("good", 1)]
    assert [(why, each.id) for why, each in answer.unread] == [(Unread.DAMAGED, "bad")]


@pytest.mark.nightly
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(data=st.data())
def test_every_run_of_words_is_found_where_it_stands(library: Library, data: st.DataObject) -> None:
    words = data.draw(
        st.lists(st.sampled_from(["l’été", "Vélo", "au", "rendez-vous", "30", "ÉTÉ", "or"]), min_size=1, max_size=20)
    )
    plant(library.root / "planted", f"A: {' '.join(words)}\n")
    first = data.draw(st.integers(0, len(words) - 1))
    last = data.draw(st.integers(first + 1, len(words)))
    found = hits(library, " ".join(words[first:last]))
    assert any(hit.words.start < last and first < hit.words.stop for hit in found)  # a copy may overlap it
    assert fold(" ".join(words[first:last]), " ") in fold(found[0].match, " ")


@pytest.mark.nightly
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(
    st.text('aéŒ’-“”"«»:. の字0\u0301\u00ad\n(', max_size=30),
    st.text("aéŒ’-“” のB:字0\u0301.", min_size=1, max_size=60),
)
def test_whatever_is_asked_is_answered_with_the_transcripts_own_text(library: Library, query: str, text: str) -> None:
    folder = plant(library.root / "planted", f"Béa Œ: {text} a\n\nの字: B {text}\n")
    words = read_transcript(folder / "talk.txt").text
    for hit in hits(library, query):
        told = ("".join(piece for piece, _ in hit.pieces), hit.match, words[hit.chars.start : hit.chars.stop])
        assert len({" ".join(re.split(r"[ \u00a0\u202f]", each)) for each in told}) == 1
        assert marked(hit) or hit.by_speaker
        assert all(marked(hit))


def test_hits_have_no_break_spaces_also_across_what_was_sought(library: Library) -> None:
    plant(library.root / "talk", "A: Il y a 12 000 pas d’ici ; tu viens ? Oui.\n")
    for query in ("12", "12 000", "12\u00a0000", "12\u202f000"):
        (hit,) = hits(library, query)
        assert f"{hit.before}{hit.match}{hit.after}".startswith(
            "A: Il y a 12\u202f000 pas d’ici\u202f; tu viens\u202f?"
        )
        assert "".join(piece for piece, _ in hit.pieces) == hit.match
    assert [hit.after for hit in hits(library, "tu viens")] == [hit.after for hit in hits(library, "tu\u00a0viens")]
