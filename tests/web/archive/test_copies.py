"""A sound that lies there in several encodings is one: the published one is taken, the others are told, once."""

from __future__ import annotations

import os
import re
import shutil
import wave
from pathlib import Path

import pytest

from media.ffmpeg import running
from tests.places import SAMPLE
from tests.web.archive.feeding import Show
from tests.web.archive.hosting import Host
from tests.web.archive.test_update import folders, run
from tests.web.library.shelved import write_sound
from web.archive.adding.made import Made
from web.archive.adding.remembered import Archive
from web.archive.sources import encodings
from web.archive.sources.folders import look_at_sound
from web.library import Library

TALK = "ANNA: Aujourd'hui nous parlons du vélo.\n\nBOB: Et de la pluie.\n"
ADD = ("add", "--yes", "--listen", "none")


def cut(path: Path, start: float, seconds: float = 8.0) -> Path:
    """A stretch of a real voice, in the encoding that the name tells."""
    return encoded(SAMPLE / "episode.mp3", path, "-ss", str(start), "-t", str(seconds))


def encoded(sound: Path, path: Path, *how: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with running(["-y", *how, "-i", str(sound), "-b:a", "64k" if path.suffix == ".mp3" else "40k", str(path)]):
        pass
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two voices in several encodings, as long as each other."""
    folder = tmp_path_factory.mktemp("made")
    for name, start in (("e1", 20.0), ("e2", 60.0)):
        master = cut(folder / f"{name}.wav", start)
        for ending in ("mp3", "m4a", "opus", "flac"):
            encoded(master, folder / f"{name}.{ending}")
    return folder


@pytest.fixture
def source(made: Path, tmp_path: Path) -> Path:
    """The folder of an episode that is published as MP3."""
    folder = tmp_path / "source"
    folder.mkdir()
    shutil.copy(made / "e1.mp3", folder)
    (folder / "e1.txt").write_text(TALK, "utf-8")
    return folder


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / "library"


def memory_of(library: Path) -> dict[str, Made]:
    return Archive(Library(library)).read().twice


def lines(capsys: pytest.CaptureFixture[str], *begun: str) -> list[str]:
    return sorted(line for line in capsys.readouterr().out.splitlines() if line.startswith(begun))


def silent_update(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run("update", library) == 0
    assert capsys.readouterr() == ("", "")


def spoil(path: Path) -> None:
    """Make a file one that cannot be read as sound, which nobody can tell who does not read it."""
    status = path.stat()
    path.write_bytes(bytes(status.st_size))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.nightly
def test_three_encodings_are_one_pair_and_two_are_told(
    made: Path, source: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(made / "e1.wav", source)
    shutil.copy(made / "e1.m4a", source / "e1-final.m4a")
    assert run(*ADD, "--without-transcript", source, library) == 0
    said = lines(capsys, "Pair", "In doubt", "Left", "Twice")
    assert said[0].startswith("Pair ")
    assert "e1.mp3 + e1.txt" in said[0]
    assert said[1:] == ["Twice     e1-final.m4a is e1.mp3 once more", "Twice     e1.wav is e1.mp3 once more"]
    assert folders(library) == ["e1"]


@pytest.mark.nightly
def test_what_was_told_is_not_opened_again_while_it_stays(
    made: Path, source: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    master = shutil.copy(made / "e1.wav", source)
    assert run(*ADD, "--without-transcript", source, library) == 0
    spoil(Path(master))
    silent_update(library, capsys)
    assert folders(library) == ["e1"]


@pytest.mark.nightly
def test_one_that_a_run_which_fell_did_not_note_makes_no_episode(
    made: Path, source: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(made / "e1.wav", source)
    assert run(*ADD, "--without-transcript", source, library) == 0
    noted = library / ".quotecast" / "archive" / "episodes.jsonl"
    whole = noted.read_bytes()
    noted.write_bytes(b"".join(whole.splitlines(keepends=True)[:-1]))
    silent_update(library, capsys)
    assert folders(library) == ["e1"]
    assert noted.read_bytes() == whole


@pytest.mark.nightly
def test_masters_in_another_folder_lend_their_names(
    made: Path, tmp_path: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, hidden in (("e1", "a8f3"), ("e2", "b7c9")):
        for place in (f"masters/{name}.wav", f"mp3/{hidden}.mp3"):
            path = tmp_path / "source" / place
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(made / f"{name}{path.suffix}", path)
        (tmp_path / "source" / f"{name} texte.txt").write_text(f"{TALK}\nANNA: {name}.\n", "utf-8")
    assert run(*ADD, tmp_path / "source", library) == 0
    said = lines(capsys, "Pair", "Twice")
    assert [line.partition("  (")[0][16:] for line in said[:2]] == [
        "a8f3.mp3 + e1 texte.txt",
        "b7c9.mp3 + e2 texte.txt",
    ]
    assert said[2:] == ["Twice     e1.wav is a8f3.mp3 once more", "Twice     e2.wav is b7c9.mp3 once more"]


@pytest.mark.nightly
def test_sounds_that_are_as_long_and_begin_alike_are_two(made: Path, tmp_path: Path) -> None:
    assert encodings_of(made / "e1.mp3", made / "e2.mp3") == set()
    jingle = cut(tmp_path / "jingle.wav", 0.0, 4.0)
    for name in ("e1", "e2"):
        both = ["-i", str(jingle), "-i", str(made / f"{name}.wav"), "-filter_complex", "[0][1]concat=v=0:a=1"]
        with running(["-y", *both, str(tmp_path / f"{name}.mp3")]):
            pass
    assert encodings_of(tmp_path / "e1.mp3", tmp_path / "e2.mp3") == set()


def encodings_of(*paths: Path) -> set[str]:
    """The names of those that are told to be another one."""
    _, copies = encodings.once([look_at_sound(path) for path in paths])
    return {copy.sound.name for copy in copies}


@pytest.mark.nightly
def test_each_encoding_is_known_from_each(made: Path) -> None:
    forms = [made / f"e1.{ending}" for ending in ("mp3", "m4a", "opus", "flac", "wav")]
    assert all(len(encodings_of(one, other)) == 1 for one in forms for other in forms if one != other)
    assert len(encodings_of(*forms)) == 4
    assert not encodings_of(made / "e1.wav", made / "e2.mp3")


def test_the_published_one_stays_and_of_masters_the_smaller(made: Path) -> None:
    assert encodings_of(made / "e1.wav", made / "e1.opus") == {"e1.wav"}
    assert encodings_of(made / "e1.m4a", made / "e1.mp3") == {"e1.m4a"}
    assert encodings_of(made / "e1.wav", made / "e1.flac") == {"e1.wav"}


@pytest.mark.nightly
def test_what_tells_nothing_or_cannot_be_decoded_is_no_copy(made: Path, tmp_path: Path) -> None:
    silence = [write_sound(tmp_path / f"{name}.wav", 8.0) for name in "ab"]
    silence[1].write_bytes(silence[1].read_bytes()[:-2] + b"\1\0")
    assert encodings_of(*silence) == set()
    damaged = tmp_path / "e1.mp3"
    whole = (made / "e1.mp3").read_bytes()
    damaged.write_bytes(whole[:2000] + bytes(len(whole) - 2000))
    assert encodings_of(made / "e1.m4a", damaged) == set()


@pytest.mark.nightly
def test_the_longer_recording_stays(source: Path, library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cut(source / "raw.wav", 18.0, 12.0)
    assert run(*ADD, "--without-transcript", source, library) == 0
    assert lines(capsys, "Twice") == []
    assert folders(library) == ["e1", "raw"]


@pytest.mark.nightly
@pytest.mark.parametrize("is_aligned", [False, True])
def test_a_copy_that_arrives_later_is_told_once(
    made: Path, source: Path, library: Path, capsys: pytest.CaptureFixture[str], sample: Path, is_aligned: bool
) -> None:
    assert run(*ADD, "--without-transcript", source, library) == 0
    if is_aligned:
        alignment = (sample / "episode.alignment.json").read_text("utf-8")
        alignment = re.sub(r'("duration": )[\d.]+', r"\g<1>8.0", alignment, count=1)
        (library / "e1" / "e1.alignment.json").write_text(alignment, "utf-8")
    master = Path(shutil.copy(made / "e1.wav", source))
    capsys.readouterr()
    assert run("update", library) == 0
    assert lines(capsys, "Twice", "Left", "Made") == ["Twice     e1.wav is e1/e1.mp3 once more"]
    spoil(master)
    silent_update(library, capsys)
    assert folders(library) == ["e1"]


@pytest.mark.nightly
def test_one_whose_date_changes_alone_is_told_no_more_and_not_read_the_next_time(
    made: Path, source: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    master = Path(shutil.copy(made / "e1.wav", source))
    assert run(*ADD, source, library) == 0
    os.utime(master, ns=(1, 1))
    silent_update(library, capsys)
    spoil(master)
    silent_update(library, capsys)
    [copy] = memory_of(library).values()
    assert (copy.folder, copy.sound.path, copy.sound.changed) == ("e1", str(master), 1)


@pytest.mark.nightly
@pytest.mark.parametrize("change", ["goes", "changes"])
def test_where_the_kept_one_goes_or_changes_its_copy_makes_no_second_episode(
    made: Path, source: Path, library: Path, capsys: pytest.CaptureFixture[str], change: str
) -> None:
    master = Path(shutil.copy(made / "e1.wav", source))
    assert run(*ADD, "--without-transcript", source, library) == 0
    if change == "goes":
        (source / "e1.mp3").unlink()
        silent_update(library, capsys)
    else:
        encoded(made / "e1.wav", source / "e1.mp3", "-t", "7")
        assert run("update", library) == 0
        assert "Sound     e1" in capsys.readouterr().out
    os.utime(master, ns=(1, 1))
    silent_update(library, capsys)
    assert run(*ADD, "--without-transcript", source / "e1.wav", library) == 0
    assert folders(library) == ["e1"]


def test_where_the_kept_one_goes_the_episode_follows_its_copy_and_then_its_own_again(
    made: Path, source: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    master, own = Path(shutil.copy(made / "e1.wav", source)), (source / "e1.mp3").read_bytes()
    assert run(*ADD, source, library) == 0
    (source / "e1.mp3").unlink()
    silent_update(library, capsys)
    assert (library / "e1" / "e1.mp3").read_bytes() == own
    encoded(made / "e1.wav", master.with_name("new.wav"), "-t", "7").replace(master)
    assert run("update", library) == 0
    assert lines(capsys, "Sound", "Left", "Twice", "Pair", "Made") == [
        "Sound     e1: its sound is the new one; the old one is kept as e1.mp3.bak"
    ]
    assert (library / "e1" / "e1.wav").read_bytes() == master.read_bytes()
    silent_update(library, capsys)
    assert folders(library) == ["e1"]


@pytest.mark.nightly
def test_an_episode_that_follows_its_copy_goes_back_to_its_own_where_that_comes_back(
    made: Path, source: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(made / "e1.wav", source / "master.wav")
    assert run(*ADD, source, library) == 0
    own = (source / "e1.mp3").read_bytes()
    (source / "e1.mp3").unlink()
    silent_update(library, capsys)
    (source / "master.wav").rename(source / "renamed.wav")
    silent_update(library, capsys)
    (source / "e1.mp3").write_bytes(own)
    silent_update(library, capsys)
    shutil.copy(made / "e2.mp3", source / "e1.mp3")
    assert run("update", library) == 0
    assert lines(capsys, "Sound", "Left", "Twice", "Pair", "Made") == [
        "Sound     e1: its sound is the new one, another recording than before; the old one is kept as e1.mp3.bak"
    ]
    assert (library / "e1" / "e1.mp3").read_bytes() == (made / "e2.mp3").read_bytes()
    capsys.readouterr()
    assert run("update", library) == 0
    assert folders(library) == ["e1"]


@pytest.mark.nightly
def test_a_sound_that_changes_with_its_master_is_taken_as_it_is_published(
    made: Path, source: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(made / "e1.wav", source)
    assert run(*ADD, "--without-transcript", source, library) == 0
    for ending in ("mp3", "wav"):
        shutil.copy(made / f"e2.{ending}", source / f"e1.{ending}")
    assert run("update", library) == 0
    assert (library / "e1" / "e1.mp3").read_bytes() == (made / "e2.mp3").read_bytes()
    silent_update(library, capsys)
    assert folders(library) == ["e1"]


@pytest.mark.nightly
def test_a_copy_of_what_is_left_over_is_told_once_and_takes_its_place_where_that_goes(
    made: Path, source: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for ending in ("mp3", "wav"):
        shutil.copy(made / f"e2.{ending}", source)
    assert run(*ADD, source, library) == 0
    assert lines(capsys, "Left", "Twice") == [
        "Left      e2.mp3: no transcript found", "Twice     e2.wav is e2.mp3 once more",
    ]  # fmt: skip
    silent_update(library, capsys)
    (source / "e2.mp3").unlink()
    assert run("update", library) == 0
    assert lines(capsys, "Left", "Twice") == ["Left      e2.wav: no transcript found"]


def test_a_transcript_that_comes_later_is_that_of_the_one_that_was_kept(
    made: Path, source: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = source / "e1.txt"
    text.unlink()
    shutil.copy(made / "e1.wav", source)
    assert run(*ADD, "--without-transcript", source, library) == 0
    text.write_text(TALK, "utf-8")
    capsys.readouterr()
    assert run("update", "--sure", "0.5", "--no-listen", library) == 0
    assert lines(capsys, "Made", "Text", "Episodes") == [
        "Episodes  0 made, 1 given their transcript, 0 failed", "Text      e1: has its transcript now",
    ]  # fmt: skip
    assert (library / "e1" / "e1.txt").read_text("utf-8") == TALK
    silent_update(library, capsys)


def test_one_that_was_removed_is_not_brought_back_by_its_copy(
    made: Path, source: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*ADD, "--without-transcript", source, library) == 0
    shutil.rmtree(library / "e1")
    shutil.copy(made / "e1.wav", source)
    assert run("update", library) == 0
    silent_update(library, capsys)
    assert folders(library) == []
    assert run(*ADD, source, library) == 0
    assert folders(library) == []
    assert run(*ADD, "--again", "e1", source, library) == 0
    assert [path.name for path in (library / "e1").glob("*.mp3")] == ["e1.mp3"]


@pytest.mark.nightly
def test_the_episode_of_a_master_stays_where_the_published_sound_comes_later(
    made: Path, source: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (source / "e1.mp3").unlink()
    shutil.copy(made / "e1.wav", source)
    assert run(*ADD, "--without-transcript", source, library) == 0
    capsys.readouterr()
    shutil.copy(made / "e1.mp3", source)
    for how, told in ((("update",), ["Twice     e1.mp3 is e1/e1.wav once more"]), ((*ADD, source), [])):
        assert run(*how, "--without-transcript" if source in how else "--no-listen", library) == 0
        assert lines(capsys, "Twice", "Left") == told
        assert folders(library) == ["e1"]
    assert [path.name for path in (library / "e1").glob("e1.[mw]*")] == ["e1.wav"]


@pytest.mark.nightly
def test_the_same_bytes_as_an_episode_of_a_person_are_told_as_before(
    made: Path, source: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(source, library / "mine")
    shutil.copy(made / "e1.wav", source)
    assert run(*ADD, "--sure", "0.5", source, library) == 0
    assert lines(capsys, "There", "Twice") == [
        "There     e1.mp3: is the sound of mine", "Twice     e1.wav is mine/e1.mp3 once more",
    ]  # fmt: skip
    silent_update(library, capsys)
    assert {copy.folder for copy in memory_of(library).values()} == {"mine"}


@pytest.mark.nightly
def test_a_master_does_not_take_the_place_of_what_a_feed_publishes(
    made: Path, host: Host, tmp_path: Path, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show, source = Show(host, tmp_path / "made"), tmp_path / "source"
    source.mkdir()
    show.add(1)
    host.put("/sound/1.wav", (made / "e1.mp3").read_bytes())
    assert run(*ADD, "--allow-private", show.publish(), source, library) == 0
    shutil.copy(made / "e1.flac", source / "1.flac")
    capsys.readouterr()
    assert run("update", library) == 0
    assert lines(capsys, "Twice", "Sound", "Made", "Left") == ["Twice     1.flac is Épisode 1/1.wav once more"]
    silent_update(library, capsys)
    assert (library / "Épisode 1" / "1.wav").read_bytes() == (made / "e1.mp3").read_bytes()


@pytest.mark.nightly
def test_what_a_feed_publishes_is_found_among_several_encodings(
    made: Path, host: Host, tmp_path: Path, library: Path
) -> None:
    show, source = Show(host, tmp_path / "made"), tmp_path / "source"
    source.mkdir()
    show.add(1)
    for ending in ("wav", "mp3", "m4a"):
        shutil.copy(made / f"e1.{ending}", source / f"1.{ending}")
    assert run(*ADD, "--allow-private", show.publish(), source, library) == 0
    assert [path.name for path in (library / "Épisode 1").glob("1.*")] == ["1.mp3"]
    assert "/sound/1.wav" not in host.paths()


def test_an_item_that_is_called_otherwise_by_now_makes_no_second_episode_of_its_sound_encoded_anew(
    made: Path, library: Path, tmp_path: Path, host: Host, capsys: pytest.CaptureFixture[str]
) -> None:
    show = Show(host, tmp_path)
    for number, name in ((1, "e1"), (2, "e2")):
        show.add(number, talk=None)
        host.put(f"/sound/{number}.wav", (made / f"{name}.mp3").read_bytes())
    feed = show.publish()
    assert run(*ADD, "--allow-private", "--without-transcript", feed, library) == 0
    # The first moves to another host in another encoding; the second, of the same title, is another recording there.
    show.items = [item.replace("<guid>g", "<guid>moved-").replace("/sound/", "/neu/") for item in show.items]
    show.items[0] = show.items[0].replace("<title>Épisode 1", "<title>Wiederholung")
    host.put("/neu/1.wav", (made / "e1.opus").read_bytes())
    host.put("/neu/2.wav", cut(tmp_path / "e3.opus", 90.0).read_bytes())
    show.publish()
    capsys.readouterr()
    assert run("update", library) == 0
    told = capsys.readouterr().out
    assert "There     Wiederholung: is the sound of Épisode 1" in told
    assert folders(library) == ["Épisode 1", "Épisode 2", "Épisode 2 2"]
    assert run("update", library) == 0
    assert folders(library) == ["Épisode 1", "Épisode 2", "Épisode 2 2"]


@pytest.mark.nightly
def test_what_a_feed_publishes_is_the_episode_of_a_master_that_was_there_before(
    made: Path, library: Path, tmp_path: Path, host: Host
) -> None:
    (tmp_path / "masters").mkdir()
    shutil.copy(made / "e1.wav", tmp_path / "masters")
    assert run(*ADD, "--without-transcript", tmp_path / "masters", library) == 0
    show = Show(host, tmp_path)
    show.add(1, talk=None)
    host.put("/sound/1.wav", (made / "e1.mp3").read_bytes())
    assert run(*ADD, "--allow-private", "--without-transcript", show.publish(), library) == 0
    assert folders(library) == ["e1"]


@pytest.mark.nightly
@pytest.mark.parametrize("anew", [((0, 7.5), (22.5, 37.5), (52.5, 60)), ((26, 32),)])
def test_two_that_share_a_part_alone_are_two(
    tmp_path: Path, library: Path, capsys: pytest.CaptureFixture[str], anew: tuple[tuple[float, float], ...]
) -> None:
    """Slots of one length that share their jingles, and an edition in which something was said anew."""
    whole, other = (cut(tmp_path / f"{start}.wav", start, 60.0) for start in (0, 70))
    with wave.open(str(whole)) as one, wave.open(str(other)) as two:
        parameters, rate = one.getparams(), one.getframerate() * one.getnchannels() * 2
        mine, its = bytearray(one.readframes(one.getnframes())), two.readframes(two.getnframes())
    for start, end in anew:
        first, last = (round(at * rate) // 4 * 4 for at in (start, end))
        mine[first:last] = its[first:last]
    with wave.open(str(tmp_path / "another.wav"), "wb") as file:
        file.setparams(parameters)
        file.writeframes(mine)
    for name, sound in (("E001", whole), ("E002", tmp_path / "another.wav")):
        encoded(sound, tmp_path / "source" / f"{name}.mp3")
    assert run(*ADD, "--without-transcript", tmp_path / "source", library) == 0
    assert lines(capsys, "Twice") == []
    assert folders(library) == ["E001", "E002"]
