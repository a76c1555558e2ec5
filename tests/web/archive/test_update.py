"""``archive update`` adds new episodes and lets a person decide on changes."""

import json
import shutil
from pathlib import Path

import pytest

from aligner.storage.file_names import sha256_of
from media.ffmpeg import running
from tests.aligner.command import assert_refused
from tests.paths import DATA
from tests.tables import over_rows
from tests.web.archive.archiving import (
    TALKS,
    Feed,
    archive,
    archive_of,
    done,
    folders,
    name_of,
    reword,
    shown,
    transcript_of,
    write_episode,
)
from tests.web.archive.hosting import answer
from tests.web.library.shelved import tree, write_sound

ALL = [name_of(number) for number in (1, 2, 3)]
CHANGED = f"Changed   {ALL[0]}: new transcript, {ALL[0]}.txt"


@pytest.fixture
def added(source: Path, library: Path) -> Path:
    """The library with the episodes of the source folder."""
    done("add", "--yes", source, library)
    return library


@pytest.fixture
def served(feed: Feed, library: Path) -> Path:
    """The library with two episodes of the feed."""
    feed.add(1)
    feed.add(2)
    done("add", "--yes", "--allow-private", feed.publish(), library)
    feed.host.requests.clear()
    return library


@pytest.fixture
def aligned(sample: Path, tmp_path: Path) -> Path:
    """The source folder and the library with the sample, which is aligned, as ``source`` and ``library``."""
    (source := tmp_path / "source" / "roue").mkdir(parents=True)
    for name in ("episode.mp3", "transcript.txt"):
        shutil.copy(sample / name, source)
    done("add", "--yes", tmp_path / "source", tmp_path / "library")
    [folder] = folders(tmp_path / "library")
    shutil.copy(sample / "episode.alignment.json", tmp_path / "library" / folder)
    assert "Episodes  1 aligned" in done("status", tmp_path / "library")
    return tmp_path / "library" / folder


def first_start(episode: Path) -> float:
    words = json.loads((episode / "episode.alignment.json").read_text("utf-8"))["words"]
    return next(float(word["start"]) for word in words if word["start"] is not None)


def changes(library: Path) -> list[tuple[str, str]]:
    return [(each.folder, each.kind) for each in archive_of(library).changes() if each.decision != "ignore"]


def decide(library: Path, decision: str) -> None:
    """Decide as a person does on the archive's page."""
    [change] = archive_of(library).changes()
    assert archive_of(library).decide(change.folder, change.kind, change.origin.state, decision)


def test_a_changed_transcript_is_listed_once_and_waits_for_a_decision(added: Path, source: Path) -> None:
    reword(source / f"{ALL[0]}.txt")
    assert done("update", added) == f"{CHANGED}\n"
    assert done("update", added) == ""
    assert CHANGED in done("status", added)
    assert transcript_of(added, ALL[0]) == TALKS[0]
    (source / f"{ALL[0]}.txt").write_text(TALKS[0], "utf-8")
    assert done("update", added) == ""
    assert changes(added) == [], "it was taken back"
    reword(source / f"{ALL[0]}.txt")
    assert done("update", "--take", added) == f"Taken     {ALL[0]}: new transcript\n"
    assert "neige" in transcript_of(added, ALL[0])
    assert changes(added) == []
    assert done("update", "--take", added) == ""


def test_a_transcript_edited_in_the_library_is_replaced_only_on_request(added: Path, source: Path) -> None:
    reword(source / f"{ALL[0]}.txt")
    reword(added / ALL[0] / f"{ALL[0]}.txt", "grêle")
    done("update", "--take", added)
    assert "grêle" in transcript_of(added, ALL[0])
    assert CHANGED in done("status", added)
    decide(added, "take")
    assert "Taken" in done("update", added)
    assert "neige" in transcript_of(added, ALL[0])


def test_an_ignored_change_stays_ignored_until_the_file_changes_again(added: Path, source: Path) -> None:
    reword(source / f"{ALL[0]}.txt")
    done("update", added)
    decide(added, "ignore")
    assert done("update", "--take", added) == ""
    assert "Changed" not in done("status", added)
    (source / f"{ALL[0]}.txt").write_text(TALKS[0].replace("pluie", "brume et du vent"), "utf-8")
    done("update", added)
    assert CHANGED in done("status", added)
    assert "pluie" in transcript_of(added, ALL[0])


