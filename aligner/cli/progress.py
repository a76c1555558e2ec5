"""Show how far a run is and how long the rest takes: bars, plain lines or JSON, always on stderr.

Conventions
-----------
- A run goes through steps, the stages that its progress names, in one round or several: a clip of each quote. A step
  has an amount of sound to get through, and a cost: some seconds to begin, and a pace, seconds of work for each second
  of that sound.
- Paces are remembered in the user's cache, by step, and by what they depend on besides the machine. Of a machine that
  is not known yet nothing is guessed before a second of its work was seen.
- What was expected is scaled by how long the latest work took: a machine that is busy is thought to stay so.
- What is done never falls: it grows by each moment's part in what was left before. What is left is followed smoothly.
- Progress arrives as ``(stage, done, total)`` in seconds of the episode, of stage ``model`` in megabytes; a total of 0
  is not known yet. Of a run whose steps are planned, what is shown is how far the whole of it is.
"""

from __future__ import annotations

import contextlib
import json
import math
import operator
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from aligner.cli.terminal import message_of, tell
from aligner.durations import clock, time_left
from aligner.errors import OutputError
from aligner.recognition import Progress, silent
from media.errors import UserError, to_facts

if TYPE_CHECKING:
    from rich.console import Console


# On a laptop of two cores: seconds to begin, and seconds for a second of sound.
_USUAL = {
    "speech": (0.0, 0.004),
    "reading": (0.0, 0.0015),
    "letters": (1.0, 0.04),
    "words": (1.0, 0.2),
    "given": (0.0, 0.0001),
    "locating": (0.1, 0.0035),
    "untranscribed": (1.0, 0.4),
    "writing": (0.0, 0.0005),
    "preparing": (0.1, 0.01),
    "copying": (0.3, 0.03),
    "cutting": (0.1, 0.006),
    "encoding": (0.6, 0.05),
    "audiogram": (1.0, 0.3),
    "listening": (0.8, 0.06),
    "quotes": (0.5, 0.2),
}
_PART = {"untranscribed": 0.03, "quotes": 0.01}  # of the sound that a step gets through, until that is told
_PICKY = ("letters", "words", "untranscribed", "audiogram")  # their pace depends on more than the machine
_EITHER = (("letters", "words"), ("preparing", "copying"))  # one that was not planned comes in the place of the other

_LEAST_SEEN = 1.0  # seconds of work before an unknown machine's pace is guessed
_TRUSTED, _DOUBTED = 5.0, 0.1  # seconds of work that what is remembered, or usual on any machine, counts for
_SHORTEST_WHILE, _LONGEST_WHILE = 10.0, 60.0  # seconds of work that tell how fast it goes
_WHILE = 0.1  # the same as a part of what is left
_LEAST_KEPT = 1.0  # seconds of work; a step's pace in less is not worth remembering
_BEGINNING = 3.0  # times the seconds to begin
_OVERDUE = 0.25  # of the time for which nothing was heard, that it goes on at least

_SLOWER = 1.15  # what is told to be left rises only where it was this much too little
_SMOOTH, _LEAST_SMOOTH, _MOST_SMOOTH = 0.1, 0.5, 10.0  # of what is left, and seconds, in which what is told follows
_FALLS_FASTER = 3.0  # good news is told sooner

_LARGEST_BYTES, _MOST_KEPT = 65_536, 100  # of what is remembered, and paces in it


@dataclass(frozen=True, slots=True)
class Whole:
    """How far a run is: the part that is done, from 0 to 1, and the seconds left, None while they cannot be told."""

    done: float
    seconds_left: float | None


@dataclass(slots=True)
class _Speed:
    """How long work takes beside what was expected of it, over the last while."""

    work: float
    expected: float

    @property
    def slowness(self) -> float:
        return self.work / self.expected

    def learn(self, work: float, expected: float, over: float) -> None:
        fading = math.exp(-work / over)
        self.work, self.expected = self.work * fading + work, self.expected * fading + expected


