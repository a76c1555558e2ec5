"""Processes of jobs that are none: they do what a test says, when it says so."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from web.jobs.job import Ending
from web.jobs.process import mark
from web.jobs.telling import Progress

ASKED = Ending(-15, (), "", ())
"""How one ends that is asked to."""


class FakeChildren:
    """Makes them in the place of ``Child``, and ends them in the place of ``end_all``."""

    def __init__(self) -> None:
        self.of: dict[str, FakeChild] = {}  # the latest by job
        self.fail_next: Exception | None = None

    def start(
        self, id: str, command: Sequence[str], folder: Path, root: Path, memory_bytes: int | None, *_: bool
    ) -> FakeChild:
        if self.fail_next:
            error, self.fail_next = self.fail_next, None
            raise error
        self.of[id] = FakeChild(mark(id, root))
        return self.of[id]

    def end_all(self, marks: Iterable[str], grace: float) -> None:
        wanted = frozenset(marks)
        for child in self.of.values():
            if child.mark in wanted:
                child.end()


class FakeChild:
    """One that runs until it is told how to end; a ``stubborn`` one does not when it is only asked to."""

    def __init__(self, mark: str) -> None:
        self.mark, self.stubborn = mark, False
        self.told: Callable[[Progress], object] = lambda _: None
        self._endings: queue.SimpleQueue[Ending | Exception] = queue.SimpleQueue()

    def ending(self, told: Callable[[Progress], object]) -> Ending:
        self.told = told
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
