"""Processes of jobs that are none: they do what a test says, when it says so."""

from __future__ import annotations

import queue
from collections.abc import Callable, Sequence
from pathlib import Path

from web.jobs import Jobs
from web.jobs.process import Ending, Progress

ASKED = Ending(-15)
"""How one ends that is asked to."""


class FakeChildren:
    """Makes them in the place of ``Child``."""

    def __init__(self) -> None:
        self.fail_next: Exception | None = None

    def start(self, command: Sequence[str], folder: Path, root: Path, memory_bytes: int | None) -> FakeChild:
        if self.fail_next:
            error, self.fail_next = self.fail_next, None
            raise error
        return FakeChild()


class FakeChild:
    """One that runs until it is told how to end; a ``stubborn`` one does not when it is only asked to."""

    def __init__(self) -> None:
        self.stubborn = False
        self.report: Callable[[Progress], object] = lambda _: None
        self._endings: queue.SimpleQueue[Ending | Exception] = queue.SimpleQueue()

    def ending(self, report: Callable[[Progress], object]) -> Ending:
        self.report = report
        ending = self._endings.get()
        if isinstance(ending, Exception):
            raise ending
        return ending

    def leave(self, how: Ending | Exception) -> None:
        self._endings.put(how)

    def end(self) -> None:
        if not self.stubborn:
            self.leave(ASKED)

    def kill(self) -> None:
        self.leave(ASKED)


def child_of(jobs: Jobs, id: str) -> FakeChild:
    child = jobs._children[id]
    assert isinstance(child, FakeChild)
    return child
