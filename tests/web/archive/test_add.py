"""``archive add`` makes episodes of sure pairs and leaves the others to a person."""

import io
import json
import shutil
import sys
from pathlib import Path

import pytest
from PIL import Image

from media.ffmpeg import running
from tests.aligner.command import assert_refused, posix_only
from tests.attack.dying import Death, End, run
from tests.tables import over_rows
from tests.web.archive.archiving import (
    ENGLISH,
    TALKS,
    Feed,
    archive,
    archive_of,
    details,
    done,
    folders,
    name_of,
    shown,
    transcript_of,
    write_episode,
)
from tests.web.library.shelved import tree, write_sound

ALL = [name_of(number) for number in (1, 2, 3)]
SECRET = "gEh31m"


class Terminal(io.StringIO):
    """Standard input at which a person types."""

    def isatty(self) -> bool:
        return True


def add_served(feed: Feed, library: Path, *more: str) -> str:
    return done("add", "--yes", "--allow-private", *more, feed.publish(), library)


def damaged(path: Path) -> Path:
    """Write an MP3 whose header states 244 s, of which 0.4 s are there."""
    with running(["-f", "lavfi", "-i", "anullsrc=r=16000:d=244", "-ac", "1", "-b:a", "32k", f"file:{path}"]):
        pass
    path.write_bytes(path.read_bytes()[:1800])
    return path


def test_sure_pairs_are_added_once_and_others_wait(source: Path, library: Path) -> None:
    write_sound(source / "more" / "E07.wav", 30)
    for name, talk in {"a 7": TALKS[3], "b 7": TALKS[4]}.items():
        (source / "more" / f"{name}.txt").write_text(talk, "utf-8")
    before = tree(source)
    result = archive("add", "--yes", source, library)
    assert (result.returncode, result.stderr) == (0, "Analysing E07.wav\n")
    out = result.stdout
    assert all(line in out for line in ("Added     E01 velo", "Question", "number 3, the same name"))
    assert f"Next      quotecast archive run {library}" in out
    assert folders(library) == ALL
    for number, name in enumerate(ALL, 1):
        assert (library / name / f"{name}.wav").read_bytes() == before[f"{name}.wav"]
        assert transcript_of(library, name) == TALKS[number - 1]
    [question] = [each for each in archive_of(library).findings() if each.kind == "question"]
    assert {each["name"] for each in question.details["candidates"]} == {"a 7.txt", "b 7.txt"}
    assert "Question  E07.wav with " in done("status", library)
    imported = tree(library)
    again = archive("add", "--yes", source, library).stdout
    assert (again.count("Added     nothing"), again.count("Added")) == (1, 1)
    assert tree(library) == imported
    assert tree(source) == before
    assert all(path.stat().st_nlink == 1 for path in source.rglob("*.*"))


def test_episodes_of_a_feed_have_all_its_details(feed: Feed, library: Path) -> None:
    feed.add(1)
    feed.add(2, ENGLISH)
    out = add_served(feed, library)
    assert "declared by the feed" in out
    assert folders(library) == ALL[:2]
    known = details(library, ALL[0])
    assert {name: known[name] for name in ("title", "show", "date", "url", "language", "guid")} == {
        "title": ALL[0], "show": "Roue libre", "date": "2026-05-01", "url": "https://example.org/1", "language": "fr",
        "guid": "g1",
    }  # fmt: skip
    assert (library / ALL[0] / "1.wav").read_bytes() == feed.host.files["/audio/1.wav"]
    assert transcript_of(library, ALL[0]) == TALKS[0]
    assert details(library, ALL[1])["language"] == "en", "the transcript decides, not the feed"
    assert not list(archive_of(library).downloads.iterdir())
    feed.host.requests.clear()
    assert "Added     nothing" in add_served(feed, library)
    assert not any(path.startswith("/audio") for path in feed.host.paths())


