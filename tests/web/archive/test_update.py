"""A feed that goes on: what is new is made, what has changed is taken up, and what people did stays."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from msgspec.structs import replace
from PIL import Image

from aligner.cli.main import quotecast
from aligner.errors import OutputError
from aligner.storage.alignment_json import read_alignment
from aligner.storage.recovery import recover
from media.ffmpeg import running
from tests.attack import dying
from tests.places import ROOT, SAMPLE
from tests.tables import over_rows
from tests.web.archive.feeding import TALK, Show
from tests.web.archive.hosting import Host, answer, cut_after, to
from tests.web.library.shelved import tree, write_sound
from web.archive.adding import new_sounds
from web.archive.adding.remembered import Archive
from web.library import Episode, Library
from web.library.folders import read_folder

FORGET = "; where it is gone for good, quotecast archive forget takes it off the list"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def show(host: Host, tmp_path: Path) -> Show:
    return Show(host, tmp_path / "made")


def run(*arguments: str | Path) -> int:
    return int(quotecast.main(["archive", *map(str, arguments)], standalone_mode=False) or 0)


def added(show: Show, library: Path, *more: str) -> None:
    assert run("add", "--yes", "--allow-private", *more, show.publish(), library) == 0


def details(library: Path, name: str) -> dict[str, object]:
    told: dict[str, object] = json.loads((library / name / "episode.json").read_text("utf-8"))
    return told


def transcript_of(library: Path, name: str) -> str:
    """What the transcript of an episode says."""
    return (library / name / str(details(library, name)["transcript"])).read_text("utf-8")


def lay_notes(place: Path) -> Path:
    """A folder with one text, which is called so that it may be of the first episode."""
    (place / "texts").mkdir()
    (place / "texts" / "notes 1.txt").write_text("Ein anderer Text.\n", encoding="utf-8")
    return place / "texts"


def folders(library: Path) -> list[str]:
    return sorted(path.name for path in library.iterdir() if not path.name.startswith("."))


@pytest.mark.nightly
def test_a_feed_becomes_episodes_with_all_that_it_tells(show: Show, library: Path) -> None:
    show.add(1)
    show.add(2)
    added(show, library)
    assert folders(library) == ["Épisode 1", "Épisode 2"]
    told = details(library, "Épisode 1")
    assert {name: told[name] for name in ("title", "show", "date", "url", "language", "speakers", "names")} == {
        "title": "Épisode 1", "show": "Roue libre", "date": "2026-05-01", "url": "https://example.org/1",
        "language": "fr", "speakers": ["Anna", "BOB"], "names": {"ANNA": "Anna"},
    }  # fmt: skip
    assert (library / "Épisode 1" / "1.wav").read_bytes() == show.host.files["/sound/1.wav"][0]
    assert list((library / ".quotecast" / "archive" / "downloads").iterdir()) == []


@pytest.mark.nightly
def test_covers_are_those_of_the_feed_and_one_that_is_no_picture_is_left(show: Show, library: Path) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(picture, "PNG")
    show.cover = show.host.put("/cover", picture.getvalue())
    show.add(1)
    show.add(2)
    show.items[1] = show.items[1].replace("<title>", '<itunes:image href="/no.png"/><title>')
    show.host.put("/no.png", b"<svg onload='alert(1)'/>")
    added(show, library)
    assert details(library, "Épisode 1")["cover"] == "cover.png"
    assert (library / "Épisode 1" / "cover.png").read_bytes() == picture.getvalue()
    assert details(library, "Épisode 2")["cover"] is None


@pytest.mark.nightly
def test_an_update_with_nothing_new_says_nothing_and_asks_for_no_sound(
    show: Show, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show.add(1)
    added(show, library)
    before = tree(library)
    capsys.readouterr()
    show.host.asked.clear()
    assert run("update", library) == 0
    assert capsys.readouterr() == ("", "")
    assert show.host.paths() == ["/feed.xml", "/text/1.txt"]
    assert tree(library) == before


@pytest.mark.nightly
def test_what_is_new_is_made_by_the_names_that_people_gave(show: Show, library: Path) -> None:
    show.add(1)
    added(show, library)
    told = details(library, "Épisode 1")
    told["names"] = {"ANNA": "Anna Weber", "BOB": "Robert"}
    (library / "Épisode 1" / "episode.json").write_text(json.dumps(told), "utf-8")
    show.add(2)
    assert run("update", library) == 0
    assert folders(library) == ["Épisode 1", "Épisode 2"]
    assert details(library, "Épisode 2")["names"] == {"ANNA": "Anna Weber", "BOB": "Robert"}


@pytest.mark.nightly
def test_an_item_without_a_title_is_called_by_the_file_of_its_sound(
    show: Show, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show.add(1)
    show.items[0] = show.items[0].replace("<title>Épisode 1</title>", "").replace("g1<", "urn:uuid:8f2e-11<")
    capsys.readouterr()
    added(show, library)
    told = capsys.readouterr().out
    assert "0.98  1.wav + 1.txt  (declared by the feed)" in told
    assert "8f2e" not in told
    assert (folders(library), details(library, "1")["title"]) == (["1"], "1")


@pytest.mark.nightly
def test_items_without_titles_whose_sounds_are_called_alike_are_told_by_their_dates(show: Show, library: Path) -> None:
    for number in (1, 2):
        show.add(number)
        show.host.files[f"/{number}/audio.wav"] = show.host.files[f"/sound/{number}.wav"]
    show.items = [re.sub("<title>.*</title>", "", each) for each in show.items]
    show.items = [re.sub(r"/sound/(\d)\.wav", r"/\1/audio.wav", each) for each in show.items]
    added(show, library)
    assert folders(library) == ["audio (2026-05-01)", "audio (2026-05-02)"]


@pytest.mark.nightly
def test_a_run_lists_the_library_once(
    show: Show, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed, episodes = [], Library.episodes

    def counted(self: Library) -> list[Episode]:
        listed.append(self)
        return episodes(self)

    monkeypatch.setattr(Library, "episodes", counted)
    write_sound(tmp_path / "source" / "phare.wav", 2.0)
    show.add(1)
    how = ("--yes", "--listen", "none", "--without-transcript", "--allow-private")
    assert run("add", *how, show.publish(), tmp_path / "source", library) == 0
    assert len(listed) == 1
    show.add(2)
    write_sound(tmp_path / "source" / "phare.wav", 3.0)
    write_sound(tmp_path / "source" / "train.wav", 4.0)
    assert run("update", library) == 0
    assert (folders(library), len(listed)) == (["phare", "train", "Épisode 1", "Épisode 2"], 2)


@pytest.mark.nightly
def test_a_changed_transcript_takes_the_place_of_the_old(show: Show, library: Path) -> None:
    show.add(1)
    added(show, library)
    show.host.put("/text/1.txt", TALK.replace("pluie", "neige").encode(), '"2"')
    assert run("update", library) == 0
    texts = [path.read_text("utf-8") for path in (library / "Épisode 1").glob("*.txt")]
    assert any("neige" in text for text in texts)
    transcript = library / "Épisode 1" / str(details(library, "Épisode 1")["transcript"])
    assert "neige" in transcript.read_text("utf-8")


def test_a_changed_transcript_keeps_the_name_that_it_was_given(library: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    write_sound(source / "plage.wav", 1.0)
    text = source / "plage: a?b.txt"
    text.write_text(TALK, encoding="utf-8")
    assert run("add", "--yes", "--sure", "0.5", source, library) == 0
    before = sorted(path.name for path in (library / "plage").iterdir())
    text.write_text(TALK * 2, encoding="utf-8")
    assert run("update", library) == 0
    assert sorted(path.name for path in (library / "plage").iterdir() if path.suffix == ".txt") == ["plage a b.txt"]
    assert (library / "plage" / "plage a b.txt").read_text("utf-8") == TALK * 2
    assert "plage a b.txt" in before


@pytest.mark.nightly
def test_what_was_edited_here_stays_and_that_is_told_once(
    show: Show, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show.add(1)
    added(show, library)
    transcript = library / "Épisode 1" / str(details(library, "Épisode 1")["transcript"])
    transcript.write_text(TALK.replace("vélo", "tandem"), "utf-8")
    show.host.put("/text/1.txt", TALK.replace("pluie", "neige").encode(), '"2"')
    assert run("update", library) == 0
    assert "edited here too" in capsys.readouterr().err
    assert "tandem" in transcript.read_text("utf-8")
    assert run("update", library) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.nightly
def test_what_a_run_that_fell_took_already_is_in_step(
    show: Show, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show.add(1)
    added(show, library)
    transcript = library / "Épisode 1" / str(details(library, "Épisode 1")["transcript"])
    for etag, weather in enumerate(("neige", "grêle"), 2):
        if weather == "neige":
            transcript.write_bytes(TALK.replace("pluie", weather).encode())
        show.host.put("/text/1.txt", TALK.replace("pluie", weather).encode(), f'"{etag}"')
        assert run("update", library) == 0
        assert "edited here too" not in capsys.readouterr().err
    now = library / "Épisode 1" / str(details(library, "Épisode 1")["transcript"])
    assert "grêle" in now.read_text("utf-8")


@pytest.mark.nightly
def test_what_a_killed_run_left_in_folders_goes(show: Show, library: Path) -> None:
    show.add(1)
    added(show, library)
    laid = library / "Épisode 1" / ".quotecast" / "new sound"
    laid.mkdir(parents=True)
    code = "import sys, pathlib, media.temporary as t; print(t.temporary_path(pathlib.Path(sys.argv[1]), '.wav'))"
    for folder in (library / "Épisode 1", laid):
        told = subprocess.run(
            [sys.executable, "-c", code, folder], cwd=ROOT, capture_output=True, text=True, check=True
        )
        Path(told.stdout.strip()).write_bytes(b"half of it")
    assert run("update", library) == 0
    assert not [path for path in library.rglob("*.wav") if path.name != "1.wav"]


@pytest.mark.nightly
def test_what_was_removed_does_not_come_back_but_by_name(
    show: Show, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show.add(1)
    show.add(2)
    added(show, library)
    shutil.rmtree(library / "Épisode 1")
    show.publish()
    assert run("update", library) == 0
    assert folders(library) == ["Épisode 2"]
    capsys.readouterr()
    added(show, library)
    assert folders(library) == ["Épisode 2"]
    assert "Removed   Épisode 1: was removed here, and is not made" in capsys.readouterr().out
    added(show, library, "--again", "Épisode 1", "--again", "Épisode 7")
    assert folders(library) == ["Épisode 1", "Épisode 2"]
    assert "Épisode 7: no episode of these sources that was removed here" in capsys.readouterr().err


@pytest.mark.nightly
def test_a_folder_that_was_renamed_is_known(show: Show, library: Path) -> None:
    show.add(1)
    added(show, library)
    (library / "Épisode 1").rename(library / "Vélo")
    show.add(2)
    show.host.put("/text/1.txt", TALK.replace("pluie", "neige").encode(), '"2"')
    assert run("update", library) == 0
    assert folders(library) == ["Vélo", "Épisode 2"]
    assert "neige" in (library / "Vélo" / str(details(library, "Vélo")["transcript"])).read_text("utf-8")


@pytest.mark.nightly
def test_a_changed_sound_takes_the_place_of_the_old(
    show: Show, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show.add(1)
    added(show, library)
    new = write_sound(show.folder / "new.wav", 3.0).read_bytes()
    url = show.host.put("/sound/1b.wav", new)
    show.items[0] = show.items[0].replace(f"{show.host.url}/sound/1.wav", url)
    show.publish()
    sent = library / "Épisode 1" / ".quotecast" / "new sound" / "sent by somebody.wav"
    sent.parent.mkdir(parents=True)
    sent.write_bytes(b"is not looked at yet")
    capsys.readouterr()
    assert run("update", library) == 0
    assert "Sound     Épisode 1" in capsys.readouterr().out
    assert (library / "Épisode 1" / "1.wav").read_bytes() == new
    assert [path.name for path in sent.parent.iterdir()] == [sent.name]
    assert run("update", library) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.nightly
@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked to die")
def test_killed_while_sounds_are_exchanged_an_episode_has_the_old_one_or_the_new(
    show: Show, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show.add(1)
    added(show, library)
    folder, template = library / "Épisode 1", library.parent / "template"
    new = library.parent / "new.mp3"
    new.write_bytes(write_sound(show.folder / "new.wav", 3.0).read_bytes())
    monkeypatch.setattr(new_sounds, "check_sound", lambda _: None)
    episode = read_folder(folder, "episode-1")
    assert episode
    shutil.copytree(folder, template)
    steps, before = dying.run(lambda: new_sounds.exchange(episode, new)).steps, seen(template)
    after = seen(folder)
    assert after.pop("1.mp3") == new.read_bytes()
    assert after.pop("1.wav.bak") == before["1.wav"]
    assert json.loads(after.pop("episode.json"))["audio"] == "1.mp3"
    assert after == {name: content for name, content in before.items() if name not in ("1.wav", "episode.json")}
    after = seen(folder)
    for step in range(steps):
        shutil.rmtree(folder)
        shutil.copytree(template, folder)
        dying.run(lambda: new_sounds.exchange(episode, new), dying.Death(step=step))
        recover(folder)
        assert seen(folder) in (before, after), step


def seen(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.nightly
def test_a_changed_sound_of_an_aligned_episode_takes_its_times_along(
    sample: Path, tmp_path: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name in ("episode.mp3", "transcript.txt"):
        shutil.copy(SAMPLE / name, source)
    assert run("add", "--yes", "--sure", "0.5", "--listen", "none", source, library) == 0
    (folder,) = (path for path in library.iterdir() if not path.name.startswith("."))
    shutil.copy(sample / "episode.alignment.json", folder)
    before = read_alignment(folder / "episode.alignment.json")
    cut = ["-y", "-ss", "3", "-i", str(SAMPLE / "episode.mp3"), str(source / "cut.mp3")]
    with running(cut):
        pass
    (source / "cut.mp3").replace(source / "episode.mp3")
    assert run("update", library) == 0
    assert "its sound is the new one; the old one is kept as episode.mp3.bak" in capsys.readouterr().out
    assert (folder / "episode.mp3.bak").read_bytes() == (SAMPLE / "episode.mp3").read_bytes()
    after = read_alignment(folder / "episode.alignment.json")
    moved = [a.span.start - b.span.start for b, a in zip(before.words, after.words, strict=True) if b.span and a.span]
    assert statistics.median(moved) == pytest.approx(-3.0, abs=0.1)
    assert (folder / "episode.mp3").read_bytes() == (source / "episode.mp3").read_bytes()


@pytest.mark.nightly
def test_what_fails_is_tried_again_by_the_next_update(show: Show, library: Path) -> None:
    show.add(1)
    added(show, library)
    show.add(2)
    show.host.say("/sound/2.wav", answer(404))
    assert run("update", library) == 3
    assert folders(library) == ["Épisode 1"]
    assert run("update", library) == 0
    assert folders(library) == ["Épisode 1", "Épisode 2"]


@pytest.mark.nightly
def test_a_transcript_that_comes_later_is_given_to_its_episode(show: Show, library: Path) -> None:
    show.add(1, talk=None)
    added(show, library, "--without-transcript")
    assert details(library, "Épisode 1")["transcript"] is None
    show.items.clear()
    show.add(1)
    assert run("update", library) == 0
    assert folders(library) == ["Épisode 1"]
    assert details(library, "Épisode 1")["transcript"] == "transcript.txt"


@pytest.mark.nightly
def test_what_is_left_over_is_no_pair_because_it_is_alone_the_next_time(
    show: Show, library: Path, tmp_path: Path
) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "altes.txt").write_text("Hier ist es ganz anders.\n" * 4, encoding="utf-8")
    show.add(1)
    show.add(2, None)
    show.items[1] = show.items[1].replace("Épisode 2", "La mappa")
    assert run("add", "--yes", "--allow-private", show.publish(), tmp_path / "texts", library) == 0
    for again in (["update"], ["update"], ["add", "--yes", "--allow-private", show.publish(), tmp_path / "texts"]):
        assert run(*again, library) == 0
        assert folders(library) == ["Épisode 1"], again


@pytest.mark.nightly
def test_what_a_feed_declares_later_takes_the_place_of_a_file_that_was_less_sure(
    show: Show, library: Path, tmp_path: Path
) -> None:
    texts = lay_notes(tmp_path)
    show.add(1, None)
    assert run("add", "--yes", "--allow-private", show.publish(), texts, library) == 0
    assert transcript_of(library, "Épisode 1") == "Ein anderer Text.\n"
    show.items.clear()
    show.add(1)
    assert run("update", library) == 0
    assert transcript_of(library, "Épisode 1") == TALK


@pytest.mark.nightly
def test_a_file_that_was_taken_stays_though_its_feed_declares_another_as_it_did_then(
    show: Show, library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = lay_notes(tmp_path)
    show.add(1)
    assert run("add", "--yes", "--allow-private", show.publish(), texts, library) == 0
    assert "+ notes 1.txt" in capsys.readouterr().out
    for url in ("/text/1.txt", "/text/1.txt?key=new"):  # some feeds have another key in it each time
        show.items[0] = show.items[0].replace("/text/1.txt", url)
        show.publish()
        assert run("update", library) == 0
        assert capsys.readouterr() == ("", "")
        assert transcript_of(library, "Épisode 1") == "Ein anderer Text.\n"


@pytest.mark.nightly
def test_a_file_that_was_taken_before_that_was_remembered_stays_too(
    show: Show, library: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = lay_notes(tmp_path)
    show.add(1)
    assert run("add", "--yes", "--allow-private", show.publish(), texts, library) == 0
    archive = Archive(Library(library))
    [told] = archive.read().episodes.values()
    archive.note(replace(told, passed=None))
    capsys.readouterr()
    show.publish()
    assert run("update", library) == 0
    assert capsys.readouterr() == ("", "")
    assert transcript_of(library, "Épisode 1") == "Ein anderer Text.\n"


def test_what_a_person_confirmed_stays_whatever_a_feed_declares_later(
    show: Show, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = lay_notes(tmp_path)
    show.add(1, None)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(click, "confirm", lambda *_, **__: True)
    assert run("add", "--allow-private", show.publish(), texts, library) == 0
    show.items.clear()
    show.add(1)
    assert run("update", library) == 0
    assert transcript_of(library, "Épisode 1") == "Ein anderer Text.\n"


@pytest.mark.nightly
def test_a_transcript_that_a_person_gave_stays_where_one_comes_later(
    show: Show, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show.add(1, talk=None)
    added(show, library, "--without-transcript")
    (library / "Épisode 1" / "mine.txt").write_text("ANNA: Le mien.\n", "utf-8")
    told = details(library, "Épisode 1") | {"transcript": "mine.txt"}
    (library / "Épisode 1" / "episode.json").write_text(json.dumps(told), "utf-8")
    show.items.clear()
    show.add(1)
    assert run("update", library) == 0
    assert "edited here too" in capsys.readouterr().err
    assert details(library, "Épisode 1")["transcript"] == "mine.txt"
    assert run("update", library) == 0
    assert capsys.readouterr() == ("", "")


def shared(show: Show) -> None:
    """Have the feed's second item name the sound of the first."""
    show.items[1] = show.items[1].replace("/sound/2.wav", "/sound/1.wav")
    show.publish()


