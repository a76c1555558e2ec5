"""A sound changes at its source: the one of before stays as a copy; where it is another episode's, its text waits."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from aligner.cli.main import quotecast
from aligner.storage.versions import keep_version, versions_in
from media.errors import Message
from media.ffmpeg import running
from tests.web.archive.feeding import TALK, Show
from tests.web.archive.hosting import answer, hosting
from tests.web.library.shelved import write_sound
from web.archive.adding import attempts, exchanges
from web.archive.doubts.record import doubts_in
from web.archive.errors import ArchiveError
from web.languages import messages
from web.library import Episode
from web.library.folders import read_folder

OTHER = "ANNA: Demain nous parlerons du train.\n\nBOB: Et de la neige.\n"
WAITS = "its transcript changed at its source too, and waits"


def run(*arguments: str | Path) -> int:
    return int(quotecast.main(["archive", *map(str, arguments)], standalone_mode=False) or 0)


class Latest:
    """A source that has always the latest episode alone, and the library that is made of it."""

    def __init__(self, folder: Path) -> None:
        self.library, self.episode = folder / "library", folder / "library" / "latest"
        self.sound, self.text = folder / "source" / "latest.wav", folder / "source" / "latest.txt"
        self.sounds = {name: write_sound(folder / f"{name}.wav", 1.0 + n).read_bytes() for n, name in enumerate("ABC")}
        self.sound.parent.mkdir()
        self.has("A", TALK)

    def has(self, sound: str, text: str) -> None:
        self.sound.write_bytes(self.sounds[sound])
        self.text.write_text(text, "utf-8")

    def add(self) -> None:
        assert run("add", "--yes", "--sure", "0.5", "--listen", "none", self.sound.parent, self.library) == 0

    def update(self) -> int:
        return run("update", "--sure", "0.5", "--no-listen", self.library)

    @property
    def transcript(self) -> str:
        return (self.episode / "latest.txt").read_text("utf-8")


@pytest.fixture
def latest(tmp_path: Path) -> Latest:
    return Latest(tmp_path)


@pytest.fixture
def aligned(latest: Latest, sample: Path, monkeypatch: pytest.MonkeyPatch) -> Latest:
    """Its episode has times, and sound B is another episode's, which is told by its bytes here."""

    def move_times(episode: Episode, new: Path, _: Path) -> str | None:
        if new.read_bytes() == latest.sounds["B"]:
            return "another episode"
        assert episode.audio
        shutil.copy(new, episode.audio)
        return None

    latest.add()
    shutil.copy(sample / "episode.alignment.json", latest.episode / "latest.alignment.json")
    monkeypatch.setattr(exchanges, "move_times", move_times)
    return latest


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return "".join(capsys.readouterr())


def test_the_sound_of_before_stays_as_a_copy_and_that_is_said(
    latest: Latest, capsys: pytest.CaptureFixture[str]
) -> None:
    latest.add()
    latest.has("B", TALK)
    assert latest.update() == 0
    line = "Sound     latest: its sound is the new one; the old one is kept as latest.wav.bak\n"
    assert capsys.readouterr().out.endswith(line)
    assert (latest.episode / "latest.wav").read_bytes() == latest.sounds["B"]
    assert (latest.episode / "latest.wav.bak").read_bytes() == latest.sounds["A"]
    latest.has("A", TALK)
    assert latest.update() == 0
    assert (latest.episode / "latest.wav").read_bytes() == latest.sounds["A"]
    copies = [path.read_bytes() for path in latest.episode.glob("*.bak*")]
    assert copies == [latest.sounds["B"]]