@dataclass(slots=True)
class _Step:
    key: str  # under which its pace is remembered
    start: float
    pace: float
    amount: float | None = None
    done: float = 0.0
    over: bool = False
    heard: float | None = None  # when it came so far
    work: float = 0.0  # seconds of all that was seen of it, and what was expected of that
    expected: float = 0.0

    def cost(self, amount: float) -> float:
        """Seconds that are expected until so much is done."""
        return self.start + self.pace * amount if amount > 0 else 0.0

    def take(self, done: float, total: float, now: float) -> tuple[float, float]:
        """Hear of progress; return how long it took, and how long that was expected to be: nothing of what was mostly
        beginning, for models load at a speed of their own."""
        if self.heard is None or done < self.done or (self.over and done <= 0):  # it begins, or anew
            self.heard, self.done = now, done
        self.amount, self.over = total or self.amount, 0 < total <= done
        passed, expected = now - self.heard, self.cost(done) - self.cost(self.done)
        if not expected:
            return 0.0, 0.0
        is_beginning = not self.done and expected < _BEGINNING * self.start
        self.heard, self.done = now, done
        if is_beginning and not self.over:
            return 0.0, 0.0
        self.work, self.expected = self.work + passed, self.expected + expected
        return passed, expected


class WholeRun:
    """A run through ``steps``, in their order, of which some may be left out and others come between: listening by
    words where letters led nowhere. ``of`` is what paces depend on: the model that listens, or a picture's shape.
    All of that is done in so many ``rounds``, each of which ``begin_round`` announces, over sounds of ``lengths``."""

    def __init__(self, steps: Iterable[str], of: str = "", rounds: int = 1, lengths: Sequence[float] = ()) -> None:
        self._of, self._known, self._at = of, _remembered(), time.monotonic()
        self._sound: float | None = None
        self._plan = {name: self._step(name) for name in steps}
        self._is_known = any(step.key in self._known for step in self._plan.values())
        self._current: str | None = None  # the step that is gone through
        self._speeds = list[_Speed]()  # of the steps so far, this one's last
        self._rounds, self._round, self._began, self._told_lengths = rounds, 0, False, lengths
        self._lengths = list[float]()  # of the sounds of the rounds so far
        self._fetched: tuple[float, float] | None = None  # when fetching a model began, and how much was there then
        self._said: tuple[str, float, float] | None = None
        self._lock = threading.Lock()
        self._done = 0.0
        self._left: float | None = None

    def take(self, stage: str, done: float, total: float) -> Whole:
        """Hear of progress, which may be the same as before; tell how far the whole run is."""
        with self._lock:
            now = time.monotonic()
            fetching: float | None = 0.0
            if stage == "model":
                fetching = self._fetching(done, total, now)
            elif (stage, done, total) != self._said:
                self._fetched = None
                self._advance(stage, done, total, now)
            self._said = stage, done, total
            left = self._rest(now)
            if left is None or fetching is None:
                self._left = None
            else:
                self._tell(left + fetching, now)
            return Whole(self._done, self._left)

    def begin_round(self) -> None:
        """The next round begins, whatever was left of the one before."""
        with self._lock:
            self._round += self._began
            self._began = True
            if self._current and self._sound is not None:
                self._lengths.append(self._sound)
            self._current = None
            for step in self._plan.values():
                step.amount, step.done, step.over, step.heard = None, 0.0, False, None

    def remember(self) -> None:
        """Keep the pace of each step that took long enough, for later runs."""
        paces = dict(self._known)
        for step in self._plan.values():
            if step.work >= _LEAST_KEPT and step.expected > 0 and (step.over or self._rounds > 1):
                pace = step.pace * step.work / step.expected
                paces.pop(step.key, None)
                paces[step.key] = (pace + self._known.get(step.key, pace)) / 2
        if paces != self._known:
            _keep(dict(list(paces.items())[-_MOST_KEPT:]))

    def _step(self, name: str) -> _Step:
        key = f"{name} {self._of}" if name in _PICKY else name
        start, usual = _USUAL.get(name, _USUAL["words"])
        pace = self._known.get(key, usual)
        return _Step(key, start * pace / usual, pace)

    def _advance(self, stage: str, done: float, total: float, now: float) -> None:
        if stage not in self._plan:
            passed = [name for name, step in self._plan.items() if step.over]
            order = [*passed, stage, *(name for name in self._plan if name not in passed)]
            self._plan = {name: self._plan.get(name) or self._step(name) for name in order}
            self._left = None  # what was told before was of another run
            for other in (each for pair in _EITHER if stage in pair for each in pair if each != stage):
                if other in self._plan:
                    self._plan[other].over = True
        if stage not in _PART and total:
            self._sound = total
        for name, step in self._plan.items():
            if name == stage:
                break
            step.over = True  # known from before, and passed over
        if self._current != stage:
            trusted = _TRUSTED if self._is_known else min(_TRUSTED, _DOUBTED + sum(s.expected for s in self._speeds))
            self._speeds.append(_Speed(trusted * self._slowness(), trusted))
            self._current = stage
        work, expected = self._plan[stage].take(done, total, now)
        if expected and work:
            over = min(max(_WHILE * (self._left or 0.0), _SHORTEST_WHILE), _LONGEST_WHILE)
            self._speeds[-1].learn(work, expected, over)

    def _fetching(self, done: float, total: float, now: float) -> float | None:
        """Seconds until a model is there; whatever waits for it begins its work afterwards."""
        for step in self._plan.values():
            if not step.over:
                step.heard = None
        at, before = self._fetched = self._fetched or (now, done)
        if now - at < _LEAST_SEEN or done <= before or not total:
            return None
        return (now - at) * (total - done) / (done - before)

    def _slowness(self) -> float:
        """What is expected of steps that are to come is scaled by this: the geometric mean of how slow those before
        were, the latest first. One alone may be slow by itself, several tell that the machine is."""
        weights = [min(speed.expected, _TRUSTED) * 0.5**age for age, speed in enumerate(reversed(self._speeds))]
        logs = [math.log(speed.slowness) for speed in reversed(self._speeds)]
        return math.exp(math.fsum(map(operator.mul, weights, logs)) / sum(weights)) if weights else 1.0

    def _rest(self, now: float) -> float | None:
        """Seconds of work that are left, None while there is nothing to judge by."""
        if self._round + 1 >= self._rounds and all(step.over for step in self._plan.values()):
            return 0.0
        silent = self._silent(now)
        seen = silent + sum(step.work for step in self._plan.values())
        if self._sound is None or not (self._is_known or seen >= _LEAST_SEEN):
            return None
        left = sum(self._left_of(name, silent) for name, step in self._plan.items() if not step.over)
        mean = sum(self._lengths or [self._sound]) / max(1, len(self._lengths))
        coming = self._told_lengths[self._round + 1 :] or [mean] * (self._rounds - self._round - 1)
        return left + sum(map(self._round_of, coming))

    def _silent(self, now: float) -> float:
        """Seconds for which nothing was heard of the current step."""
        step = self._plan[self._current] if self._current else None
        return 0.0 if step is None or step.over or step.heard is None else now - step.heard

    def _left_of(self, name: str, silent: float) -> float:
        step = self._plan[name]
        amount = step.amount or _PART.get(name, 1.0) * (self._sound or 0.0)
        expected = max(0.0, step.cost(amount) - step.cost(step.done))
        if name == self._current:
            return max(self._speeds[-1].slowness * expected - silent, _OVERDUE * silent)
        return self._slowness() * expected

    def _round_of(self, length: float) -> float:
        """Seconds of work of a round with so much sound."""
        return self._slowness() * sum(step.cost(_PART.get(name, 1.0) * length) for name, step in self._plan.items())

    def _tell(self, left: float, now: float) -> None:
        passed, self._at = now - self._at, now
        self._done = 1.0 if not left else self._done + (1.0 - self._done) * passed / (passed + left)
        before = self._left
        if before is None or not left:
            self._left = left
        elif max(0.0, before - passed) < left <= before * _SLOWER:
            self._left = min(before, left)
        else:
            over = min(max(_SMOOTH * left, _LEAST_SMOOTH), _MOST_SMOOTH)
            expected = max(0.0, before - passed)
            over /= _FALLS_FASTER if left < expected else 1.0
            self._left = expected + (left - expected) * -math.expm1(-passed / over)


