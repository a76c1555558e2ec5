"""The process of a job: started in a group of its own, listened to, and ended with all it has started.

Every process that a job starts inherits a mark in its environment: the job's id and its library. By it, not by a number
that the system may have given to a stranger since, a later server knows what an earlier one left running.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from web.jobs.job import Job
from web.jobs.said import Outcome, Plain, Progress, Warned, lines, understood

MARK = "QUOTECAST_JOB"

GRACE = 5.0  # seconds between asking a child to end and ending it
_LOOK_EVERY = 0.05  # seconds
_LAST_WORDS = 5.0  # seconds to hear what was said before the end, should a process without a mark keep a pipe open
_CLOSING_LINES = 8
_NICENESS = 10  # the page that waits for an answer comes first


@dataclass(frozen=True, slots=True)
class Ending:
    """How a child ended: its exit status, or the negative number of the signal; the last lines it printed, its last
    plain line on standard error, and its warnings."""

    status: int
    printed: tuple[str, ...]
    complaint: str
    warnings: tuple[str, ...]


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
        warnings: deque[str] = deque(maxlen=_CLOSING_LINES)
        listeners = [
            threading.Thread(target=_keep, args=(self._process.stdout, printed), daemon=True),
            threading.Thread(target=_hear, args=(self._process.stderr, told, plain, warnings), daemon=True),
        ]
        for listener in listeners:
            listener.start()
        self._process.wait()
        end_all([self._mark], grace=0.0)
        for listener in listeners:
            listener.join(_LAST_WORDS)
        return Ending(self._process.returncode, tuple(printed), "".join(plain), tuple(warnings))

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


def _hear(stream: IO[bytes], told: Callable[[Progress], object], plain: deque[str], warnings: deque[str]) -> None:
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
                case Plain(text):
                    plain.append(text)
