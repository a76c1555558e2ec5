"""The jobs of a library: asked for, run in their turn, watched, cancelled, and taken up again after a fall.

Conventions
-----------
- What the records on disk say is what is done after a fall: a record is open from before the job's process starts until
  after it has ended. Progress is told, but not written.
- One lock guards everything; it is never held while a child works, and tells those who wait of every change.
- Changes are counted. Who listens hears of every job that changed, but not of every step: a slow listener gets the
  latest.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path

from aligner.errors import OutputError
from media.errors import Message
from web.jobs.errors import JobError, JobNotFound
from web.jobs.job import MOST_ATTEMPTS, Job, JobState, after, cut_off, finished, new_id, now
from web.jobs.kinds import KINDS, Work
from web.jobs.process import GRACE, Child, clear_scratch, end_all, mark, remove_leftovers
from web.jobs.records import Records, sole_server
from web.jobs.scheduling import limits, next_up
from web.jobs.seals import sweep
from web.jobs.telling import Progress

_HEARTBEAT = 5.0  # seconds; so long a stream whose reader has gone keeps its thread
_TOLD_EVERY = 0.3  # seconds
_ENDING = 15.0  # seconds, longer than a process is given to end by itself


class Jobs:
    """The jobs of the library at ``root``, ``at_once`` at a time, by default as many as there are cores.

    ``kinds`` are those that its records may name. Threads may call everything. ``problems`` are lines about records
    that could not be taken up.
    """

    def __init__(self, root: Path, at_once: int | None = None, kinds: Mapping[str, type[Work]] = KINDS) -> None:
        self._root, self._limits = root, limits(at_once)
        self._records = Records(root, kinds)
        self._lock = threading.Condition()
        self._jobs: dict[str, Job] = {}
        self._changes = 0
        self._changed: dict[str, int] = {}  # by job the number of its latest change
        self._children: dict[str, Child] = {}
        self._closed = False
        self._library: contextlib.ExitStack = contextlib.ExitStack()
        self.problems: tuple[str, ...] = ()

    def resume(self) -> None:
        """Take the library over, once, when the server starts: end what an earlier server left running, tidy after it,
        and run again what is still open.

        Raises
        ------
        LibraryInUse
            Another server is at work on it.
        """
        self._library.enter_context(sole_server(self._root))
        self._jobs, self.problems = self._records.read_all()
        self._records.set_aside(self._jobs.values())
        end_all((mark(id, self._root) for id in self._jobs), GRACE)
        clear_scratch(self._root)
        sweep()
        for folder in self._records.episode_folders():
            remove_leftovers(folder)
        with self._lock:
            fell = Message("fell {times} times with the server before it was done; start it again", times=MOST_ATTEMPTS)
            for job in [job for job in self._jobs.values() if job.is_open]:
                self._settle(cut_off(job, fell))
            self._start()

    def submit(self, folder: Path, work: Work) -> Job:
        """Have work done in an episode's folder; where the same is still to be done, that job is the answer.

        Raises
        ------
        JobError
            The folder is none of the library's, or the server is about to end.
        OutputError
            The record cannot be written.
        """
        try:
            episode = self._records.episode(folder)
        except ValueError as error:
            raise JobError("job.elsewhere") from error
        job = Job(new_id(), work, episode, created=now())
        with self._lock:
            if self._closed:
                raise JobError("job.ending")
            for other in self._jobs.values():
                if other.is_open and other.is_same_work(job):
                    return other
            self._save(job)
            self._start()
            return self._jobs[job.id]

    def get(self, id: str) -> Job:
        """The job with this id.

        Raises
        ------
        JobNotFound
            There is none.
        """
        with self._lock:
            if id not in self._jobs:
                raise JobNotFound("job.gone", id=id[:40])
            return self._jobs[id]

    def all(self) -> list[Job]:
        """Every job that is known, in the order asked for."""
        with self._lock:
            return list(self._jobs.values())

    def of(self, folder: Path) -> list[Job]:
        """The jobs of the episode in ``folder``, in the order asked for."""
        episode = self._records.episode(folder)
        return [job for job in self.all() if job.episode == episode]

    def cancel(self, id: str) -> Job:
        """End a job that is still open, with all its processes; those have a few seconds to tidy up.

        Raises
        ------
        JobNotFound
            There is none with this id.
        """
        with self._lock:
            job = self.get(id)
            if job.is_open:
                job = finished(job, JobState.CANCELLED, "")
                self._save_if_possible(job)
                if id in self._children:
                    self._children[id].end()
                self._start()
            return job

    def end(self, folder: Path, kind: str | None = None) -> list[Job]:
        """Cancel what is open for the episode in ``folder``, of one kind or of all, and wait until all of that kind is
        gone; return what was cancelled.

        Raises
        ------
        JobError
            A process will not end.
        """
        meant = [job for job in self.of(folder) if kind in (None, job.kind)]
        for job in meant:
            self.cancel(job.id)
        ended = [self.wait(job.id, _ENDING) for job in meant]  # one that was cancelled before may still be ending
        return [job for job, before in zip(ended, meant, strict=True) if before.is_open and job.state == "cancelled"]

    def forget(self, folder: Path) -> None:
        """End what is open for the episode in ``folder``, so that the folder can be moved.

        Raises
        ------
        JobError
            A process will not end.
        """
        self.end(folder)
        with self._lock:
            for job in self.of(folder):
                self._drop(job)

    def wait(self, id: str, timeout: float | None = None) -> Job:
        """The job once it is no longer open and its processes are gone.

        Raises
        ------
        JobNotFound
            There is none with this id.
        JobError
            It is not done after ``timeout`` seconds.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        with self._lock:
            while self.get(id).is_open or id in self._children:
                left = None if deadline is None else deadline - time.monotonic()
                if self._closed or (left is not None and left <= 0):
                    raise JobError("job.unfinished", id=id)
                self._lock.wait(left)
            return self.get(id)

    def listen(self, heartbeat: float = _HEARTBEAT) -> Iterator[list[Job]]:
        """Tell of changes while a job is open: first of all open ones, then of those that changed, in lists; an empty
        list is a sign of life. Ends when none is open any more, the last having been told of, or the server ends."""
        with self._lock:
            seen = self._changes
            jobs = [job for job in self._jobs.values() if job.is_open]
        while True:
            yield jobs
            with self._lock:
                news = self._since(seen)
                if self._closed or not (news or any(job.is_open for job in self._jobs.values())):
                    return
                if not news:
                    self._lock.wait(heartbeat)
            time.sleep(_TOLD_EVERY)
            with self._lock:
                jobs = [self._jobs[id] for id in self._since(seen) if id in self._jobs]
                seen = self._changes

    def close(self) -> None:
        """End all children; their records stay open, so that the next server takes the jobs up again."""
        with self._lock:
            self._closed = True
            running = list(self._children)
            self._lock.notify_all()
        end_all((mark(id, self._root) for id in running), GRACE)
        with self._lock:
            while self._children:
                self._lock.wait(None)
        self._library.close()

    def _start(self) -> None:
        """Start whatever has its turn; the lock is held."""
        while not self._closed:
            busy = [self._jobs[id] for id in self._children]
            job = next_up(self._jobs.values(), busy, self._limits)
            if job is None:
                return
            try:
                self._launch(replace(job, state=JobState.RUNNING, started=now(), attempts=job.attempts + 1))
            except (OSError, ValueError, OutputError) as error:  # ValueError: no command line holds NUL
                reason = error.message if isinstance(error, OutputError) else str(error)
                self._settle(finished(job, JobState.FAILED, Message("cannot be started: {reason}", reason=reason)))

    def _launch(self, job: Job) -> None:
        command = job.work.command()
        self._save(job)
        folder, memory_bytes = self._records.folder(job), job.work.memory_bytes
        child = self._children[job.id] = Child(job.id, command, folder, self._root, memory_bytes)
        threading.Thread(target=self._follow, args=(job.id, child), name=f"job {job.id}", daemon=True).start()

    def _follow(self, id: str, child: Child) -> None:
        """Listen to a child until it has ended, and close its record."""
        ending = child.ending(lambda progress: self._told(id, progress))
        with self._lock:
            job = self._jobs[id]
            if ending.status:
                remove_leftovers(self._records.folder(job))
            del self._children[id]
            self._settle(after(job, ending, self._closed))
            self._note(id)
            self._start()

    def _told(self, id: str, progress: Progress) -> None:
        with self._lock:
            job = self._jobs[id]
            if job.state is JobState.RUNNING:
                self._jobs[id] = replace(job, **asdict(progress))
                self._note(id)

    def _settle(self, job: Job) -> None:
        """Keep how a job ended, if it did; old records make room."""
        self._save_if_possible(job)
        if not job.is_open:
            over = [j for j in self._jobs.values() if j.episode == job.episode and j.id not in self._children]
            for old in self._records.prune(over):
                self._drop(old)

    def _save(self, job: Job) -> None:
        self._records.write(job)
        self._jobs[job.id] = job
        self._note(job.id)

    def _save_if_possible(self, job: Job) -> None:
        """Where the record cannot be written any more, those who watch still learn how the job ended, and why the
        next server may do it again."""
        try:
            self._save(job)
        except OutputError as error:
            self._jobs[job.id] = replace(job, warnings=(*job.warnings, error.message))
            self._note(job.id)

    def _drop(self, job: Job) -> None:
        self._jobs.pop(job.id, None)
        self._changed.pop(job.id, None)

    def _note(self, id: str) -> None:
        """The job has changed; the lock is held."""
        self._changes += 1
        self._changed[id] = self._changes
        self._lock.notify_all()

    def _since(self, change: int) -> list[str]:
        """The ids of the jobs that changed after the change of that number; the lock is held."""
        return [id for id, latest in self._changed.items() if latest > change]
