"""A backup holds what was acknowledged, of an episode one state and no other, and no secret unless asked."""

import contextlib
import http.client
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import IO

import pytest

from aligner.storage.history import open_history
from media.safe_fs import open_regular
from tests.aligner.command import quotecast_here
from tests.aligner.storage.corrected import check_whole, laid_out, set_right
from tests.web.library.shelved import tree
from web.archive.records import Change, Finding, ImportedEpisode, Origin, Source
from web.archive.state import open_archive
from web.jobs import Jobs
from web.jobs.job import INTERRUPTED, Job, JobState, Rows, now
from web.jobs.kinds import KINDS, Align

SECRET = "s3cret-key"
FEED = f"https://ada:{SECRET}@radio.example/feed?token={SECRET}"


def backed_up(library: Path, file: Path, *options: str) -> Path:
    result = quotecast_here("backup", library, file, *options)
    assert (result.returncode, result.stderr) == (0, ""), result.stderr
    return file


def restored(file: Path, library: Path, *options: str) -> Path:
    result = quotecast_here("restore", file, library, *options)
    assert (result.returncode, result.stderr) == (0, ""), result.stderr
    return library


@contextlib.contextmanager
def serving_apart(library: Path) -> Iterator[tuple[subprocess.Popen[str], http.client.HTTPConnection]]:
    """A server in a process of its own, and a connection to it."""
    command = [sys.executable, "-m", "aligner", "serve", str(library), "--port", "0", "--no-browser"]
    pipe = subprocess.PIPE
    with subprocess.Popen([*command, "--log-format=json"], stdout=pipe, stderr=pipe, text=True) as server:
        try:
            said = ""
            while not (found := re.search(r"http://127\.0\.0\.1:(\d+)/", said)):
                said += server.stdout.readline() or pytest.fail("the server ended")
            with contextlib.closing(http.client.HTTPConnection("127.0.0.1", int(found[1]))) as app:
                yield server, app
        finally:
            server.kill()


def move_to_another_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("QUOTECAST_DATA", str(tmp_path / "data of another"))
    monkeypatch.setattr("platform.node", lambda: "another")


def test_a_backup_while_somebody_corrects_is_a_state_that_was_acknowledged(tmp_path: Path) -> None:
    library, stop = tmp_path / "library", threading.Event()
    alignment = laid_out(library / "ferry")
    acknowledged = [alignment.read_bytes()]

    def keep_correcting() -> None:
        for number in count():
            if stop.is_set():
                break
            set_right(open_history(alignment), number % 8, -0.001)
            acknowledged.append(alignment.read_bytes())

    writer = threading.Thread(target=keep_correcting)
    writer.start()
    try:
        for number in range(8):
            least = len(acknowledged)
            file = backed_up(library, tmp_path / f"{number}.tar")
            most = len(acknowledged) + 1  # the last one may be on the disk and not yet in the list
            history = check_whole(restored(file, tmp_path / str(number)) / "ferry" / alignment.name)
            assert least <= max(1, len(history.changes)) <= most
    finally:
        stop.set()
        writer.join()
    for number in range(8):
        restored_alignment = tmp_path / str(number) / "ferry" / alignment.name
        assert restored_alignment.read_bytes() in acknowledged


