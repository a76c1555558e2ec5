"""Jobs are children of the server: they report, and end with all they have started."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from aligner.errors import NO_MEMORY
from aligner.storage.database import StateError, changing
from media.errors import Message
from tests.paths import ROOT
from tests.tables import over_rows
from tests.web.jobs.acts import AlignmentAct, act
from tests.web.watching import alive, over, pids, until
from web.errors import NotFound
from web.jobs import Job, Jobs, JobState
from web.jobs.job import after, new_id, now
from web.jobs.process import Ending, remove_leftovers

Serve = Callable[..., Jobs]


def run(jobs: Jobs, folder: Path, *deed: str) -> Job:
    return over(jobs, jobs.submit(folder, act(*deed)).id)


@pytest.mark.parametrize(("status", "state"), [(0, "done"), (4, "done"), (3, "failed")])
def test_what_a_child_reports_is_kept_by_the_next_server_too(
    serve: Serve, folder: Path, status: int, state: str
) -> None:
    first = serve()
    job = run(first, folder, "say", str(status))
    assert (job.progress.stage, job.progress.done, job.progress.total) == ("acoustic", 60, 60)
    assert job.created <= (job.ended or "")
    first.close()
    for each in (job, serve().get(job.id)):
        assert (each.state, each.episode) == (state, folder.name)
        assert each.warnings == (() if status == 3 else ("the file is cut short", "\udcff.mp3"))
        assert each.message.endswith("x.mp3: is empty; expected sound" if status == 3 else "\nWritten x.vtt")


def test_a_row_that_is_damaged_stops_the_start_in_one_sentence(serve: Serve, folder: Path) -> None:
    first = serve()
    run(first, folder, "say", "0")
    first.close()
    with changing() as db:
        db.execute("UPDATE job SET content = json_set(content, '$.kind', 'song')")
    with pytest.raises(StateError, match="a job: 'song'"):
        serve()


@pytest.mark.nightly
def test_an_error_can_be_translated_after_a_restart(serve: Serve, folder: Path) -> None:
    first = serve()
    job = run(first, folder, "fail", "a.mp3")
    first.close()
    message = serve().get(job.id).message
    assert isinstance(message, Message)
    assert message.template == "{path}: is empty; {expected}"


@pytest.mark.nightly
def test_the_folder_of_an_episode_is_no_place_for_code(
    serve: Serve, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json", "aligner", "tests", "tempfile", "sitecustomize"):
        (folder / f"{name}.py").write_text("raise SystemExit('taken over')", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["", str(ROOT), ""]))
    monkeypatch.setenv("PATH", os.pathsep.join(["", os.environ["PATH"]]))
    job = run(serve(), folder, "surroundings", "QUOTECAST_CONFINED", "PATH")
    assert job.state is JobState.DONE, job.message
    confined, path = (line.partition("=")[2] for line in job.message.splitlines())
    assert confined == str(folder.parent.resolve())
    assert all(path.split(os.pathsep))


@pytest.mark.nightly
@pytest.mark.skipif(sys.platform != "linux", reason="the system does not bound what is written to")
def test_a_job_may_take_as_much_memory_as_its_kind_may_or_half_of_what_there_is(serve: Serve, folder: Path) -> None:
    jobs, there_is = serve(), psutil.virtual_memory().total
    most = [over(jobs, jobs.submit(folder, kind(("limit",))).id).message for kind in (type(act()), AlignmentAct)]
    assert most == ["1000000000", str(min(there_is, max(4_000_000_000, there_is // 2)))]


@over_rows(
    "status, reason",
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
def test_a_job_that_lacked_memory_says_so(status: int, reason: str) -> None:
    job = after(a_running_job(), Ending(status, reason=reason))
    assert (job.state, job.message) == (JobState.FAILED, NO_MEMORY)


def test_a_job_that_was_killed_has_failed_and_names_the_signal() -> None:
    job = after(a_running_job(), Ending(-9))
    assert (job.state, "signal 9" in job.message) == (JobState.FAILED, True)


def a_running_job() -> Job:
    return Job(new_id(), act("limit"), "e", now(), JobState.RUNNING)


@pytest.mark.nightly
def test_cancelling_ends_everything_that_the_job_has_started(serve: Serve, folder: Path) -> None:
    jobs = serve()
    job = jobs.submit(folder, act("family", "begun"))
    until(lambda: len(pids(folder)) == 2)
    jobs.cancel(job.id)
    assert over(jobs, job.id).state is JobState.CANCELLED
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
    serve: Serve,
    folder: Path,
    when_asked: str,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scratch = tmp_path_factory.mktemp("scratch")
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    (folder / "x.json").write_text("old", encoding="utf-8")
    jobs = serve()
    job = jobs.submit(folder, act("half", "x.json", when_asked))
    until(lambda: pids(folder))
    jobs.cancel(job.id)
    over(jobs, job.id)
    assert (folder / "x.json").read_text(encoding="utf-8") == "old"
    assert {path.name for path in folder.iterdir()} == {"x.json", "begun"}
    assert not list(scratch.iterdir())


@pytest.mark.nightly
def test_forgetting_an_episode_ends_its_jobs_so_that_it_can_be_moved(serve: Serve, library: Path, folder: Path) -> None:
    first = serve()
    job = first.submit(folder, act("stubborn", "begun"))
    until(lambda: pids(folder))
    first.forget(folder)
    assert not any(map(alive, pids(folder)))
    with pytest.raises(NotFound):
        first.get(job.id)
    first.close()
    assert serve().all() == []


def test_the_library_can_be_an_episode_itself(serve: Serve, library: Path) -> None:
    job = run(serve(), library, "where")
    assert (job.state, job.episode, job.message.splitlines()[0]) == ("done", ".", library.name)


def test_what_cannot_be_started_fails_and_blocks_no_other(serve: Serve, library: Path, folder: Path) -> None:
    jobs = serve()
    null = jobs.submit(folder, act("--title=one\0two"))
    assert (null.state, null.message) == (JobState.FAILED, "cannot be started: embedded null byte")
    gone = jobs.submit(library / "gone", act("say", "0"))
    assert (gone.state, (library / "gone").exists()) == (JobState.FAILED, False)
    assert run(jobs, folder, "where").state is JobState.DONE


@over_rows("folder", [".", "clips", "versions", ".quotecast"])
def test_what_was_left_in_a_folder_of_the_episode_is_removed(tmp_path: Path, folder: str) -> None:
    from tests.media.test_temporary import left_by_a_dead_process

    (tmp_path / folder).mkdir(exist_ok=True)
    left = left_by_a_dead_process(tmp_path / folder, ".txt")
    remove_leftovers(tmp_path)
    assert not left.exists()
