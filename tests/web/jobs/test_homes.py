"""Jobs belong to their episode's folder by whatever name, and their records end where that has gone to."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.web.jobs.acts import Act, act
from tests.web.watching import alive, pids, record, until
from web.jobs import Job, Jobs, JobState

Serve = Callable[..., Jobs]


@pytest.fixture
def away(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a folder is that has left the library."""
    return tmp_path_factory.mktemp("elsewhere") / "away"


def begun(jobs: Jobs, folder: Path) -> Job:
    """A job that goes on until a file ``go`` is there."""
    job = jobs.submit(folder, act("steps", "go"))
    until(lambda: jobs.get(job.id).stage)
    return job


@pytest.mark.nightly
@pytest.mark.parametrize("name", ["renamed", "trash/moved by hand"])
def test_the_record_of_a_job_ends_where_its_folder_was_moved_to(
    serve: Serve, library: Path, folder: Path, name: str
) -> None:
    jobs = serve()
    job = begun(jobs, folder)
    moved = library / name
    moved.parent.mkdir(exist_ok=True)
    folder.rename(moved)
    (moved / "go").touch()
    ended = jobs.wait(job.id, 120)
    assert (ended.state, ended.warnings, ended.episode) == (JobState.DONE, (), name)
    assert record(moved, job)["state"] == "done"
    assert not folder.exists()


@pytest.mark.nightly
def test_a_renamed_folder_has_its_jobs_at_once(serve: Serve, library: Path, folder: Path) -> None:
    jobs = serve()
    job = begun(jobs, folder)
    renamed = folder.rename(library / "renamed")
    assert [(each.id, each.episode) for each in jobs.of(renamed)] == [(job.id, "renamed")]
    assert jobs.submit(renamed, job.work).id == job.id
    assert [each.id for each in jobs.end(renamed)] == [job.id]
    assert record(renamed, job)["state"] == "cancelled"


@pytest.mark.nightly
def test_a_job_that_waits_is_done_where_its_folder_is_by_then(serve: Serve, library: Path, folder: Path) -> None:
    jobs = serve(1)
    job, waiting = begun(jobs, folder), jobs.submit(folder, act("where"))
    renamed = folder.rename(library / "renamed")
    (renamed / "go").touch()
    assert jobs.wait(waiting.id, 120).message.splitlines()[0] == "renamed"
    assert {record(renamed, each)["state"] for each in (job, waiting)} == {"done"}


@pytest.mark.nightly
def test_another_folder_of_the_old_name_has_none_of_them(serve: Serve, library: Path, folder: Path) -> None:
    jobs = serve()
    job = begun(jobs, folder)
    renamed = folder.rename(library / "renamed")
    folder.mkdir()
    assert jobs.of(folder) == []
    other = jobs.wait(jobs.submit(folder, act("where")).id, 120)
    assert [each.id for each in jobs.of(folder)] == [other.id]
    (renamed / "go").touch()
    jobs.wait(job.id, 120)
    assert [path.stem for path in (folder / "jobs").iterdir()] == [other.id]
    assert record(renamed, job)["state"] == "done"


@pytest.mark.nightly
def test_an_episode_that_came_back_as_a_copy_has_its_jobs(serve: Serve, library: Path, folder: Path) -> None:
    jobs = serve()
    job = begun(jobs, folder)
    folder.rename(library / ".away")
    shutil.copytree(library / ".away", folder)
    assert [each.id for each in jobs.of(folder)] == [job.id]
    jobs.cancel(job.id)
    assert record(folder, job)["state"] == "cancelled"


@pytest.mark.nightly
def test_a_job_that_was_over_while_its_folder_was_away_is_not_done_again(
    serve: Serve, folder: Path, away: Path
) -> None:
    first = serve()
    job = begun(first, folder)
    folder.rename(away)
    (away / "go").touch()
    ended = first.wait(job.id, 120)
    assert (ended.state, "no longer there" in ended.warnings[-1]) == (JobState.DONE, True)
    first.close()
    away.rename(folder)
    assert record(folder, job)["state"] == "running"
    second = serve()
    assert (second.get(job.id).state, "no longer be written down" in second.get(job.id).message) == ("failed", True)
    assert second.problems == ()
    assert record(folder, job)["state"] == "failed"


@pytest.mark.nightly
def test_where_a_folder_has_gone_another_of_its_name_gets_no_record(serve: Serve, folder: Path, away: Path) -> None:
    jobs = serve()
    job = begun(jobs, folder)
    folder.rename(away)
    folder.mkdir()
    (away / "go").touch()
    assert "no longer there" in jobs.wait(job.id, 120).warnings[-1]
    jobs.close()
    assert list(folder.iterdir()) == []


@pytest.mark.nightly
def test_a_record_that_could_not_be_written_is_when_its_folder_is_back(
    serve: Serve, library: Path, folder: Path, away: Path
) -> None:
    jobs = serve()
    job = begun(jobs, folder)
    folder.rename(away)
    (away / "go").touch()
    jobs.wait(job.id, 120)
    back = away.rename(library / "back")
    jobs.close()
    assert record(back, job)["state"] == "done"
    assert serve().get(job.id).episode == "back"


def test_what_a_job_that_fails_in_a_renamed_folder_leaves_is_removed(serve: Serve, library: Path, folder: Path) -> None:
    jobs = serve()
    job = jobs.submit(folder, Act(("half", "x.json", "leave")))
    until(lambda: pids(folder))
    renamed = folder.rename(library / "renamed")
    jobs.cancel(job.id)
    jobs.wait(job.id, 120)
    assert not list(renamed.glob(".quotecast-*"))
    assert not any(map(alive, pids(renamed)))