@pytest.mark.nightly
def test_of_sound_and_text_that_both_changed_a_person_gets_both_back(
    latest: Latest, capsys: pytest.CaptureFixture[str]
) -> None:
    latest.add()
    latest.has("B", OTHER)
    assert latest.update() == 0
    assert ((latest.episode / "latest.wav").read_bytes(), latest.transcript) == (latest.sounds["B"], OTHER)
    (latest.episode / "latest.wav.bak").replace(latest.episode / "latest.wav")
    first = versions_in(latest.episode)[0]
    assert first.content().decode() == TALK
    shutil.copy(first.path, latest.episode / first.name)
    episode = read_folder(latest.episode, "latest")
    assert episode
    assert (episode.audio, episode.problem) == (latest.episode / "latest.wav", None)
    said(capsys)
    for _ in range(2):
        assert latest.update() == 0
        assert said(capsys) == ""
        assert ((latest.episode / "latest.wav").read_bytes(), latest.transcript) == (latest.sounds["A"], TALK)


@pytest.mark.nightly
def test_the_text_of_a_sound_that_was_refused_waits_and_that_is_told_once(
    aligned: Latest, capsys: pytest.CaptureFixture[str]
) -> None:
    aligned.has("B", OTHER)
    said(capsys)
    assert aligned.update() == 0
    told = said(capsys)
    assert "Stays     latest: its sound changed at its source (another episode)" in told
    assert WAITS in told
    assert ((aligned.episode / "latest.wav").read_bytes(), aligned.transcript) == (aligned.sounds["A"], TALK)
    for _ in range(2):
        assert aligned.update() == 0
        assert said(capsys) == ""
    aligned.has("B", OTHER.replace("neige", "grêle"))
    assert aligned.update() == 0
    assert WAITS in said(capsys)
    assert aligned.transcript == TALK


@pytest.mark.nightly
def test_a_text_that_changes_later_waits_too(aligned: Latest, capsys: pytest.CaptureFixture[str]) -> None:
    aligned.has("B", TALK)
    assert aligned.update() == 0
    aligned.text.write_text(OTHER, "utf-8")
    said(capsys)
    assert aligned.update() == 0
    assert WAITS in said(capsys)
    assert aligned.transcript == TALK


@pytest.mark.nightly
@pytest.mark.parametrize("sound", ["A", "C"])
def test_what_waited_is_taken_with_a_sound_of_the_episode(aligned: Latest, sound: str) -> None:
    aligned.has("B", OTHER)
    assert aligned.update() == 0
    new = TALK.replace("pluie", "neige")
    aligned.has("B", new)
    assert aligned.update() == 0
    assert aligned.transcript == TALK
    aligned.sound.write_bytes(aligned.sounds[sound])
    assert aligned.update() == 0
    assert ((aligned.episode / "latest.wav").read_bytes(), aligned.transcript) == (aligned.sounds[sound], new)
    aligned.text.write_text(TALK.replace("pluie", "grêle"), "utf-8")
    assert aligned.update() == 0
    assert "grêle" in aligned.transcript


def test_what_waited_is_taken_where_a_person_took_the_sound(aligned: Latest) -> None:
    aligned.has("B", OTHER)
    assert aligned.update() == 0
    shutil.copy(aligned.sound, aligned.episode / "latest.wav")
    assert aligned.update() == 0
    assert aligned.transcript == OTHER


def test_a_text_that_was_edited_here_stays_where_one_waited(
    aligned: Latest, capsys: pytest.CaptureFixture[str]
) -> None:
    aligned.has("B", OTHER)
    assert aligned.update() == 0
    (aligned.episode / "latest.txt").write_text(TALK.replace("vélo", "tandem"), "utf-8")
    aligned.has("A", OTHER)
    said(capsys)
    assert aligned.update() == 0
    assert "edited here too" in said(capsys)
    assert "tandem" in aligned.transcript


