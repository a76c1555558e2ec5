"""What was left open is not done over what is newer."""

import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.web.jobs.acts import KINDS, Act
from tests.web.watching import pids, record
from web.jobs import Job, Jobs, JobState
from web.jobs.job import new_id
from web.jobs.kinds import Align, Clip
from web.jobs.overtaking import overtaken, states
from web.jobs.records import Records

Serve = Callable[..., Jobs]
WORK = Act(("sleep", "begun", "0"), ("a.vtt", "a.json"), ("a.txt",))


def ago(minutes: float) -> str:
    moment = datetime.now(UTC) - timedelta(minutes=minutes)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def a_job(folder: Path, minutes: float, work: Act = WORK, state: JobState = JobState.RUNNING) -> Job:
    ended = None if state in (JobState.RUNNING, JobState.WAITING) else ago(minutes - 1)
    return Job(new_id(), work, folder.name, created=ago(minutes), state=state, ended=ended)


def written(path: Path, minutes: float) -> None:
    path.write_text("x", encoding="utf-8")
    os.utime(path, (time.time() - minutes * 60,) * 2)


@pytest.fixture
def left_open(library: Path, folder: Path) -> Callable[..., Job]:
    """A job that was asked for ten minutes ago, on files that were older."""
    written(folder / "a.txt", 20)
    written(folder / "a.json", 20)

    def leave(**fields: object) -> Job:
        job = replace(a_job(folder, 10), **fields)  # type: ignore[arg-type]
        Records(library, KINDS).write(job)
        return job

    return leave


@pytest.mark.nightly
def test_what_nothing_has_overtaken_is_done(serve: Serve, folder: Path, left_open: Callable[..., Job]) -> None:
    job = left_open()
    assert serve().wait(job.id, 120).state is JobState.DONE
    assert pids(folder)


@pytest.mark.parametrize("state", [JobState.DONE, JobState.FAILED, JobState.CANCELLED])
def test_a_job_that_was_asked_for_again_later_is_not_done(
    serve: Serve, library: Path, folder: Path, left_open: Callable[..., Job], state: JobState
) -> None:
    job = left_open()
    later = a_job(folder, 5, Act(("say", "0"), ("a.json",)), state)
    Records(library, KINDS).write(later)
    jobs = serve()
    assert (jobs.get(job.id).state, record(folder, job)["state"]) == ("cancelled", "cancelled")
    assert "asked for once more later" in jobs.get(job.id).message
    assert jobs.get(later.id).state is state
    assert not pids(folder)


@pytest.mark.nightly
def test_of_two_that_write_the_same_the_later_is_done(
    serve: Serve, library: Path, folder: Path, left_open: Callable[..., Job]
) -> None:
    job, later = left_open(), a_job(folder, 5, Act(("say", "0"), ("a.json",)))
    Records(library, KINDS).write(later)
    jobs = serve()
    assert jobs.wait(later.id, 120).state is JobState.DONE
    assert jobs.get(job.id).state is JobState.CANCELLED


def test_what_was_made_since_is_not_made_again(serve: Serve, folder: Path, left_open: Callable[..., Job]) -> None:
    job = left_open()
    written(folder / "a.json", 5)
    ended = serve().get(job.id)
    assert (ended.state, ended.message) == (JobState.DONE, "a.json is newer than this, and not made again")
    assert not pids(folder)


def test_what_is_made_of_something_that_has_changed_since_says_so(
    serve: Serve, folder: Path, left_open: Callable[..., Job]
) -> None:
    job = left_open()
    written(folder / "a.txt", 5)
    ended = serve().get(job.id)
    assert ended.state is JobState.FAILED
    assert ended.message == "a.txt has changed since this was asked for; start it again"
    assert not pids(folder)


