"""Searching words and titles of all episodes."""

import shutil
from importlib import import_module

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aligner.normalization import fold
from tests.web.library.shelved import PACE, plant
from web.library import Hit, Library, search

LONG = "A: " + " ".join(f"mot{k}" for k in range(60)) + " une aiguille cachée " + " ".join(["foin"] * 60) + "\n"


def hits(library: Library, query: str) -> list[Hit]:
    return [hit for found in search(library, query) for hit in found.hits]


@pytest.mark.parametrize(
    ("query", "match"),
    [
        ("été", "l’été"),
        ("ETE", "l’été"),
        ("L'été", "l’été"),
        ("l'ete des velos", "l’été des vélos."),
        ("rendez vous", "rendez-vous"),
        ("c'est rendez-vous au café", "C'est rendez-vous au café"),
        ("vel", "vélos."),
        ("heading", "heading"),
    ],
)
def test_a_phrase_is_found_whatever_its_accents_case_and_marks(library: Library, query: str, match: str) -> None:
    plant(library.root / "summer")
    assert [hit.match for hit in hits(library, query)] == [match]


@pytest.mark.parametrize(
    ("query", "match"), [("coeur", "cœur"), ("CŒUR", "cœur"), ("peut etre", "peut-être."), ("Peut-être", "peut-être.")]
)
def test_ligatures_and_hyphens_do_not_count(library: Library, query: str, match: str) -> None:
    plant(library.root / "planted", "A: Au cœur du sujet, peut-être.\n")
    assert [hit.match for hit in hits(library, query)] == [match]


@pytest.mark.parametrize("query", ["", "  ", "«»", "élo", "vélos verts", "b", "x" * 5000])
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
    assert hit.after.endswith("foin …")
    assert LONG[hit.chars.start : hit.chars.stop] == "aiguille cachée"
    assert found.sha256
    assert len(found.sha256) == 64


def test_words_that_are_close_together_are_found_where_the_phrase_is_not(library: Library) -> None:
    plant(library.root / "near", LONG)
    plant(library.root / "far", LONG.replace("aiguille", "épingle"))
    (found,) = search(library, "cachée aiguille mot50")
    (hit,) = found.hits
    assert (found.episode.id, hit.words) == ("near", range(50, 63))
    assert search(library, "mot2 aiguille") == []


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
    plant(library.root / "b", "A: Rien.\n", title="Une Promenade")
    plant(library.root / "c", "A: Rien.\n", title="Rien", show="Promenades")
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


def test_places_of_single_words_are_looked_through_as_far_as_that_is_bounded(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(library.root / "hay", "A: aiguille foin aiguille\n\nB: " + "foin " * 5000 + "paille\n")
    monkeypatch.setattr(import_module("web.library.search"), "_MOST_PLACES", 100)
    assert [hit.words for hit in hits(library, "foin paille")] == [range(5002, 5004)]
    assert hits(library, "paille foin") == []
    hit, *_ = hits(library, "foin foin aiguille")
    assert hit.match == "aiguille foin"


def test_a_library_that_cannot_be_written_is_searched(library: Library) -> None:
    folder = plant(library.root / "summer")
    (folder / ".quotecast").write_text("in the way of a folder")
    assert len(hits(library, "vélos")) == 1


def test_a_damaged_alignment_is_passed_over_and_told(library: Library) -> None:
    plant(library.root / "good")
    (plant(library.root / "bad") / "talk.alignment.json").write_text("{}")
    found = search(library, "vélos")
    assert [(each.episode.id, each.total, each.unread) for each in found] == [("good", 1, False), ("bad", 0, True)]


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
    assert all(fold(" ".join(words[first:last]), " ") in fold(hit.match, " ") for hit in found)


@pytest.mark.slow
def test_a_hundred_hours_are_searched_and_read_no_second_time(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    hour = plant(library.root / "hour 0", "A: " + " ".join(f"mot{k % 977} énième" for k in range(5000)) + "\n")
    search(library, "mot1")  # so that the copies bring their index
    for k in range(1, 100):
        shutil.copytree(hour, library.root / f"hour {k}")
    found = search(library, "mot976 énième")
    assert sum(each.total for each in found) == 500
    monkeypatch.setattr("web.library.word_index.read_regular", lambda path, _: pytest.fail(f"{path} is read again"))
    assert sum(each.total for each in search(library, "mot500 énième mot501")) == 500