def _place() -> Path:
    from aligner.storage.database import cache_folder

    return cache_folder() / "pace.json"


def _remembered() -> dict[str, float]:
    """Seconds of work for a second of sound, by step; nothing where nothing is known, or it is damaged."""
    from msgspec import Meta

    from aligner.storage.checked_json import decode
    from media.safe_fs import read_regular

    try:
        return decode(read_regular(_place(), _LARGEST_BYTES), dict[str, Annotated[float, Meta(gt=0, le=1e6)]])
    except (OSError, ValueError):
        return {}


def _keep(paces: Mapping[str, float]) -> None:
    import json

    from aligner.storage.atomic import write_text

    with contextlib.suppress(OSError, OutputError):  # then the next run begins without knowing
        _place().parent.mkdir(parents=True, exist_ok=True)
        write_text(_place(), json.dumps(paces) + "\n")


_STAGES = {
    "speech": "Finding speech",
    "reading": "Reading the new sound",
    "preparing": "Reading the sound",
    "copying": "Copying the sound",
    "cutting": "Cutting",
    "encoding": "Encoding",
    "listening": "Listening again",
    "quotes": "Cutting quotes",
    "audiogram": "Painting frames",
    "letters": "Listening to letters",
    "words": "Recognising words",
    "given": "Reading hypothesis",
    "model": "Fetching the model",
    "locating": "Finding the words",
    "untranscribed": "Hearing what is missing",
    "writing": "Writing",
}
_LINE_EVERY = 10.0  # seconds between plain lines
_JSON_EVERY = 0.2  # seconds between JSON lines
_LEAST_SPENT = 1.0  # seconds of work seen before the rest of it is guessed
_AGAIN_EVERY = 1.0  # seconds in which a whole run tells how far it is, though nothing was heard of its work


