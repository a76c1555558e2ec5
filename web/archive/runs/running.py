"""Running an archive: what is left of each episode is given to workers, and what becomes of it is remembered.

Conventions
-----------
- One bad episode stops no other. What is wrong with its files is believed the second time, as a library that was away
  for a moment looks so too; then it is told, and not tried again until they change. A process that falls is tried
  again, three times; what the machine cannot do now, elsewhere and later. A worker that can do nothing any more gets
  nothing more; where the library itself cannot be written, as on a full disk, the run ends and says so.
- A library that is away for a while is waited for, and so is a scheduler.
- The index is written here, by one process, as results come.
- What people ask for meanwhile to be tried again is taken up (``retries``).
"""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path

from aligner.errors import OutputError
from aligner.storage.user_folders import HIDDEN
from media.errors import to_facts
from web.archive.runs import retries
from web.archive.runs.estimate import Estimate
from web.archive.runs.outcome import Outcome, Stage, State, Task
from web.archive.runs.places import AwayError, Listed, Place, Wanted
from web.archive.runs.progress import Progress
from web.archive.runs.records import MOST_FALLS, Record, Records
from web.archive.runs.stages import unwritable
from web.archive.runs.workers import SchedulerLostError, Workers

_MOST_TRIES = 10  # of what a machine could not do, in one run
_BROKEN_AFTER = 3  # different stages in a row that a worker could not do
_INDEX_EVERY = 10.0  # seconds: some episodes at once cost the index little more than one
_LOOK_EVERY = 0.2  # seconds
_AWAY_BEFORE = 60.0  # seconds for which a worker may still tell of it that the library was away
_ASK_EVERY = 1.0  # seconds between looks for what people ask for
_AGAIN_AFTER = 1.0  # seconds between looks for what is away
_LEAST_PRIORITY = -1_000_000_000  # of what is tried again: after all else


