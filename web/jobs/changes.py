"""Who listens hears of every job that changed, but not of every step: a slow listener gets the latest."""

from __future__ import annotations

import threading


class Changes:
    """The number of the latest change of each job. ``lock`` guards the jobs themselves."""

    def __init__(self, lock: threading.RLock) -> None:
        self._condition = threading.Condition(lock)
        self._latest: dict[str, int] = {}
        self._count = 0

    def note(self, id: str) -> None:
        """The job has changed; call it with the lock held."""
        self._count += 1
        self._latest[id] = self._count
        self._condition.notify_all()

    def forget(self, id: str) -> None:
        """The job is no longer known."""
        self._latest.pop(id, None)

    def wake(self) -> None:
        """Let all who wait look around, though nothing has changed; call it with the lock held."""
        self._condition.notify_all()

    def wait(self, timeout: float | None) -> None:
        """Wait for a change with the lock held."""
        self._condition.wait(timeout)

    def since(self, number: int) -> tuple[int, list[str]]:
        """The number of the latest change, and the ids of the jobs that changed after change ``number``."""
        return self._count, [id for id, latest in self._latest.items() if latest > number]
