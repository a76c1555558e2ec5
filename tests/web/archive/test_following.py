"""What moves at the sources is followed: files under other names, feeds at other addresses."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.web.archive.feeding import TALK, Show
from tests.web.archive.hosting import answer
from tests.web.archive.test_update import FORGET, added, folders, library, run, show
from tests.web.library.shelved import write_sound
from web.archive.adding.remembered import Archive
from web.library import Library
from web.library.folders import read_folder

__all__ = ["library", "show"]  # fixtures


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

    def swap(self, one: str, other: str) -> None:
        self.rename(one, "aside")
        self.rename(other, one)
        self.rename("aside", other)

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


@pytest.mark.nightly
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


@pytest.mark.nightly
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


@pytest.mark.nightly
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


@pytest.mark.nightly
def test_a_new_episode_before_those_that_are_numbered_anew_is_one_more(tmp_path: Path) -> None:
    show = Numbered(tmp_path, 1, 2, 3)
    before = {name: show.has(name) for name in show.names}
    for number in (3, 2, 1):
        for ending in ("wav", "txt"):
            show.rename(f"e{number}.{ending}", f"e{number + 1}.{ending}")
    new = show.sounds(1, 9), f"{TALK}\nANNA: C'est le premier.\n"
    show.write("e1.txt", new[1])
    for _ in range(2):
        assert show.update() == 0
        assert {name: show.has(name) for name in show.names} == before
        [added] = set(folders(show.library)) - {*show.names}
        assert show.has(added) == new
    assert not [*show.library.glob("*/*.bak*")]


@pytest.mark.nightly
def test_episodes_that_change_names_stay_what_they_are(tmp_path: Path) -> None:
    show = Numbered(tmp_path, 1, 2)
    before = {name: show.has(name) for name in show.names}
    for ending in ("wav", "txt"):
        show.swap(f"e1.{ending}", f"e2.{ending}")
    assert show.update() == 0
    assert {name: show.has(name) for name in show.names} == before
    show.write("e1.txt", TALK)
    assert show.update() == 0
    assert {name: show.has(name)[1] for name in show.names} == {"e1": before["e1"][1], "e2": TALK}


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


def moved(show: Show, *, is_left: bool = False) -> str:
    """The address of the feed, which has moved with all that it names; at the old one it ``is_left``, or nothing is."""
    show.publish()
    for path, (content, etag) in [*show.host.files.items()]:
        if not path.startswith("/neu/"):
            new = content.replace(b'"/text/', b'"/neu/text/').replace(b"/sound/", b"/neu/sound/")
            show.host.put(f"/neu{path}", new if path == "/feed.xml" else content, etag)
            if not is_left:
                del show.host.files[path]
    return f"{show.host.url}/neu/feed.xml"


def keys(library: Path) -> list[str]:
    return [*Archive(Library(library)).read().episodes]


@pytest.mark.nightly
def test_a_feed_at_another_address_is_followed(show: Show, library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in (1, 2):
        show.add(number)
    added(show, library)
    said(capsys)
    new = moved(show)
    assert run("add", "--yes", "--allow-private", new, library) == 0
    follows = "".join(f"Follows   Épisode {k}: {new} now, and not {show.host.url}/feed.xml\n" for k in (1, 2))
    assert said(capsys).startswith(f"{follows}Found     0 sure, 0 in doubt; left over: 0 sounds, 0 transcripts\n")
    assert keys(library) == [f"feed:{new}#g1", f"feed:{new}#g2"]
    assert run("update", library) == 3
    assert said(capsys) == f"quotecast: {show.host.url}/feed.xml: the server answers 404{FORGET}\n"
    sound = write_sound(show.folder / "new.wav", 3.0).read_bytes()
    url = show.host.put("/neu/sound/1b.wav", sound)
    show.host.put(
        "/neu/feed.xml",
        show.host.files["/neu/feed.xml"][0].replace(f"{show.host.url}/neu/sound/1.wav".encode(), url.encode()),
        '"b"',
    )
    show.host.put("/neu/text/2.txt", TALK.replace("pluie", "neige").encode(), '"b"')
    show.host.asked.clear()
    assert run("update", library) == 3
    told = said(capsys)
    assert "Sound     Épisode 1: its sound is the new one" in told
    assert "Text      Épisode 2: its transcript is the new one" in told
    assert "Left" not in told
    assert folders(library) == ["Épisode 1", "Épisode 2"]
    assert (library / "Épisode 1" / "1.wav").read_bytes() == sound
    assert [path for path in show.host.paths() if not path.startswith("/neu/")] == ["/feed.xml"]


@pytest.mark.nightly
def test_no_second_episode_is_made_where_a_feed_has_moved(show: Show, library: Path) -> None:
    show.add(1, None)
    added(show, library, "--without-transcript")
    show.host.put("/sound/1.wav", write_sound(show.folder / "encoded.wav", 3.0).read_bytes())
    new = moved(show)
    for _ in range(2):
        assert run("add", "--yes", "--without-transcript", "--allow-private", new, library) == 0
    assert run("update", library) == 3
    assert folders(library) == ["Épisode 1"]
    assert keys(library) == [f"feed:{new}#g1"]


@pytest.mark.nightly
def test_what_a_person_removed_does_not_come_back_from_a_feed_that_moved(show: Show, library: Path) -> None:
    show.add(1)
    show.add(2)
    added(show, library)
    new = moved(show, is_left=True)
    assert run("add", "--yes", "--allow-private", new, library) == 0
    shutil.rmtree(library / "Épisode 1")
    del show.host.files["/feed.xml"]
    show.host.put("/neu/feed.xml", show.host.files["/neu/feed.xml"][0], '"b"')
    show.host.put("/neu/sound/1.wav", write_sound(show.folder / "encoded.wav", 3.0).read_bytes(), '"b"')
    assert run("update", library) == 3
    assert folders(library) == ["Épisode 2"]
    assert run("forget", f"{show.host.url}/feed.xml", library) == 0
    assert run("update", library) == 0
    assert folders(library) == ["Épisode 2"]
    assert keys(library) == [f"feed:{new}#g1", f"feed:{new}#g2"]


@pytest.mark.parametrize("is_left", [False, True])
def test_what_a_person_removed_does_not_come_back_where_its_feed_is_added_from_another_address(
    show: Show, library: Path, capsys: pytest.CaptureFixture[str], is_left: bool
) -> None:
    show.add(1)
    show.add(2)
    added(show, library)
    shutil.rmtree(library / "Épisode 1")
    new = moved(show, is_left=is_left)
    said(capsys)
    assert run("add", "--yes", "--allow-private", new, library) == 0
    assert "Removed   Épisode 1: was removed here" in said(capsys)
    assert folders(library) == ["Épisode 2"]
    assert run("update", library) == (0 if is_left else 3)
    assert folders(library) == ["Épisode 2"]
    assert run("add", "--yes", "--again", "Épisode 1", "--allow-private", new, library) == 0
    assert folders(library) == ["Épisode 1", "Épisode 2"]
    assert f"feed:{new}#g1" in keys(library)


@pytest.mark.nightly
@pytest.mark.parametrize("change", ["date", "show"])
def test_an_item_of_another_show_with_the_same_guid_is_another_episode(show: Show, library: Path, change: str) -> None:
    show.add(1)
    added(show, library)
    show.items[0] = show.items[0].replace(">Épisode 1<", ">Folge 1<")
    if change == "date":
        show.items[0] = show.items[0].replace("01 May", "02 May")
    show.host.put("/sound/1.wav", write_sound(show.folder / "other.wav", 3.0).read_bytes())
    new = moved(show)
    if change == "show":
        content = show.host.files["/neu/feed.xml"][0]
        show.host.put("/neu/feed.xml", content.replace(b"Roue libre", b"Freilauf"))
    assert run("add", "--yes", "--allow-private", new, library) == 0
    assert folders(library) == ["Folge 1", "Épisode 1"]


@pytest.mark.nightly
def test_an_item_without_a_date_is_known_by_its_title(show: Show, library: Path) -> None:
    show.add(1)
    show.items[0] = re.sub("<pubDate>.*</pubDate>", "", show.items[0])
    added(show, library)
    new = moved(show)
    assert run("add", "--yes", "--allow-private", new, library) == 0
    assert keys(library) == [f"feed:{new}#g1"]


@pytest.mark.nightly
def test_an_episode_stays_with_the_feed_that_has_it_still(
    show: Show, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show.add(1)
    added(show, library)
    show.host.put("/sound/1.wav", show.host.files["/sound/1.wav"][0], '"b"')
    new = moved(show, is_left=True)
    said(capsys)
    assert run("add", "--yes", "--allow-private", new, library) == 0
    assert "There     Épisode 1: is the sound of Épisode 1" in said(capsys)
    old = f"feed:{show.host.url}/feed.xml#g1"
    assert keys(library) == [old]
    content = show.host.files["/neu/feed.xml"][0]
    show.host.put("/neu/feed.xml", content, '"read anew"')
    assert run("update", library) == 0  # while the old one is as it was, and not read
    assert keys(library) == [old]
    show.items.clear()
    show.publish()
    show.host.put("/neu/feed.xml", content, '"and again"')
    assert run("update", library) == 0
    assert keys(library) == [f"feed:{new}#g1"]
    assert folders(library) == ["Épisode 1"]


@pytest.fixture
def taking(show: Show, library: Path) -> str:
    """Another feed among the sources that has the item of an episode, with a sound and a transcript of its own."""
    show.add(1)
    added(show, library)
    new = moved(show, is_left=True)
    show.host.put("/neu/sound/1.wav", write_sound(show.folder / "other.wav", 3.0).read_bytes(), '"other"')
    show.host.put("/neu/text/1.txt", b"ANNA: Something else.\n", '"other"')
    assert run("add", "--yes", "--sure", "1", "--allow-private", new, library) == 0
    assert folders(library) == ["Épisode 1"]
    return new


def has(library: Path) -> tuple[bytes, str]:
    return next(library.glob("*/*.wav")).read_bytes(), next(library.glob("*/*.txt")).read_text("utf-8")


@pytest.mark.nightly
@pytest.mark.parametrize("fault", ["dropped", "fails", "gone"])
def test_an_episode_does_not_follow_another_feed_where_its_own_drops_it_or_fails(
    show: Show, library: Path, taking: str, fault: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before, old = has(library), dict(show.host.files)
    if fault == "dropped":
        show.items.clear()
        show.publish()
    elif fault == "fails":
        show.host.say("/feed.xml", answer(403))
    else:
        del show.host.files["/feed.xml"]
    show.host.put("/neu/feed.xml", show.host.files["/neu/feed.xml"][0], '"read anew"')
    said(capsys)
    run("update", "--sure", "1", library)
    assert "Follows" not in said(capsys)
    assert keys(library) == [f"feed:{show.host.url}/feed.xml#g1"]
    assert has(library) == before
    show.host.files.update(old)
    assert run("update", "--sure", "1", library) == 0
    assert has(library) == before


@pytest.mark.nightly
def test_an_episode_follows_another_feed_once_its_own_is_forgotten_which_is_told(
    show: Show, library: Path, taking: str, capsys: pytest.CaptureFixture[str]
) -> None:
    old = f"{show.host.url}/feed.xml"
    assert run("update", "--sure", "1", library) == 0
    assert run("forget", old, library) == 0
    said(capsys)
    assert run("update", "--sure", "1", library) == 0
    assert f"Follows   Épisode 1: {taking} now, and not {old}\n" in said(capsys)
    assert keys(library) == [f"feed:{taking}#g1"]


@pytest.mark.nightly
def test_a_feed_that_moved_back_is_followed_back_once_that_is_said(show: Show, library: Path) -> None:
    show.add(1)
    added(show, library)
    old = dict(show.host.files)
    new = moved(show)
    assert run("add", "--yes", "--allow-private", new, library) == 0
    show.host.files.clear()
    show.host.files.update(old)
    show.publish()
    assert run("update", library) == 3
    assert keys(library) == [f"feed:{new}#g1"]
    assert run("add", "--yes", f"{show.host.url}/feed.xml", library) == 0
    assert keys(library) == [f"feed:{show.host.url}/feed.xml#g1"]
    assert folders(library) == ["Épisode 1"]