@pytest.mark.nightly
def test_nothing_acknowledged_is_lost_by_a_kill_and_a_new_machine(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTECAST_DATA", str(tmp_path / "data"))
    work = Align(audio="episode.mp3", transcript="transcript.txt")
    job = Job("20250315-120000-00000000", work, "roue-libre", now())
    acknowledged = []
    with serving_apart(library) as (server, app):
        app.request("GET", "/api/session")
        answer = app.getresponse()
        token, cookie = json.loads(answer.read())["token"], answer.headers["Set-Cookie"].partition(";")[0]
        headers = {"X-CSRF-Token": token, "Cookie": cookie, "Content-Type": "application/json"}
        revision = 0
        for word in range(7, 12):
            correction = {"kind": "unspoken", "first": word, "stop": word + 1}
            body = json.dumps({"revision": revision, "correction": correction})
            app.request("POST", "/api/episodes/roue-libre/corrections", body, headers)
            if word == 11:  # on its way: it may be acknowledged by no one
                break
            answer = app.getresponse()
            assert answer.status == 200
            revision = json.loads(answer.read())["revision"]
            acknowledged.append(correction)
        Rows(library, KINDS).put(job)  # as the server does when it acknowledges a job
        server.kill()
        logged = [json.loads(line) for line in server.stderr]
    file = backed_up(library, tmp_path / "backup.tar")
    move_to_another_machine(monkeypatch, tmp_path)
    anew = restored(file, tmp_path / "anew")
    posts = [(row["path"], row["status"], row["who"]) for row in logged if row["method"] == "POST"]
    assert posts[:4] == [("/api/episodes/roue-libre/corrections", 200, None)] * 4
    changes = open_history(anew / "roue-libre" / "episode.alignment.json").changes[1:]
    assert [change.what for change in changes][: len(acknowledged)] == acknowledged
    jobs = Jobs(anew)
    jobs.resume()
    jobs.close()
    assert [(each.id, each.state, each.message) for each in jobs.all()] == [(job.id, JobState.FAILED, INTERRUPTED)]


def test_all_that_people_made_comes_back_and_nothing_derived(library: Path, tmp_path: Path) -> None:
    (library / "roue-libre" / "notes").mkdir()
    (library / "roue-libre" / "notes" / "idée.txt").write_text("à couper")
    (library / "trash" / "old").mkdir(parents=True)
    (library / "trash" / "old" / "old.mp3").write_bytes(b"x" * 3)
    (library / "roue-libre" / "link").symlink_to("/etc/passwd")
    os.utime(library / "roue-libre" / "episode.mp3", (1_700_000_000, 1_700_000_000))
    made = {
        name: content for name, content in tree(library).items() if ".quotecast" not in name and ".lock" not in name
    }
    made.pop("roue-libre/link")
    file = backed_up(library, tmp_path / "backup.tar")
    assert subprocess.run(["tar", "xf", file, "-C", tmp_path], check=True).returncode == 0
    assert tree(tmp_path / "library") | made == tree(tmp_path / "library")
    anew = restored(file, tmp_path / "anew")
    assert tree(anew) == made
    assert (anew / "roue-libre" / "episode.mp3").stat().st_mtime == 1_700_000_000
    for command, reason in {
        ("backup", library, library / "backup.tar"): "name a file outside of it",
        ("restore", file, anew): "is in use; name a folder that does not exist",
    }.items():
        refused = quotecast_here(*command)
        assert (refused.returncode, reason in refused.stderr) == (2, True)


def test_addresses_of_sources_leave_and_enter_only_if_both_sides_ask(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTECAST_DATA", str(tmp_path / "data"))
    archive, audio = open_archive(library), Origin(f"{FEED}/1.mp3", "1 2", "0" * 64)
    archive.put_source(source := Source(FEED))
    archive.put_episode(episode := ImportedEpisode("roue-libre", "1" * 32, "Une promenade", audio, feed=FEED))
    archive.put_change(change := Change("roue-libre", "audio", audio, decision="ignore"))
    archive.replace_findings([Finding("unread", FEED, FEED)])
    archive.put_run({"told": FEED})
    bare, whole = backed_up(library, tmp_path / "1.tar"), backed_up(library, tmp_path / "2.tar", "--with-sources")
    assert SECRET.encode() not in bare.read_bytes()
    move_to_another_machine(monkeypatch, tmp_path)
    for number, (file, options) in enumerate([(bare, ()), (bare, ("--with-sources",)), (whole, ())]):
        found = open_archive(restored(file, tmp_path / f"anew {number}", *options))
        assert (found.sources(), found.changes(), found.findings()) == ([], [], [])
        assert found.episodes()["roue-libre"].key == episode.key  # so that its feed does not add it again
        assert SECRET not in repr(found.episodes())
    found = open_archive(restored(whole, tmp_path / "trusted", "--with-sources"))
    assert (found.sources(), found.episodes(), found.changes()) == ([source], {"roue-libre": episode}, [change])


def test_an_episode_that_moves_into_the_trash_meanwhile_is_packed_once_and_whole(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (library / "trash").mkdir()
    opened = []

    def open_and_move(path: Path) -> IO[bytes]:
        file = open_regular(path)
        opened.append(path)
        if len(opened) == 3:  # of the episode's files
            (library / "roue-libre").rename(library / "trash" / "roue-libre")
        return file

    monkeypatch.setattr("web.care.backup.open_regular", open_and_move)
    made = {name for name in tree(library / "roue-libre") if not name.startswith((".quotecast", ".lock"))}
    anew = restored(backed_up(library, tmp_path / "backup.tar"), tmp_path / "anew")
    assert {str(Path(name).relative_to("trash/roue-libre")) for name in tree(anew)} == made
