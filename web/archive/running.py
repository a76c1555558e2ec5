"""Run an archive: send each episode that is not aligned to the workers, and record the results.

A failed episode does not stop the run. After an interruption, the next run aligns the remaining episodes.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from aligner.cli.terminal import log, say
from aligner.durations import time_left
from aligner.errors import OutputError
from aligner.model import Verdict
from aligner.storage.atomic import note_written, written_in
from media.safe_fs import is_folder
from web.archive.records import Result
from web.archive.state import Archive
from web.archive.status import EpisodeStatus, State, episode_statuses
from web.archive.workers import Outcome, Task, cluster_workers, local_workers, lost
from web.errors import WebError
from web.library import Library, read_folder
from web.library.episode import head_of
from web.search import index_of

_INDEX_EVERY = 10.0  # seconds: indexing several episodes at once costs little more than one
_POLL_SECONDS = 1.0

Show = Callable[["Run", str | None], object]
"""Shows the progress of a run; called with a line about an episode that has just finished, or None."""


@dataclass(slots=True)
class Run:
    """A run that aligns an archive's episodes.

    ``all``, ``done`` and ``failed`` count episodes; ``seconds_done`` and ``seconds_all`` are lengths of audio.
    ``deferred`` maps folder names of episodes left for the next run to the reasons. ``_tried`` are the folder names of
    episodes sent to workers, ``_to_index`` folders that are not yet searchable.
    """

    archive: Archive
    all: int = 0
    done: int = 0
    failed: int = 0
    deferred: dict[str, str] = field(default_factory=dict)
    seconds_done: float = 0.0
    seconds_all: float = 0.0
    _started: float = field(default_factory=time.monotonic)
    _tried: set[str] = field(default_factory=set)
    _to_index: list[Path] = field(default_factory=list)
    _indexed_at: float = field(default_factory=time.monotonic)

    @property
    def pace(self) -> float | None:
        """The hours of audio processed per hour, or None before the first episode is done."""
        return self.seconds_done / (time.monotonic() - self._started) if self.seconds_done else None

    @property
    def seconds_left(self) -> float | None:
        return (self.seconds_all - self.seconds_done) / self.pace if self.pace else None

    def align_all(self, workers: int | None, scheduler: str | None, again: bool, show: Show) -> None:
        """Align all waiting episodes, including episodes that are added during the run.

        If ``again`` is true, also align failed episodes, and episodes that an earlier version of quotecast aligned.
        ``workers`` is the number of processes on this machine (None: as many as fit). If ``scheduler``, the address of
        a Dask scheduler, is given, its workers are used instead. ``show`` is called to show the progress.

        Raises OutputError if the library can no longer be written, or if no scheduler answers.
        """
        if again:
            self.archive.clear_failures()
        outcomes = SimpleQueue[tuple[Task, Outcome]]()
        if not (waiting := self._waiting(again)):
            return
        pool = cluster_workers(scheduler, outcomes) if scheduler else local_workers(workers, outcomes)
        self.archive.put_run(self.facts())
        with pool as submit:
            while waiting:
                open_tasks = {each.folder: each for each in waiting}
                self.all += len(waiting)
                self.seconds_all += sum(each.seconds or 0.0 for each in waiting)
                for each in waiting:
                    self._tried.add(each.folder)
                    submit(Task(str(self.archive.root), each.folder, written_in(self.archive.root / each.folder)))
                while open_tasks:
                    self._record_next(outcomes, open_tasks, scheduler, show)
                self._update_index()
                waiting = self._waiting(again=False)

    def facts(self) -> dict[str, Any]:
        """Return the progress of the run, for the app's page and for ``--progress json``."""
        return {
            "all": self.all, "aligned": self.done, "failed": self.failed, "left": len(self.deferred),
            "hours_per_hour": round(self.pace, 2) if self.pace else None,
            "seconds_left": round(self.seconds_left) if self.seconds_left is not None else None,
            "at": time.time(),
        }  # fmt: skip

    def _waiting(self, again: bool) -> list[EpisodeStatus]:
        """Return the episodes that this run has still to align, the newest first. If ``again`` is true, include
        episodes that an earlier version of quotecast aligned."""
        over = self._tried & {*self.archive.results(), *self.deferred}
        return [
            each
            for each in episode_statuses(self.archive)
            if (each.state is State.WAITING or (again and each.is_old)) and each.folder not in over
        ]

    def _record_next(
        self,
        outcomes: SimpleQueue[tuple[Task, Outcome]],
        open_tasks: dict[str, EpisodeStatus],
        scheduler: str | None,
        show: Show,
    ) -> None:
        """Wait up to a second for the outcome of a task, record it, and remove the task from ``open_tasks``. The
        progress is then shown, even if there was no outcome."""
        line = None
        with contextlib.suppress(Empty):
            task, outcome = outcomes.get(timeout=_POLL_SECONDS)
            line = self._record(open_tasks.pop(task.folder), outcome, scheduler)
        self.archive.put_run(self.facts())
        show(self, line)
        if time.monotonic() - self._indexed_at > _INDEX_EVERY:
            self._update_index()

    def _record(self, status: EpisodeStatus, outcome: Outcome, scheduler: str | None) -> str:
        title = status.title
        self.seconds_done += status.seconds or 0.0
        if not isinstance(outcome, Result):
            if isinstance(outcome, CancelledError) or not isinstance(outcome, Exception):
                raise lost(scheduler) if scheduler else KeyboardInterrupt
            if not is_folder(self.archive.root):
                raise OutputError("{path}: the library is not there any more", path=self.archive.root)
            if isinstance(outcome, OSError) and str(self.archive.root) in str(outcome.filename):
                raise OutputError(
                    "{path}: cannot be written ({reason}); what is done stays, and the same command goes on",
                    path=self.archive.root, reason=outcome.strerror,
                ) from outcome  # fmt: skip
            self.deferred[status.folder] = str(outcome)
            return f"Left      {title}: {outcome}; the next run tries it again"
        folder, error = self.archive.root / status.folder, outcome.error
        note_written(folder, outcome.written)
        self.archive.put_results([replace(outcome, written={})])
        if error:
            self.failed += 1
            return f"Failed    {title}: {error['message']}"
        self.done += 1
        self._to_index.append(folder)
        episode = read_folder(folder, status.folder)
        head = head_of(episode.alignment) if episode and episode.alignment else None
        return f"Aligned   {title}{': poor, look it over' if head and head.verdict is Verdict.POOR else ''}"

    def _update_index(self) -> None:
        if self._to_index:
            with contextlib.suppress(WebError, OSError):
                index_of(Library(self.archive.root)).update()
        self._to_index.clear()
        self._indexed_at = time.monotonic()


