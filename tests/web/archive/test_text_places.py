"""Whose the texts are, where files change names at their source and are edited too: nobody is given another's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.archive.test_following import Numbered, said

TALKS = {
    1: "gardeners planting tulips along frozen rivers beneath copper bridges",
    2: "sailors repairing canvas while distant lighthouses flicker through morning drizzle",
    3: "bakers kneading flour before sunrise inside crowded basement kitchens",
    4: "astronomers polishing mirrors above silent deserts awaiting meteor showers",
    5: "printers setting letters around narrow columns of yesterday's newspaper",
}


class Telling(Numbered):
    """A source of episodes that have each its own words."""

    def talk(self, number: int) -> str:
        return f"ANNA: Welcome everybody.\n\nBOB: Today {TALKS[number]}.\n"

    def edit(self, name: str) -> str:
        path = self.source / name
        path.write_text(f"Episode anew.\n\n{path.read_text('utf-8')}", "utf-8")
        return path.read_text("utf-8")

    def moves(self, old: int, new: int, *endings: str) -> None:
        for ending in endings or ("wav", "txt"):
            self.rename(f"e{old}.{ending}", f"e{new}.{ending}")

    @property
    def texts(self) -> dict[str, str]:
        return {name: self.has(name)[1] for name in self.names}


@pytest.fixture
def show(tmp_path: Path) -> Telling:
    return Telling(tmp_path, 1, 2, 3, 4)


@pytest.mark.nightly
def test_texts_that_are_numbered_anew_and_edited_are_their_own_episodes(
    show: Telling, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in (4, 3, 2):
        show.moves(number, number + 1)
    edited = {f"e{number}": show.edit(f"e{number + 1}.txt") for number in (2, 3, 4)}
    new = show.sounds(2, 9.0), show.talk(5)
    show.write("e2.txt", new[1])
    said(capsys)
    assert show.update() == 0
    told = said(capsys)
    assert [line for line in told.splitlines() if line.startswith("Text")] == [
        f"Text      e{number}: its transcript is the new one (e{number + 1}.txt)" for number in (2, 3, 4)
    ]
    assert show.texts == {"e1": show.talk(1), **edited}
    assert show.has("e2 2") == new
    assert show.update() == 0
    assert said(capsys) == ""
    assert show.texts == {"e1": show.talk(1), **edited}


@pytest.mark.nightly
@pytest.mark.parametrize("gone", [1, 2])
def test_texts_that_are_edited_as_the_episodes_after_one_that_goes_are_numbered_down_are_their_own(
    show: Telling, gone: int, capsys: pytest.CaptureFixture[str]
) -> None:
    for ending in ("wav", "txt"):
        (show.source / f"e{gone}.{ending}").unlink()
    for number in range(gone + 1, 5):
        show.moves(number, number - 1)
    edited = {f"e{number}": show.edit(f"e{number - 1}.txt") for number in range(gone + 1, 5)}
    right = {f"e{number}": show.talk(number) for number in range(1, 5)} | edited
    said(capsys)
    assert show.update() == 0
    assert {line.partition(":")[0] for line in said(capsys).splitlines()} == {f"Text      {name}" for name in edited}
    assert show.texts == right
    assert show.update() == 0
    assert (said(capsys), show.texts) == ("", right)


@pytest.mark.nightly
def test_the_only_text_that_is_edited_of_two_that_changed_names_is_its_own_episodes(show: Telling) -> None:
    for ending in ("wav", "txt"):
        show.swap(f"e1.{ending}", f"e2.{ending}")
    edited = show.edit("e1.txt")
    assert show.update() == 0
    assert show.texts == {f"e{number}": show.talk(number) for number in (1, 3, 4)} | {"e2": edited}


@pytest.mark.nightly
def test_folders_that_are_numbered_anew_keep_their_edited_texts(tmp_path: Path) -> None:
    show = Telling(tmp_path, 1, 2)
    for number in (1, 2):
        (show.source / str(number)).mkdir()
        for ending, name in (("wav", "sound.wav"), ("txt", "text.txt")):
            show.rename(f"e{number}.{ending}", f"{number}/{name}")
    assert show.update() == 0
    show.swap("1", "2")
    edited = show.edit("1/text.txt")
    assert show.update() == 0
    assert show.texts == {"e1": show.talk(1), "e2": edited}


@pytest.mark.nightly
@pytest.mark.parametrize("ending", ["wav", "txt"])
def test_a_mix_up_that_is_put_right_at_the_source_by_one_half_of_each_pair_changes_transcripts(
    show: Telling, ending: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show.swap(f"e1.{ending}", f"e2.{ending}")
    said(capsys)
    assert show.update() == 0
    files = [" (e2.txt)", " (e1.txt)"] if ending == "wav" else ["", ""]
    told = [f"Text      e{k}: its transcript is the new one{file}" for k, file in enumerate(files, 1)]
    assert sorted(said(capsys).splitlines()) == told
    right = {"e1": show.talk(2), "e2": show.talk(1), "e3": show.talk(3), "e4": show.talk(4)}
    assert show.texts == right
    assert show.update() == 0
    assert (said(capsys), show.texts) == ("", right)


def test_a_mix_up_that_is_put_right_and_edited_changes_transcripts(show: Telling) -> None:
    show.swap("e1.txt", "e2.txt")
    edited = show.edit("e1.txt")
    assert show.update() == 0
    assert show.texts == {"e1": edited, "e2": show.talk(1), "e3": show.talk(3), "e4": show.talk(4)}


@pytest.mark.nightly
@pytest.mark.parametrize("first", ["wav", "txt"])
def test_where_the_other_half_changes_names_later_all_is_as_it_was(show: Telling, first: str) -> None:
    before = show.texts
    for ending in (first, {"wav": "txt", "txt": "wav"}[first]):
        show.swap(f"e1.{ending}", f"e2.{ending}")
        assert show.update() == 0
    assert show.texts == before
    edited = show.edit("e1.txt")
    assert show.update() == 0
    assert show.texts == before | {"e2": edited}


@pytest.mark.nightly
@pytest.mark.parametrize("is_edited", [False, True])
@pytest.mark.parametrize("first", ["wav", "txt"])
def test_where_only_half_of_a_row_is_numbered_anew_nobody_is_given_anothers_and_it_is_told_once(
    show: Telling, first: str, is_edited: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    before = show.texts
    for number in (4, 3, 2):
        show.moves(number, number + 1, first)
    if is_edited:
        for number in (3, 4):
            show.edit(f"e{number}.txt")
    said(capsys)
    assert show.update() == 0
    assert "Stays     e3: the transcript beside its sound is that of e2 by now" in said(capsys) or first == "wav"
    stayed = show.texts
    for _ in range(2):
        show.update()
        told = said(capsys)
        assert "Stays" not in told
        assert "Text" not in told
    assert {name: text.removeprefix("Episode anew.\n\n") for name, text in stayed.items()} == before
    for number in (4, 3, 2):
        show.moves(number, number + 1, {"wav": "txt", "txt": "wav"}[first])
    assert show.update() == 0
    assert {name: text.removeprefix("Episode anew.\n\n") for name, text in show.texts.items()} == before
