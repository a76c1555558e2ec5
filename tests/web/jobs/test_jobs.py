"""Jobs run in their turn, are watched, and end with all they have started."""

import os
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from aligner.errors import NO_MEMORY, OutputError
from media.errors import Message
from tests.places import ROOT
from tests.tables import over_rows
from tests.web.jobs.acts import KINDS, AlignmentAct, act
from tests.web.watching import alive, pids, record, until
from web.jobs import Job, JobError, JobNotFound, Jobs, JobState, kinds
from web.jobs.job import Ending, after, new_id, now
from web.jobs.kinds import Prepare
from web.jobs.records import Records

Serve = Callable[..., Jobs]


def run(jobs: Jobs, folder: Path, *deed: str) -> Job:
    return jobs.wait(jobs.submit(folder, act(*deed)).id, timeout=120)


@pytest.mark.nightly
def test_a_job_runs_in_the_episodes_folder_and_its_record_tells_how_it_ended(serve: Serve, folder: Path) -> None:
    job = run(serve(), folder, "where")
    assert (job.state, job.episode) == (JobState.DONE, folder.name)
    assert job.message.splitlines()[0] == folder.name
    assert record(folder, job)["state"] == "done"
    assert job.created <= (job.started or "") <= (job.ended or "")


@pytest.mark.nightly
def test_a_python_file_in_the_episodes_folder_is_never_imported(serve: Serve, folder: Path) -> None:
    for name in ("json", "aligner", "tests", "tempfile"):
        (folder / f"{name}.py").write_text("raise SystemExit('taken over')", encoding="utf-8")
    job = run(serve(), folder, "where")
    assert job.state is JobState.DONE, job.message


@pytest.mark.nightly
def test_no_list_of_folders_in_the_environment_leads_into_the_episodes(
    serve: Serve, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "sitecustomize.py").write_text("raise SystemExit('taken over')", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["", str(ROOT), ""]))
    monkeypatch.setenv("PATH", os.pathsep.join(["", os.environ["PATH"]]))
    job = run(serve(), folder, "surroundings", "PATH")
    assert job.state is JobState.DONE, job.message
    assert all(job.message.removeprefix("PATH=").split(os.pathsep))