def test_a_text_waits_while_the_sound_beside_it_cannot_be_looked_at(
    aligned: Latest, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def falls(*_: object) -> None:
        raise ArchiveError("{path}: fell", path="latest")

    aligned.has("B", OTHER)
    with monkeypatch.context() as falling:
        falling.setattr(exchanges, "move_times", falls)
        assert aligned.update() == 3
    assert aligned.transcript == TALK
    said(capsys)
    assert aligned.update() == 0
    assert WAITS in said(capsys)
    assert aligned.transcript == TALK


@pytest.mark.nightly
def test_a_text_waits_while_the_file_of_its_sound_is_no_sound(
    aligned: Latest, capsys: pytest.CaptureFixture[str]
) -> None:
    aligned.has("B", OTHER)
    aligned.sound.write_bytes(b"of which the beginning is not there yet")
    said(capsys)
    assert aligned.update() == 0
    assert f"{WAITS} until the sound there can be read" in said(capsys)
    assert aligned.transcript == TALK
    assert aligned.update() == 0
    assert said(capsys) == ""
    aligned.has("C", OTHER)
    assert aligned.update() == 0
    assert aligned.transcript == OTHER


def kinds(of: Latest | Fed) -> list[str]:
    """What the app is told that was not taken."""
    told = doubts_in(of.library / ".quotecast" / "archive")
    assert len(told.stays) == told.counts.stays
    return [each.kind for each in told.stays]


@pytest.mark.nightly
def test_what_was_not_taken_is_told_to_the_app_until_the_source_changes_again(aligned: Latest) -> None:
    assert kinds(aligned) == []
    aligned.has("B", OTHER)
    for _ in range(2):
        assert aligned.update() == 0
        assert kinds(aligned) == ["sound", "waiting"]
    [told, _] = doubts_in(aligned.library / ".quotecast" / "archive").stays
    assert (told.folder, told.why and told.why.words) == ("latest", "another episode")
    assert run("add", "--yes", "--listen", "none", aligned.sound.parent, aligned.library) == 0
    assert kinds(aligned) == ["sound", "waiting"]
    aligned.has("C", OTHER)
    assert aligned.update() == 0
    assert kinds(aligned) == []


@pytest.mark.nightly
def test_what_waited_and_is_there_no_more_is_not_told(aligned: Latest) -> None:
    aligned.has("B", OTHER)
    assert aligned.update() == 0
    aligned.text.write_text(TALK, "utf-8")
    assert aligned.update() == 0
    assert kinds(aligned) == ["sound"]


@pytest.mark.nightly
def test_a_sound_that_a_person_took_is_settled_for_good(aligned: Latest) -> None:
    aligned.has("B", TALK)
    assert aligned.update() == 0
    assert kinds(aligned) == ["sound"]
    shutil.copy(aligned.sound, aligned.episode / "latest.wav")
    assert aligned.update() == 0
    assert kinds(aligned) == []
    (aligned.episode / "latest.wav").write_bytes(aligned.sounds["C"])
    assert aligned.update() == 0
    assert kinds(aligned) == []


def test_a_text_that_waits_for_a_sound_that_cannot_be_read_is_told_until_it_can(aligned: Latest) -> None:
    aligned.has("B", OTHER)
    aligned.sound.write_bytes(b"of which the beginning is not there yet")
    assert aligned.update() == 0
    assert kinds(aligned) == ["unread"]
    aligned.has("A", OTHER)
    assert aligned.update() == 0
    assert (kinds(aligned), aligned.transcript) == ([], OTHER)


@pytest.mark.nightly
@pytest.mark.parametrize("way", ["taken here", "as it was there"])
def test_a_text_that_was_edited_here_is_told_until_both_are_one(
    latest: Latest, way: str, capsys: pytest.CaptureFixture[str]
) -> None:
    latest.add()
    (latest.episode / "latest.txt").write_text(TALK.replace("vélo", "tandem"), "utf-8")
    latest.has("A", OTHER)
    for _ in range(2):
        assert latest.update() == 0
        assert kinds(latest) == ["edited"]
    assert said(capsys).count("edited here too") == 1
    (latest.episode / "latest.txt" if way == "taken here" else latest.text).write_text(
        OTHER if way == "taken here" else TALK, "utf-8"
    )
    assert latest.update() == 0
    assert (kinds(latest), said(capsys)) == ([], "")
    latest.has("A", OTHER.replace("neige", "grêle"))
    assert latest.update() == 0
    assert kinds(latest) == ([] if way == "taken here" else ["edited"])
    assert ("grêle" in latest.transcript) is (way == "taken here")


@pytest.mark.nightly
def test_a_text_that_a_person_took_and_edited_is_settled(latest: Latest) -> None:
    latest.add()
    (latest.episode / "latest.txt").write_text(TALK.replace("vélo", "tandem"), "utf-8")
    latest.has("A", OTHER)
    assert latest.update() == 0
    assert kinds(latest) == ["edited"]
    keep_version(latest.episode, "latest.txt", OTHER.encode())  # as the app does with what was before a change
    (latest.episode / "latest.txt").write_text(OTHER.replace("neige", "grêle"), "utf-8")
    assert latest.update() == 0
    assert kinds(latest) == []
    latest.has("A", OTHER.replace("train", "tramway"))
    assert latest.update() == 0
    assert kinds(latest) == ["edited"]


@pytest.mark.nightly
def test_what_was_not_taken_of_a_source_that_was_forgotten_is_not_told(aligned: Latest, tmp_path: Path) -> None:
    aligned.has("B", OTHER)
    assert aligned.update() == 0
    (tmp_path / "other").mkdir()
    assert run("add", "--yes", tmp_path / "other", aligned.library) == 0
    assert kinds(aligned) == ["sound", "waiting"]
    assert run("forget", aligned.sound.parent, aligned.library) == 0
    assert aligned.update() == 0
    assert kinds(aligned) == []


@pytest.mark.nightly
def test_a_sound_that_was_refused_is_an_episode_of_its_own_elsewhere(aligned: Latest) -> None:
    aligned.has("B", OTHER)
    assert aligned.update() == 0
    other = aligned.sound.parent / "train"
    other.mkdir()
    (other / "train.wav").write_bytes(aligned.sounds["B"])
    (other / "train.txt").write_text(OTHER, "utf-8")
    assert aligned.update() == 0
    assert sorted(path.name for path in aligned.library.iterdir() if path.is_dir()) == [".quotecast", "latest", "train"]
    assert (aligned.library / "train" / "train.txt").read_text("utf-8") == OTHER
    assert aligned.transcript == TALK


@pytest.mark.nightly
def test_a_folder_that_was_renamed_is_known_where_a_sound_was_refused(aligned: Latest) -> None:
    aligned.has("B", OTHER)
    assert aligned.update() == 0
    aligned.episode.rename(aligned.library / "vélo")
    aligned.has("A", OTHER)
    assert aligned.update() == 0
    assert (aligned.library / "vélo" / "latest.txt").read_text("utf-8") == OTHER


@pytest.mark.nightly
def test_an_episode_stays_as_it_is_where_its_source_has_another_by_now(
    sample: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, library = tmp_path / "source", tmp_path / "library"
    source.mkdir()
    for name in ("episode.mp3", "transcript.txt"):
        shutil.copy(sample / name, source)
    assert run("add", "--yes", "--sure", "0.5", "--listen", "none", source, library) == 0
    (folder,) = (path for path in library.iterdir() if not path.name.startswith("."))
    shutil.copy(sample / "episode.alignment.json", folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    with running(["-y", "-ss", "20", "-t", "30", "-i", str(sample / "episode.mp3"), str(source / "other.mp3")]):
        pass
    (source / "other.mp3").replace(source / "episode.mp3")
    (source / "transcript.txt").write_text(OTHER, "utf-8")
    said(capsys)
    assert run("update", library) == 0
    told = said(capsys)
    assert "the new sound is another episode" in told
    assert WAITS in told
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
    why = doubts_in(library / ".quotecast" / "archive").stays[0].why
    assert why
    assert isinstance(why.words, Message)
    assert why.words.template in messages("fr")  # whoever reads it in another language is told it in that
    assert run("update", library) == 0
    assert said(capsys) == ""


class Fed:
    """An episode of a feed that has times, and for which a feed then names the sound of another, ``/sound/1b.wav``."""

    def __init__(self, show: Show, library: Path) -> None:
        self.show, self.library, self.episode = show, library, library / "Épisode 1"
        self.own = show.items[0]
        self.other = self.own.replace("/sound/1.wav", "/sound/1b.wav")
        show.host.put("/sound/1b.wav", write_sound(show.folder / "other.wav", 3.0).read_bytes())

    def names(self, item: str) -> None:
        self.show.items[0] = item
        self.show.publish()

    def has_text(self, text: str, at: str = "/text/1.txt") -> None:
        self.show.host.put(at, text.encode(), f'"{len(text)}"')

    def update(self) -> int:
        return run("update", self.library)

    @property
    def transcript(self) -> str:
        return (self.episode / "transcript.txt").read_text("utf-8")


@pytest.fixture
def fed(tmp_path: Path, sample: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fed]:
    with hosting() as host:
        show, library = Show(host, tmp_path / "made"), tmp_path / "library"
        show.add(1)
        assert run("add", "--yes", "--allow-private", show.publish(), library) == 0
        shutil.copy(sample / "episode.alignment.json", library / "Épisode 1" / "1.alignment.json")
        monkeypatch.setattr(exchanges, "move_times", lambda *_: "another episode")
        yield Fed(show, library)


@pytest.mark.nightly
def test_a_declared_text_waits_until_the_feed_names_a_sound_of_the_episode_again(
    fed: Fed, capsys: pytest.CaptureFixture[str]
) -> None:
    fed.names(fed.other)
    fed.has_text(OTHER)
    said(capsys)
    assert fed.update() == 0
    assert WAITS in said(capsys)
    assert kinds(fed) == ["sound", "waiting"]
    for item in (fed.other, fed.other, fed.other.replace("1b.wav", "1b.wav?again")):
        fed.names(item)
        fed.show.host.put("/sound/1b.wav?again", fed.show.host.files["/sound/1b.wav"][0])
        assert fed.update() == 0
        assert said(capsys) == ""
        assert kinds(fed) == ["sound", "waiting"]
    assert fed.transcript == TALK
    new = TALK.replace("pluie", "neige")
    fed.has_text(new)
    fed.names(fed.own)
    assert fed.update() == 0
    assert kinds(fed) == []
    assert fed.transcript == new


@pytest.mark.nightly
def test_a_text_that_the_feed_newly_declares_waits_too(fed: Fed, capsys: pytest.CaptureFixture[str]) -> None:
    fed.names(fed.other.replace("/text/1.txt", "/text/other.txt"))
    fed.has_text(OTHER, "/text/other.txt")
    said(capsys)
    assert fed.update() == 0
    assert WAITS in said(capsys)
    fed.show.publish()
    assert fed.update() == 0
    assert (said(capsys), fed.transcript) == ("", TALK)


@pytest.mark.nightly
def test_a_declared_text_waits_while_the_sound_beside_it_cannot_be_had(fed: Fed) -> None:
    fed.names(fed.other)
    fed.has_text(OTHER)
    fed.show.host.say("/sound/1b.wav", answer(404))
    assert fed.update() == 3
    assert fed.transcript == TALK
    assert fed.update() == 0
    assert fed.transcript == TALK


def test_a_text_of_a_folder_waits_while_the_host_of_its_sound_is_left_alone(
    fed: Fed, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fed.show.items.clear()
    fed.show.add(2, None)
    text = tmp_path / "texts" / "2.txt"
    text.parent.mkdir()
    text.write_text(2 * TALK, "utf-8")
    fed.episode = fed.library / "Épisode 2"
    sources = (fed.show.publish(), text.parent)
    assert run("add", "--yes", "--sure", "0.5", "--listen", "none", "--allow-private", *sources, fed.library) == 0
    name = next(path.name for path in fed.episode.glob("*.txt"))
    shutil.copy(fed.library / "Épisode 1" / "1.alignment.json", fed.episode / "2.alignment.json")
    fed.names(fed.show.items[0].replace("/sound/2.wav", "/sound/1b.wav"))
    text.write_text(OTHER, "utf-8")
    with monkeypatch.context() as alone:
        alone.setattr(attempts, "UNANSWERED", 0)
        fed.update()
    assert (fed.episode / name).read_text("utf-8") == 2 * TALK
    said(capsys)
    fed.show.publish()
    assert fed.update() == 0
    assert WAITS in said(capsys)
    assert (fed.episode / name).read_text("utf-8") == 2 * TALK
