"""Submit, run, watch and cancel the jobs of a library.

One condition variable guards all state. No thread holds it while a child works, and every change notifies the waiting
threads. In the database, a job is open (waiting or running) until its process has ended. Progress is not stored.
Callers hold the episode's lock (``web.library.exclusive``) to submit jobs or remove an episode.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from aligner.errors import ExitStatus
from aligner.storage.atomic import alone_in
from aligner.storage.database import StateError
from media.errors import Message, UserError
from media.safe_fs import folders, is_folder
from web.errors import Conflict, NotFound
from web.jobs.job import INTERRUPTED, Job, JobState, Rows, after, finished, new_id, now
from web.jobs.kinds import KINDS, Kinds, Work
from web.jobs.process import Child, Ending, Progress, remove_leftovers

_log = logging.getLogger("quotecast")

_ENDING = 15.0  # seconds to wait for processes to end, longer than the grace period of each
_HISTORY = 20  # ended jobs to remember of each episode


class Jobs:
    """The job queue of the library at ``root``. At most ``at_once`` jobs run at a time (default: the number of cores),
    and at most half of them may be heavy jobs. All methods are thread-safe."""

    def __init__(self, root: Path, at_once: int | None = None, kinds: Kinds = KINDS) -> None:
        self._root, self._rows = root, Rows(root, kinds)
        self._most = max(1, at_once or _cores())
        self._lock = threading.Condition()
        self._jobs: dict[str, Job] = {}  # in the order of submission
        self._children: dict[str, Child] = {}
        self._library = contextlib.ExitStack()
        self.is_closed = False  # whether the server is shutting down

    def resume(self) -> None:
        """Lock the library and load its jobs. The server calls this method once, when it starts. Half-written files of
        the previous server are deleted, and its open jobs are marked as interrupted. Raises OutputError if another
        server has locked the library, StateError if the database cannot be used."""
        self._library.enter_context(alone_in(self._root))
        for job in self._rows.all():
            if not is_folder(self._root / job.episode):
                self._rows.drop([job])
                continue
            if job.is_open:
                job = finished(job, JobState.FAILED, INTERRUPTED)
                self._rows.put(job)
            self._jobs[job.id] = job
        for folder in (self._root, *folders(self._root)):
            if not folder.name.startswith(".") and not folder.is_symlink():
                remove_leftovers(folder)

    def submit(self, folder: Path, work: Work, who: str = "") -> Job:
        """Queue work of the person ``who`` in an episode's folder and return the new job, or an open job with the same
        work. Raises Conflict if the server is shutting down, StateError if the database cannot be used."""
        with self._lock:
            if self.is_closed:
                raise Conflict("job.ending")
            for other in self.of(folder):
                if other.is_open and other.work == work:
                    return other
            job = Job(new_id(), work, self._episode(folder), created=now(), who=who)
            self._rows.put(job)
            self._put(job)
            self._start()
            return self._jobs[job.id]

    def get(self, id: str) -> Job:
        """Return the job with this id. Raises NotFound if there is no such job."""
        if (job := self._jobs.get(id)) is None:
            raise NotFound("job.gone", id=id[:40])
        return job

    def all(self) -> list[Job]:
        """Return all jobs in the order of submission."""
        with self._lock:
            return [*self._jobs.values()]

    def of(self, folder: Path) -> list[Job]:
        """Return the jobs of the episode in ``folder`` in the order of submission."""
        episode = self._episode(folder)
        return [job for job in self.all() if job.episode == episode]

    def cancel(self, id: str) -> Job:
        """Cancel an open or failed job, and return the cancelled job. The job's processes have a few seconds to clean
        up. Raises NotFound if there is no such job."""
        with self._lock:
            job = self._cancel(self.get(id))
            self._start()
            return job

    def end(self, folder: Path, kinds: Collection[str] | None = None) -> list[Job]:
        """Cancel the open jobs of the episode in ``folder``, or only the jobs of these ``kinds``. Wait until their
        processes have ended, and return the cancelled jobs. Raises Conflict if a process does not end."""
        with self._lock:
            meant = [job for job in self.of(folder) if kinds is None or job.kind in kinds]
            cancelled = [self._cancel(job) for job in meant if job.is_open]
            self._start()
            ids = [job.id for job in meant]  # jobs that were cancelled earlier may still be ending
            if not self._lock.wait_for(lambda: self._children.keys().isdisjoint(ids), _ENDING):
                raise Conflict("job.unfinished", id=next(id for id in ids if id in self._children))
            return cancelled

    def forget(self, folder: Path) -> None:
        """Cancel the open jobs of the episode in ``folder`` and delete the rows of all its jobs, so that the folder can
        be moved. Raises Conflict if a process does not end."""
        with self._lock:
            self.end(folder)
            self._drop([job for job in self.of(folder) if self._is_over(job.id)])

    def close(self) -> None:
        """End all processes at shutdown. The jobs' rows stay open; the next server marks the jobs as interrupted."""
        with self._lock:
            self.is_closed = True
            self._lock.notify_all()
            for child in self._children.values():
                child.end()
            if not self._lock.wait_for(lambda: not self._children, _ENDING):
                _log.error("jobs whose processes did not end: %s", ", ".join(self._children))
        self._library.close()

    # Callers of the methods below hold the lock.

    def _episode(self, folder: Path) -> str:
        """Return the value of ``Job.episode`` for a folder: its name, or "." for the library's own folder. Raises
        ValueError if the folder is not in the library."""
        return str(folder.resolve().relative_to(self._root.resolve()))

    def _is_over(self, id: str) -> bool:
        return id not in self._children and not (id in self._jobs and self._jobs[id].is_open)

    def _put(self, job: Job) -> None:
        self._jobs[job.id] = job
        self._lock.notify_all()

    def _drop(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            del self._jobs[job.id]
        self._rows.drop(jobs)

    def _settle(self, job: Job) -> Job:
        """Store and return a job that has ended. Of this episode's ended jobs, delete all but the last ``_HISTORY``."""
        self._put(job)
        try:
            self._rows.put(job)
            over = [each for each in self._jobs.values() if each.episode == job.episode and self._is_over(each.id)]
            self._drop(over[:-_HISTORY])
        except StateError as error:  # the job stays right in memory, as long as this server runs
            _log.error("job %s: %s", job.id, error)
        return job

    def _cancel(self, job: Job) -> Job:
        if child := self._children.get(job.id):
            child.end()
        return self._settle(finished(job, JobState.CANCELLED)) if job.is_open or job.state is JobState.FAILED else job

    def _start(self) -> None:
        while not self.is_closed and (job := self._next()):
            try:
                self._launch(replace(job, state=JobState.RUNNING))
            except Exception as error:  # a job that cannot be started does not block the others
                reason = error.message if isinstance(error, UserError) else str(error)
                self._settle(finished(job, JobState.FAILED, Message("cannot be started: {reason}", reason=reason)))

    def _next(self) -> Job | None:
        """Return the first waiting job that may start, else None. Jobs that write the same file do not run at once."""
        busy = [self._jobs[id] for id in self._children]
        heavy_full = sum(job.work.heavy for job in busy) >= max(1, self._most // 2)
        written = {(job.episode, output) for job in busy for output in job.outputs}
        for job in self._jobs.values() if len(busy) < self._most else ():
            is_free = written.isdisjoint((job.episode, output) for output in job.outputs)
            if job.state is JobState.WAITING and is_free and not (heavy_full and job.work.heavy):
                return job
        return None

    def _launch(self, job: Job) -> None:
        child = Child(job.work.command(), self._root / job.episode, self._root, job.work.memory_bytes)
        try:
            self._rows.put(job)
            threading.Thread(target=self._follow, args=(job.id, child), name=f"job {job.id}", daemon=True).start()
        except Exception:
            child.kill()
            raise
        self._children[job.id] = child
        self._put(job)

    def _follow(self, id: str, child: Child) -> None:
        """Report the progress of a job's child process until the process ends, then store how the job ended."""
        try:
            ending = child.ending(lambda progress: self._report(id, progress))
        except Exception as error:  # no thread reads its output any more
            _log.exception("job %s", id)
            child.kill()
            ending = Ending(ExitStatus.UNUSABLE, reason=str(error))
        if ending.status:  # clean up before the job counts as ended
            remove_leftovers(self._root / self._jobs[id].episode)
        with self._lock:
            del self._children[id]
            job = self._jobs[id]
            ended = after(job, ending) if job.is_open else job
            if self.is_closed and ended.state is JobState.FAILED:
                self._put(job)  # its row stays open, so that the next server offers it again
            else:
                self._settle(ended)
            self._start()

    def _report(self, id: str, progress: Progress) -> None:
        with self._lock:
            if self._jobs[id].state is JobState.RUNNING:
                self._put(replace(self._jobs[id], progress=progress))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