@contextlib.contextmanager
def progress_display(mode: str) -> Iterator[Show]:
    """Context manager: yield a function that shows a run's progress. ``mode`` is the value of ``--progress``."""
    if mode == "none":
        yield lambda run, line: None
    elif mode == "json":
        yield lambda run, line: log(json.dumps(run.facts())) if line else None
    elif sys.stderr.isatty():
        with _bar() as show:
            yield show
    else:
        yield lambda run, line: say(f"{line}  ({progress_text(run)})") if line else None


@contextlib.contextmanager
def _bar() -> Iterator[Show]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bars

    with Bars(BarColumn(), TextColumn("{task.description}"), console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("", total=None)

        def show(run: Run, line: str | None) -> None:
            if line:
                bars.console.print(line, markup=False, highlight=False)
            done, total = run.seconds_done, run.seconds_all or None
            bars.update(task, description=progress_text(run), completed=done, total=total)

        yield show


def progress_text(run: Run) -> str:
    """Return a line of text with the number of episodes done, the speed relative to real time, and the time left."""
    parts = [f"{run.done + run.failed + len(run.deferred)} of {run.all} episodes"]
    if run.pace:
        parts.append(f"{run.pace:.1f}× real time")
    if run.seconds_left:
        parts.append(f"{time_left(run.seconds_left)} left")
    return ", ".join(parts)