@over_rows(
    "typed, added",
    {"nobody is there": (None, []), "Ctrl+D": ("", []), "no": ("n\n", []), "yes": ("y\n", ALL), "Enter": ("\n", ALL)},
)
def test_the_answer_to_the_prompt_decides(
    typed: str | None, added: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2, 3):
        write_episode(tmp_path / "source", number)
    if typed is not None:
        monkeypatch.setattr(sys, "stdin", Terminal(typed))
    result = archive("add", tmp_path / "source", tmp_path / "library")
    assert result.returncode == 0
    assert folders(tmp_path / "library") == added
    assert ("Add 3 episodes?" in result.stdout) == (typed is not None)
    assert ("there is no terminal; --yes" in result.stderr) == (typed is None)
    assert ("Added     nothing" in result.stdout) == (not added)
    assert "Traceback" not in result.stdout + result.stderr


def test_damaged_audio_is_left_out_with_the_reason(source: Path, library: Path) -> None:
    (source / f"{ALL[0]}.wav").unlink()
    damaged(source / f"{ALL[0]}.mp3")
    reason = f"Left out  {ALL[0]}.mp3: the audio is damaged: 0.4 s of 244 s can be played"
    assert reason in done("add", "--yes", source, library)
    assert folders(library) == ALL[1:]
    assert reason in done("status", library)


