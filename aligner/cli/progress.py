"""Showing how far a run is: bars on a terminal, plain lines elsewhere, JSON lines for programs; always on stderr.

Conventions
-----------
Progress arrives as ``(stage, done, total)`` in seconds of the episode, of stage ``model`` in megabytes; a total of 0 is
not known yet.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from aligner.cli.terminal import message_of, tell
from aligner.durations import clock
from aligner.recognition import Progress, silent
from media.errors import UserError, to_facts

if TYPE_CHECKING:
    from rich.console import Console

_STAGES = {
    "speech": "Finding speech",
    "cutting": "Cutting",
    "encoding": "Encoding",
    "listening": "Listening again",
    "audiogram": "Painting frames",
    "letters": "Listening to letters",
    "words": "Recognising words",
    "given": "Reading hypothesis",
    "model": "Fetching the model",
}
_LINE_EVERY = 10.0  # seconds between plain lines
_JSON_EVERY = 0.2  # seconds between JSON lines
_LEAST_SPENT = 1.0  # seconds of work seen before the rest of it is guessed


@contextlib.contextmanager
def telling_progress(mode: str, brief: bool = False) -> Iterator[Progress]:
    """A progress that shows itself as ``mode`` says while the context lasts.

    Of ``brief`` work, over in seconds, nothing is told away from a terminal unless a program asks.
    """
    if mode == "none":
        yield silent
    elif mode == "json":
        yield _JsonLines()
    elif sys.stderr.isatty() and (console := _console()).is_interactive:
        with _bars(console) as progress:
            yield progress
    else:
        yield silent if brief else _PlainLines()


@contextlib.contextmanager
def telling_errors(mode: str) -> Iterator[None]:
    """Tell a program that progress goes to of the error that ends the run: one line, the ``error`` as ``to_facts``
    has it; what a person reads of it comes after."""
    try:
        yield
    except (UserError, OSError) as error:
        if mode == "json":
            _tell_object(error=to_facts(message_of(error)))
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


class _JsonLines:
    """One JSON object a line, not too many."""

    def __init__(self) -> None:
        self._pace, self._next, self._stage = _Pace(), 0.0, ""

    def __call__(self, stage: str, done: float, total: float) -> None:
        left, now = self._pace.left(stage, done, total), time.monotonic()
        if stage == self._stage and now < self._next and not (total and done >= total):
            return
        self._stage, self._next = stage, now + _JSON_EVERY
        line = {"stage": stage, "done": round(done, 3), "total": round(total, 3) or None}
        tell(json.dumps(line | {"seconds_left": None if left is None else round(left, 1)}))


class _PlainLines:
    """A line when a stage begins, one now and then, and one when it ends."""

    def __init__(self) -> None:
        self._pace, self._next, self._stage, self._ended = _Pace(), 0.0, "", set[str]()

    def __call__(self, stage: str, done: float, total: float) -> None:
        left, now = self._pace.left(stage, done, total), time.monotonic()
        finished = total > 0 and done >= total
        if stage in self._ended or (stage == self._stage and now < self._next and not finished):
            return
        self._stage, self._next = stage, now + _LINE_EVERY
        if finished:
            self._ended.add(stage)
        of = f" of {_amount(stage, total)}" if total else ""
        rest = f", {clock(max(left, 1.0))} left" if left is not None and not finished else ""
        tell(f"{_label(stage)}: {_amount(stage, done)}{of}{rest}")


def _console() -> Console:
    """The terminal; one that cannot move its cursor (``TERM=dumb``) is not interactive."""
    from rich.console import Console

    return Console(stderr=True)


@contextlib.contextmanager
def _bars(console: Console) -> Iterator[Progress]:
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = TextColumn("{task.description:<18}"), BarColumn(), TextColumn("{task.fields[at]}"), TimeRemainingColumn()
    with Bars(*columns, console=console, transient=True) as bars:
        tasks: dict[str, object] = {}

        def progress(stage: str, done: float, total: float) -> None:
            at = _amount(stage, done) + (f" / {_amount(stage, total)}" if total else "")
            if stage not in tasks:
                tasks[stage] = bars.add_task(_label(stage), total=total or None, at=at)
            bars.update(tasks[stage], completed=done, total=total or None, at=at)  # type: ignore[arg-type]

        yield progress
