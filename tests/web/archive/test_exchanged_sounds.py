"""A sound that is another at its source by now: what that is to the episode's own is told, and another episode's is
not taken."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from aligner.errors import AlignmentError, AnotherEpisodeError, OutputError
from aligner.storage.audio_lookup import sha256_of
from media.errors import DecodeError, Message, UserError
from tests.web.archive.feeding import Show
from tests.web.archive.hosting import Host
from tests.web.archive.test_copies import TALK, cut, encoded
from tests.web.archive.test_update import folders, run
from web.archive.adding import exchanges, new_sounds
from web.archive.adding.remembered import Archive
from web.archive.doubts.record import Stay, doubts_in
from web.archive.doubts.staying import staying
from web.archive.errors import ArchiveError
from web.jobs.job import Ending
from web.languages import messages
from web.library import Episode, Library
from web.library.folders import read_folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three voices, the first in two encodings and cut otherwise."""
    folder = tmp_path_factory.mktemp("made")
    for number, start in enumerate((20.0, 60.0, 90.0), 1):
        cut(folder / f"e{number}.mp3", start)
    encoded(folder / "e1.mp3", folder / "anew.mp3", "-ss", "0")
    encoded(folder / "e1.mp3", folder / "shorter.mp3", "-t", "6")
    return folder


class Shelf:
    """A folder with two episodes, and the library that is made of it."""

    def __init__(self, made: Path, folder: Path) -> None:
        self.made, self.source, self.library = made, folder / "source", folder / "library"
        self.source.mkdir()
        for name in ("e1", "e2"):
            shutil.copy(made / f"{name}.mp3", self.source)
            (self.source / f"{name}.txt").write_text(self.talk(name), "utf-8")
        assert run("add", "--yes", "--sure", "0.5", "--listen", "none", self.source, self.library) == 0
        assert folders(self.library) == ["e1", "e2"]

    def talk(self, name: str) -> str:
        return f"{TALK}\nANNA: C'était {name}.\n"

    def align(self, name: str, sample: Path) -> None:
        shutil.copy(sample / "episode.alignment.json", self.library / name / f"{name}.alignment.json")

    def lay(self, sound: str, name: str) -> None:
        shutil.copy(self.made / f"{sound}.mp3", self.source / f"{name}.mp3")

    def update(self) -> int:
        return run("update", "--sure", "0.5", "--no-listen", self.library)

    def sound(self, name: str) -> bytes:
        return (self.library / name / f"{name}.mp3").read_bytes()

    @property
    def stays(self) -> tuple[Stay, ...]:
        return doubts_in(self.library / ".quotecast" / "archive").stays

    def laid(self) -> list[str]:
        """What lies beside the episodes' sounds."""
        return [path.name for path in self.library.glob("*/.quotecast/new sound/*")]


@pytest.fixture
def shelf(made: Path, tmp_path: Path) -> Shelf:
    return Shelf(made, tmp_path)


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return "".join(capsys.readouterr())


@pytest.mark.nightly
@pytest.mark.parametrize("is_aligned", [False, True])
def test_the_sound_of_another_episode_is_not_taken_and_told_once_and_listed_until_it_changes(
    shelf: Shelf, capsys: pytest.CaptureFixture[str], sample: Path, is_aligned: bool
) -> None:
    if is_aligned:
        shelf.align("e1", sample)
    own = shelf.sound("e1")
    shelf.lay("e2", "e1")
    (shelf.source / "e1.txt").write_text(shelf.talk("another"), "utf-8")
    said(capsys)
    assert shelf.update() == 0
    told = said(capsys)
    assert "Stays     e1: its sound changed at its source (it is the sound of the episode e2)\n" in told
    assert "Stays     e1: its transcript changed at its source too, and waits" in told
    for _ in range(2):
        assert [(each.folder, each.kind) for each in shelf.stays] == [("e1", "sound"), ("e1", "waiting")]
        assert shelf.update() == 0
        assert said(capsys) == ""
    why = shelf.stays[0].why
    assert why
    assert isinstance(why.words, Message)
    assert (str(why.words), why.words.template in messages("fr")) == ("it is the sound of the episode e2", True)
    library = Library(shelf.library)
    assert [stay for _, stay in staying(library, doubts_in(library.hidden / "archive")).told] == [*shelf.stays]
    assert (shelf.sound("e1"), shelf.laid(), folders(shelf.library)) == (own, [], ["e1", "e2"])
    shelf.lay("e1", "e1")
    assert shelf.update() == 0
    assert shelf.stays == ()
    assert shelf.sound("e1") == own
    assert "another" in (shelf.library / "e1" / "e1.txt").read_text("utf-8")