@pytest.mark.nightly
def test_a_sound_of_two_items_is_told_once_and_fetched_no_more(
    show: Show, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show.add(1)
    added(show, library)
    show.add(2)
    shared(show)
    capsys.readouterr()
    assert run("update", library) == 0
    assert "There     Épisode 2: is the sound of Épisode 1" in capsys.readouterr().out
    show.add(3)
    shared(show)
    show.host.asked.clear()
    assert run("update", library) == 0
    assert "Épisode 2" not in capsys.readouterr().out
    assert "/sound/1.wav" not in show.host.paths()
    assert folders(library) == ["Épisode 1", "Épisode 3"]
    show.host.asked.clear()
    added(show, library)
    assert "/sound/1.wav" not in show.host.paths()


@pytest.mark.nightly
def test_an_item_that_shared_its_sound_and_has_its_own_now_is_made(show: Show, library: Path) -> None:
    show.add(1)
    show.add(2)
    own = show.items[1]
    shared(show)
    added(show, library)
    assert folders(library) == ["Épisode 1"]
    show.items[1] = own
    show.publish()
    assert run("update", library) == 0
    assert folders(library) == ["Épisode 1", "Épisode 2"]


@pytest.mark.nightly
def test_bytes_that_lie_at_two_addresses_are_fetched_once_for_each(show: Show, library: Path) -> None:
    show.add(1)
    show.add(2)
    show.host.put("/sound/2.wav", show.host.files["/sound/1.wav"][0])
    added(show, library)
    show.publish()
    show.host.asked.clear()
    assert run("update", library) == 0
    assert {"/sound/1.wav", "/sound/2.wav"}.isdisjoint(show.host.paths())
    [removed] = folders(library)
    shutil.rmtree(library / removed)
    show.publish()
    assert run("update", library) == 0
    assert folders(library) == []
    added(show, library, "--again", removed)
    assert len(folders(library)) == 1


def test_a_sound_of_the_feed_and_of_a_folder_is_one(show: Show, library: Path, tmp_path: Path) -> None:
    """Then it is not fetched, and what the feed tells of it holds."""
    show.add(1)
    source = tmp_path / "source"
    source.mkdir()
    (source / "1.wav").write_bytes(show.host.files["/sound/1.wav"][0])
    assert run("add", "--yes", "--allow-private", show.publish(), source, library) == 0
    assert folders(library) == ["Épisode 1"]
    assert details(library, "Épisode 1")["date"] == "2026-05-01"
    assert "/sound/1.wav" not in show.host.paths()


@pytest.mark.nightly
def test_a_host_that_answers_no_more_is_left_alone(
    show: Show, library: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.archive.sources.fetching.time.sleep", lambda _: None)
    for number in range(1, 9):
        show.add(number)
        show.host.say(f"/sound/{number}.wav", *[answer(503)] * 5)
    assert run("add", "--yes", "--allow-private", show.publish(), library) == 3
    assert "5 in a row could not be had" in capsys.readouterr().err
    assert run("add", "--yes", "--allow-private", show.publish(), library) == 3  # three have failed once more
    added(show, library)
    assert len(folders(library)) == 8


@pytest.mark.nightly
def test_an_update_leaves_a_host_alone_too(
    show: Show, library: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.archive.sources.fetching.time.sleep", lambda _: None)
    for number in range(1, 9):
        show.add(number)
        show.host.say(f"/text/{number}.txt", *[answer(200, TALK.encode())], *[answer(503)] * 5)
    added(show, library)
    show.host.asked.clear()
    assert run("update", library) == 3
    assert "5 in a row could not be had" in capsys.readouterr().err
    assert len({*show.host.paths()} - {"/feed.xml"}) == 5


@pytest.mark.nightly
def test_an_item_that_leads_nowhere_hinders_no_other(show: Show, library: Path) -> None:
    show.add(1)
    show.add(2)
    show.host.say("/sound/1.wav", to("http://127.0.0.1:99999/x"))
    assert run("add", "--yes", "--allow-private", show.publish(), library) == 3
    assert folders(library) == ["Épisode 2"]


def test_a_planted_state_is_told_to_no_host(show: Show, library: Path) -> None:
    show.add(1)
    added(show, library)
    for name in ("sources.json", "episodes.jsonl"):
        path = library / ".quotecast" / "archive" / name
        told = re.sub(r'("etag": ?)"[^,}]*"', r'\1"ł\\r\\n"', path.read_text("utf-8"))
        path.write_text(told, "utf-8")
        assert "ł" in path.read_text("utf-8")
    assert run("update", library) == 0


@pytest.mark.nightly
def test_the_address_of_a_feed_that_cannot_be_had_is_told_once(
    show: Show, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show.add(1)
    added(show, library)
    capsys.readouterr()
    show.host.say("/feed.xml", answer(404))
    assert run("update", library) == 3
    assert capsys.readouterr().err == f"quotecast: {show.host.url}/feed.xml: the server answers 404{FORGET}\n"


def test_a_part_goes_weeks_after_no_feed_names_it_any_more(
    show: Show, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.archive.sources.fetching.time.sleep", lambda _: None)
    show.add(1)
    added(show, library)
    show.add(2)
    sound = show.host.files["/sound/2.wav"][0]
    show.host.say("/sound/2.wav", *[cut_after(sound, 1000)] * 10)
    assert run("update", library) == 3
    downloads = library / ".quotecast" / "archive" / "downloads"
    [begun] = downloads.iterdir()

    def update_weeks_later() -> list[Path]:
        for path in (*begun.iterdir(), begun):
            os.utime(path, (time.time() - 40 * 86_400,) * 2)
        show.publish()
        run("update", library)
        return [*downloads.iterdir()]

    show.host.answers["/sound/2.wav"] = [answer(503)] * 5
    assert update_weeks_later() == [begun]  # it is gone on with one day
    del show.items[1]
    assert update_weeks_later() == []


def test_this_machine_is_not_asked_for_what_a_feed_names(show: Show, library: Path, tmp_path: Path) -> None:
    show.add(1)
    feed = tmp_path / "feed.xml"
    feed.write_bytes(show.host.files["/feed.xml"][0])
    show.host.asked.clear()
    assert run("add", "--yes", "--without-transcript", feed, library) == 3
    assert (show.host.asked, folders(library)) == ([], [])


@over_rows("command", ["add", "update"])
def test_no_folder_is_made_of_the_address_of_a_store(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OutputError, match="address of a store"):
        run(command, *([tmp_path] if command == "add" else []), "s3://shows/roue-libre")
    assert list(tmp_path.iterdir()) == []


def test_a_feed_without_episodes_is_told(show: Show, library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("add", "--yes", "--allow-private", show.publish(), library) == 0
    assert capsys.readouterr().out.endswith("Made      nothing\n")


def test_a_second_run_leaves_it_to_the_first(show: Show, library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    show.add(1)
    added(show, library)
    show.add(2)
    capsys.readouterr()
    with Archive(Library(library)).alone() as is_alone:
        assert is_alone
        assert run("update", library) == 0
        assert capsys.readouterr().out.startswith("Busy")
    assert folders(library) == ["Épisode 1"]


def test_an_archive_without_sources_is_told(library: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        library.mkdir()
    with pytest.raises(Exception, match="has no sources yet"):
        run("update", library)
