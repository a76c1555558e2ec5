"""A server or a child killed at any moment loses nothing, and nothing that came from elsewhere is run."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.web.jobs.acts import KINDS, act
from tests.web.watching import alive, pids, record, until
from web.jobs import Job, Jobs, JobState, LibraryInUse
from web.jobs.job import finished, new_id, now
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
    return Job(new_id(), act(*deed), folder.name, created=now(), state=state, attempts=attempts)


def assert_not_ours(jobs: Jobs, folder: Path) -> None:
    """The one job of the folder is shown, says what to do, and was not run."""
    [job] = jobs.of(folder)
    assert (job.state, "start it again" in job.message) == (JobState.FAILED, True)
    assert not pids(folder)


@pytest.mark.nightly
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


@pytest.mark.nightly
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


@pytest.mark.nightly
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
    Records(library, KINDS).write(job)
    jobs = serve()
    assert jobs.get(job.id).state is JobState.CANCELLED
    assert not pids(folder)


@pytest.mark.nightly
def test_a_job_that_was_still_waiting_is_run(serve: Serve, library: Path, folder: Path) -> None:
    job = an_open_job(folder, "say", "0", state=JobState.WAITING)
    Records(library, KINDS).write(job)
    assert serve().wait(job.id, 120).state is JobState.DONE


@pytest.mark.nightly
def test_a_renamed_episode_takes_its_jobs_along(serve: Serve, library: Path, folder: Path) -> None:
    job = an_open_job(folder, "where")
    Records(library, KINDS).write(job)
    folder.rename(library / "new name")
    assert serve().wait(job.id, 120).message.splitlines()[0] == "new name"


@pytest.mark.nightly
def test_a_clean_end_keeps_records_open_and_does_not_count_as_a_fall(serve: Serve, folder: Path) -> None:
    for _ in range(4):
        jobs = serve()
        if not jobs.of(folder):
            jobs.submit(folder, act("sleep", "begun"))
        until(lambda: any(map(alive, pids(folder))))
        jobs.close()
        assert not any(map(alive, pids(folder)))
        [job] = jobs.of(folder)
        assert (record(folder, job)["state"], record(folder, job)["attempts"]) == ("waiting", 0)
        with pytest.raises(Exception, match=r"job\.ending"):
            jobs.submit(folder, act("say", "0"))


@pytest.mark.nightly
def test_two_servers_never_work_on_one_library(serve: Serve, library: Path, doomed: Callable) -> None:
    process = doomed("sleep", "begun")
    with pytest.raises(LibraryInUse, match="another quotecast server"):
        Jobs(library, kinds=KINDS).resume()
    kill(process)
    serve()


def test_an_open_record_that_the_library_did_not_write_is_never_run(
    serve: Serve, library: Path, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / folder.name).mkdir()
    job = an_open_job(folder, "sleep", "begun")
    Records(elsewhere, KINDS).write(job)
    shutil.copytree(elsewhere / folder.name / "jobs", folder / "jobs")
    jobs = serve()
    assert_not_ours(jobs, folder)
    assert "left open" in jobs.problems[0]


def test_a_library_that_somebody_sent_runs_nothing_though_its_key_came_along(
    serve: Serve, library: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = an_open_job(folder, "sleep", "begun")
    with monkeypatch.context() as sender:
        sender.setenv("QUOTECAST_CONFIG", str(tmp_path / ".sender"))
        Records(library, KINDS).write(job)
    assert_not_ours(serve(), folder)


def test_a_record_whose_command_was_changed_is_never_run(serve: Serve, library: Path, folder: Path) -> None:
    job = an_open_job(folder, "say", "0")
    Records(library, KINDS).write(job)
    path = folder / "jobs" / f"{job.id}.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"say"', '"sleep"'), encoding="utf-8")
    assert_not_ours(serve(), folder)


@pytest.mark.nightly
def test_a_copied_episode_does_not_run_the_jobs_of_the_first_again(serve: Serve, library: Path, folder: Path) -> None:
    job = an_open_job(folder, "sleep", "begun", "0")
    Records(library, KINDS).write(job)
    shutil.copytree(folder, library / "Épisode 1 (copie)")
    jobs = serve()
    jobs.wait(job.id, 120)
    assert [job.episode for job in jobs.all()] == [folder.name]
    assert len(jobs.problems) == 1


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("state", "asleep"),
        ("id", "20250101-000000-00000000"),
        ("kind", "../align"),
        ("arguments", "sleep"),
        ("arguments", {"deed": "sleep"}),
        ("attempts", -1),
        ("done", "much"),
        ("created", "yesterday"),
        ("poor", None),
        ("version", 3),
    ],
)
def test_a_damaged_record_is_reported_and_the_others_are_taken_up(
    serve: Serve, library: Path, folder: Path, field: str, value: object
) -> None:
    damaged, whole = an_open_job(folder, "sleep", "begun"), an_open_job(folder, "say", "0")
    for job in (damaged, whole):
        Records(library, KINDS).write(job)
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


def set_back(folder: Path, job: Job, **fields: object) -> None:
    path = folder / "jobs" / f"{job.id}.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **fields}), encoding="utf-8")


def test_a_finished_record_that_is_set_back_is_not_run_again(serve: Serve, library: Path, folder: Path) -> None:
    job = an_open_job(folder, "sleep", "begun", state=JobState.WAITING)
    Records(library, KINDS).write(job)
    waiting = record(folder, job)
    Records(library, KINDS).write(finished(job, JobState.DONE, ""))
    set_back(folder, job, state="waiting", ended=None, seals=waiting["seals"])
    assert_not_ours(serve(), folder)


@pytest.mark.nightly
def test_a_record_that_was_kept_from_before_the_job_was_done_is_not_run_again(
    serve: Serve, library: Path, folder: Path
) -> None:
    job = an_open_job(folder, "say", "0", state=JobState.WAITING)
    Records(library, KINDS).write(job)
    before = (folder / "jobs" / f"{job.id}.json").read_bytes()
    first = serve()
    first.wait(job.id, 120)
    first.close()
    (folder / "jobs" / f"{job.id}.json").write_bytes(before)
    assert_not_ours(serve(), folder)


def test_a_record_in_another_episode_is_not_run(serve: Serve, library: Path, folder: Path) -> None:
    job = an_open_job(folder, "sleep", "begun")
    Records(library, KINDS).write(job)
    other = library / "Épisode 2"
    other.mkdir()
    (folder / "jobs").rename(other / "jobs")
    assert_not_ours(serve(), other)


def test_a_library_that_was_copied_does_not_do_the_jobs_of_the_first(
    library: Path, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    Records(library, KINDS).write(an_open_job(folder, "sleep", "begun"))
    copy = tmp_path_factory.mktemp("copy") / "library"
    shutil.copytree(library, copy)
    jobs = Jobs(copy, kinds=KINDS)
    jobs.resume()
    assert_not_ours(jobs, copy / folder.name)
    jobs.close()


def test_jobs_left_open_elsewhere_are_told_of_once(serve: Serve, library: Path, folder: Path) -> None:
    place = "left open, in a copy of the library, or by an older version or another user;"
    for count, told in ((1, f"1 job was {place} it is not run"), (2, f"2 jobs were {place} they are not run")):
        for _ in range(count):
            job = an_open_job(folder, "sleep", "begun")
            Records(library, KINDS).write(job)
            set_back(folder, job, seals=[])
        first = serve()
        assert first.problems == (f"{library}: {told}, and shown as failed",)
        first.close()
        second = serve()
        assert second.problems == ()
        assert {(job.state, "start it again" in job.message) for job in second.all()} == {(JobState.FAILED, True)}
        second.close()
    assert not pids(folder)


@pytest.mark.nightly
def test_what_a_copy_is_made_of_goes_on_where_the_copy_was_served(
    serve: Serve, library: Path, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    job = an_open_job(folder, "say", "0")
    Records(library, KINDS).write(job)
    copy = tmp_path_factory.mktemp("copy") / "library"
    shutil.copytree(library, copy)
    jobs = Jobs(copy, kinds=KINDS)
    jobs.resume()
    jobs.close()
    assert record(copy / folder.name, job)["state"] == "failed"
    assert serve().wait(job.id, 120).state is JobState.DONE


@pytest.mark.nightly
def test_while_no_key_can_be_kept_records_stay_open(
    serve: Serve, library: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = an_open_job(folder, "say", "0")
    Records(library, KINDS).write(job)
    (tmp_path / ".a file").touch()
    with monkeypatch.context() as for_once:
        for_once.setenv("QUOTECAST_CONFIG", str(tmp_path / ".a file"))
        jobs = serve()
        assert_not_ours(jobs, folder)
        jobs.close()
    assert serve().wait(job.id, 120).state is JobState.DONE


def test_an_open_record_of_an_earlier_version_is_shown_and_not_run(serve: Serve, folder: Path) -> None:
    record = {"format": "quotecast-job", "version": 1, "id": "20250315-101112-0123abcd", "kind": "act", "seal": "5ea1"}
    record |= {"module": "tests.web.jobs.acts", "arguments": ["sleep", "begun"], "outputs": ["a.vtt"]}
    record |= {"created": "2025-03-15T10:11:12.345Z", "state": "waiting"}
    (folder / "jobs").mkdir()
    (folder / "jobs" / f"{record['id']}.json").write_text(json.dumps(record), encoding="utf-8")
    first = serve()
    assert_not_ours(first, folder)
    first.close()
    again = serve()
    assert_not_ours(again, folder)
    assert [job.outputs for job in again.all()] == [("a.vtt",)]


def test_where_no_key_can_be_kept_jobs_run_and_none_is_taken_up(
    serve: Serve, library: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".a file").touch()
    monkeypatch.setenv("QUOTECAST_CONFIG", str(tmp_path / ".a file"))
    jobs = serve()
    done = jobs.wait(jobs.submit(folder, act("say", "0")).id, 120)
    assert done.state is JobState.DONE
    jobs.close()
    shutil.rmtree(folder / "jobs")
    Records(library, KINDS).write(an_open_job(folder, "sleep", "begun"))
    assert_not_ours(serve(), folder)
