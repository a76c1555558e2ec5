"""The jobs of a library: asked for, run in their turn, watched, cancelled, and taken up again after a fall.

Conventions
-----------
- What the records on disk say is what is done after a fall: a record is open from before the job's process starts until
  after it has ended. Progress is told, but not written.
- One lock guards everything; it is never held while a child works, and tells those who wait of every change.
- What is known changes first, in ``Table`` and at once; then the disk and the processes follow, which may fail. If
  they do, whoever waits is told, other jobs go on, and closing ends.
- Who submits has the episode to themselves meanwhile (``web.library.exclusive``), as has who removes it.
- Who listens hears of every job that changed, but not of every step: a slow listener gets the latest.
- A job belongs to its episode's folder, whose name it has; where that is renamed or moved, the job goes with it.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

from aligner.errors import OutputError
from media.errors import Message
from web.jobs.errors import JobError, JobNotFound, reason_of
from web.jobs.job import FELL, Job, JobState, after, cancelled, cut_off, finished, new_id, now, unheard
from web.jobs.kinds import KINDS, Kinds, Work
from web.jobs.overtaking import overtaken, states
from web.jobs.process import GRACE, Child, clear_scratch, end_all, mark, remove_leftovers
from web.jobs.records import Records, sole_server
from web.jobs.scheduling import limits, next_up
from web.jobs.seals import sweep
from web.jobs.table import Table
from web.jobs.telling import Progress

_log = logging.getLogger("quotecast")

_HEARTBEAT = 5.0  # seconds; so long a stream whose reader has gone keeps its thread
_ENDING = 15.0  # seconds, longer than a process is given to end by itself


class Jobs:
    """The jobs of the library at ``root``, ``at_once`` at a time, by default as many as there are cores.

    ``kinds`` are those that its records may name; where it is ``read_only`` there are none, and jobs end with the
    server. Threads may call everything. ``problems`` are lines about records that could not be taken up.
    """

    def __init__(self, root: Path, at_once: int | None = None, kinds: Kinds = KINDS, read_only: bool = False) -> None:
        self._root, self._limits = root, limits(at_once)
        self._records, self._read_only = Records(root, kinds, read_only), read_only
        self._table, self._library = Table(), contextlib.ExitStack()
        self._lock = self._table.lock
        self.problems: tuple[str, ...] = ()

    @property
    def is_closed(self) -> bool:
        """Whether the server ends."""
        return self._table.closed

    def resume(self) -> None:
        """Take the library over, once, when the server starts: end what an earlier server left running, tidy after it,
        and run again what is still open.

        Raises
        ------
        LibraryInUse
            Another server is at work on it.
        """
        self._library.enter_context(sole_server(self._root))
        jobs, self.problems = self._records.read_all()
        self._records.set_aside(jobs.values())
        end_all((mark(id, self._root) for id in jobs), GRACE)
        clear_scratch(self._root)
        sweep()
        for folder in self._records.episode_folders():
            remove_leftovers(folder)
        with self._lock:
            for job in jobs.values():
                self._table.put(job)
            for job in [job for job in jobs.values() if job.is_open]:
                others = filter(self._records.is_ours, self._of(job.episode))
                self._settle(overtaken(job, others, self._records.folder(job)) or cut_off(job, FELL))
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
        job = Job(new_id(), work, episode, created=now(), before=states(work, folder))
        with self._lock:
            if self._table.closed:
                raise JobError("job.ending")
            for other in self._of(episode):
                if other.is_open and other.is_same_work(job):
                    return other
            self._table.put(self._written(job))
            self._start()
            return self._table.find(job.id) or job

    def get(self, id: str) -> Job:
        """The job with this id; raises JobNotFound where there is none."""
        if (job := self._table.find(id)) is None:
            raise JobNotFound("job.gone", id=id[:40])
        return job

    def all(self) -> list[Job]:
        """Every job that is known, in the order asked for."""
        return self._table.all()

    def of(self, folder: Path) -> list[Job]:
        """The jobs of the episode in ``folder``, in the order asked for."""
        episode = self._records.episode(folder)
        with self._lock:
            return self._of(episode)

    def cancel(self, id: str) -> Job:
        """End a job that is still open, with all its processes; those have a few seconds to tidy up. One that failed
        counts as cancelled too: nobody wants any more what it was to make.

        Raises
        ------
        JobNotFound
            There is none with this id.
        """
        with self._lock:
            job = self.get(id)
            job = self._keep(cancelled(job)) if job.state is JobState.FAILED else self._cancel(job)
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
        with self._lock:
            meant = [job for job in self.of(folder) if kind in (None, job.kind)]
            cancelled = [self._cancel(job) for job in meant]
            self._start()
        deadline = time.monotonic() + _ENDING
        for job in meant:  # one that was cancelled before may still be ending
            self._table.wait(job.id, deadline)
        return [job for job, before in zip(cancelled, meant, strict=True) if before.is_open]

    def forget(self, folder: Path) -> None:
        """End what is open for the episode in ``folder``, so that the folder can be moved, and know its jobs no more.

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
            There is none with this id, or no longer.
        JobError
            It is not done after ``timeout`` seconds.
        """
        with self._lock:
            self.get(id)
            self._table.wait(id, None if timeout is None else time.monotonic() + timeout)
            return self.get(id)

    def listen(self, heartbeat: float = _HEARTBEAT) -> Iterator[list[Job]]:
        """Tell of changes while a job is open: first of all open ones, then of those that changed, in lists; an empty
        list is a sign of life. Ends when none is open any more, the last having been told of, or the server ends."""
        return self._table.listen(heartbeat)

    def close(self) -> None:
        """End all children; their records stay open, so that the next server takes the jobs up again. What cannot be
        ended is left to that one, and told."""
        with self._lock:
            self._table.close()
            running = [mark(job.id, self._root) for job in self._table.busy()]
        try:
            end_all(running, GRACE)
            with self._lock:
                if not self._lock.wait_for(lambda: not self._table.busy(), _ENDING):
                    _log.error("jobs that will not end: %s", ", ".join(job.id for job in self._table.busy()))
                self._records.write_owed()
        finally:
            self._library.close()

    def _cancel(self, job: Job) -> Job:
        if job.is_open:
            job = self._keep(cancelled(job))
        if child := self._table.child(job.id):
            child.end()
        return job

    def _of(self, episode: str) -> list[Job]:
        """The jobs of what is called ``episode`` now; the lock is held."""
        for job in self._records.arrived(self._table.all(), episode):
            self._table.put(replace(job, episode=episode))
        return [job for job in self._table.all() if job.episode == episode and self._records.is_home(job)]

    def _start(self) -> None:
        """Start whatever has its turn; the lock is held."""
        while not self._table.closed:
            if (job := next_up(self._table.all(), self._table.busy(), self._limits)) is None:
                return
            try:
                self._launch(replace(job, state=JobState.RUNNING, started=now(), attempts=job.attempts + 1))
            except Exception as error:  # one that cannot be started keeps no other from its turn
                reason = reason_of(error, (OSError, ValueError, OutputError))  # ValueError: no command line holds NUL
                self._settle(finished(job, JobState.FAILED, Message("cannot be started: {reason}", reason=reason)))

    def _launch(self, job: Job) -> None:
        command = job.work.command()
        job = self._written(replace(job, before=states(job.work, self._root / self._records.home(job))))
        child = Child(job.id, command, self._records.folder(job), self._root, job.work.memory_bytes, self._read_only)
        try:
            threading.Thread(target=self._follow, args=(job.id, child), name=f"job {job.id}", daemon=True).start()
        except RuntimeError:  # there are too many threads; nobody would see its end
            child.kill()
            raise
        self._table.begin(job, child)

    def _follow(self, id: str, child: Child) -> None:
        """Listen to a child until it has ended, and close its record. Where listening fails, the job has failed."""
        try:
            ending = child.ending(lambda progress: self._told(id, progress))
        except Exception as error:
            ending = unheard(reason_of(error, ()))
        with self._lock:
            job = after(self.get(id), ending, self._table.closed)
            self._table.end(job)
            try:
                job = self._settle(job)
                if ending.status:
                    remove_leftovers(self._records.folder(job))
            finally:
                self._start()

    def _told(self, id: str, progress: Progress) -> None:
        with self._lock:
            if (job := self._table.find(id)) and job.state is JobState.RUNNING:
                self._table.put(replace(job, **asdict(progress)))

    def _settle(self, job: Job) -> Job:
        """Keep how a job ended, if it did; old records make room."""
        job = self._keep(job)
        if not job.is_open:
            over = [other for other in self._of(job.episode) if self._table.is_over(other.id)]
            for old in self._records.prune(over):
                self._drop(old)
        return job

    def _keep(self, job: Job) -> Job:
        """The job as it is now, on the disk too. Where its record cannot be written any more, those who watch still
        learn how it ended, and why the next server knows nothing of that."""
        self._table.put(job)
        try:
            job = self._written(job)
        except Exception as error:
            job = replace(job, warnings=(*job.warnings, reason_of(error, (OutputError,))))
        self._table.put(job)
        return job

    def _written(self, job: Job) -> Job:
        """Write the record where the episode's folder is now; the job under the name that this has, as all others of
        it."""
        if (episode := self._records.home(job)) != job.episode:
            self._of(episode)
            job = replace(job, episode=episode)
        self._records.write(job)
        return job

    def _drop(self, job: Job) -> None:
        if self._table.drop(job.id):
            self._records.forget(job)