@pytest.mark.nightly
def test_a_job_is_as_old_as_its_last_start(serve: Serve, folder: Path, left_open: Callable[..., Job]) -> None:
    job = left_open(started=ago(1))
    written(folder / "a.txt", 5)
    assert serve().wait(job.id, 120).state is JobState.DONE
    assert pids(folder)


@pytest.mark.nightly
@pytest.mark.parametrize("minutes", [20, 5, -60])
def test_what_was_there_when_it_was_asked_for_is_not_newer_whatever_its_time(
    serve: Serve, folder: Path, left_open: Callable[..., Job], minutes: float
) -> None:
    written(folder / "a.json", minutes)
    written(folder / "a.txt", minutes)
    job = left_open(before=states(WORK, folder))
    assert serve().wait(job.id, 120).state is JobState.DONE
    assert pids(folder)


@pytest.mark.nightly
@pytest.mark.parametrize("minutes", [30, 5, -60])
@pytest.mark.parametrize(("name", "state"), [("a.json", JobState.DONE), ("a.txt", JobState.FAILED)])
def test_what_has_changed_since_it_was_asked_for_is_newer_whatever_its_time(
    serve: Serve, folder: Path, left_open: Callable[..., Job], minutes: float, name: str, state: JobState
) -> None:
    job = left_open(before=states(WORK, folder))
    written(folder / name, minutes)
    assert serve().get(job.id).state is state
    assert not pids(folder)


@pytest.mark.nightly
def test_a_record_of_an_earlier_version_believes_no_time_that_is_yet_to_come(
    serve: Serve, folder: Path, left_open: Callable[..., Job]
) -> None:
    job = left_open()
    written(folder / "a.json", -60)
    written(folder / "a.txt", -60)
    assert serve().wait(job.id, 120).state is JobState.DONE
    assert pids(folder)


@pytest.mark.parametrize("change", [{"before": None}, {"before": [[1, 2]]}, {"before": []}, {"outputs": ["a.json"]}])
def test_what_tells_whether_it_is_to_be_done_cannot_be_changed(
    library: Path, folder: Path, left_open: Callable[..., Job], change: dict[str, object]
) -> None:
    job = left_open(before=states(WORK, folder))
    path = folder / "jobs" / f"{job.id}.json"
    assert Records(library, KINDS).read(path) == (job, True)
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | change), encoding="utf-8")
    jobs, _ = Records(library, KINDS).read_all()
    assert not any(each.is_open for each in jobs.values())


def test_what_the_files_are_is_noted_when_a_job_is_asked_for_and_started(serve: Serve, folder: Path) -> None:
    written(folder / "a.txt", -60)
    jobs = serve()
    running = jobs.submit(folder, WORK)
    assert record(folder, running)["before"] == [None, list(states(WORK, folder)[1] or ())]
    assert jobs.get(running.id).before == states(WORK, folder)


@pytest.mark.nightly
def test_records_that_somebody_else_put_there_overtake_nothing(
    serve: Serve, library: Path, folder: Path, left_open: Callable[..., Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = left_open()
    with monkeypatch.context() as sender:
        sender.setenv("QUOTECAST_CONFIG", str(library / ".sender"))
        Records(library, KINDS).write(a_job(folder, 5, state=JobState.DONE))
    assert serve().wait(job.id, 120).state is JobState.DONE
    assert pids(folder)


def test_what_kinds_write_last_and_what_they_read(tmp_path: Path) -> None:
    align = Align(audio="a.mp3", transcript="a.txt")
    clip = Clip(alignment="a.alignment.json", first=0, last=1, name="q.mp3")
    assert (align.outputs[-1], align.sources) == ("a.alignment.json", ("a.txt",))
    assert (clip.outputs[-1], clip.sources) == ("clips/q.mp3", ("a.alignment.json",))
    assert replace(clip, transcript="0badcafe").sources == ()  # the command says if that is another one
    for work in (align, clip):
        job = Job(new_id(), work, "e", created="9999-99-99T99:99:99Z")
        assert overtaken(job, [], tmp_path) is None
