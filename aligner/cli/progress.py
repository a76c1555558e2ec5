"""Showing how far a run is: bars on a terminal, plain lines elsewhere, JSON lines for programs; always on stderr.

Conventions
-----------
Progress arrives as ``(stage, done, total)`` in seconds of the episode, of stage ``model`` in megabytes; a total of 0 is
not known yet. Of a run whose steps are planned, what is shown is how far the whole of it is.
"""

from __future__ import annotations

import contextlib
import json
import sys
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from aligner.cli.terminal import message_of, tell
from aligner.cli.time_left import WholeRun
from aligner.durations import clock, time_left
from aligner.recognition import Progress, silent
from media.errors import UserError, to_facts

if TYPE_CHECKING:
    from rich.console import Console

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
