"""A server or a child killed at any moment loses nothing, and nothing that came from elsewhere is run."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.web.jobs.acts import ACTS
from tests.web.watching import alive, pids, record, until
from web.jobs import Job, Jobs, JobState, LibraryInUse
from web.jobs.job import new_id, now
from web.jobs.records import Records

Serve = Callable[..., Jobs]
A_SERVER = Path(__file__).with_name("a_server.py")


@pytest.fixture
def doomed(library: Path, folder: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts a server in a process of its own with one job; returns it when the job has begun."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*deed: str) -> subprocess.Popen[bytes]:
        before = len(pids(folder))
        process = subprocess.Popen([sys.executable, str(A_SERVER), str(library), str(folder), *deed])
        started.append(process)
        until(lambda: len(pids(folder)) > before)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def an_open_job(folder: Path, *deed: str, attempts: int = 0, state: JobState = JobState.RUNNING) -> Job:
    return Job(new_id(), "clip", folder.name, ACTS, deed, (), created=now(), state=state, attempts=attempts)


def test_a_job_whose_server_was_killed_is_run_again_by_the_next(serve: Serve, folder: Path, doomed: Callable) -> None:
    kill(doomed("sleep", "begun", "1.5"))
    [left_running] = pids(folder)
    assert alive(left_running)
    jobs = serve()
    assert not alive(left_running)
    [job] = jobs.of(folder)
    assert jobs.wait(job.id, 120).state is JobState.DONE
    assert (record(folder, job)["state"], record(folder, job)["attempts"]) == ("done", 2)
    assert len(pids(folder)) == 2


def test_what_a_killed_server_left_half_written_is_gone(
    serve: Serve, library: Path, folder: Path, doomed: Callable
) -> None:
    (folder / "x.json").write_text("old", encoding="utf-8")
    kill(doomed("half", "x.json", "stay"))
    assert list(folder.glob(".quotecast-*"))
    jobs = serve(1)
    jobs.forget(folder)
    assert {path.name for path in folder.iterdir()} >= {"x.json", "begun"}
    assert not list(folder.glob(".quotecast-*"))
    assert not list((library / ".quotecast" / "scratch").iterdir())


def test_a_job_that_falls_with_every_server_is_given_up(serve: Serve, folder: Path, doomed: Callable) -> None:
    for _ in range(3):
        kill(doomed("sleep", "begun"))
    jobs = serve()
    [job] = jobs.of(folder)
    assert (job.state, record(folder, job)["state"]) == ("failed", "failed")
    assert "3 times" in job.message
    until(lambda: not any(map(alive, pids(folder))))


def test_a_job_cancelled_just_before_the_server_fell_stays_cancelled(serve: Serve, library: Path, folder: Path) -> None:
    job = an_open_job(folder, "sleep", "begun", state=JobState.CANCELLED)
    Records(library).write(job)
    jobs = serve()
    assert jobs.get(job.id).state is JobState.CANCELLED
    assert not pids(folder)


def test_a_job_that_was_still_waiting_is_run(serve: Serve, library: Path, folder: Path) -> None:
    job = an_open_job(folder, "say", "0", state=JobState.WAITING)
    Records(library).write(job)
    assert serve().wait(job.id, 120).state is JobState.DONE


def test_a_renamed_episode_takes_its_jobs_along(serve: Serve, library: Path, folder: Path) -> None:
    job = an_open_job(folder, "where")
    Records(library).write(job)
    folder.rename(library / "new name")
    assert serve().wait(job.id, 120).message.splitlines()[0] == "new name"


def test_a_clean_end_keeps_records_open_and_does_not_count_as_a_fall(serve: Serve, folder: Path) -> None:
    for _ in range(4):
        jobs = serve()
        if not jobs.of(folder):
            jobs.submit(folder, "clip", ACTS, ["sleep", "begun"])
        until(lambda: any(map(alive, pids(folder))))
        jobs.close()
        assert not any(map(alive, pids(folder)))
        [job] = jobs.of(folder)
        assert (record(folder, job)["state"], record(folder, job)["attempts"]) == ("waiting", 0)
        with pytest.raises(Exception, match=r"job\.ending"):
            jobs.submit(folder, "clip", ACTS, ["say", "0"])


def test_two_servers_never_work_on_one_library(serve: Serve, library: Path, doomed: Callable) -> None:
    process = doomed("sleep", "begun")
    with pytest.raises(LibraryInUse, match="another quotecast server"):
        Jobs(library).resume()
    kill(process)
    serve()


def test_an_open_record_that_the_library_did_not_write_is_never_run(
    serve: Serve, library: Path, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / folder.name).mkdir()
    job = an_open_job(folder, "sleep", "begun")
    Records(elsewhere).write(job)
    shutil.copytree(elsewhere / folder.name / "jobs", folder / "jobs")
    jobs = serve()
    assert jobs.of(folder) == []
    [problem] = jobs.problems
    assert "did not start" in problem
    assert not pids(folder)


def test_a_library_that_somebody_sent_runs_nothing_though_its_key_came_along(
    serve: Serve, library: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = an_open_job(folder, "sleep", "begun")
    with monkeypatch.context() as sender:
        sender.setenv("QUOTECAST_CONFIG", str(tmp_path / ".sender"))
        Records(library).write(job)
    jobs = serve()
    assert jobs.of(folder) == []
    assert "did not start" in jobs.problems[0]
    assert not pids(folder)


def test_a_record_whose_command_was_changed_is_never_run(serve: Serve, library: Path, folder: Path) -> None:
    job = an_open_job(folder, "say", "0")
    Records(library).write(job)
    path = folder / "jobs" / f"{job.id}.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"say"', '"sleep"'), encoding="utf-8")
    assert serve().of(folder) == []


def test_a_copied_episode_does_not_run_the_jobs_of_the_first_again(serve: Serve, library: Path, folder: Path) -> None:
    job = an_open_job(folder, "sleep", "begun", "0")
    Records(library).write(job)
    shutil.copytree(folder, library / "Épisode 1 (copie)")
    jobs = serve()
    jobs.wait(job.id, 120)
    assert [job.episode for job in jobs.all()] == [folder.name]
    assert len(jobs.problems) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("state", "asleep"),
        ("id", "20250101-000000-00000000"),
        ("outputs", ["../../.bashrc"]),
        ("outputs", ["/etc/passwd"]),
        ("arguments", "sleep"),
        ("attempts", -1),
        ("done", "much"),
        ("created", "yesterday"),
        ("poor", None),
        ("version", 2),
    ],
)
def test_a_damaged_record_is_reported_and_the_others_are_taken_up(
    serve: Serve, library: Path, folder: Path, field: str, value: object
) -> None:
    damaged, whole = an_open_job(folder, "sleep", "begun"), an_open_job(folder, "say", "0")
    for job in (damaged, whole):
        Records(library).write(job)
    path = folder / "jobs" / f"{damaged.id}.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**content, field: value}), encoding="utf-8")
    jobs = serve()
    assert jobs.wait(whole.id, 120).state is JobState.DONE
    [problem] = jobs.problems
    assert path.name in problem
    assert not pids(folder)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000, b'{"format": "quotecast-job"}'])
def test_a_file_that_is_no_record_is_reported(serve: Serve, folder: Path, content: bytes) -> None:
    (folder / "jobs").mkdir()
    (folder / "jobs" / "20250101-000000-00000000.json").write_bytes(content)
    assert len(serve().problems) == 1
