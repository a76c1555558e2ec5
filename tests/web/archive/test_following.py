"""What moves at the sources is followed: files under other names, feeds at other addresses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.archive.feeding import TALK
from tests.web.archive.test_update import folders, library, run
from tests.web.library.shelved import write_sound
from web.archive.adding.remembered import Archive
from web.library import Library
from web.library.folders import read_folder

__all__ = ["library"]


class Numbered:
    """A source with an episode for each number, and the library that is made of it."""

    def __init__(self, folder: Path, *numbers: int) -> None:
        self.source, self.library = folder / "source", folder / "library"
        for number in numbers:
            self.sounds(number, number)
            (self.source / f"e{number}.txt").write_text(self.talk(number), "utf-8")
        self.names = [f"e{number}" for number in numbers]
        assert run("add", "--yes", "--sure", "0.5", "--listen", "none", self.source, self.library) == 0
        assert folders(self.library) == self.names

    def sounds(self, number: int, seconds: float, name: str = "") -> bytes:
        return write_sound(self.source / (name or f"e{number}.wav"), seconds).read_bytes()

    def talk(self, number: int) -> str:
        return f"{TALK}\nANNA: C'était l'épisode {number}.\n"

    def rename(self, old: str, new: str) -> None:
        (self.source / old).rename(self.source / new)

    def write(self, name: str, text: str) -> None:
        (self.source / name).write_text(text, "utf-8")

    def update(self) -> int:
        return run("update", "--sure", "0.5", "--no-listen", self.library)

    def has(self, name: str) -> tuple[bytes, str]:
        episode = read_folder(self.library / name, name)
        assert episode
        assert episode.audio
        assert episode.transcript
        return episode.audio.read_bytes(), episode.transcript.read_text("utf-8")


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return "".join(capsys.readouterr())


def test_files_that_were_renamed_are_followed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    show = Numbered(tmp_path, 7, 9)
    show.rename("e9.wav", "E9 renamed.wav")
    show.rename("e7.txt", "e7 relu.txt")
    said(capsys)
    for _ in range(2):
        assert show.update() == 0
        assert said(capsys) == ""
    new = show.sounds(9, 8.5, "E9 renamed.wav")
    show.write("e7 relu.txt", TALK)
    assert show.update() == 0
    told = said(capsys)
    assert "Sound     e9: its sound is the new one" in told
    assert "Text      e7: its transcript is the new one" in told
    assert "Left" not in told
    assert show.has("e9")[0] == new
    assert show.has("e7")[1] == TALK
    assert folders(show.library) == show.names
    assert show.update() == 0
    assert said(capsys) == ""


def test_a_sound_that_changed_before_it_was_renamed_is_followed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show = Numbered(tmp_path, 7)
    show.sounds(7, 6.5)
    assert show.update() == 0
    show.rename("e7.wav", "new.wav")
    said(capsys)
    assert show.update() == 0
    assert said(capsys) == ""
    new = show.sounds(7, 6.0, "new.wav")
    assert show.update() == 0
    assert "Sound     e7: its sound is the new one" in said(capsys)
    assert show.has("e7")[0] == new


def test_a_copy_does_not_take_the_place_of_a_file_that_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show = Numbered(tmp_path, 7)
    (show.source / "e7 (old).txt").write_bytes((show.source / "e7.txt").read_bytes())
    said(capsys)
    assert show.update() == 0
    assert said(capsys) == ""
    show.write("e7.txt", TALK)
    assert show.update() == 0
    assert show.has("e7")[1] == TALK
    assert show.update() == 0
    assert show.has("e7")[1] == TALK


def test_files_that_are_numbered_anew_stay_those_of_their_episodes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show = Numbered(tmp_path, 1, 2, 3)
    before = {name: show.has(name) for name in show.names}
    for number in (3, 2, 1):
        for ending in ("wav", "txt"):
            show.rename(f"e{number}.{ending}", f"e{number + 1}.{ending}")
    said(capsys)
    assert show.update() == 0
    assert said(capsys) == ""
    assert {name: show.has(name) for name in show.names} == before
    show.write("e2.txt", TALK)
    assert show.update() == 0
    assert said(capsys) == "Text      e1: its transcript is the new one\n"
    assert {name: show.has(name)[1] for name in show.names} == {
        "e1": TALK, "e2": before["e2"][1], "e3": before["e3"][1]
    }  # fmt: skip


def test_where_a_file_lies_by_now_is_remembered(tmp_path: Path) -> None:
    show = Numbered(tmp_path, 7)
    (show.source / "2026").mkdir()
    for name in ("e7.wav", "e7.txt"):
        show.rename(name, f"2026/{name}")
    assert show.update() == 0
    [made] = Archive(Library(show.library)).read().episodes.values()
    assert made.text
    assert made.sound.path == str(show.source / "2026" / "e7.wav")
    assert made.text.path == str(show.source / "2026" / "e7.txt")
