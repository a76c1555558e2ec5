"""A server or a child killed at any moment: children end, nothing is left half written, and jobs are offered again."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aligner.errors import OutputError
from tests.web.jobs.acts import KINDS, act
from tests.web.watching import alive, pids, until
from web.jobs import Job, Jobs, JobState
from web.jobs.job import INTERRUPTED, Rows, new_id, now

Serve = Callable[..., Jobs]
A_SERVER = Path(__file__).with_name("a_server.py")


@pytest.fixture
def doomed(library: Path, folder: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts a server in a process of its own with one job; returns it when the job has begun."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*deed: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([sys.executable, str(A_SERVER), str(library), str(folder), *deed])
        started.append(process)
        until(lambda: pids(folder))
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def open_job(folder: Path, state: JobState = JobState.RUNNING) -> Job:
    return Job(new_id(), act("sleep", "begun"), folder.name, created=now(), state=state)


@pytest.mark.parametrize("deed", [("sleep", "begun"), ("family", "begun")])
def test_children_end_with_a_server_that_is_killed_and_their_jobs_are_offered_again(
    serve: Serve, folder: Path, doomed: Callable[..., subprocess.Popen[bytes]], deed: tuple[str, ...]
) -> None:
    server = doomed(*deed)
    server.kill()
    until(lambda: not any(map(alive, pids(folder))))
    server.wait()
    [job] = serve().of(folder)
    assert (job.state, job.message) == (JobState.FAILED, INTERRUPTED)
    assert "start it again" in job.message
    assert job.ended


def test_a_server_that_ends_offers_its_jobs_again_and_starts_none(serve: Serve, folder: Path) -> None:
    first = serve(1)
    running, waiting = first.submit(folder, act("sleep", "begun")), first.submit(folder, act("say", "0"))
    until(lambda: pids(folder))
    first.close()
    assert not any(map(alive, pids(folder)))
    with pytest.raises(Exception, match=r"job\.ending"):
        first.submit(folder, act("say", "0"))
    second = serve()
    assert [(job.id, job.message) for job in second.all()] == [(each.id, INTERRUPTED) for each in (running, waiting)]
    assert second.submit(folder, running.work).id != running.id


def test_the_jobs_of_an_episode_that_has_gone_are_forgotten(serve: Serve, library: Path, folder: Path) -> None:
    Rows(library, KINDS).put(open_job(folder))
    folder.rename(library / "renamed")
    assert serve().all() == []
    assert Rows(library, KINDS).all() == []


def test_a_library_that_was_copied_has_no_jobs(
    serve: Serve, library: Path, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    Rows(library, KINDS).put(open_job(folder))
    copy = tmp_path_factory.mktemp("copy") / "library"
    shutil.copytree(library, copy)
    assert Rows(copy, KINDS).all() == []


def test_two_servers_never_work_on_one_library(serve: Serve, library: Path) -> None:
    serve()
    with pytest.raises(OutputError, match="another quotecast is using this folder"):
        Jobs(library, kinds=KINDS).resume()
