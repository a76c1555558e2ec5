"""Who does the stages: processes on this machine by default, or all that a Dask scheduler has, on any machines.

Conventions
-----------
- A worker has one thread and does one stage at a time, which listens on one thread too; whose process takes no more
  memory than the worker may.
- A scheduler that falls takes what it knew with it. What is done lies in the episodes' folders, and what is left is
  given to it anew: whoever gets an episode that is done sees that it is.
- On this machine alone nothing listens but on the loopback address, and no page is served.
"""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any

from web.archive.runs.outcome import Outcome, Task
from web.archive.runs.stages import work

if TYPE_CHECKING:
    from distributed import Client, Future, LocalCluster

STAGE_BYTES = 2_000_000_000
"""The most that the process of a stage takes: ten hours of sound and a model are 1.2 GB."""

_WORKER_BYTES = 400_000_000  # of a worker's own process, which only starts others and listens to them
_AT_A_TIME = 1_000  # stages that the scheduler knows: enough for any number of cores, and soon given anew
_PATIENCE = 10.0  # seconds for one answer of the scheduler
_FALLS = 1_000  # of workers: what falls is a stage's process, whose end a worker outlives
_HERE = "127.0.0.1"
_TALKATIVE = ("distributed", "tornado", "asyncio")  # loggers, and those below them, each with a level of its own
_SETTINGS = {
    "distributed.scheduler.allowed-failures": _FALLS,
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.profile.enabled": False,
}


class SchedulerLostError(Exception):
    """The scheduler does not answer, or has begun anew."""


class Workers:
    """The workers of the scheduler at ``address``; without one ``count`` processes here, which end with the context."""

    def __init__(self, address: str | None, count: int | None = None, do: Callable[..., Outcome] = work) -> None:
        self._address, self._count, self._do = address, count or _as_many_as_fit(), do
        self._cluster: LocalCluster | None = None
        self._client: Client | None = None
        self._given: dict[str, tuple[Task, Future]] = {}

    def __enter__(self) -> Workers:
        import dask
        import distributed  # noqa: F401 - which sets how its loggers tell what

        # What matters is told by the run.
        for name in [each for each in logging.root.manager.loggerDict if each.startswith(_TALKATIVE)]:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        dask.config.set(_SETTINGS)
        if self._address is None:
            self._cluster = self._here()
        self.connect()
        return self

    def __exit__(self, *_: object) -> None:
        self._close()
        if self._cluster:
            with contextlib.suppress(Exception):
                self._cluster.close(timeout=_PATIENCE)

    def _here(self) -> LocalCluster:
        from distributed import LocalCluster

        return LocalCluster(
            n_workers=self._count,
            threads_per_worker=1,
            processes=True,
            host=_HERE,
            dashboard_address=f"{_HERE}:0",
            worker_dashboard_address=f"{_HERE}:0",
            scheduler_kwargs={"dashboard": False},
            memory_limit=_WORKER_BYTES + STAGE_BYTES,
            silence_logs=logging.CRITICAL,
        )

    def connect(self) -> None:
        """Find the scheduler.

        Raises
        ------
        SchedulerLostError
            It does not answer.
        """
        from distributed import Client

        self._close()
        try:
            self._client = Client(self._cluster or self._address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, TimeoutError) as error:
            raise SchedulerLostError from error

    def taken_back(self) -> list[Task]:
        """What was given and not heard of, which is nobody's any more."""
        tasks = [task for task, _ in self._given.values()]
        self._given.clear()
        return tasks

    def _close(self) -> None:
        if self._client:
            with contextlib.suppress(Exception):  # whatever it makes of a scheduler that is gone
                self._client.close(timeout=1.0)
            self._client = None

    @property
    def room(self) -> int:
        """How many stages more may be given now."""
        return _AT_A_TIME - len(self._given)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is given that was not heard of since."""
        return not self._given

    def give(self, task: Task, attempt: int, priority: int) -> None:
        """Have a stage done by any of the workers, those of a higher ``priority`` before others. The same stage is
        done once, by whoever it is asked for.

        Raises
        ------
        SchedulerLostError
            It cannot be asked for.
        """
        name = f"{task.stage}-{task.key}-{attempt}"
        with self._asking() as client:
            future = client.submit(self._do, task, STAGE_BYTES, key=name, priority=priority)
            self._given[name] = task, future

    def heard(self) -> list[tuple[Task, Outcome | BaseException]]:
        """What ended since, and how.

        Raises
        ------
        SchedulerLostError
            What was given is known no more.
        """
        found: list[tuple[Task, Outcome | BaseException]] = []
        with self._asking() as client:
            if client.status != "running":
                raise SchedulerLostError
            ended = [(name, future) for name, (_, future) in self._given.items() if future.status != "pending"]
            if any(future.status in ("cancelled", "lost") for _, future in ended):
                raise SchedulerLostError
            try:
                for name, result in _results(client, ended):
                    task, _ = self._given.pop(name)
                    found.append((task, result))
            except (OSError, TimeoutError, CancelledError, RuntimeError):
                if not found:  # else what was heard until then counts, and the next time tells of it
                    raise
        return found

    def addresses(self) -> list[str]:
        """The workers that there are now."""
        try:
            with self._asking() as client:
                return list(client.scheduler_info(n_workers=-1)["workers"])
        except SchedulerLostError:
            return []

    def retire(self, address: str) -> None:
        """Give nothing more to this worker."""
        with contextlib.suppress(SchedulerLostError), self._asking() as client:
            client.retire_workers([address], close_workers=True, remove=True)

    @contextlib.contextmanager
    def _asking(self) -> Any:
        if self._client is None:
            raise SchedulerLostError
        try:
            yield self._client
        except (OSError, TimeoutError, CancelledError, RuntimeError) as error:
            raise SchedulerLostError from error


def _results(client: Client, ended: list[tuple[str, Future]]) -> Iterator[tuple[str, Outcome | BaseException]]:
    """What stages came to, all those that are known asked for at once. Where whoever knew one has fallen it is done
    again, and told another time."""
    done = {name: future for name, future in ended if future.status == "finished"}
    with contextlib.suppress(TimeoutError):
        yield from client.sync(client._gather, done, callback_timeout=_PATIENCE).items() if done else ()
    for name, future in ended:
        if future.status == "error":
            error = future.exception(timeout=_PATIENCE)
            yield name, error if isinstance(error, BaseException) else RuntimeError(str(error))


def _as_many_as_fit() -> int:
    """A worker for each core that this process may use, as far as there is memory."""
    import psutil

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    fitting: int = psutil.virtual_memory().total // (STAGE_BYTES + _WORKER_BYTES)
    return max(1, min(cores, fitting))