@contextlib.contextmanager
def telling_progress(mode: str, brief: bool = False, whole: WholeRun | None = None) -> Iterator[Progress]:
    """A progress that shows itself as ``mode`` says while the context lasts, of the ``whole`` run if that is planned.

    Of ``brief`` work, over in seconds, nothing is told away from a terminal unless a program asks.
    """
    if mode == "json":
        with _going_on(_JsonLines(whole), whole) as progress:
            yield progress
    elif mode != "none" and sys.stderr.isatty() and (console := _console()).is_interactive:
        with _bars(console, whole) as shown, _going_on(shown, whole) as progress:
            yield progress
    elif mode == "none" or brief:
        yield silent
    else:
        yield _PlainLines(whole)
    if whole:
        whole.remember()


@contextlib.contextmanager
def _going_on(shown: Progress, whole: WholeRun | None) -> Iterator[Progress]:
    """The same progress, told again and again of a ``whole`` run while a step says nothing: its bar goes on."""
    if whole is None:
        yield shown
        return
    lock, over = threading.Lock(), threading.Event()
    last: list[tuple[str, float, float]] = []

    def progress(stage: str, done: float, total: float) -> None:
        with lock:
            last[:] = [(stage, done, total)]
            shown(stage, done, total)

    def tell_again() -> None:
        while not over.wait(_AGAIN_EVERY):
            with lock:
                for said in last:
                    shown(*said)

    thread = threading.Thread(target=tell_again, name="progress", daemon=True)
    thread.start()
    try:
        yield progress
    finally:
        over.set()
        thread.join()


@contextlib.contextmanager
def telling_errors(mode: str) -> Iterator[None]:
    """Tell a program that progress goes to of the error that ends the run: one line, the ``error`` as ``to_facts``
    has it, and its ``kind``; what a person reads of it comes after."""
    try:
        yield
    except (UserError, OSError, MemoryError) as error:
        if mode == "json":
            _tell_object(error=to_facts(message_of(error)), kind=type(error).__name__)
        raise


def tell_done(mode: str, **facts: object) -> None:
    """End a run whose progress goes to a program: one line with ``done`` true and the ``facts`` of what was made."""
    if mode == "json":
        _tell_object(done=True, **facts)


def _tell_object(**fields: object) -> None:
    """All in ASCII, DEL too, so that nothing of it has to be made printable."""
    tell(json.dumps(fields).replace("\x7f", "\\u007f"))


