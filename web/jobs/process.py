"""The process of a job: started in a group of its own, listened to, ended with all it has started, and tidied after.

Every process that a job starts inherits a mark in its environment: the job's id and its library. By it, not by a number
that the system may have given to a stranger since, a later server knows what an earlier one left running.

A process says how far it is in lines of JSON among the plain lines of its standard error.
"""

from __future__ import annotations

import contextlib
import math
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import msgspec

from aligner.storage.checked_json import decode
from aligner.storage.recovery import recover
from aligner.storage.user_folders import HIDDEN
from media.errors import from_facts
from web.jobs.job import Ending, Job
from web.jobs.records import JOBS

MARK = "QUOTECAST_JOB"

GRACE = 5.0  # seconds between asking a child to end and ending it
_LOOK_EVERY = 0.05  # seconds
_LAST_WORDS = 5.0  # seconds to hear what was said before the end, should a process without a mark keep a pipe open
_CLOSING_LINES = 8
_NICENESS = 10  # the page that waits for an answer comes first
_LONGEST_LINE = 1 << 18  # bytes; a longer line is taken in parts
_LONGEST_TEXT = 500  # characters of a line that is kept
_NAME, _WARNING = "quotecast: ", "warning: "
_WRITTEN_TO = (".", "clips", JOBS, HIDDEN)  # the folders of an episode that jobs write to


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stage is; ``total`` None is not known yet, ``seconds_left`` None cannot be told."""

    stage: str
    done: float
    total: float | None
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class Warned:
    """Something to look at, though the work goes on."""

    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The line that ends a run, with all its warnings."""

    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """The error that ends a run."""

    text: str


@dataclass(frozen=True, slots=True)
class Plain:
    """Any other line; where a child fails without a word of why, the last one says it."""

    text: str


class Child:
    """The running process of ``job`` in ``folder``, known by ``mark``, with ``scratch`` for its temporary files.

    Raises
    ------
    OSError
        It cannot be started.
    """

    def __init__(self, job: Job, mark: str, folder: Path, scratch: Path) -> None:
        self._mark = mark
        self._process = subprocess.Popen(
            # -P and the variable: no Python file that lies in an episode's folder is ever imported.
            [sys.executable, "-P", "-m", job.module, *job.arguments],
            cwd=folder,
            env={**os.environ, MARK: mark, "TMPDIR": str(scratch), "PYTHONUTF8": "1", "PYTHONSAFEPATH": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C in the server's terminal is the server's affair
        )
        _step_back(self._process.pid)

    def ending(self, told: Callable[[Progress], object]) -> Ending:
        """Listen until the child and all it has started are gone; ``told`` hears of its progress."""
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        printed: deque[str] = deque(maxlen=_CLOSING_LINES)
        plain: deque[str] = deque(maxlen=1)
        errors: deque[str] = deque(maxlen=1)
        warnings: deque[str] = deque(maxlen=_CLOSING_LINES)
        listeners = [
            threading.Thread(target=_keep, args=(self._process.stdout, printed), daemon=True),
            threading.Thread(target=_hear, args=(self._process.stderr, told, plain, errors, warnings), daemon=True),
        ]
        for listener in listeners:
            listener.start()
        self._process.wait()
        end_all([self._mark], grace=0.0)
        for listener in listeners:
            listener.join(_LAST_WORDS)
        complaint = next(iter(errors or plain), "")
        return Ending(self._process.returncode, tuple(printed), complaint, tuple(warnings))

    def end(self) -> None:
        """Ask the child and all it has started to end; what has not after a while is ended. Returns at once."""
        threading.Thread(target=end_all, args=([self._mark], GRACE), daemon=True).start()


def end_all(marks: Iterable[str], grace: float) -> None:
    """End every process that carries one of these marks, having asked it ``grace`` seconds before.

    Returns when none is left. What is being ended may start others meanwhile, so that it is looked for again and again.
    """
    import psutil

    marks, asked, deadline = frozenset(marks), set[int](), time.monotonic() + grace
    while found := list(_marked(marks)):
        for process in found:
            with contextlib.suppress(psutil.Error):  # it has just ended
                if time.monotonic() >= deadline:
                    process.kill()
                elif process.pid not in asked:
                    process.terminate()
                    asked.add(process.pid)
        time.sleep(_LOOK_EVERY)


def remove_leftovers(folder: Path) -> None:
    """Finish in an episode's folder what killed jobs began to write, and remove what else they left, as far as that is
    possible."""
    recover(*(folder / name for name in _WRITTEN_TO))


def understood(line: str) -> Progress | Warned | Outcome | Failed | Plain | None:
    """What a line of standard error is; None for an empty one."""
    line = line.strip()
    if not line:
        return None
    if line.startswith("{") and (meant := _meant(line)):
        return meant
    text = line.removeprefix(_NAME)
    if text != line and text.startswith(_WARNING):
        return Warned(text.removeprefix(_WARNING)[:_LONGEST_TEXT])
    return Plain(text[:_LONGEST_TEXT])


def lines(stream: IO[bytes]) -> Iterator[str]:
    """The lines of a child's stream as they come, until it ends."""
    while line := stream.readline(_LONGEST_LINE):
        yield line.decode("utf-8", "replace").rstrip("\r\n")


def _marked(marks: frozenset[str]) -> Iterator[Any]:
    """The living processes that carry one of the marks. Those of other users cannot be read, and are not ours."""
    import psutil

    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(MARK) in marks and process.status() != psutil.STATUS_ZOMBIE:
                yield process


def _step_back(pid: int) -> None:
    """Let what answers the page go first."""
    import psutil

    with contextlib.suppress(psutil.Error):
        nice = psutil.BELOW_NORMAL_PRIORITY_CLASS if sys.platform == "win32" else _NICENESS
        psutil.Process(pid).nice(nice)


def _keep(stream: IO[bytes], kept: deque[str]) -> None:
    with stream:
        kept.extend(line for line in lines(stream) if line.strip())


def _hear(
    stream: IO[bytes],
    told: Callable[[Progress], object],
    plain: deque[str],
    errors: deque[str],
    warnings: deque[str],
) -> None:
    with stream:
        for line in lines(stream):
            match understood(line):
                case Progress() as progress:
                    told(progress)
                case Warned(text):
                    warnings.append(text)
                case Outcome(all_of_them):
                    warnings.clear()
                    warnings.extend(all_of_them)
                case Failed(text):
                    errors.append(text)
                case Plain(text):
                    plain.append(text)


class _Line(msgspec.Struct):
    """A line of JSON: of progress, or the last one, of an ``error`` or with ``done`` true."""

    done: bool | float | None = None
    stage: str = ""
    total: float | None = None
    seconds_left: float | None = None
    warnings: list[dict[str, Any]] = []
    error: dict[str, Any] | None = None


def _meant(line: str) -> Progress | Outcome | Failed | None:
    """What a line of JSON means; None if it is only something that looks like one."""
    try:
        data = decode(line.encode("utf-8"), _Line)
        if data.error:
            return Failed(_kept(data.error))
        if data.done is True:
            return Outcome(tuple(map(_kept, data.warnings)))
    except ValueError:
        return None
    if data.done is None or not data.stage:
        return None
    return Progress(data.stage[:40], _known(data.done) or 0.0, _known(data.total), _known(data.seconds_left))


def _kept(facts: Mapping[str, Any]) -> str:
    """A message that was told, cut if it is too long."""
    text = from_facts(facts)
    return text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT]


def _known(amount: float | None) -> float | None:
    """An amount, None where it can be none: what is left of a stage that takes longer than it was to take."""
    return amount if amount is not None and 0 <= amount < math.inf else None