@over_rows(
    "sources, library, complaint",
    {
        "the library is a source": (["source"], "source", "a folder of its own"),
        "it holds audio as a source does": (["source/E01 velo.wav"], "source", "the library comes last"),
        "it is an address": (["source"], "https://example.org/feed.xml", "the library comes last, a folder"),
        "a source is not there": (["nowhere"], "library", "nowhere: nothing is there"),
    },
)
def test_contradictory_arguments_are_refused(
    sources: list[str], library: str, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_episode(tmp_path / "source", 1)
    before = tree(tmp_path / "source")
    assert_refused(archive("add", "--yes", *sources, library), complaint)
    assert tree(tmp_path / "source") == before
    assert folders(tmp_path / "library") == []


def test_another_computer_adopts_episodes_without_fetching_them(
    feed: Feed, source: Path, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed.add(4)
    done("add", "--yes", "--allow-private", feed.publish(), source, library)
    imported = tree(library)
    monkeypatch.setenv("QUOTECAST_DATA", str(tmp_path / "another computer"))
    feed.host.requests.clear()
    out = done("add", "--yes", "--allow-private", feed.publish(), source, library)
    assert "There     4 of them are in the library already" in out
    assert feed.host.paths() == ["/feed.xml"]
    assert tree(library) == imported
    assert done("update", library) == ""
    assert archive_of(library).episodes()[ALL[0]].text, "its transcript is followed too"


def test_secrets_in_addresses_are_printed_nowhere(feed: Feed, library: Path) -> None:
    feed.add(1)
    feed.add(2)
    for ending in (".wav", ".txt"):
        feed.items = [item.replace(f'{ending}"', f'{ending}?key={SECRET}"') for item in feed.items]
    feed.items[1] = feed.items[1].replace(f"<title>{ALL[1]}</title>", "").replace(">g2<", f">https://h/2?key={SECRET}<")
    del feed.host.files["/audio/2.wav"]
    address = f"{feed.publish().replace('http://', f'http://anna:{SECRET}@')}?key={SECRET}"
    results = [archive("add", "--yes", "--allow-private", address, library), archive("update", library)]
    del feed.host.files["/feed.xml"]
    results += [archive("update", library), archive("update", library)]
    results += [archive("status", library), archive("forget", library, "unknown")]
    assert [each.returncode for each in results] == [3, 0, 3, 3, 0, 3]
    assert folders(library) == [ALL[0]]
    assert all("/feed.xml?…: the server answers 404" in each.stderr for each in results[2:4])
    printed = "".join(each.stdout + each.stderr for each in results)
    assert SECRET not in printed
    assert not [name for name, content in tree(library).items() if SECRET.encode() in content]


def test_speakers_have_the_names_of_newer_episodes(feed: Feed, library: Path) -> None:
    feed.add(1)
    add_served(feed, library)
    known = details(library, ALL[0]) | {"names": {"Anna": "Anna Weber", "Bob": "Robert"}}
    (library / ALL[0] / "episode.json").write_text(json.dumps(known), "utf-8")
    feed.add(2)
    done("update", library)
    assert details(library, ALL[1])["names"] == known["names"]


def test_the_cover_is_the_episodes_own_else_the_shows(feed: Feed, library: Path) -> None:
    for path, colour in {"/show": "teal", "/own.png": "red"}.items():
        picture = io.BytesIO()
        Image.new("RGB", (8, 8), colour).save(picture, "PNG")
        feed.host.put(path, picture.getvalue())
    feed.host.put("/no.png", b"<svg onload='alert(1)'/>")
    feed.channel += '<itunes:image href="/show"/>'
    for number, cover in {1: "", 2: "/own.png", 3: "/no.png"}.items():
        feed.add(number)
        feed.items[-1] = feed.items[-1].replace("<enclosure", f'<itunes:image href="{cover}"/><enclosure')
    add_served(feed, library)
    assert (library / ALL[0] / details(library, ALL[0])["cover"]).read_bytes() == feed.host.files["/show"]
    assert (library / ALL[1] / details(library, ALL[1])["cover"]).read_bytes() == feed.host.files["/own.png"]
    assert (library / ALL[2] / details(library, ALL[2])["cover"]).read_bytes() == feed.host.files["/show"]


def test_audio_without_a_transcript_waits_for_one(source: Path, library: Path) -> None:
    text = source / f"{ALL[1]}.txt"
    talk = text.read_text("utf-8")
    text.unlink()
    out = done("add", "--yes", source, library)
    audio = source / f"{ALL[1]}.wav"
    assert f"No text   {ALL[1]}.wav: no transcript found; quotecast transcribe {audio} makes a first one" in out
    assert folders(library) == [ALL[0], ALL[2]]
    text.write_text(talk, "utf-8")
    assert f"Added     {ALL[1]}" in done("update", library)
    assert transcript_of(library, ALL[1]) == talk
    assert done("update", library) == ""


@over_rows("options, is_fetched", [([], False), (["--allow-private"], True)])
def test_a_private_host_is_fetched_from_only_if_the_person_allows_it(
    options: list[str], is_fetched: bool, tmp_path: Path, host: object, feed: Feed
) -> None:
    feed.add(1)
    feed.host.requests.clear()
    result = archive("add", "--yes", *options, feed.publish(), tmp_path / "library")
    assert (result.returncode == 0) == is_fetched
    assert ("is not on the public web; name its feed with --allow-private" in result.stderr) == (not is_fetched)
    assert bool(feed.host.requests) == is_fetched


def test_links_in_a_feed_file_to_this_machine_are_refused(feed: Feed, library: Path, tmp_path: Path) -> None:
    feed.add(1, None)
    feed.publish()
    (tmp_path / "feed.xml").write_bytes(feed.host.files["/feed.xml"])
    _, text = write_episode(tmp_path / "texts", 1)
    feed.host.requests.clear()
    result = archive("add", "--yes", tmp_path / "feed.xml", text, library)
    assert (result.returncode, feed.host.requests, folders(library)) == (3, [], []), result.stdout


def test_two_commands_at_once_are_refused(source: Path, library: Path) -> None:
    done("add", "--yes", source, library)
    for work, command in {"import": "update", "run": "run"}.items():
        with archive_of(library).locked(work):
            assert_refused(archive(command, library), "another command is at work on this archive")


def test_a_deleted_library_is_imported_again(source: Path, library: Path) -> None:
    done("add", "--yes", source, library)
    for name in ALL:
        shutil.rmtree(library / name)
    assert "Forgotten 3 episodes: none of their folders exists any more" in done("add", "--yes", source, library)
    assert folders(library) == ALL


@posix_only
@pytest.mark.nightly
def test_an_add_that_is_killed_at_any_step_is_finished_by_the_next_one(source: Path, tmp_path: Path) -> None:
    def add_to(library: Path, death: Death | None = None) -> End:
        return run(lambda: archive("add", "--yes", source, library), death)

    done("add", "--yes", source, whole := tmp_path / "whole")
    expected = shown(whole)
    steps = add_to(tmp_path / "counted").steps
    assert steps > 20
    for step in range(0, steps, max(1, steps // 12)):
        library = tmp_path / f"killed at {step}"
        assert add_to(library, Death(step=step)).status < 0
        done("add", "--yes", source, library)
        assert shown(library) == expected, step