def test_changed_audio_waits_until_the_episode_is_aligned(feed: Feed, served: Path) -> None:
    feed.items[0] = feed.items[0].replace("/audio/1.wav", "/audio/1b.wav")
    feed.host.put("/audio/1b.wav", b"another")
    feed.publish()
    assert f"Changed   {ALL[0]}: new audio" in done("update", served)
    result = archive("update", "--take", served)
    assert (result.returncode, changes(served)) == (3, [(ALL[0], "audio")])
    assert "not taken: it is not aligned yet; quotecast archive run aligns it first" in result.stderr
    assert "/audio/1b.wav" not in feed.host.paths()


@pytest.mark.nightly
def test_changed_audio_of_an_aligned_episode_moves_its_times(aligned: Path, tmp_path: Path, sample: Path) -> None:
    library, audio = tmp_path / "library", tmp_path / "source" / "roue" / "episode.mp3"
    before, new = first_start(aligned), tmp_path / "new.mp3"
    with running(["-i", f"file:{audio}", "-af", "adelay=20000:all=1", f"file:{new}"]):
        pass
    new.replace(audio)
    assert "Taken" in done("update", "--take", library)
    assert sha256_of(aligned / "episode.mp3") == sha256_of(audio)
    assert first_start(aligned) == pytest.approx(before + 20, abs=0.2)
    assert "Episodes  1 aligned, 0 failed" in done("status", library)
    assert done("update", library) == ""


@pytest.mark.nightly
def test_audio_of_another_episode_is_refused(aligned: Path, tmp_path: Path) -> None:
    library, before = tmp_path / "library", shown(aligned)
    shutil.copy(DATA / "bees.mp3", tmp_path / "source" / "roue" / "episode.mp3")
    result = archive("update", "--take", library)
    assert (result.returncode, "Taken" in result.stdout) == (3, False)
    assert "new audio not taken: " in result.stderr
    assert shown(aligned) == before
    assert "(not taken: " in done("status", library)


def test_renamed_source_files_are_found_by_their_content(added: Path, source: Path) -> None:
    (source / "season 1").mkdir()
    for ending in (".wav", ".txt"):
        (source / f"{ALL[0]}{ending}").rename(source / "season 1" / f"pilot{ending}")
    assert done("update", added) == ""
    assert "Gone" not in done("status", added)
    reword(source / "season 1" / "pilot.txt")
    done("update", added)
    assert changes(added) == [(ALL[0], "transcript")]
    assert folders(added) == ALL


def test_an_episode_gone_from_its_source_is_listed_once_and_stays(feed: Feed, served: Path) -> None:
    before = tree(served)
    del feed.items[1]
    feed.publish()
    gone = f"Gone      {ALL[1]}: its audio is not at its source any more; the episode stays\n"
    assert done("update", served) == gone
    assert done("update", served) == ""
    assert done("status", served).count(gone) == 1
    assert tree(served) == before


def test_a_deleted_folder_is_missing_and_imported_again_only_after_forget(added: Path) -> None:
    shutil.rmtree(added / ALL[0])
    assert f"Missing   {ALL[0]}: its folder was deleted; quotecast archive forget" in done("update", added)
    assert done("update", added) == ""
    assert f"Missing   {ALL[0]}: its folder was deleted" in done("status", added)
    assert_refused(archive("forget", added, ALL[1]), "is no source and no missing episode")
    assert f"Forgotten {ALL[0]}; quotecast archive update adds it again" in done("forget", added, ALL[0])
    assert f"Added     {ALL[0]}" in done("update", added)
    assert folders(added) == ALL


def test_an_episode_in_a_renamed_folder_is_found(added: Path, source: Path) -> None:
    (added / ALL[0]).rename(added / "pilot")
    done("update", added)
    assert "Missing" not in done("status", added)
    reword(source / f"{ALL[0]}.txt")
    done("update", added)
    assert (changes(added), folders(added)) == ([("pilot", "transcript")], [*ALL[1:], "pilot"])


