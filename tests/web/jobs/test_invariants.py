"""Whatever happens to jobs, their processes and those who listen to them, none is lost, stuck or in another's way."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from aligner.errors import OutputError
from tests.web.jobs.acts import KINDS as KINDS_OF_ACTS
from tests.web.jobs.acts import Act
from tests.web.jobs.fake_children import FakeChildren
from tests.web.watching import until
from web.jobs import Job, JobError, JobNotFound, Jobs
from web.jobs.job import MOST_ATTEMPTS, Ending
from web.jobs.kinds import Work
from web.jobs.records import Records
from web.jobs.telling import Progress


@dataclass(frozen=True, slots=True)
class HeavyAct(Act):
    """A deed that takes a pair of cores."""

    kind: ClassVar[str] = "heavy"
    heavy: ClassVar[bool] = True


KINDS = {**KINDS_OF_ACTS, HeavyAct.kind: HeavyAct}
AT_ONCE, HEAVY = 2, 1
EPISODES = ("one", "two", "three")
WORKS: tuple[Work, ...] = (Act(("a",)), Act(("b",), ("x",)), Act(("c",), ("x",)), HeavyAct(("d",)))
WHICH = st.integers(0, 11)
DONE, FAILED, KILLED = Ending(0, (), "", ()), Ending(3, (), "it is empty", ()), Ending(-9, (), "", ())


@dataclass
class Known:
    """What the plain model knows of a job."""

    episode: str
    work: Work
    state: str = "open"
    killed: int = 0


class EveryJob(RuleBasedStateMachine):
    """Jobs of three episodes beside a plain model of them, a dictionary."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.children = FakeChildren()
        self.patch.setattr("web.jobs.jobs.Child", self.children.start)
        self.patch.setattr("web.jobs.jobs.end_all", self.children.end_all)
        self.patch.setattr("web.jobs.jobs._ENDING", 20.0)
        self.patch.setattr("web.jobs.errors._log.error", lambda *_, **__: None)
        self.place = tempfile.TemporaryDirectory()
        self.root = Path(self.place.name)
        for name in EPISODES:
            (self.root / name).mkdir()
        self.jobs = Jobs(self.root, AT_ONCE, KINDS)
        self.jobs.resume()
        self.model: dict[str, Known] = {}

    # What happens.

    @rule(episode=st.sampled_from(EPISODES), work=st.sampled_from(WORKS))
    def submit(self, episode: str, work: Work) -> None:
        same = [id for id, job in self.model.items() if (job.episode, job.work, job.state) == (episode, work, "open")]
        job = self.jobs.submit(self.root / episode, work)
        assert [job.id] == same or (not same and job.id not in self.model)
        self.model.setdefault(job.id, Known(episode, work))

    @rule(episode=st.sampled_from(EPISODES), work=st.sampled_from(WORKS))
    def submit_where_no_record_can_be_written(self, episode: str, work: Work) -> None:
        if any((job.episode, job.work, job.state) == (episode, work, "open") for job in self.model.values()):
            return
        with pytest.MonkeyPatch.context() as full:
            full.setattr(Records, "write", fails)
            with pytest.raises(OutputError):
                self.jobs.submit(self.root / episode, work)

    @rule(
        episode=st.sampled_from(EPISODES), error=st.sampled_from([OSError("no"), RuntimeError("threads"), KeyError()])
    )
    def submit_where_no_process_starts(self, episode: str, error: Exception) -> None:
        if self.running() or any(job.state == "open" for job in self.model.values()):
            return  # it would have to wait
        self.children.fail_next = error
        job = self.jobs.submit(self.root / episode, WORKS[0])
        self.model[job.id] = Known(episode, WORKS[0], "failed")

    @precondition(lambda self: self.running())
    @rule(which=WHICH, how=st.sampled_from([DONE, FAILED, KILLED, KeyError("gone"), MemoryError()]), full=st.booleans())
    def a_process_ends(self, which: int, how: Ending | Exception, full: bool) -> None:
        id = pick(self.running(), which)
        job = self.model[id]
        job.killed += how is KILLED
        if how is not KILLED or job.killed == MOST_ATTEMPTS:
            job.state = "done" if how is DONE else "failed"
        with pytest.MonkeyPatch.context() as for_once:
            if full and how is not KILLED:  # where the disk is full, nothing else can be started either
                for_once.setattr(Records, "write", fails_to_end)
            self.leave(id, how)

    @precondition(lambda self: self.running())
    @rule(which=WHICH, part=st.floats(0, 60))
    def a_process_tells_how_far_it_is(self, which: int, part: float) -> None:
        id = pick(self.running(), which)
        self.children.of[id].told(Progress("letters", part, 60.0, None))
        assert self.jobs.get(id).done == part

    @rule(which=WHICH)
    def one_that_has_ended_tells_more(self, which: int) -> None:
        if over := [id for id in self.children.of if id not in self.running()]:
            before = self.jobs.all()
            self.children.of[pick(over, which)].told(Progress("letters", 1.0, 60.0, None))
            assert self.jobs.all() == before

    @precondition(lambda self: self.model)
    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        id = pick(list(self.model), which)
        job = self.model[id]
        if job.state in ("forgotten", "open") or id in {each.id for each in self.jobs.all()}:
            if job.state == "forgotten":
                with pytest.raises(JobNotFound):
                    self.jobs.cancel(id)
            else:
                self.jobs.cancel(id)
                until(lambda: self.jobs._table.is_over(id))
                job.state = "cancelled" if job.state in ("open", "failed") else job.state

    @rule(episode=st.sampled_from(EPISODES))
    def forget(self, episode: str) -> None:
        self.jobs.forget(self.root / episode)
        assert self.jobs.of(self.root / episode) == []
        self.forgotten(episode)

    @precondition(lambda self: self.running())
    @rule(which=WHICH, work=st.sampled_from(WORKS))
    def submit_while_an_episode_is_forgotten(self, which: int, work: Work) -> None:
        id = pick(self.running(), which)
        episode, child = self.model[id].episode, self.children.of[id]
        child.stubborn = True
        forgetting = threading.Thread(target=self.jobs.forget, args=(self.root / episode,))
        forgetting.start()
        until(lambda: not self.jobs.get(id).is_open)
        new = self.jobs.submit(self.root / episode, work)
        child.leave(DONE)
        forgetting.join(60)
        assert not forgetting.is_alive()
        self.forgotten(episode)
        self.model[new.id] = Known(episode, work)

    @precondition(lambda self: self.running())
    @rule(which=WHICH)
    def forget_what_will_not_end(self, which: int) -> None:
        id = pick(self.running(), which)
        episode, child = self.model[id].episode, self.children.of[id]
        child.stubborn = True
        with pytest.MonkeyPatch.context() as sooner:
            sooner.setattr("web.jobs.jobs._ENDING", 0.1)
            with pytest.raises(JobError):
                self.jobs.forget(self.root / episode)
        for job in self.model.values():
            if (job.episode, job.state) == (episode, "open"):
                job.state = "cancelled"
        assert self.jobs.get(id).state == "cancelled"
        self.leave(id, KILLED)
        until(lambda: not any(self.model[job.id].state != "open" for job in self.jobs._table.busy()))

    # What holds all the time.

    @invariant()
    def what_is_open_is_known_and_what_is_known_is_as_it_was_left(self) -> None:
        known = {job.id: job for job in self.jobs.all()}
        assert known.keys() >= {id for id, job in self.model.items() if job.state == "open"}
        assert not known.keys() & {id for id, job in self.model.items() if job.state == "forgotten"}
        assert {id: "open" if job.is_open else job.state.value for id, job in known.items()} == {
            id: self.model[id].state for id in known
        }

    @invariant()
    def whoever_can_run_does_and_no_others(self) -> None:
        running = [job for job in self.jobs.all() if job.state == "running"]
        assert [job.id for job in running] == [job.id for job in self.jobs._table.busy()]
        assert len(running) <= AT_ONCE
        assert sum(job.work.heavy for job in running) <= HEAVY
        assert not [job for job in self.jobs.all() if job.state == "waiting" and fits(job, running)]

    def teardown(self) -> None:
        try:
            self.jobs.close()
            left = {id for id, job in self.model.items() if job.state == "open"}
            jobs, problems = Records(self.root, KINDS).read_all()
            assert {id for id, job in jobs.items() if job.is_open} >= left
            assert not problems
        finally:
            self.patch.undo()
            self.place.cleanup()

    def running(self) -> list[str]:
        return [job.id for job in self.jobs.all() if job.state == "running"]

    def leave(self, id: str, how: Ending | Exception) -> None:
        child = self.children.of[id]
        child.leave(how)
        until(lambda: self.jobs._table.child(id) is not child)

    def forgotten(self, episode: str) -> None:
        for job in self.model.values():
            if job.episode == episode:
                job.state = "forgotten"