class Run:
    """One run over the episodes of a ``place``, alone. ``retry``: also over what was set aside."""

    def __init__(self, place: Place, workers: Workers, retry: bool = False) -> None:
        self._place, self._workers, self._retry = place, workers, retry
        self._records = Records(place.root, place.address)
        self._left = deque[Task]()
        self._priority: dict[str, int] = {}
        self._tries = Counter[str]()
        self._failed_once = set[str]()
        self._in_a_row = defaultdict[str, set[str]](
            set
        )  # by worker, what it could not do since it last could something
        self._to_index, self._indexed_at = list[str](), time.monotonic()
        self._asked_at = time.monotonic()
        self._away_at = -math.inf  # when the library was away last
        self.progress, self.estimate, self.stop = Progress(), Estimate(), threading.Event()

    @property
    def has_work(self) -> bool:
        """Whether anything is left for workers."""
        return bool(self._left) or not self._workers.is_idle

    def plan(self) -> None:
        """Find out what is left, of the newest episodes first.

        Raises
        ------
        OutputError
            The library's own folder cannot be written.
        """
        episodes = list(self._place.episodes())
        self.progress.damaged = self._records.read({each.name for each in episodes})
        self._forgive(self._retry)
        for episode in episodes:
            self.progress.episodes += 1
            if episode.is_incomplete:
                self.progress.incomplete[episode.name] = bool(episode.wanted)
            for wanted in episode.wanted:
                self._plan(episode.name, wanted)

    def go(self) -> Iterator[None]:
        """Do it, telling several times a second that something may have changed, until all is done or ``stop`` is set.

        Raises
        ------
        OutputError
            The library is there, and cannot be written.
        """
        self.estimate.begin()
        while self.has_work and not self.stop.is_set():
            try:
                self._give()
                for task, result in self._workers.heard():
                    yield from self._take(task, _outcome(task, result))
            except SchedulerLostError:
                yield from self._find_scheduler()
            yield from self._find_library()
            self._try_again()
            self._update_index()
            self._place.keep()
            yield
            time.sleep(_LOOK_EVERY)
        self._update_index(at_last=True)

    def _plan(self, name: str, wanted: Wanted) -> None:
        known = self._records.of(name, wanted.stage, wanted.key)
        is_done = known is not None and known.outcome.state is State.DONE and wanted.is_made
        is_over = known is not None and known.is_set_aside and not self._place.is_done_otherwise(name, wanted.stage)
        if known and (is_done or is_over):
            self.progress.over.setdefault(name, {})[wanted.stage] = known
            return
        self.estimate.expect(wanted.key, wanted.stage, wanted.sound, wanted.sound_bytes)
        self._priority[wanted.key] = -len(self._left)
        self._left.append(Task(self._place.address, name, wanted.stage, wanted.key))

    def _forgive(self, set_aside: bool = False) -> list[tuple[str, Stage]]:
        """Forget how that ended which somebody asks to be tried again, and whatever is ``set_aside``."""
        root = self._place.root
        asked, failed = retries.asked(root), self._records.failed()
        again = [
            (name, stage) for name, stage, record in failed if asked.names(name) or (set_aside and record.is_set_aside)
        ]
        try:
            self._records.forgive(again)
        except OSError as error:
            raise _unwritable(root, error) from error
        asked.remove()  # now that it is remembered
        return again

    def _try_again(self) -> None:
        """Take up what people have asked for since."""
        if time.monotonic() - self._asked_at < _ASK_EVERY:
            return
        self._asked_at = time.monotonic()
        if not self._place.is_there() or not retries.asked(self._place.root).any:
            return
        for name, stage in self._forgive():
            record = self.progress.over.get(name, {}).pop(stage, None)
            wanted = _wanted(self._place.episode(name), stage) if record else None
            if record and wanted:
                self._tries[record.outcome.key] = 0
                self._plan(name, wanted)

    def _give(self) -> None:
        while self._left and self._workers.room > 0:
            task = self._left[0]
            self._workers.give(task, self._tries[task.key], self._priority[task.key])
            self._left.popleft()

    def _take(self, task: Task, outcome: Outcome) -> Iterator[None]:
        """Hear how a stage ended, and what is to become of it."""
        self.progress.ran.update(outcome.ran)
        self.progress.failed += outcome.state in (State.FAILED, State.FELL, State.BROKE)
        self.progress.put_off.pop((task.episode, task.stage), None)
        if outcome.state is State.AWAY:
            yield from self._find_library(anew=True)
            if time.monotonic() - self._away_at < _AWAY_BEFORE + outcome.seconds:
                self._left.append(task)
                return
            # From that worker alone.
            outcome = replace(outcome, state=State.BROKE, message=to_facts("the library is not there"))
        if outcome.state in (State.GONE, State.LEFT):
            self.estimate.forget(task.key)
            if outcome.state is State.LEFT:
                self.progress.with_app.add(task.episode)
            return
        if outcome.state is State.CHANGED:
            yield from self._look_again(task, outcome)
            return
        if outcome.state is State.FAILED and task.key not in self._failed_once:
            self._failed_once.add(task.key)
            self._tries[task.key] += 1
            self._left.appendleft(task)
            return
        if outcome.state is State.BROKE:
            self._check_room()
        yield from self._judge(outcome)
        if outcome.state is State.BROKE and self._tries[task.key] + 1 < _MOST_TRIES:
            self.progress.put_off[task.episode, task.stage] = (outcome.message or {}).get("message", "")
            self._again(task)
            return
        record = yield from self._remember(outcome)
        if outcome.state is State.FELL and record.fell < MOST_FALLS:
            self._again(task)
            return
        self.estimate.take(outcome)
        self.progress.over.setdefault(task.episode, {})[task.stage] = record
        if outcome.state is State.DONE and task.stage is Stage.ALIGN:
            self._to_index.append(task.episode)

    def _look_again(self, task: Task, outcome: Outcome) -> Iterator[None]:
        """Have a stage done of the episode as it is by now."""
        while not self.stop.is_set():
            yield from self._find_library(anew=True)
            with contextlib.suppress(AwayError):
                wanted = _wanted(self._place.episode(task.episode), task.stage)
                if wanted and wanted.key == task.key:  # somebody else put what this one was to
                    yield from self._take(task, replace(outcome, state=State.BROKE, worker=""))
                    return
                self.estimate.forget(task.key)
                if wanted:
                    self._plan(task.episode, wanted)
                return

    def _update_index(self, at_last: bool = False) -> None:
        is_due = time.monotonic() - self._indexed_at >= _INDEX_EVERY or at_last
        if self._to_index and is_due:
            self.progress.ran.update({"index": count} if (count := self._place.index(self._to_index)) else {})
            self._to_index, self._indexed_at = [], time.monotonic()

    def _again(self, task: Task) -> None:
        self._tries[task.key] += 1
        self._priority[task.key] = _LEAST_PRIORITY
        self._left.append(task)

    def _judge(self, outcome: Outcome) -> Iterator[None]:
        """Give nothing more to a worker that can do nothing any more; where there is no other, this ends the run."""
        if outcome.state is not State.BROKE or not outcome.worker:
            self._in_a_row[outcome.worker].clear()
            return
        self._in_a_row[outcome.worker].add(outcome.key)
        if len(self._in_a_row[outcome.worker]) < _BROKEN_AFTER:
            return
        self._in_a_row[outcome.worker].clear()
        why = (outcome.message or {}).get("message", "")
        self.progress.troubles.append(f"{outcome.worker}: gets nothing more, after {_BROKEN_AFTER} failures: {why}")
        others = [each for each in self._workers.addresses() if each != outcome.worker]
        if others:
            self._workers.retire(outcome.worker)
        else:
            self.stop.set()
        yield

    def _check_room(self) -> None:
        """Make sure that it is not the library that nothing can be written into, by whoever it is tried."""
        error = unwritable(self._place.root / HIDDEN)
        if error and self._place.is_there(anew=True):
            raise _unwritable(self._place.root, error) from error

    def _remember(self, outcome: Outcome) -> Generator[None, None, Record]:
        while True:
            try:
                return self._records.take(outcome)
            except OSError as error:
                if self._place.is_there(anew=True):
                    raise _unwritable(self._place.root, error) from error
                yield from self._find_library()

    def _find_library(self, anew: bool = False) -> Iterator[None]:
        while not self._place.is_there(anew) and not self.stop.is_set():
            anew, self._away_at = True, time.monotonic()
            yield from self._waiting_for(self._place.address)

    def _find_scheduler(self) -> Iterator[None]:
        self._left.extendleft(reversed(self._workers.taken_back()))
        while not self.stop.is_set():
            try:
                self._workers.connect()
                return
            except SchedulerLostError:
                yield from self._waiting_for("the scheduler")

    def _waiting_for(self, what: str) -> Iterator[None]:
        self.progress.waits_for = what
        yield
        time.sleep(_AGAIN_AFTER)
        self.progress.waits_for = None


def _unwritable(root: Path, error: OSError) -> OutputError:
    return OutputError("{path}: cannot be written ({reason})", path=root, reason=error.strerror)


def _wanted(episode: Listed | None, stage: Stage) -> Wanted | None:
    return next((each for each in episode.wanted if each.stage is stage), None) if episode else None


def _outcome(task: Task, result: Outcome | BaseException) -> Outcome:
    if isinstance(result, Outcome):
        return result
    facts = to_facts(str(result) or type(result).__name__)
    return Outcome(episode=task.episode, stage=task.stage, key=task.key, state=State.BROKE, message=facts)