@over_rows("answer, added", [("b 7.txt", ["E07"]), ("", [])])
def test_an_answered_question_is_used_and_not_asked_again(answer: str, added: list[str], tmp_path: Path) -> None:
    source, library = tmp_path / "source", tmp_path / "library"
    write_sound(source / "E07.wav", 6)
    for name, talk in {"a 7": TALKS[3], "b 7": TALKS[4]}.items():
        (source / f"{name}.txt").write_text(talk, "utf-8")
    assert archive("add", "--yes", source, library).returncode == 0
    assert folders(library) == []
    assert done("update", library) == ""
    [asked] = archive_of(library).findings()
    keys = {each["name"]: each["key"] for each in asked.details["candidates"]}
    assert archive_of(library).answer(asked.key, keys.get(answer, ""))
    assert ("Added     E07" in done("update", library)) == bool(added)
    assert folders(library) == added
    if added:
        assert transcript_of(library, "E07") == TALKS[4]
    assert done("update", library) == ""
    assert "Question" not in done("status", library)


def test_an_unreadable_source_does_not_stop_the_update(feed: Feed, source: Path, library: Path, tmp_path: Path) -> None:
    feed.add(4)
    write_episode(tmp_path / "on a disk", 5)
    sources = (feed.publish(), source, tmp_path / "on a disk")
    done("add", "--yes", "--allow-private", *sources, library)
    (tmp_path / "on a disk").rename(tmp_path / "unmounted")
    feed.host.script("/feed.xml", *[answer(503)] * 20)
    (source / f"{ALL[0]}.txt").write_text(TALKS[0].replace("pluie", "neige"), "utf-8")
    for _ in range(2):
        result = archive("update", library)
        assert result.returncode == 3
        assert f"{sources[0]}: the server answers 503" in result.stderr
        assert f"{sources[2]}: nothing is there" in result.stderr
        assert "Gone" not in result.stdout
    assert changes(library) == [(ALL[0], "transcript")]
    assert "Gone" not in done("status", library)


def test_control_characters_in_a_feed_are_not_printed(feed: Feed, library: Path) -> None:
    feed.add(1, title="E01 \u202evelo\u009b2J")
    done("add", "--yes", "--allow-private", feed.publish(), library)
    feed.host.put("/text/1.txt", b"Anna: Bonjour.\n")
    printed = done("update", library) + done("status", library) + "".join(folders(library))
    assert "velo" in printed
    assert not {"\u202e", "\u009b"} & {*printed}


def test_a_moved_library_keeps_its_archive(added: Path, source: Path, tmp_path: Path) -> None:
    new = tmp_path / "new place"
    added.rename(new)
    assert_refused(archive("update", new), "no archive of yours; .*archive move follows a library that was moved")
    assert f"Moved     {added} -> {new}" in done("move", added, new)
    assert done("update", new) == ""
    reword(source / f"{ALL[0]}.txt")
    done("update", new)
    assert f"Changed   {ALL[0]}" in done("status", new)


@over_rows("command", ["update", "status", "forget", "run"])
def test_a_received_library_has_no_archive(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that authorises reading a source lies in the user's own data folder, and nothing in the library."""
    library = tmp_path / "library"
    _, text = write_episode(tmp_path / "source", 1)
    done("add", "--yes", tmp_path / "source", library)
    before = tree(library)
    assert not [name for name, content in before.items() if str(tmp_path).encode() in content]
    monkeypatch.setenv("QUOTECAST_DATA", str(tmp_path / "another user"))
    text.write_text("Anna: Secret.\n", "utf-8")
    if command != "run":
        more = (str(tmp_path / "source"),) if command == "forget" else ()
        assert_refused(archive(command, library, *more), "no archive of yours")
    assert tree(library) == before


def test_a_forgotten_source_is_not_read_and_its_episodes_stay(added: Path, source: Path, tmp_path: Path) -> None:
    write_episode(tmp_path / "more", 4)
    done("add", "--yes", tmp_path / "more", added)
    before = folders(added)
    assert done("forget", added, source) == f"Forgotten {source}; its episodes stay\n"
    write_episode(source, 5)
    reword(source / f"{ALL[0]}.txt")
    assert done("update", added) == ""
    assert (archive_of(added).changes(), "Gone" in done("status", added)) == ([], False)
    assert folders(added) == before
    refused = archive("forget", added, source)
    assert_refused(refused, "is no source and no missing episode")
