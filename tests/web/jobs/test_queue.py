"""Whatever happens to jobs, their processes and those who listen to them, none is lost, stuck or in another's way."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from aligner.storage.database import StateError
from tests.web.jobs.acts import KINDS as KINDS_OF_ACTS
from tests.web.jobs.acts import Act, act
from tests.web.jobs.fake_children import FakeChildren, child_of
from tests.web.watching import over, until
from web.errors import Conflict, NotFound
from web.jobs import Job, Jobs
from web.jobs.job import Rows, finished, new_id
from web.jobs.kinds import Work
from web.jobs.process import Ending, Progress

Serve = Callable[..., Jobs]


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
DONE, FAILED, KILLED = Ending(0), Ending(3, reason="it is empty"), Ending(-9)


@dataclass
class Known:
    """What the plain model knows of a job."""

    episode: str
    work: Work
    state: str = "open"


class EveryJob(RuleBasedStateMachine):
    """Jobs of three episodes beside a plain model of them, a dictionary."""

    def __init__(self) -> None:
        super().__init__()
        self.patch = pytest.MonkeyPatch()
        self.children = FakeChildren()
        self.patch.setattr("web.jobs.jobs.Child", self.children.start)
        for name in ("error", "exception"):
            self.patch.setattr(f"web.jobs.jobs._log.{name}", lambda *_, **__: None)
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
    def submit_while_no_row_can_be_written(self, episode: str, work: Work) -> None:
        if any((job.episode, job.work, job.state) == (episode, work, "open") for job in self.model.values()):
            return
        with pytest.MonkeyPatch.context() as full:
            full.setattr(Rows, "put", fails)
            with pytest.raises(StateError):
                self.jobs.submit(self.root / episode, work)

    @rule(episode=st.sampled_from(EPISODES), error=st.sampled_from([OSError("no"), RuntimeError("no"), KeyError()]))
    def submit_while_no_process_starts(self, episode: str, error: Exception) -> None:
        if any(job.state == "open" for job in self.model.values()):
            return  # it would have to wait
        self.children.fail_next = error
        job = self.jobs.submit(self.root / episode, WORKS[0])
        self.model[job.id] = Known(episode, WORKS[0], "failed")

    @precondition(lambda self: self.running())
    @rule(which=WHICH, how=st.sampled_from([DONE, FAILED, KILLED, KeyError("gone"), MemoryError()]), full=st.booleans())
    def a_process_ends(self, which: int, how: Ending | Exception, full: bool) -> None:
        id = pick(self.running(), which)
        self.model[id].state = "done" if how is DONE else "failed"
        with pytest.MonkeyPatch.context() as for_once:
            if full:
                for_once.setattr(Rows, "put", fails_to_end)
            self.leave(id, how)

    @precondition(lambda self: self.running())
    @rule(which=WHICH, part=st.floats(0, 60))
    def a_process_reports(self, which: int, part: float) -> None:
        id = pick(self.running(), which)
        child_of(self.jobs, id).report(Progress("acoustic", part, 60.0))
        assert self.jobs.get(id).progress.done == part

    @precondition(lambda self: self.model)
    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        id = pick(list(self.model), which)
        job = self.model[id]
        if job.state == "forgotten":
            with pytest.raises(NotFound):
                self.jobs.cancel(id)
        elif id in {each.id for each in self.jobs.all()}:
            self.jobs.cancel(id)
            until(lambda: self.jobs._is_over(id))
            job.state = "cancelled" if job.state in ("open", "failed") else job.state

    @rule(episode=st.sampled_from(EPISODES))
    def forget(self, episode: str) -> None:
        self.jobs.forget(self.root / episode)
        assert self.jobs.of(self.root / episode) == []
        self.forgotten(episode)

    @precondition(lambda self: self.running())
    @rule(which=WHICH)
    def forget_what_will_not_end(self, which: int) -> None:
        id = pick(self.running(), which)
        episode, child = self.model[id].episode, child_of(self.jobs, id)
        child.stubborn = True
        with pytest.MonkeyPatch.context() as sooner:
            sooner.setattr("web.jobs.jobs._ENDING", 0.1)
            with pytest.raises(Conflict):
                self.jobs.forget(self.root / episode)
        for job in self.model.values():
            if (job.episode, job.state) == (episode, "open"):
                job.state = "cancelled"
        assert self.jobs.get(id).state == "cancelled"
        self.leave(id, KILLED)
        until(lambda: not any(self.model[id].state != "open" for id in self.jobs._children))

    # What holds all the time.

    @invariant()
    def what_is_open_is_known_and_what_is_known_is_as_it_was_left(self) -> None:
        known = {job.id: job for job in self.jobs.all()}
        assert known.keys() >= {id for id, job in self.model.items() if job.state == "open"}
        assert {id: "open" if job.is_open else job.state.value for id, job in known.items()} == {
            id: self.model[id].state for id in known
        }

    @invariant()
    def whoever_can_run_does_and_no_others(self) -> None:
        running = [job for job in self.jobs.all() if job.state == "running"]
        assert {job.id for job in running} == self.jobs._children.keys()
        assert len(running) <= AT_ONCE
        assert sum(job.work.heavy for job in running) <= HEAVY
        assert not [job for job in self.jobs.all() if job.state == "waiting" and fits(job, running)]

    def teardown(self) -> None:
        try:
            left = {id for id, job in self.model.items() if job.state == "open"}
            self.jobs.close()
            assert {job.id for job in Rows(self.root, KINDS).all() if job.is_open} >= left
        finally:
            self.patch.undo()
            self.place.cleanup()

    def running(self) -> list[str]:
        return [job.id for job in self.jobs.all() if job.state == "running"]

    def leave(self, id: str, how: Ending | Exception) -> None:
        child_of(self.jobs, id).leave(how)
        until(lambda: id not in self.jobs._children)
        with self.jobs._lock:  # it has annotations
            pass

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


def fails(_: Rows, job: Job) -> None:
    raise StateError("{path}: cannot be used ({reason})", path=job.id, reason="no room")


_put = Rows.put


def fails_to_end(rows: Rows, job: Job) -> None:
    (_put if job.is_open else fails)(rows, job)


EveryJob.TestCase.settings = settings(
    max_examples=10, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)


def test_jobs_run_in_the_order_of_submission(serve: Serve, folder: Path, children: FakeChildren) -> None:
    jobs = serve(1)
    asked = [jobs.submit(folder, act(deed)) for deed in "abcd"]
    for number, job in enumerate(asked):
        assert [each.state for each in jobs.all()] == [*["done"] * number, "running", *["waiting"] * (3 - number)]
        child_of(jobs, job.id).leave(DONE)
        over(jobs, job.id)


def test_an_episode_keeps_its_twenty_newest_jobs(
    serve: Serve, library: Path, folder: Path, children: FakeChildren
) -> None:
    for day in range(1, 26):
        job = Job(f"202501{day:02}-{new_id()[9:]}", act("a"), folder.name, f"2025-01-{day:02}T00:00:00.000Z")
        Rows(library, KINDS).put(finished(job, job.state.DONE))
    jobs = serve()
    fresh = jobs.submit(folder, act("a"))
    child_of(jobs, fresh.id).leave(DONE)
    over(jobs, fresh.id)
    kept = [job.id for job in jobs.of(folder)]
    assert ([id[:8] for id in kept[:-1]], kept[-1]) == ([f"202501{day:02}" for day in range(7, 26)], fresh.id)
    assert [job.id for job in Rows(library, KINDS).all()] == kept