def pick(ids: list[str], which: int) -> str:
    """One of several, whatever their names are, which no two runs have in common."""
    return ids[which % len(ids)]


def fits(job: Job, running: list[Job]) -> bool:
    writes = {(other.episode, output) for other in running for output in other.outputs}
    return (
        len(running) < AT_ONCE
        and not (job.work.heavy and any(other.work.heavy for other in running))
        and not any((job.episode, output) in writes for output in job.outputs)
    )


def fails(_: Records, job: Job) -> None:
    raise OutputError("{path}: cannot be written ({reason})", path=job.id, reason="no room")


_write = Records.write


def fails_to_end(records: Records, job: Job) -> None:
    if not job.is_open:
        raise RuntimeError("nobody foresaw this")
    _write(records, job)


EveryJob.TestCase.settings = settings(
    max_examples=10, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
test_every_job_in_whatever_order = pytest.mark.nightly(EveryJob.TestCase)


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> FakeChildren:
    children = FakeChildren()
    monkeypatch.setattr("web.jobs.jobs.Child", children.start)
    monkeypatch.setattr("web.jobs.jobs.end_all", children.end_all)
    return children


@pytest.fixture
def jobs(library: Path, children: FakeChildren) -> Iterator[Jobs]:
    jobs = Jobs(library, 1, KINDS)
    jobs.resume()
    yield jobs
    jobs.close()


@pytest.mark.nightly
def test_an_episode_with_more_open_jobs_than_records_are_kept_can_be_forgotten(jobs: Jobs, folder: Path) -> None:
    for number in range(40):
        jobs.submit(folder, Act((str(number),)))
    jobs.forget(folder)
    assert jobs.of(folder) == []


def test_a_job_that_nobody_listens_to_any_more_has_failed_and_says_why(
    jobs: Jobs, children: FakeChildren, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    job, other = (jobs.submit(folder, Act((deed,))) for deed in "ab")
    children.of[job.id].leave(OSError(24, "Too many open files"))
    told = jobs.wait(job.id, 60)
    assert (told.state, told.message) == (
        "failed", "its process could not be followed ([Errno 24] Too many open files); start it again",
    )  # fmt: skip
    until(lambda: jobs.get(other.id).state == "running")
    assert "Too many open files" in caplog.text


def test_closing_ends_although_a_process_does_not(
    jobs: Jobs, children: FakeChildren, library: Path, folder: Path,
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr("web.jobs.jobs._ENDING", 0.1)
    job = jobs.submit(folder, Act(("a",)))
    children.of[job.id].stubborn = True
    closing = threading.Thread(target=jobs.close, daemon=True)
    closing.start()
    closing.join(30)
    assert not closing.is_alive()
    assert job.id in caplog.text
    again = Jobs(library, 1, KINDS)
    again.resume()
    assert again.get(job.id).is_open
    again.close()