@pytest.mark.nightly
def test_episodes_whose_files_change_names_one_after_the_other_stay_what_they_are(
    shelf: Shelf, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {name: shelf.sound(name) for name in ("e1", "e2")}
    texts = {name: (shelf.source / f"{name}.txt").read_text("utf-8") for name in ("e1", "e2")}
    for place, name in (("e1", "e2"), ("e2", "e1")):
        shelf.lay(name, place)
        (shelf.source / f"{place}.txt").write_text(texts[name], "utf-8")
        assert shelf.update() == 0
    assert shelf.stays == ()
    said(capsys)
    assert shelf.update() == 0
    assert said(capsys) == ""
    assert {name: shelf.sound(name) for name in before} == before
    assert {name: (shelf.library / name / f"{name}.txt").read_text("utf-8") for name in texts} == texts
    shelf.lay("e3", "e2")
    assert shelf.update() == 0
    assert "Sound     e1: its sound is the new one" in said(capsys)


@pytest.mark.nightly
def test_the_sound_of_an_episode_of_a_person_is_not_taken_either(
    shelf: Shelf, capsys: pytest.CaptureFixture[str]
) -> None:
    (shelf.library / "mine").mkdir()
    shutil.copy(shelf.made / "e3.mp3", shelf.library / "mine")
    shelf.lay("e3", "e1")
    said(capsys)
    assert shelf.update() == 0
    assert "it is the sound of the episode mine" in said(capsys)
    assert [each.folder for each in shelf.stays] == ["e1"]


def test_the_sound_of_another_episode_that_a_person_took_is_settled(shelf: Shelf) -> None:
    shelf.lay("e2", "e1")
    assert shelf.update() == 0
    shutil.copy(shelf.made / "e2.mp3", shelf.library / "e1" / "e1.mp3")
    assert shelf.update() == 0
    assert shelf.stays == ()


@pytest.mark.nightly
def test_a_feed_that_names_the_sound_of_another_episode_is_told(
    made: Path, host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show, library = Show(host, tmp_path / "made"), tmp_path / "library"
    for number in (1, 2):
        show.add(number)
    assert run("add", "--yes", "--allow-private", show.publish(), library) == 0
    show.items[0] = show.items[0].replace("/sound/1.wav", "/sound/2.wav")
    show.publish()
    said(capsys)
    assert run("update", library) == 0
    assert "it is the sound of the episode Épisode 2" in said(capsys)
    assert (library / "Épisode 1" / "1.wav").read_bytes() == host.files["/sound/1.wav"][0]
    show.publish()
    assert run("update", library) == 0
    assert said(capsys) == ""
    [told] = doubts_in(library / ".quotecast" / "archive").stays
    assert (told.folder, told.kind) == ("Épisode 1", "sound")


@pytest.mark.nightly
def test_what_a_new_item_names_too_is_not_the_sound_of_an_episode_of_which_nothing_else_tells(
    host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As where a host has pasted the newest sound at an older item."""
    show, library = Show(host, tmp_path / "made"), tmp_path / "library"
    show.add(1)
    assert run("add", "--yes", "--allow-private", show.publish(), library) == 0
    own = (library / "Épisode 1" / "1.wav").read_bytes()
    said(capsys)
    show.add(2)
    show.items[0] = show.items[0].replace("/sound/1.wav", "/sound/2.wav")
    show.publish()
    assert run("update", library) == 0
    told = said(capsys)
    assert "Stays     Épisode 1: its sound changed at its source (a new item of its feed names it too)" in told
    assert folders(library) == ["Épisode 1", "Épisode 2"]
    assert (library / "Épisode 1" / "1.wav").read_bytes() == own
    show.items[0] = show.items[0].replace("/sound/2.wav", "/sound/1.wav")
    show.publish()
    assert run("update", library) == 0
    assert said(capsys) == ""
    assert not doubts_in(library / ".quotecast" / "archive").stays


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("new", "what"),
    [("anew", ", the same in another encoding"), ("e3", ", another recording than before"), ("shorter", "")],
)
def test_of_an_episode_without_times_a_new_sound_is_taken_and_told_what_it_is(
    shelf: Shelf, capsys: pytest.CaptureFixture[str], new: str, what: str
) -> None:
    own = shelf.sound("e1")
    shelf.lay(new, "e1")
    said(capsys)
    assert shelf.update() == 0
    assert said(capsys) == f"Sound     e1: its sound is the new one{what}; the old one is kept as e1.mp3.bak\n"
    assert shelf.sound("e1") == (shelf.made / f"{new}.mp3").read_bytes()
    assert (shelf.library / "e1" / "e1.mp3.bak").read_bytes() == own
    assert (shelf.laid(), shelf.stays) == ([], ())


@pytest.mark.nightly
def test_what_was_refused_is_removed_once_it_is_settled(
    shelf: Shelf, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchanges, "move_times", lambda *_: "another episode")
    shelf.align("e1", sample)
    for new in ("e3", "shorter"):
        shelf.lay(new, "e1")
        assert shelf.update() == 0
        [made] = [each for each in Archive(Library(shelf.library)).read().episodes.values() if each.folder == "e1"]
        assert made.refused
        assert shelf.laid() == [f"{made.refused.sha256}.mp3"]
    shelf.lay("e1", "e1")
    assert shelf.update() == 0
    assert shelf.laid() == []


@pytest.mark.nightly
def test_what_was_refused_is_removed_once_a_person_took_it(
    shelf: Shelf, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchanges, "move_times", lambda *_: "another episode")
    shelf.align("e1", sample)
    shelf.lay("e3", "e1")
    assert shelf.update() == 0
    (sent,) = shelf.library.glob("e1/.quotecast/new sound/*")
    shutil.copy(sent, sent.with_name("mine.mp3"))  # which a person sent, and is yet to look at
    shutil.copy(shelf.made / "e3.mp3", shelf.library / "e1" / "e1.mp3")
    assert shelf.update() == 0
    assert shelf.laid() == ["mine.mp3"]


def test_what_was_refused_is_removed_where_its_source_is_forgotten_and_told_anew_where_that_is_added_again(
    shelf: Shelf, sample: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(exchanges, "move_times", lambda *_: "another episode")
    shelf.align("e1", sample)
    shelf.lay("e3", "e1")
    assert shelf.update() == 0
    assert run("forget", shelf.source, shelf.library) == 0
    assert (shelf.laid(), shelf.stays) == ([], ())
    said(capsys)
    assert run("add", "--yes", "--listen", "none", "--without-transcript", shelf.source, shelf.library) == 0
    assert "Changed   e1" in said(capsys)
    assert shelf.update() == 0
    assert "Stays     e1: its sound changed at its source (another episode)" in said(capsys)
    assert ([each.folder for each in shelf.stays], folders(shelf.library)) == (["e1"], ["e1", "e2"])


def test_what_is_no_sound_is_not_left_beside_the_episode(
    host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show, library = Show(host, tmp_path / "made"), tmp_path / "library"
    show.add(1)
    assert run("add", "--yes", "--allow-private", show.publish(), library) == 0
    host.put("/sound/1b.wav", b"no sound")
    show.items[0] = show.items[0].replace("/sound/1.wav", "/sound/1b.wav")
    show.publish()
    said(capsys)
    assert run("update", library) == 3
    assert f"{host.url}/sound/1b.wav: is not sound, or damaged at its beginning" in said(capsys)
    assert [*library.glob("*/.quotecast/new sound/*")] == []


def test_what_a_feed_names_that_is_no_sound_is_told_by_its_address(
    host: Host, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show, library = Show(host, tmp_path / "made"), tmp_path / "library"
    show.add(1)
    host.put("/sound/1.wav", b"no sound")
    assert run("add", "--yes", "--listen", "none", "--allow-private", show.publish(), library) == 3
    told = said(capsys)
    assert f"not made: {host.url}/sound/1.wav: is not sound" in told
    assert "downloads" not in told


@pytest.mark.parametrize(
    ("error", "is_refused"),
    [
        (AnotherEpisodeError("the new sound is another episode"), True),
        (DecodeError("{path}: is not sound", path="new"), True),
        (DecodeError("{path}: is not sound", path="old"), False),
        (DecodeError("{path}: no permission to read it", path="gone"), False),
        (OutputError("{path}: cannot be written", path="new"), False),
        (AlignmentError("{path}: is damaged", path="old"), False),
    ],
    ids=str,
)
def test_only_what_is_said_of_the_sound_itself_refuses_it(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, error: UserError, is_refused: bool
) -> None:
    places = {name: shelf.made / f"{name}.mp3" for name in ("new", "old", "gone")} | {"new": shelf.made / "e3.mp3"}
    path = places[str(error.message.values.get("path", "new"))]
    said = Message(error.message.template, path=path) if "{path}" in error.message.template else error.message

    class Child:
        def __init__(self, *_: object, **__: object) -> None: ...

        def ending(self, _: object) -> Ending:
            return Ending(3, (), said, (), type(error).__name__)

    monkeypatch.setattr(new_sounds, "Child", Child)
    episode = read_folder(shelf.library / "e1", "e1")
    assert episode
    new = path if path == places["gone"] else places["new"]
    if is_refused:
        assert new_sounds.move_times(episode, new, shelf.library) == said
    else:
        with pytest.raises((ArchiveError, DecodeError)):
            new_sounds.move_times(episode, new, shelf.library)


@pytest.mark.nightly
def test_a_fault_that_passes_refuses_no_sound_and_the_next_update_takes_it(
    shelf: Shelf, capsys: pytest.CaptureFixture[str]
) -> None:
    own, damaged = shelf.sound("e1"), shelf.library / "e1" / "e1.alignment.json"
    damaged.write_text("{", "utf-8")
    shelf.lay("shorter", "e1")
    (shelf.source / "e1.txt").write_text(shelf.talk("another"), "utf-8")
    for _ in range(2):
        said(capsys)
        assert shelf.update() == 3
        told = said(capsys)
        assert "quotecast: e1: not brought up to date: " in told
        assert "e1.alignment.json" in told
        assert "Stays" not in told
        assert (shelf.sound("e1"), shelf.laid(), shelf.stays) == (own, [], ())
        assert "another" not in (shelf.library / "e1" / "e1.txt").read_text("utf-8")
    damaged.unlink()
    assert shelf.update() == 0
    assert shelf.sound("e1") == (shelf.made / "shorter.mp3").read_bytes()
    assert "another" in (shelf.library / "e1" / "e1.txt").read_text("utf-8")


@pytest.mark.nightly
def test_a_sound_that_a_process_of_a_killed_update_has_taken_meanwhile_is_taken(
    shelf: Shelf, sample: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def move_times(episode: Episode, new: Path, _: Path) -> str | None:
        assert episode.audio
        shutil.copy(new, episode.audio)
        raise ArchiveError("{path}: is the sound of this alignment already", path=new)

    monkeypatch.setattr(exchanges, "move_times", move_times)
    shelf.align("e1", sample)
    shelf.lay("shorter", "e1")
    said(capsys)
    assert shelf.update() == 0
    assert said(capsys).startswith("Sound     e1: its sound is the new one")
    assert (shelf.laid(), shelf.stays) == ([], ())
    assert shelf.update() == 0
    assert said(capsys) == ""


def test_what_a_killed_update_laid_beside_a_sound_goes_with_the_next_and_what_was_refused_or_sent_stays(
    shelf: Shelf, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchanges, "move_times", lambda *_: "another episode")
    shelf.align("e1", sample)
    shelf.lay("e3", "e1")
    assert shelf.update() == 0
    [refused] = shelf.laid()
    for name in ("e1", "e2"):
        episode = read_folder(shelf.library / name, name)
        assert episode
        stale = shelf.made / "shorter.mp3"
        new_sounds.lay_beside(episode, stale, sha256_of(stale))
        new_sounds.lay_beside(episode, stale, "mine")
    new_sounds.lay_beside(episode, stale, 64 * "0")  # which a person calls so
    assert shelf.update() == 0
    assert sorted(shelf.laid()) == sorted([refused, "mine.mp3", "mine.mp3", f"{64 * '0'}.mp3"])