def _label(stage: str) -> str:
    return _STAGES.get(stage, stage.capitalize())


def _amount(stage: str, value: float) -> str:
    return f"{value:.0f} MB" if stage == "model" else clock(value)


class _Pace:
    """When each stage began, and so how long the rest of it will take."""

    def __init__(self) -> None:
        self._began: dict[str, float] = {}

    def left(self, stage: str, done: float, total: float) -> float | None:
        """Seconds until ``stage`` is done, None while that cannot be told."""
        now = time.monotonic()
        if done <= 0:  # a stage that is there once for each clip begins anew
            self._began[stage] = now
        spent = now - self._began.setdefault(stage, now)
        if 0 < total <= done:
            return 0.0
        return spent * (total - done) / done if done > 0 and total > 0 and spent >= _LEAST_SPENT else None


def _rounded(number: float | None, digits: int) -> float | None:
    return None if number is None else round(number, digits)


class _JsonLines:
    """One JSON object a line, not too many."""

    def __init__(self, whole: WholeRun | None) -> None:
        self._whole, self._pace, self._next, self._stage = whole, _Pace(), 0.0, ""

    def __call__(self, stage: str, done: float, total: float) -> None:
        left, now = self._pace.left(stage, done, total), time.monotonic()
        whole = self._whole.take(stage, done, total) if self._whole else None
        if stage == self._stage and now < self._next and not (total and done >= total):
            return
        self._stage, self._next = stage, now + _JSON_EVERY
        line = {"stage": stage, "done": round(done, 3), "total": round(total, 3) or None}
        line |= {"seconds_left": _rounded(left, 1), "run_done": None, "run_seconds_left": None}
        if whole:
            line |= {"run_done": _rounded(whole.done, 4), "run_seconds_left": _rounded(whole.seconds_left, 1)}
        tell(json.dumps(line))


class _PlainLines:
    """A line when a stage begins, one now and then, and one when it ends."""

    def __init__(self, whole: WholeRun | None) -> None:
        self._whole, self._pace, self._next, self._stage, self._ended = whole, _Pace(), 0.0, "", set[str]()

    def __call__(self, stage: str, done: float, total: float) -> None:
        left, now = self._pace.left(stage, done, total), time.monotonic()
        if self._whole:
            left = self._whole.take(stage, done, total).seconds_left
        finished = total > 0 and done >= total
        if stage in self._ended or (stage == self._stage and now < self._next and not finished):
            return
        self._stage, self._next = stage, now + _LINE_EVERY
        if finished:
            self._ended.add(stage)
        of = f" of {_amount(stage, total)}" if total else ""
        rest = f", {time_left(left)} left" if left is not None and not finished else ""
        tell(f"{_label(stage)}: {_amount(stage, done)}{of}{rest}")


def _console() -> Console:
    """The terminal; one that cannot move its cursor (``TERM=dumb``) is not interactive."""
    from rich.console import Console

    return Console(stderr=True)


@contextlib.contextmanager
def _bars(console: Console, whole: WholeRun | None) -> Iterator[Progress]:
    """One bar for the whole run; of one that is not planned, one for each stage."""
    from rich.progress import BarColumn, TaskID, TextColumn
    from rich.progress import Progress as Bars

    columns = TextColumn("{task.description:<23}"), BarColumn(), TextColumn("{task.fields[at]}")
    with Bars(*columns, console=console, transient=True) as bars:
        tasks: dict[str, TaskID] = {}
        pace = _Pace()

        def progress(stage: str, done: float, total: float) -> None:
            name = "" if whole else stage
            if name not in tasks:
                tasks[name] = bars.add_task(_label(stage), total=None, at="")
            at = _amount(stage, done) + (f" / {_amount(stage, total)}" if total else "")
            far, of, left = done, total or None, pace.left(stage, done, total)
            if whole:
                told = whole.take(stage, done, total)
                far, of, left = told.done, 1.0, told.seconds_left
                at = at if stage == "model" else f"{told.done:.0%}"
            rest = f", {time_left(left)} left" if left else ""
            bars.update(tasks[name], description=_label(stage), completed=far, total=of, at=at + rest)

        yield progress
