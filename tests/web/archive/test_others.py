"""A library that somebody sent tells nothing of this user's own files, and decides nothing of the user's own sounds:
what it remembers of episodes counts once they are found among the sources that the user named."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from aligner.storage.audio_lookup import sha256_of
from tests.tables import over_rows
from tests.web.archive.feeding import Show
from tests.web.archive.hosting import hosting
from tests.web.archive.test_update import folders, run
from tests.web.library.shelved import write_sound
from web.archive.adding.made import Made, Part
from web.archive.adding.remembered import Archive
from web.archive.doubts import choices
from web.archive.doubts.record import Candidate, Question, key_of
from web.archive.errors import ArchiveError
from web.library import Library

TALK = "ANNA: Bonjour à tous.\n\nBOB: Et bonsoir, on parle de la pluie.\n"
ADD = ("add", "--yes", "--listen", "none")


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """The user's own source."""
    return with_episode(tmp_path / "mine", 1)


@pytest.fixture
def sent(mine: Path, tmp_path: Path) -> Path:
    """A library to which the user has added."""
    assert run(*ADD, mine, tmp_path / "sent") == 0
    return tmp_path / "sent"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """What is the user's own, and in no source."""
    folder = tmp_path / "secret"
    write_sound(folder / "private.wav", 2.0)
    told = {"title": "Privé", "show": "Secret", "language": "fr", "names": {"A": "Anna"}, "audio": "private.wav"}
    (folder / "episode.json").write_text(json.dumps(told), "utf-8")
    return folder


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the files that are looked at."""
    paths, real = list[str](), os.open
    monkeypatch.setattr(os, "open", lambda path, *args, **more: (paths.append(str(path)), real(path, *args, **more))[1])
    return paths


def with_episode(folder: Path, number: int) -> Path:
    write_sound(folder / f"E{number:03}.wav", 5.0 + number)
    (folder / f"E{number:03}.txt").write_text(TALK.replace("pluie", f"pluie {number}"), "utf-8")
    return folder


def plant(library: Path, *told: dict[str, object]) -> None:
    """What somebody wrote into the record of a library's episodes."""
    with (library / ".quotecast" / "archive" / "episodes.jsonl").open("a", encoding="utf-8") as file:
        file.writelines(f"{json.dumps(each)}\n" for each in told)


def line_of(path: Path, folder: str, **more: object) -> dict[str, object]:
    return {"key": f"file:{sha256_of(path)}", "folder": folder, "sound": {"sha256": sha256_of(path)}, **more}


@pytest.mark.nightly
@pytest.mark.parametrize("folder", ["/etc", "../secret", "..", ".", "E1/../../secret", "a\0b", "\ud800"])
@pytest.mark.parametrize("command", ["add", "update"])
def test_a_folder_that_is_not_right_in_the_library_is_damage(sent: Path, mine: Path, command: str, folder: str) -> None:
    plant(sent, {"key": "file:" + "d" * 64, "folder": folder, "sound": {"sha256": "d" * 64}})
    with pytest.raises(ArchiveError, match=r"line 2 is damaged \(folder is no name of one"):
        run(*((*ADD, mine, sent) if command == "add" else ("update", sent)))


def test_nothing_of_an_episode_elsewhere_is_told_in_the_library(sent: Path, mine: Path, secret: Path) -> None:
    plant(sent, {"key": "file:" + "d" * 64, "folder": str(secret), "sound": {"sha256": "d" * 64}})
    with pytest.raises(ArchiveError):
        run(*ADD, mine, sent)
    assert "Secret" not in (sent / ".quotecast" / "archive" / "shows.json").read_text("utf-8")


@pytest.mark.nightly
@pytest.mark.parametrize("folder", ["gone", "E001"])
def test_a_file_that_somebody_else_named_is_not_opened(
    sent: Path, mine: Path, secret: Path, folder: str, opened: list[str]
) -> None:
    private = secret / "private.wav"
    part = {"path": str(private), "size": private.stat().st_size, "changed": 1, "sha256": "a" * 64}
    plant(sent, {"key": "file:" + "a" * 64, "folder": folder, "sound": part, "text": part, "refused": part})
    with_episode(mine, 2)
    assert run("update", sent) == 0
    assert folders(sent) == ["E001", "E002"]
    assert opened
    assert not any(str(secret) in path for path in opened)


@pytest.mark.parametrize("path", ["/x/\0.mp3", "/x/\ud800.mp3"])
def test_a_path_that_can_be_none_is_damage(sent: Path, path: str) -> None:
    plant(sent, {"key": "file:" + "d" * 64, "folder": "gone", "sound": {"path": path, "sha256": "d" * 64}})
    with pytest.raises(ArchiveError, match=r"line 2 is damaged .*path can be none"):
        run("update", sent)


@pytest.mark.nightly
@pytest.mark.parametrize(
    "more",
    [
        {"folder": "gone"},
        {"folder": "gone", "text": {"sha256": "b" * 64}},
        {"folder": "E001"},
        {"folder": "gone", "twice": True},
        {"folder": "E001", "twice": True},
        {"folder": "E001", "twice": True, "sound": {"path": "/x.wav"}},
    ],
)
def test_a_sound_that_somebody_else_calls_an_episode_is_made_all_the_same(
    sent: Path, mine: Path, more: dict[str, object], capsys: pytest.CaptureFixture[str]
) -> None:
    with_episode(mine, 2)
    plant(sent, {**line_of(mine / "E002.wav", ""), **more})
    assert run("update", sent) == 0
    assert folders(sent) == ["E001", "E002"]
    capsys.readouterr()
    assert run("update", sent) == 0
    assert capsys.readouterr() == ("", "")


