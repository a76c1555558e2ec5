"""Who aligns episodes: processes on this machine, for which nothing listens on any port, or the workers of a Dask
scheduler on any number of machines, which see the library under the same path."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any

from aligner.errors import OutputError
from web.archive import task as work
from web.archive.errors import ArchiveError
from web.archive.records import Result
from web.archive.task import MEMORY_BYTES, Task, align_episode
from web.jobs.telling import Progress

_RETRIES = 3  # of a task whose worker cannot do it, by Dask
_WORKER_BYTES = 400_000_000  # of a worker's own process
_PATIENCE = 10.0  # seconds for an answer of the scheduler
_FALLS = 100  # of workers with one task, which is not to blame: what falls is its own process

Outcome = Result | BaseException
Submit = Callable[[Task], object]
"""Has a task done by any worker; what comes of it goes to the queue."""


@contextlib.contextmanager
def local_workers(
    count: int | None, outcomes: SimpleQueue[tuple[Task, Outcome]], report: Callable[[Task, Progress], object]
) -> Iterator[Submit]:
    """Work on this machine, on so many episodes at a time; all of it ends with the context."""
    executor = ThreadPoolExecutor(count or _as_many_as_fit())

    def submit(task: Task) -> None:
        future = executor.submit(align_episode, task, lambda progress: report(task, progress))
        future.add_done_callback(lambda done: _put(outcomes, task, done))

    try:
        yield submit
    except BaseException:
        work.stop()
        raise
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


@contextlib.contextmanager
def cluster_workers(address: str, outcomes: SimpleQueue[tuple[Task, Outcome]]) -> Iterator[Submit]:
    """Have the workers of a scheduler do it; the files of TLS are named in Dask's own configuration.

    Raises
    ------
    OutputError, ArchiveError
        No scheduler answers, or ``distributed`` is not installed.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise ArchiveError(
            "{address}: a scheduler needs Dask; install it with pip install 'quotecast[cluster]'",
            address=address,
        ) from error
    import dask

    # What matters is printed by the run itself.
    for name in [each for each in logging.root.manager.loggerDict if each.startswith(("distributed", "tornado"))]:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    dask.config.set({"distributed.scheduler.allowed-failures": _FALLS})
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise lost(address) from error
    futures = list[Any]()  # a future that nobody holds is cancelled

    def submit(task: Task) -> None:
        try:
            future = client.submit(align_episode, task, pure=False, retries=_RETRIES, priority=-len(futures))
        except Exception as error:  # whatever Dask makes of a scheduler that is gone
            raise lost(address) from error
        futures.append(future)
        future.add_done_callback(lambda done: _put(outcomes, task, done))

    try:
        yield submit
    finally:
        with contextlib.suppress(Exception):
            client.close(timeout=1.0)


def lost(address: str) -> OutputError:
    return OutputError(
        "{address}: no scheduler answers there; what is done stays, and the same command goes on",
        address=address,
    )


def _put(outcomes: SimpleQueue[tuple[Task, Outcome]], task: Task, done: Future[Result]) -> None:
    try:
        outcomes.put((task, done.result()))
    except (Exception, CancelledError, KeyboardInterrupt) as error:
        outcomes.put((task, error))


def _as_many_as_fit() -> int:
    """Return a worker for each core that this process may use, as far as there is memory."""
    import psutil

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    fitting: int = psutil.virtual_memory().total // (MEMORY_BYTES + _WORKER_BYTES)
    return max(1, min(cores, fitting))
