"""Pairs are right or in doubt: planted names, numbers, dates and lengths, and all that goes wrong with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.locating.letters.anchors import DecodedLetters
from media.errors import Message
from tests.tables import over_rows
from web.archive.pairing import listening
from web.archive.pairing.assignment import SURE, pair
from web.archive.pairing.evidence import Evidence, Reason
from web.archive.pairing.items import Clues, Entry, File, Link, Sound, Text
from web.archive.pairing.labels import names_apart, told_apart
from web.archive.pairing.names import hashed
from web.archive.pairing.pairs import Pairing


def sound(
    name: str, minutes: float = 30.0, sha256: str | None = None, titles: tuple[str, ...] = (), **known: object
) -> Sound:
    file = File(Path("/sounds", f"{name}.mp3"), 1, 1, sha256 or name)
    clues = Clues.of((name,), titles, length=60 * minutes, **known)
    return Sound(f"sound {name}", clues, file, folder=Path("/sounds"))


def text(name: str, minutes: float = 30.0, title: str = "", same: str = "", **known: object) -> Text:
    """A transcript as long as one of so many minutes."""
    titles = (title,) if title else ()
    clues = Clues.of((name,), titles, length=150.0 * minutes, **known)
    file = File(Path("/texts", f"{name}.txt"), 1, 1, name)
    return Text(f"text {name}", clues, file, folder=Path("/texts"), same=same or name)


def sure(found: Pairing) -> dict[str, str]:
    return {each.sound.name: each.text.name for each in found.pairs if each.confidence >= SURE}


def test_numbers_pair_whatever_stands_around_them() -> None:
    sounds = [sound(f"Roue libre E{n:02d}", 20 + n) for n in range(1, 31)]
    texts = [text(f"{n} transcription", 20 + n) for n in range(30, 0, -1)]
    found = pair(sounds, texts)
    assert sure(found) == {f"Roue libre E{n:02d}.mp3": f"{n} transcription.txt" for n in range(1, 31)}
    assert (found.sounds, found.texts, found.twice) == ((), (), ())
    assert any(reason.words == "number 7" for each in found.pairs for reason in each.reasons)


def test_seasons_tell_equal_numbers_apart() -> None:
    sounds = [sound(f"S{s:02d}E{n:02d}", 20 + n) for s in (1, 2) for n in range(1, 9)]
    texts = [text(f"saison {s} épisode {n}", 20 + n) for s in (1, 2) for n in range(1, 9)]
    assert sure(pair(sounds, texts)) == {
        f"S{s:02d}E{n:02d}.mp3": f"saison {s} épisode {n}.txt" for s in (1, 2) for n in range(1, 9)
    }


def test_names_that_differ_by_case_or_normal_form_are_the_same() -> None:
    names = ["Écluse", "FORÊT", "Île", "Øre"]
    found = pair([sound(name) for name in names], [text(f"{name.lower()}") for name in map(_decomposed, names)])
    assert len(sure(found)) == 4


def _decomposed(name: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFD", name)


def test_a_transcript_that_fits_two_episodes_is_in_doubt() -> None:
    sounds = [sound("E01"), sound("E02"), sound("E02 rediffusion", sha256="another"), sound("E03")]
    found = pair(sounds, [text(f"épisode {n}") for n in (1, 2, 3)])
    doubtful = [each for each in found.pairs if each.confidence < SURE]
    assert [each.text.name for each in doubtful] == ["épisode 2.txt"]
    assert doubtful[0].claimants == tuple(each.name for each in found.sounds)
    assert doubtful[0].rivals == doubtful[0].claimants
    assert len(found.sounds) == 1


def test_each_text_that_a_sound_could_be_with_is_told_with_its_confidence_and_reasons() -> None:
    found = pair([sound("E02")], [text("épisode 2"), text("episode 2 relu"), text("épisode 9")])
    [doubtful] = found.pairs
    [other] = doubtful.others
    assert {doubtful.text.name, other.text.name} == {"épisode 2.txt", "episode 2 relu.txt"}
    assert 0.2 < other.confidence <= doubtful.confidence < SURE
    assert "number 2" in [reason.words for reason in other.reasons]


@over_rows("heard", [False, True])
def test_what_is_never_a_pair_is_none_whatever_speaks_for_it(heard: bool) -> None:
    def listen(_: Sound, among: Sequence[Text]) -> Mapping[str, Reason]:
        return {each.key: Reason(12.0, Message("heard")) for each in among}

    sounds, texts = [sound("E02")], [text("épisode 2"), text("episode 2 relu")]
    never = [("sound E02", "text épisode 2"), ("sound gone", "text gone")]
    found = pair(sounds, texts, listen if heard else None, never=never)
    assert [each.text.name for each in found.pairs] == ["episode 2 relu.txt"]
    assert found.pairs[0].others == ()
    assert pair(sounds, texts[:1], listen if heard else None, never=never).pairs == ()


def test_what_is_left_over_is_told_on_either_side() -> None:
    found = pair([sound(f"E{n:02d}") for n in range(1, 9)], [text(f"épisode {n}") for n in range(3, 11)])
    assert len(sure(found)) == 6
    assert {each.name for each in found.sounds} == {"E01.mp3", "E02.mp3"}
    assert {each.name for each in found.texts} == {"épisode 9.txt", "épisode 10.txt"}


def test_what_is_there_twice_is_paired_once() -> None:
    sounds = [*(sound(f"E{n:02d}") for n in range(1, 6)), sound("copie", sha256="E03")]
    texts = [*(text(f"épisode {n}") for n in range(1, 6)), text("vieux", same="épisode 4")]
    found = pair(sounds, texts)
    assert len(sure(found)) == 5
    assert set(found.twice) == {("E03.mp3", "copie.mp3"), ("épisode 4.txt", "vieux.txt")}


@over_rows(
    "names, kept",
    [(("abc", "silence"), "silence"), (("silence", "vide"), "silence"), (("E7", "E7 copy"), "E7"), (("b", "a"), "b")],
)
def test_of_one_sound_under_several_names_that_stays_which_a_text_has(names: tuple[str, ...], kept: str) -> None:
    for order in (names, names[::-1]) if kept != "b" else (names,):
        found = pair([sound(name, sha256="one") for name in order], [text("silence"), text("autre chose")])
        assert [pair.sound.name for pair in found.pairs] + [left.name for left in found.sounds] == [f"{kept}.mp3"]


def test_names_that_lie_against_the_length_are_in_doubt() -> None:
    sounds = [sound(f"E{n:02d}", 10 + 5 * n) for n in range(1, 11)]
    texts = [text(f"épisode {n}", 10 + 5 * {2: 9, 9: 2}.get(n, n)) for n in range(1, 11)]
    found = pair(sounds, texts)
    assert set(sure(found)) == {f"E{n:02d}.mp3" for n in range(1, 11) if n not in (2, 9)}


def test_names_of_which_nothing_tells_that_they_lie_are_found_out_by_some_that_are_heard() -> None:
    """All are equally long; each is named as the next one."""
    heard: list[str] = []

    def listen(of: Sound, among: Sequence[Text]) -> Mapping[str, Reason]:
        heard.append(of.name)
        own = f"text épisode {int(of.name[1:3]) % 30 + 1}"
        return {each.key: Reason(12.0 if each.key == own else -8.0, Message("heard")) for each in among}

    sounds, texts = [sound(f"E{n:02d}") for n in range(1, 31)], [text(f"épisode {n}") for n in range(1, 31)]
    assert sure(pair(sounds, texts, listen)) == {f"E{n:02d}.mp3": f"épisode {n % 30 + 1}.txt" for n in range(1, 31)}
    assert len(set(heard)) == 30


def test_where_names_are_true_five_of_a_folder_are_heard() -> None:
    heard: list[str] = []

    def listen(of: Sound, among: Sequence[Text]) -> Mapping[str, Reason]:
        heard.append(of.name)
        own = f"text épisode {int(of.name[1:3])}"
        return {each.key: Reason(12.0 if each.key == own else -8.0, Message("heard")) for each in among}

    pair([sound(f"E{n:02d}") for n in range(1, 31)], [text(f"épisode {n}") for n in range(1, 31)], listen)
    assert len(set(heard)) == 5


def test_nothing_in_common_is_no_sure_pair() -> None:
    found = pair([sound(name) for name in ("a1f3", "b7c9", "c0de")], [text(name) for name in ("x1", "y2", "z3")])
    assert sure(found) == {}


@over_rows("minutes", [30.0, 27.0])
def test_a_sound_and_a_text_are_no_sure_pair_because_nothing_else_is_left(minutes: float) -> None:
    from_feed = replace(sound("mappa"), file=None)
    for one in (sound("mappa"), from_feed):
        found = pair([one], [text("altes", minutes)])
        assert sure(found) == {}, "nothing but their lengths speaks for it"
    assert sure(pair([sound("E12")], [text("12 - altes")])) == {"E12.mp3": "12 - altes.txt"}


def test_words_that_a_text_says_count_half_where_its_title_tells_them_already() -> None:
    title = "estrellas marinas lejanas"
    said = tuple(sorted(map(hashed, title.split())))
    others = [text(f"y{n}", said=(n,)) for n in range(10)]
    named, plain = text("x", title=title, said=said), text("z", said=said)
    one = sound("a", titles=(title,), said=said)
    told = Evidence([one], [named, plain, *others])
    [half], [whole] = ([r for r in told.held(one, each) if "are said" in r.words] for each in (named, plain))
    assert half.words == whole.words == "3 of 3 telling words of its title and description are said"
    assert 0 < half.odds < whole.odds


def before(*titles: str) -> list[Clues]:
    """Episodes that were made before."""
    return [Clues.of((), (title,)) for title in titles]


WORDS = ("pan", "sal", "sol", "mar", "luz", "voz", "pez", "paz")
MADE = before("Viento en la sierra", *(f"{word} de la casa {word}" for word in WORDS))


def test_words_are_as_rare_as_they_are_among_all_that_was_made_before() -> None:
    sounds, texts = [sound("x17", titles=("Estrellas en la sierra",))], [text("Las estrellas de la sierra")]
    assert sure(pair(sounds, texts)) == {}
    assert sure(pair(sounds, texts, before=MADE)) == {"x17.mp3": "Las estrellas de la sierra.txt"}


def test_the_name_of_a_show_that_is_new_says_nothing_of_which_episode_it_is() -> None:
    one, other = sound("x", titles=("Sel marin, mapas",), show="Sel marin"), text("Sel marin, viento")
    assert sure(pair([one], [other], before=[*MADE] * 10)) == {}


def test_words_that_all_episodes_before_have_say_nothing() -> None:
    made = before(*(f"La sierra, {n}. Teil" for n in range(10)))
    assert sure(pair([sound("x", titles=("La sierra, mapas",))], [text("La sierra, viento")], before=made)) == {}


def test_a_transcript_that_is_rather_that_of_an_episode_once_more_is_no_sure_one_of_another_sound() -> None:
    """So is a sound that is there once more."""
    other, again = "Nieve en la sierra", "Viento en la sierra (otra vez)"
    assert sure(pair([sound("x", titles=(other,))], [text(again)], before=MADE)) == {}
    assert sure(pair([sound("x", titles=(again,))], [text(other)], before=MADE)) == {}


@over_rows("order", list(permutations(range(3))))
def test_in_doubt_the_sound_tells(order: Sequence[int]) -> None:
    """Here a listener that knows; each sound is heard once."""
    names = ["a1f3", "b7c9", "c0de"]
    texts = [text(f"doc {n}") for n in order]
    heard: list[str] = []

    def listen(of: Sound, among: Sequence[Text]) -> Mapping[str, Reason]:
        heard.append(of.name)
        right = f"text doc {names.index(of.name.removesuffix('.mp3'))}"
        return {each.key: Reason(12.0 if each.key == right else -8.0, Message("heard")) for each in among}

    found = pair([sound(name) for name in names], texts, listen)
    assert sure(found) == {f"{name}.mp3": f"doc {n}.txt" for n, name in enumerate(names)}
    assert sorted(heard) == sorted(f"{name}.mp3" for name in names)


def test_a_sound_tells_nothing_of_a_text_in_a_script_that_is_not_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "letters_of", lambda _: DecodedLetters("xqzkwv" * 100, np.arange(600)))
    texts = []
    for name, said in {"greek": "Καλησπέρα σας, είμαστε στο καφενείο", "french": "Bonsoir à tous, au café"}.items():
        path = tmp_path / f"{name}.txt"
        path.write_text(f"{said}.\n" * 20, encoding="utf-8")
        texts.append(replace(text(name), file=File(path, 1, 1, name)))
    assert set(listening.Listener()(sound("E1"), texts) or {}) == {"text french"}


def test_where_one_name_lies_the_others_are_heard_too() -> None:
    """Two pairs were swapped: of one the length tells, of the other only the sound."""
    right = {1: 2, 2: 1, 3: 4, 4: 3}

    def listen(of: Sound, among: Sequence[Text]) -> Mapping[str, Reason]:
        number = int(of.name.removeprefix("E").removesuffix(".mp3"))
        own = f"text épisode {right.get(number, number)}"
        return {each.key: Reason(12.0 if each.key == own else -8.0, Message("heard")) for each in among}

    minutes = {1: 10, 2: 60}
    sounds = [sound(f"E{n:02d}", minutes.get(n, 30)) for n in range(1, 11)]
    texts = [text(f"épisode {n}", minutes.get(right.get(n, n), 30)) for n in range(1, 11)]
    assert sure(pair(sounds, texts, listen)) == {
        f"E{n:02d}.mp3": f"épisode {right.get(n, n)}.txt" for n in range(1, 11)
    }


def test_the_sound_outweighs_names_that_lie() -> None:
    def listen(of: Sound, among: Sequence[Text]) -> Mapping[str, Reason]:
        right = {"1.mp3": "text 2", "2.mp3": "text 1"}[of.name]
        return {each.key: Reason(12.0 if each.key == right else -8.0, Message("heard")) for each in among}

    found = pair([sound("1"), sound("2")], [text("1"), text("2")], listen, all_heard=True)
    assert sure(found) == {"1.mp3": "2.txt", "2.mp3": "1.txt"}


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text("ab1 é_-#E", max_size=8), max_size=7), st.lists(st.text("ab1 é_-#E", max_size=8), max_size=7))
def test_whatever_the_names_each_is_in_one_pair_or_left_or_there_twice(left: list[str], right: list[str]) -> None:
    sounds = [replace(sound(name, sha256=f"{k}"), key=f"sound {k}") for k, name in enumerate(left)]
    texts = [replace(text(name, same=f"{k}"), key=f"text {k}") for k, name in enumerate(right)]
    found = pair(sounds, texts)
    assert len(found.pairs) + len(found.sounds) == len(sounds)
    assert len(found.pairs) + len(found.texts) == len(texts)
    assert all(0 <= each.confidence < 1 for each in found.pairs)


@pytest.mark.nightly
def test_thousands_of_either_are_paired_by_what_they_have_in_common() -> None:
    sounds = [sound(f"E{n:05d}") for n in range(5_000)]
    texts = [text(f"episode {n}") for n in range(5_000)]
    found = pair(sounds, texts)
    assert len(sure(found)) == 5_000


@pytest.mark.nightly
def test_what_is_left_of_twenty_thousand_is_paired_as_among_all_of_them() -> None:
    made = [
        Clues.of((f"E{n:05d}", f"{n} transcription"), (f"Roue libre, {n % 97} {n % 89} {n}",)) for n in range(20_000)
    ]
    sounds, texts = [sound(f"E{n:05d}") for n in range(20_000, 20_040)], [text(f"{n}") for n in range(20_000, 20_040)]
    assert len(sure(pair(sounds, texts, before=made))) == 40


def lying(*paths: str) -> list[Sound]:
    return [Sound(each, Clues(names=(Path(each).stem,)), File(Path(each), 1, 1, each)) for each in paths]


def test_files_of_one_name_are_told_apart_by_as_many_folders_as_that_takes() -> None:
    names = [each.name for each in told_apart(lying("/a/x/ep.mp3", "/b/x/EP.mp3", "/c/y/ep.mp3", "/c/y/two.mp3"))]
    assert names == ["a/x/ep.mp3", "b/x/EP.mp3", "y/ep.mp3", "two.mp3"]
    assert names_apart([Path("/s/S1/ep.mp3"), Path("/s/ep.mp3"), Path("/s/2.mp3")]) == [
        "S1/ep.mp3",
        "s/ep.mp3",
        "2.mp3",
    ]


def test_files_that_no_folder_tells_apart_are_called_as_they_are() -> None:
    names = ["/a/Gast.mp3", "/a/gast.mp3", "/b/two.mp3"]
    assert [each.name for each in told_apart(lying(*names))] == ["Gast.mp3", "gast.mp3", "two.mp3"]


def test_a_file_is_not_called_as_one_of_which_an_episode_was_made() -> None:
    [new] = told_apart(lying("/S2/ep.mp3"), [Path("/S1/ep.mp3"), Path("/S2/ep.mp3")])
    assert (new.name, new.key) == ("S2/ep.mp3", "/S2/ep.mp3")
    [same] = told_apart(lying("/S2/ep.mp3"), [Path("/S2/ep.mp3"), Path("/S1/one.mp3")])
    assert same.name == "ep.mp3"


def test_items_of_one_title_are_told_apart_by_date_number_show_and_file() -> None:
    def names(*known: dict[str, object]) -> list[str]:
        entries = [Entry("1", title="Bonus", **each) for each in known]  # type: ignore[arg-type]
        return [each.name for each in told_apart([Sound(f"{n}", Clues(), entry=e) for n, e in enumerate(entries)])]

    of_a_day = {"date": "2024-03-05"}
    assert names(of_a_day, {"date": "2024-03-12"}) == ["Bonus (2024-03-05)", "Bonus (2024-03-12)"]
    assert names({"number": 1}, {"season": 2, "number": 1}) == ["Bonus (#1)", "Bonus (S2 #1)"]
    assert names({**of_a_day, "show": "A"}, {**of_a_day, "show": "B"}) == [f"Bonus (2024-03-05, {s})" for s in "AB"]
    files = [{"sound": Link(f"https://u:secret@example.org/{n}.mp3?key=secret")} for n in (1, 2)]
    assert names(*files) == ["Bonus (1.mp3)", "Bonus (2.mp3)"]
    assert names({}, {}) == ["Bonus", "Bonus"]


def test_words_of_titles_are_told_in_the_order_of_the_sounds_title() -> None:
    talks = [
        sound("E01", 30, titles=("Le vélo cargo de Quimper sous la pluie",)),
        sound("phare", 20),
        sound("pain", 40),
    ]
    texts = [text("pluie Quimper vélo cargo", 30), text("mer", 20), text("levain", 40)]
    found = next(each for each in pair(talks, texts).pairs if each.sound is talks[0])
    assert "title: velo cargo quimper pluie" in [each.words for each in found.reasons]