def test_nobody_else_takes_back_that_an_episode_was_removed(sent: Path, mine: Path) -> None:
    for path in (sent / "E001").iterdir():
        if path.is_file():
            path.unlink()
    plant(sent, line_of(mine / "E001.wav", "E001", was="file:x"), line_of(mine / "E001.wav", "gone"))
    assert run("update", sent) == 0
    assert not (sent / "E001" / "E001.wav").exists()


@pytest.mark.nightly
def test_what_another_user_made_of_the_same_sounds_is_taken_over_and_told_once(
    sent: Path, mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QUOTECAST_CONFIG", str(tmp_path / "another user's"))
    there = "There     E001.wav: is the sound of E001, as another user's quotecast noted, or an earlier version"
    capsys.readouterr()
    assert run(*ADD, mine, sent) == 0
    assert there in capsys.readouterr().out
    assert run(*ADD, mine, sent) == 0
    assert there not in capsys.readouterr().out
    text = mine / "E001.txt"
    text.write_text(text.read_text("utf-8").replace("pluie", "neige"), "utf-8")
    assert run("update", sent) == 0
    assert "neige" in (sent / "E001" / "E001.txt").read_text("utf-8")
    assert folders(sent) == ["E001"]


@pytest.mark.nightly
@pytest.mark.parametrize("edited_here", [False, True])
def test_a_transcript_that_changed_before_its_episode_was_taken_over_is_followed(
    sent: Path,
    mine: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    edited_here: bool,
) -> None:
    text, here = mine / "E001.txt", sent / "E001" / "E001.txt"
    text.write_text(text.read_text("utf-8").replace("pluie", "neige"), "utf-8")
    if edited_here:
        here.write_text(here.read_text("utf-8").replace("pluie", "grêle"), "utf-8")
    monkeypatch.setenv("QUOTECAST_CONFIG", str(tmp_path / "another user's"))
    assert run(*ADD, mine, sent) == 0
    assert run("update", sent) == 0
    told = capsys.readouterr()
    assert ("edited here too" in told.err) == edited_here
    assert ("grêle" if edited_here else "neige") in here.read_text("utf-8")
    assert "no sound found" not in told.out
    assert "which has one" not in told.out


@pytest.mark.nightly
def test_many_that_are_taken_over_are_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(1, 8):
        with_episode(tmp_path / "mine", number)
    assert run(*ADD, tmp_path / "mine", tmp_path / "sent") == 0
    monkeypatch.setenv("QUOTECAST_CONFIG", str(tmp_path / "another user's"))
    capsys.readouterr()
    assert run(*ADD, tmp_path / "mine", tmp_path / "sent") == 0
    told = capsys.readouterr().out
    assert told.count("There ") == 1
    assert "There     7 sounds are of episodes, as another user's quotecast noted, or an earlier version" in told


@pytest.mark.nightly
def test_what_is_being_made_counts_only_where_this_user_is_making_it(sent: Path, mine: Path) -> None:
    archive = Archive(Library(sent))
    made = Made("file:x", "", Part(path="/x.wav", sha256=sha256_of(mine / "E001.wav")))
    archive.begin(made)
    begun = archive.begun()
    assert begun is not None
    assert begun.sound == made.sound
    path = archive.folder / "making.json"
    path.write_text(path.read_text("utf-8").replace("/x.wav", "/y.wav"), "utf-8")
    assert archive.begun() is None


def test_what_somebody_else_chose_is_not_chosen(sent: Path, mine: Path, tmp_path: Path) -> None:
    write_sound(mine / "Folge.wav", 3.0)
    (mine / "notes").mkdir()
    text = mine / "notes" / "zzz.txt"
    text.write_text("BOB: Tout autre chose, du jardin.\n", "utf-8")
    sound_key, text_key = key_of(f"file:{sha256_of(mine / 'Folge.wav')}"), key_of(f"file:{text}")
    folder = sent / ".quotecast" / "archive"
    (folder / "choices").mkdir(exist_ok=True)
    told = {"sound": sound_key, "text": text_key, "never": [], "seal": "0" * 64}
    (folder / "choices" / f"{sound_key}.json").write_text(json.dumps(told), "utf-8")
    assert choices.choices_in(folder) == []
    assert run("update", "--no-listen", sent) == 0
    assert folders(sent) == ["E001"]


def test_a_choice_of_this_user_counts_for_this_user_alone(
    sent: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, question = sent / ".quotecast" / "archive", Question("0" * 24, "a", (Candidate("1" * 24, "b", 0.5),))
    choices.choose(folder, question, "1" * 24)
    assert [each.text for each in choices.choices_in(folder)] == ["1" * 24]
    monkeypatch.setenv("QUOTECAST_CONFIG", str(tmp_path / "another user's"))
    assert choices.choices_in(folder) == []
    assert choices.choice_of(folder, question.key).text is None


@pytest.mark.nightly
@over_rows("folder", ["", ".quotecast", "gone"])
def test_an_item_of_a_feed_is_made_whatever_somebody_else_calls_it_that_is_no_episode(
    tmp_path: Path, folder: str
) -> None:
    with hosting() as host:
        show, library = Show(host, tmp_path / "made"), tmp_path / "sent"
        show.add(1)
        assert run("add", "--yes", "--allow-private", show.publish(), library) == 0
        [made] = Archive(Library(library)).read().episodes.values()
        show.add(2)
        plant(library, {"key": f"{made.key[:-1]}2", "folder": folder, "sound": {"sha256": "a" * 64}})
        show.publish()
        assert run("update", library) == 0
        assert folders(library) == ["Épisode 1", "Épisode 2"]
