"""What a server knows of its jobs at one moment: each job, its process while it has one, and when it changed last.

Invariants
----------
- A job that is open or has a process is known: nothing but what is over can be dropped.
- A process belongs to one job, and a job has one process at most.
- Changes are counted, each job has the number of its latest, and whoever waits is told. No change fails halfway.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from web.jobs.errors import JobError
from web.jobs.job import Job
from web.jobs.process import Child

_TOLD_EVERY = 0.3  # seconds


@dataclass(slots=True)
class _Entry:
    job: Job
    change: int
    child: Child | None = None

    @property
    def is_over(self) -> bool:
        return self.child is None and not self.job.is_open


class Table:
    """Jobs in the order asked for. Whoever does several things that belong together holds the ``lock``; it tells those
    who wait for it of every change. Once it is ``closed`` nobody waits any more."""

    def __init__(self) -> None:
        self.lock = threading.Condition()
        self._entries: dict[str, _Entry] = {}
        self._changes = 0
        self._closed = False

    @property
    def closed(self) -> bool:
        return self._closed

    def close(self) -> None:
        with self.lock:
            self._closed = True
            self.lock.notify_all()

    def put(self, job: Job) -> None:
        """A job that is new, or has changed."""
        with self.lock:
            self._changes += 1
            entry = self._entries.setdefault(job.id, _Entry(job, self._changes))
            entry.job, entry.change = job, self._changes
            self.lock.notify_all()

    def begin(self, job: Job, child: Child) -> None:
        """The job has got a process.

        Raises ValueError where it has one already.
        """
        with self.lock:
            if self.child(job.id):
                raise ValueError(f"job {job.id} has a process")
            self.put(job)
            self._entries[job.id].child = child

    def end(self, job: Job) -> None:
        """The job's process is gone, and left it as ``job`` says."""
        with self.lock:
            self.put(job)
            self._entries[job.id].child = None

    def drop(self, id: str) -> bool:
        """Know a job no more, if it is over; whether it is."""
        with self.lock:
            return self.is_over(id) and self._entries.pop(id, None) is not None

    def find(self, id: str) -> Job | None:
        with self.lock:
            return self._entries[id].job if id in self._entries else None

    def child(self, id: str) -> Child | None:
        """The job's process, if it has one."""
        with self.lock:
            return self._entries[id].child if id in self._entries else None

    def is_over(self, id: str) -> bool:
        """Whether nothing is done of the job any more: one that is not known is over too."""
        with self.lock:
            return id not in self._entries or self._entries[id].is_over

    def all(self) -> list[Job]:
        with self.lock:
            return [entry.job for entry in self._entries.values()]

    def busy(self) -> list[Job]:
        """The jobs that have processes, those among them that were cancelled and are about to end."""
        with self.lock:
            return [entry.job for entry in self._entries.values() if entry.child]

    def wait(self, id: str, deadline: float | None) -> None:
        """Wait until a job is over; it may be known no more then.

        Raises
        ------
        JobError
            It is not, at that time of the monotonic clock, or the server ends.
        """
        with self.lock:
            while not self.is_over(id):
                left = None if deadline is None else deadline - time.monotonic()
                if self._closed or (left is not None and left <= 0):
                    raise JobError("job.unfinished", id=id)
                self.lock.wait(left)

    def listen(self, heartbeat: float) -> Iterator[list[Job]]:
        """As ``Jobs.listen``."""
        with self.lock:
            seen, jobs = self._changes, self._open()
        while True:
            yield jobs
            with self.lock:
                news = self._since(seen)
                if self._closed or not (news or self._open()):
                    return
                if not news:
                    self.lock.wait(heartbeat)
            time.sleep(_TOLD_EVERY)
            with self.lock:
                jobs, seen = self._since(seen), self._changes

    def _open(self) -> list[Job]:
        return [entry.job for entry in self._entries.values() if entry.job.is_open]

    def _since(self, change: int) -> list[Job]:
        return [entry.job for entry in self._entries.values() if entry.change > change]