@pytest.mark.nightly
def test_a_child_is_kept_in_the_library_and_told_no_secrets(
    serve: Serve, library: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTECAST_PASSWORD", "roue libre")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    job = run(serve(), folder, "surroundings", "QUOTECAST_CONFINED", "QUOTECAST_PASSWORD", "AWS_SECRET_ACCESS_KEY")
    assert job.message.splitlines() == [
        f"QUOTECAST_CONFINED={library.resolve()}", "QUOTECAST_PASSWORD=None", "AWS_SECRET_ACCESS_KEY=None",
    ]  # fmt: skip


@pytest.mark.nightly
@pytest.mark.parametrize(("status", "state", "poor"), [(0, "done", False), (4, "done", True), (3, "failed", False)])
def test_what_a_child_says_is_kept(serve: Serve, folder: Path, status: int, state: str, poor: bool) -> None:
    job = run(serve(), folder, "say", str(status))
    assert (job.state, job.poor) == (state, poor)
    assert (job.stage, job.done, job.total) == ("letters", 60, 60)
    assert job.warnings == ("the file is cut short",) + (() if status == 3 else ("x" * 500,))
    assert job.message == ("x.mp3: is empty; expected sound" if status == 3 else "Coverage 97 %\nWritten x.vtt")


@pytest.mark.nightly
def test_an_error_that_nobody_foresaw_is_told_by_its_last_line(serve: Serve, folder: Path) -> None:
    job = run(serve(), folder, "raises")
    assert (job.state, job.message, job.attempts) == ("failed", "LookupError: nobody foresaw this", 1)


@pytest.mark.nightly
@pytest.mark.skipif(sys.platform != "linux", reason="the system does not bound what is written to")
def test_a_job_that_takes_more_memory_than_its_kind_may_fails(serve: Serve, folder: Path) -> None:
    job = run(serve(), folder, "gorge", "1100000000")
    assert (job.state, job.message) == (JobState.FAILED, NO_MEMORY)
    assert Prepare("a.mp3").memory_bytes == 1_000_000_000


@pytest.mark.nightly
@pytest.mark.skipif(sys.platform != "linux", reason="the system does not bound what is written to")
def test_an_alignment_may_take_half_of_the_memory_or_four_gigabytes_and_no_more(serve: Serve, folder: Path) -> None:
    jobs = serve()
    job = jobs.wait(jobs.submit(folder, AlignmentAct(("limit",))).id, 120)
    there_is = psutil.virtual_memory().total
    assert int(job.message) == min(there_is, max(4_000_000_000, there_is // 2))
    assert kinds.Align(audio="a.mp3", transcript="a.txt").memory_bytes is AlignmentAct.memory_bytes


@over_rows(
    "status, complaint",
    [
        (1, "MemoryError"),
        (1, "numpy._core._exceptions._ArrayMemoryError: Unable to allocate 7.99 MiB for an array with shape (1, 2)"),
        (1, "av.error.MemoryError: [Errno 12] Cannot allocate memory"),
        (1, "onnxruntime.capi.onnxruntime_pybind11_state.Fail: [ONNXRuntimeError] : 1 : FAIL : std::bad_alloc"),
        (-6, "what():  std::bad_alloc"),
        (3, Message("{path}: does not load ({detail})", path="m", detail="mkl_malloc: failed to allocate memory")),
        (3, NO_MEMORY),
    ],
)
def test_a_job_that_lacks_memory_says_so_and_is_not_tried_again(status: int, complaint: str) -> None:
    job = after(a_running_job(), Ending(status, (), complaint, ()), closing=False)
    assert (job.state, job.message) == (JobState.FAILED, NO_MEMORY)


def test_a_file_may_be_called_as_the_want_of_memory_is() -> None:
    complaint = Message("{path}: is empty", path="MemoryError std::bad_alloc")
    assert after(a_running_job(), Ending(3, (), complaint, ()), closing=False).message == complaint


def a_running_job() -> Job:
    return Job(new_id(), act("limit"), "e", now(), JobState.RUNNING, attempts=1)


@pytest.mark.nightly
def test_a_child_that_talks_much_is_heard_to_its_end(serve: Serve, folder: Path) -> None:
    job = run(serve(), folder, "chatter", "20000")
    assert (job.state, job.done) == ("done", 19999)


@pytest.mark.nightly
def test_the_record_is_open_while_the_job_runs(serve: Serve, folder: Path) -> None:
    jobs = serve()
    job = jobs.submit(folder, act("sleep", "begun"))
    until(lambda: pids(folder))
    assert record(folder, job)["state"] == "running"
    assert record(folder, job)["attempts"] == 1


def test_the_same_work_asked_for_twice_is_one_job_until_it_is_done(serve: Serve, folder: Path) -> None:
    jobs = serve(1)
    jobs.submit(folder, act("sleep", "begun"))
    asked = [jobs.submit(folder, act("say", "0")) for _ in range(3)]
    assert len({job.id for job in asked}) == 1
    assert jobs.submit(folder, act("say", "3")).id != asked[0].id
    jobs.cancel(asked[0].id)
    assert jobs.submit(folder, act("say", "0")).id != asked[0].id


@pytest.mark.nightly
def test_jobs_wait_their_turn_and_run_in_the_order_asked_for(serve: Serve, folder: Path) -> None:
    jobs = serve(1)
    asked = [jobs.submit(folder, act("sleep", f"begun {n}", "0.1")) for n in range(4)]
    assert [job.state for job in jobs.all()] == ["running", "waiting", "waiting", "waiting"]
    ended = [jobs.wait(job.id, 120) for job in asked]
    assert all((one.ended or "") <= (two.started or "") for one, two in pairwise(ended))


@pytest.mark.nightly
def test_asking_from_many_threads_loses_no_job(serve: Serve, folder: Path) -> None:
    jobs, asked = serve(2), list[Job]()
    threads = [
        threading.Thread(target=lambda n=n: asked.append(jobs.submit(folder, act("sleep", f"b{n % 8}", "0"))))
        for n in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {jobs.wait(job.id, 120).state for job in asked} == {"done"}
    assert sum(len(pids(folder, f"b{n}")) for n in range(8)) == len({job.id for job in asked})


@pytest.mark.nightly
def test_cancelling_a_job_that_waits_means_that_it_never_runs(serve: Serve, folder: Path) -> None:
    jobs = serve(1)
    first = jobs.submit(folder, act("sleep", "first"))
    second = jobs.submit(folder, act("sleep", "second"))
    assert jobs.cancel(second.id).state is JobState.CANCELLED
    jobs.cancel(first.id)
    jobs.wait(first.id, 120)
    assert not pids(folder, "second")
    assert record(folder, second)["state"] == "cancelled"


@pytest.mark.nightly
def test_a_job_that_failed_and_is_cancelled_is_told_of_by_no_server_as_a_failure(serve: Serve, folder: Path) -> None:
    first = serve()
    failed, other = (run(first, folder, "say", "3") for _ in range(2))
    assert first.cancel(failed.id).state is JobState.CANCELLED
    assert record(folder, failed)["state"] == "cancelled"
    first.close()
    told = {job.id: (job.state, job.message) for job in serve().of(folder)}
    assert told == {failed.id: (JobState.CANCELLED, ""), other.id: (JobState.FAILED, other.message)}


@pytest.mark.nightly
def test_cancelling_ends_everything_that_the_job_has_started(serve: Serve, folder: Path) -> None:
    jobs = serve()
    job = jobs.submit(folder, act("family", "begun"))
    until(lambda: len(pids(folder)) == 3)
    jobs.cancel(job.id)
    assert record(folder, job)["state"] == "cancelled"
    assert jobs.wait(job.id, 120).state is JobState.CANCELLED
    assert not any(map(alive, pids(folder)))


@pytest.mark.nightly
def test_what_a_job_leaves_running_ends_with_it(serve: Serve, folder: Path) -> None:
    job = run(serve(), folder, "orphans", "begun")
    assert job.state is JobState.DONE
    assert len(pids(folder)) == 1
    assert not any(map(alive, pids(folder)))


@pytest.mark.nightly
@pytest.mark.parametrize("when_asked", ["leave", "stay"])
def test_a_cancelled_job_leaves_the_old_file_and_no_half_written_one(
    serve: Serve, library: Path, folder: Path, when_asked: str
) -> None:
    (folder / "x.json").write_text("old", encoding="utf-8")
    jobs = serve()
    job = jobs.submit(folder, act("half", "x.json", when_asked))
    until(lambda: pids(folder))
    jobs.cancel(job.id)
    jobs.wait(job.id, 120)
    assert (folder / "x.json").read_text(encoding="utf-8") == "old"
    assert {path.name for path in folder.iterdir()} == {"x.json", "begun", "jobs"}
    assert not list((library / ".quotecast" / "scratch").iterdir())


@pytest.mark.parametrize("times", [1, 2])
def test_a_job_that_is_killed_runs_again(serve: Serve, folder: Path, times: int) -> None:
    job = run(serve(), folder, "die", "begun", str(times))
    assert (job.state, job.attempts, len(pids(folder))) == ("done", times + 1, times + 1)


def test_a_job_that_is_killed_again_and_again_is_given_up(serve: Serve, folder: Path) -> None:
    job = run(serve(), folder, "die", "begun", "99")
    assert (job.state, len(pids(folder))) == ("failed", 3)
    assert "signal 9" in job.message


@pytest.mark.nightly
def test_a_child_killed_by_a_stranger_loses_nothing(serve: Serve, folder: Path) -> None:
    jobs = serve()
    job = jobs.submit(folder, act("sleep", "begun", "1"))
    until(lambda: pids(folder))
    os.kill(pids(folder)[0], signal.SIGKILL)
    assert jobs.wait(job.id, 120).state is JobState.DONE
    assert len(pids(folder)) == 2


@pytest.mark.nightly
def test_listening_tells_the_open_jobs_then_what_changes_then_ends(serve: Serve, folder: Path) -> None:
    jobs = serve(1)
    first = jobs.submit(folder, act("sleep", "begun", "1"))
    second = jobs.submit(folder, act("say", "0"))
    told = list(jobs.listen(heartbeat=0.2))
    assert [job.id for job in told[0]] == [first.id, second.id]
    assert [] in told
    last = {job.id: job for changed in told for job in changed}
    assert [last[job.id].state for job in (first, second)] == ["done", "done"]
    assert last[second.id].done == 60
    assert list(jobs.listen()) == [[]]


def test_forgetting_an_episode_ends_its_jobs_so_that_it_can_be_moved(serve: Serve, library: Path, folder: Path) -> None:
    jobs = serve()
    job = jobs.submit(folder, act("sleep", "begun"))
    until(lambda: pids(folder))
    jobs.forget(folder)
    assert not any(map(alive, pids(folder)))
    assert jobs.of(folder) == []
    with pytest.raises(JobNotFound):
        jobs.get(job.id)
    folder.rename(library / "elsewhere")


@pytest.mark.nightly
def test_forgetting_waits_for_what_was_cancelled_before(serve: Serve, library: Path, folder: Path) -> None:
    jobs = serve()
    job = jobs.submit(folder, act("stubborn", "begun"))
    until(lambda: pids(folder))
    jobs.cancel(job.id)
    jobs.forget(folder)
    assert not any(map(alive, pids(folder)))


def test_a_folder_outside_the_library_has_no_jobs(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> None:
    with pytest.raises(JobError, match="elsewhere"):
        serve().submit(tmp_path_factory.mktemp("other"), act("say", "0"))


@pytest.mark.nightly
def test_the_library_can_be_an_episode_itself(serve: Serve, library: Path) -> None:
    job = run(serve(), library, "where")
    assert (job.state, job.episode) == ("done", ".")


def test_an_episode_whose_folder_is_gone_fails_and_stays_gone(
    serve: Serve, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    jobs = serve(1)
    first = jobs.submit(folder, act("sleep", "begun"))
    second = jobs.submit(folder, act("say", "0"))
    until(lambda: pids(folder))
    folder.rename(tmp_path_factory.mktemp("elsewhere") / "moved")
    jobs.cancel(first.id)
    assert jobs.wait(second.id, 120).state is JobState.FAILED
    assert not folder.exists()


def test_a_job_whose_record_cannot_be_written_is_not_begun(serve: Serve, folder: Path) -> None:
    (folder / "jobs").write_text("a file where the records go", encoding="utf-8")
    jobs = serve()
    with pytest.raises(OutputError, match="jobs"):
        jobs.submit(folder, act("sleep", "begun"))
    assert jobs.of(folder) == []
    assert not pids(folder)


@pytest.mark.nightly
def test_a_job_whose_record_cannot_be_closed_is_still_told_and_makes_room_for_others(
    serve: Serve, folder: Path
) -> None:
    jobs = serve(1)
    job = jobs.submit(folder, act("steps", "go"))
    (folder / "jobs").rename(folder / "elsewhere")
    (folder / "jobs").write_text("a file where the records go", encoding="utf-8")
    (folder / "go").touch()
    ended = jobs.wait(job.id, 120)
    assert ended.state is JobState.DONE
    assert "jobs" in ended.warnings[-1]
    (folder / "jobs").unlink()
    assert run(jobs, folder, "say", "0").state is JobState.DONE


@pytest.mark.nightly
def test_old_finished_records_go(serve: Serve, library: Path, folder: Path) -> None:
    job = Job("20250101-000000-00000000", act(), folder.name, created=now(), state=JobState.DONE)
    for day in range(1, 26):
        id = f"202501{day:02}-000000-00000000"
        Records(library, KINDS).write(replace(job, id=id, ended=f"2025-01-{day:02}T00:00:00Z"))
    jobs = serve()
    fresh = run(jobs, folder, "say", "0")
    kept = [f"202501{day:02}-000000-00000000" for day in range(7, 26)] + [fresh.id]
    assert [job.id for job in jobs.of(folder)] == kept
    assert sorted(path.stem for path in (folder / "jobs").iterdir()) == kept


@pytest.mark.nightly
def test_what_no_command_line_can_hold_fails_and_stops_neither_this_server_nor_the_next(
    serve: Serve, folder: Path
) -> None:
    first = serve()
    job = first.submit(folder, act("--title=one\0two"))
    assert (job.state, job.message) == (JobState.FAILED, "cannot be started: embedded null byte")
    first.close()
    second = serve()
    assert second.get(job.id).state is JobState.FAILED
    assert run(second, folder, "where").state is JobState.DONE
