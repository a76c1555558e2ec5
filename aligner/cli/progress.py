"""Report the progress of a command on stderr: a bar on a terminal, plain lines elsewhere, JSON for a program.

A command passes through stages, such as ``speech``. In the progress of the whole command, a stage counts by its usual
cost: seconds of work per second of audio.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Iterator, Sequence

from aligner.cli.terminal import log, message_of
from aligner.durations import clock, time_left
from aligner.recognition import Progress, silent
from media.errors import UserError, to_facts

_STAGES = {
    "speech": ("Detecting speech", 0.004),
    "reading": ("Reading the audio", 0.0015),
    "acoustic": ("Recognising characters", 0.04),
    "asr": ("Recognising words", 0.2),
    "voices": ("Distinguishing speakers", 0.0025),
    "imported": ("Reading the ASR output", 0.0001),
    "locating": ("Aligning words", 0.0035),
    "untranscribed": ("Recognising what is missing", 0.01),
    "writing": ("Writing", 0.0005),
    "preparing": ("Reading the audio", 0.01),
    "copying": ("Copying the audio", 0.03),
    "cutting": ("Cutting", 0.006),
    "encoding": ("Encoding", 0.05),
    "audiogram": ("Painting frames", 0.3),
    "listening": ("Checking the words", 0.06),
    "quotes": ("Cutting quotes", 0.002),
}
"""The label of each stage, and its usual cost on a laptop with two cores."""

_LINE_EVERY, _JSON_EVERY = 10.0, 0.2  # seconds


class Run:
    """The progress of a command that handles one file after another, each in the stages ``steps``, such as "speech".
    ``rounds`` has a weight for each file, such as its duration. A stage that is not in ``steps`` is added when it
    begins. The attribute ``share`` is the progress of the whole command, from 0 to 1; it never decreases."""

    def __init__(self, steps: Sequence[str] = (), rounds: Sequence[float] = (1.0,)) -> None:
        self._steps, self._rounds = [*steps], rounds
        self._round, self._current = 0, ""
        self._has_started = False
        self.share = 0.0

    def begin_round(self) -> None:
        """Begin the first file, or end the current file and begin the next."""
        self._round += self._has_started
        self._has_started = True

    def advance(self, stage: str, done: float, total: float) -> None:
        """Record that ``stage`` has processed ``done`` of ``total`` seconds of audio, and update ``share``."""
        if stage not in self._steps:
            at = self._steps.index(self._current) + 1 if self._current else 0
            self._steps[at : at + (not self._current)] = [stage]
        self._current, at = stage, self._steps.index(stage)
        costs = [_STAGES.get(step, ("", 0.01))[1] for step in self._steps]
        passed = sum(costs[:at]) + (costs[at] * min(1.0, done / total) if total else 0.0)
        weights = self._rounds[: self._round], self._rounds[self._round : self._round + 1]
        share = (sum(weights[0]) + sum(weights[1]) * passed / sum(costs)) / sum(self._rounds)
        self.share = max(self.share, round(share, 6))


@contextlib.contextmanager
def reporting_progress(mode: str, run: Run | None = None) -> Iterator[Progress]:
    """Context manager: yield a callback that reports progress. ``mode`` is auto (bar or plain lines), json or none."""
    if mode == "none":
        yield silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    console, run = Console(stderr=True), run or Run()
    has_bar = mode == "auto" and console.is_interactive
    columns = TextColumn("{task.description:<27}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn()
    with Bars(*columns, console=console, transient=True, disable=not has_bar) as bars:
        bars.add_task("", total=1.0)
        (task,) = bars.tasks
        shown_at = dict[str, float]()

        def progress(stage: str, done: float, total: float) -> None:
            label = _STAGES.get(stage, (stage.capitalize(),))[0]
            if stage == "model":
                label = "Downloading the model" + (f": {done:.0f} of {total:.0f} MB" if total else "")
            else:
                run.advance(stage, done, total)
            bars.update(task.id, description=label, completed=run.share)
            now, is_end = time.monotonic(), 0 < total <= done
            every = _JSON_EVERY if mode == "json" else _LINE_EVERY
            if has_bar or (stage in shown_at and now < shown_at[stage] + every and not (is_end and mode == "json")):
                return
            shown_at[stage] = now
            left = None if stage == "model" else task.time_remaining
            if mode == "json":
                facts = {"stage": stage, "done": round(done, 3), "total": round(total, 3) or None}
                _print_object(**facts, run_done=round(run.share, 4), run_seconds_left=left)
            else:
                log(label if stage == "model" else f"{label}: {_how_far(done, total, left)}")

        yield progress


def _how_far(done: float, total: float, left: float | None) -> str:
    return clock(done) + (f" of {clock(total)}" if total else "") + (f", {time_left(left)} left" if left else "")


@contextlib.contextmanager
def reporting_errors(mode: str) -> Iterator[None]:
    """Context manager: if ``mode`` is json, print an error from the ``with`` block as a JSON line; raise it again."""
    try:
        yield
    except (UserError, OSError, MemoryError) as error:
        if mode == "json":
            _print_object(error=to_facts(message_of(error)), kind=type(error).__name__)
        raise


def report_done(mode: str, **facts: object) -> None:
    """If ``mode`` is json, print the results, ``facts``, as a JSON line in which ``done`` is true."""
    if mode == "json":
        _print_object(done=True, **facts)


def _print_object(**fields: object) -> None:
    # ASCII without DEL, so that nothing controls the terminal.
    log(json.dumps(fields).replace("\x7f", "\\u007f"))
