"""Where sounds and texts lie tells which belong together, and so does how exactly they are called the same."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

from tests.tables import over_rows
from web.archive.pairing.assignment import SURE, pair
from web.archive.pairing.items import Clues, File, Sound, Text
from web.archive.pairing.pairs import Pairing

SHOWS, EPISODES = ("showA", "showB"), ("E1", "E2", "E3")


def sound(path: str, same: str = "", minutes: float = 30.0) -> Sound:
    place = Path("/", path)
    clues = Clues.of((place.stem,), (), length=60 * minutes)
    return Sound(f"sound {path}", clues, File(place, 1, 1, same or path), folder=place.parent)


def text(path: str, same: str = "", minutes: float = 30.0) -> Text:
    place = Path("/", path)
    clues = Clues.of((place.stem,), (), length=150 * minutes)
    return Text(f"text {path}", clues, File(place, 1, 1, path), folder=place.parent, same=same or path)


def paths(found: Pairing, least: float = SURE) -> dict[str, str]:
    pairs = [(each.sound.file, each.text.file) for each in found.sure(least)]
    return {str(a.path)[1:]: str(b.path)[1:] for a, b in pairs if a and b}


def paired(sounds: Sequence[str], texts: Sequence[str]) -> dict[str, str]:
    return paths(pair([*map(sound, sounds)], [*map(text, texts)]))


@over_rows(
    "sounds, texts",
    [("{show}/{name}.mp3", "{show}/{name}.txt"), ("{show}/sound/{name}.mp3", "{show}/text/{name}.txt")],
)
def test_of_several_shows_with_the_same_names_each_has_what_lies_in_its_folder(sounds: str, texts: str) -> None:
    names = [{"show": show, "name": name} for show in SHOWS for name in EPISODES]
    expected = {sounds.format(**each): texts.format(**each) for each in names}
    assert paired([*expected], [*expected.values()][::-1]) == expected


def test_of_two_trees_those_belong_together_whose_folders_are_called_alike() -> None:
    shows = {"Roue libre": "roue-libre", "Sel marin": "SEL_MARIN"}
    expected = {f"sound/{a}/{name}.mp3": f"text/{b}/{name}.txt" for a, b in shows.items() for name in EPISODES}
    assert paired([*expected], [*expected.values()][::-1]) == expected
    found = pair([*map(sound, expected)], [*map(text, expected.values())])
    assert "both in folders called Roue libre" in [each.words for each in found.pairs[0].reasons]


@over_rows("trees", [("", ""), ("sound/", "text/")])
def test_a_text_is_that_of_the_sound_in_its_folder_where_no_other_folder_has_texts(trees: tuple[str, str]) -> None:
    sounds = [f"{trees[0]}{show}/{name}.mp3" for show in SHOWS for name in EPISODES]
    texts = [f"{trees[1]}showB/{name}.txt" for name in EPISODES]
    assert paired(sounds, texts) == dict(zip(sounds[3:], texts, strict=True))


def test_a_pair_within_a_folder_is_surer_than_one_across_folders() -> None:
    sounds = ["showA/E1.mp3", "showB/E1.mp3", *(f"{show}/E2.mp3" for show in SHOWS)]
    texts = ["showA/E1.txt", "other/E1.txt", *(f"{show}/E2.txt" for show in SHOWS)]
    found = pair([*map(sound, sounds)], [*map(text, texts)])
    assert paths(found) == {"showA/E1.mp3": "showA/E1.txt", **{f"{s}/E2.mp3": f"{s}/E2.txt" for s in SHOWS}}


@over_rows("strays", [(["sounds/jingle.mp3"], ["sounds/notes.txt"]), (["texts/jingle.mp3"], [])])
def test_one_that_lies_with_those_of_the_other_kind_leaves_the_others_sure(strays: tuple[list[str], list[str]]) -> None:
    expected = {f"sounds/E{n}.mp3": f"texts/E{n}.txt" for n in range(1, 9)}
    found = paired([*expected, *strays[0]], [*expected.values(), *strays[1]])
    assert found == expected


def test_of_a_folder_that_was_copied_a_sound_has_the_text_beside_it() -> None:
    sounds = [sound(f"{at}/{begun}{n}.mp3", f"s{n}") for at, begun in (("a", "Roue E"), ("b", "E")) for n in (1, 2)]
    texts = [text(f"{at}/{begun}{n}.txt", f"t{n}") for at, begun in (("a", "Roue E"), ("b", "E")) for n in (1, 2)]
    assert paths(pair(sounds, texts)) == {f"b/E{n}.mp3": f"b/E{n}.txt" for n in (1, 2)}


def test_of_a_sound_that_lies_twice_that_stays_which_its_text_lies_beside() -> None:
    found = pair([sound("copies/E1.mp3", "one"), sound("show/E1.mp3", "one")], [text("show/E1.txt")])
    assert [each.sound.key for each in found.pairs] == ["sound show/E1.mp3"]
    assert found.twice == (("E1.mp3", "E1.mp3"),)


def test_a_sound_that_lies_in_two_folders_is_sure_of_neither_text() -> None:
    sounds = [sound(f"{show}/{name}.mp3", "" if name != "E1" else "one") for show in SHOWS for name in EPISODES]
    texts = [text(f"{show}/{name}.txt") for show in SHOWS for name in EPISODES]
    found = pair(sounds, texts)
    assert {*paths(found)} == {f"{show}/{name}.mp3" for show in SHOWS for name in EPISODES[1:]}
    assert paths(found, 0.4).keys() - paths(found).keys() == {"showA/E1.mp3"}


def test_names_that_differ_by_case_or_accents_alone_are_those_of_who_spells_them_so() -> None:
    names = ("Été", "été", "ete", "hiver")
    spelt = [unicodedata.normalize("NFD", name) for name in names]
    assert paired([f"a/{n}.mp3" for n in names], [f"a/{n}.txt" for n in spelt[::-1]]) == {
        f"a/{name}.mp3": f"a/{other}.txt" for name, other in zip(names, spelt, strict=True)
    }


def test_of_two_sounds_that_differ_by_case_the_text_is_that_of_its_own() -> None:
    assert paired(["a/Gast.mp3", "a/gast.mp3"], ["a/Gast.txt"]) == {"a/Gast.mp3": "a/Gast.txt"}


def test_where_nothing_is_spelt_the_same_case_and_accents_make_no_difference() -> None:
    assert paired(["a/GAST.mp3", "a/Fest.mp3"], ["a/gast.txt", "a/FEST.txt"]) == {
        "a/GAST.mp3": "a/gast.txt",
        "a/Fest.mp3": "a/FEST.txt",
    }
