"""Work on what came from outside, done by a child process with limits of time and memory; never by a server's thread.

The rule
--------
A thread of the server does with a sent file only what is linear in its size, and bounded by that: it copies, hashes,
decodes JSON into typed records, writes HTML. What *reads* or *searches* (a transcript in any format, the header of a
sound, a picture, the whole of an alignment for the first time) and what cuts, draws, measures or builds captions is
called through here. ``call(function, ...)`` is then the function itself in another process: its result comes back,
and so do the errors that have words for a reader. Whatever else happens to it, an overrun, a lack of memory, a fall,
is one sentence, and a new worker takes the place of the old one.

How it is bounded
-----------------
- The system itself ends a worker that overruns, by its CPU time and by the clock, whether or not the server still
  lives; the server ends it too, with all that it has started. Memory is bounded where the system can do that.
- A few calls run at once, fewer of one client; others wait a while for their turn, which goes to the client with the
  fewest calls under way. Of each only so many may wait: what a crowd waits for here, it does not wait for elsewhere.
- A worker is a session of its own, behind the server in priority, without input or terminal. It is started when
  needed, stays warm, and ends with the server, however that ends.
- Confined folders go along. A worker keeps the server's time and memory, not its secrets: it runs as the same user.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import pickle
import signal
import subprocess
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any, BinaryIO, ParamSpec, TypeVar

from media import confinement
from media.errors import UserError
from web.errors import Busy, Unusable, WebError, no_room

P = ParamSpec("P")
T = TypeVar("T")

CPU_SECONDS, CLOCK_SECONDS = 30, 90.0  # of a call; a busy machine gives a worker less than a whole core
MEMORY_BYTES = 2_000_000_000
AT_ONCE, AT_ONCE_OF_ONE = 3, 2  # calls under way, and of one client
WAITING, WAITING_OF_ONE = 16, 8  # a client who has none waiting always may
PATIENCE = 30.0  # seconds until who waits is told to try again

_NICENESS = 5  # somebody waits for an answer: before jobs, behind the server
_LONGEST_LIFE = 500  # calls, after which a worker is replaced: libraries leak
_SECRETS = ("QUOTECAST_PASSWORD",)  # what a worker has no use for

client: ContextVar[str] = ContextVar("client", default="")
"""Whom the current thread works for: a request's address."""


def call(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """What ``function`` of these arguments is, worked out by a child; all of them can be pickled.

    Raises
    ------
    UserError, WebError, OSError
        As ``function`` does.
    Unusable
        It took too long, took too much memory, or fell.
    Busy
        Too many are waiting.
    """
    with _places.taken(client.get()):
        worker = _free()
        limits = CPU_SECONDS, CLOCK_SECONDS, MEMORY_BYTES
        answer = worker.answer(_Call(function, args, kwargs, confinement.confined(), *limits))
        if worker.is_fit:
            _idle.append(worker)
    if isinstance(answer, _Raised):
        raise answer.error
    result: T = answer.value
    return result


@dataclass(frozen=True, slots=True)
class _Call:
    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    confined: tuple[Path, ...]
    cpu_seconds: int
    clock_seconds: float
    memory_bytes: int


@dataclass(frozen=True, slots=True)
class _Result:
    value: Any


@dataclass(frozen=True, slots=True)
class _Raised:
    error: BaseException


class _Worker:
    """The server's end of a child."""

    def __init__(self) -> None:
        package = Path(__file__).resolve().parents[1]
        known = [str(package), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]  # empty: where we are
        inherited = {name: value for name, value in os.environ.items() if name not in _SECRETS}
        self._process = subprocess.Popen(
            # -P: nothing is imported from the folder that it is started in.
            [sys.executable, "-P", "-c", f"from {__name__} import work; work()"],
            env={**inherited, "PYTHONPATH": os.pathsep.join(known), "PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._calls, self._overran, self.is_fit = 0, False, True
        _living.add(self)

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def answer(self, call: _Call) -> _Result | _Raised:
        """Have the child work, in the time that it may take; one that is not fit afterwards has ended."""
        assert self._process.stdin
        assert self._process.stdout
        timer = threading.Timer(CLOCK_SECONDS + 1, self._overrun)
        timer.daemon = True
        timer.start()
        self._calls += 1
        try:
            pickle.dump(call, self._process.stdin)
            self._process.stdin.flush()
            answer: _Result | _Raised = pickle.load(self._process.stdout)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):  # it has ended, or was ended by another thread
            self.end()
            by_system = {-getattr(signal, name, 0) for name in ("SIGXCPU", "SIGALRM")}
            overran = self._overran or self._process.returncode in by_system
            return _Raised(Unusable("bounded.time" if overran else "bounded.fell"))
        except BaseException:  # it is in the middle of something, and so is the pipe
            self.end()
            raise
        finally:
            timer.cancel()
        if self._calls >= _LONGEST_LIFE or (isinstance(answer, _Raised) and isinstance(answer.error, _TooLarge)):
            self.end()
        return answer

    def end(self) -> None:
        """End the child and all that it has started."""
        self.is_fit = False
        self._kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream
            with contextlib.suppress(OSError):  # what was not yet written has no reader any more
                stream.close()
        _living.discard(self)

    def _overrun(self) -> None:
        self._overran = True
        self._kill()

    def _kill(self) -> None:
        if hasattr(os, "killpg"):
            with contextlib.suppress(OSError):  # none of them is left
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()


class _TooLarge(Unusable):
    """Memory ran out."""


class _Places:
    """Who may work, and who waits."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._working: Counter[str] = Counter()
        self._waiting: list[list[str]] = []  # a list of its own for each that waits, the client in it

    @contextlib.contextmanager
    def taken(self, who: str) -> Iterator[None]:
        ticket = [who]
        with self._changed:
            mine = self._waiting.count(ticket)
            if mine >= (WAITING_OF_ONE if len(self._waiting) < WAITING else 1):
                raise Busy("bounded.busy")
            self._waiting.append(ticket)
            try:
                if not self._changed.wait_for(lambda: self._next() is ticket, PATIENCE):
                    raise Busy("bounded.busy")
                self._working[who] += 1
            finally:
                self._waiting = [other for other in self._waiting if other is not ticket]
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._working[who] -= 1
                self._working += Counter()  # who has none is forgotten
                self._changed.notify_all()

    def _next(self) -> list[str] | None:
        """Whose turn it is: of those who have the fewest under way, the one who has waited longest."""
        if self._working.total() >= AT_ONCE:
            return None
        able = (ticket for ticket in self._waiting if self._working[ticket[0]] < AT_ONCE_OF_ONE)
        return min(able, key=lambda ticket: self._working[ticket[0]], default=None)


_places = _Places()
_idle: list[_Worker] = []
_living: set[_Worker] = set()


def _free() -> _Worker:
    """The worker that was at work last, for it is the warmest; a new one where none is free."""
    with contextlib.suppress(IndexError):
        while not (worker := _idle.pop()).is_alive():
            worker.end()
        return worker
    return _Worker()


@atexit.register
def _end() -> None:
    for worker in list(_living):
        worker.end()


def work() -> None:
    """A worker's life: it answers calls until the server ends."""
    calls, answers = SimpleQueue[_Call](), os.fdopen(os.dup(1), "wb")
    threading.Thread(target=_hear, args=(os.fdopen(os.dup(0), "rb"), calls), daemon=True).start()
    gc.set_threshold(100_000)  # to look for cycles among an hour's records, which have none, is a quarter of a call
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)  # what a library prints is no answer
    with contextlib.suppress(AttributeError, OSError):  # Windows has no such call
        os.nice(_NICENESS)
    while True:
        _answer(calls.get(), answers)


def _hear(server: BinaryIO, calls: SimpleQueue[_Call]) -> None:
    """Take calls in until the server has ended, then end too, whatever is being done and whoever helps with it."""
    try:
        while True:
            calls.put(pickle.load(server))
    finally:
        if hasattr(os, "killpg"):
            os.killpg(os.getpgrp(), signal.SIGKILL)
        os._exit(0)


def _answer(call: _Call, answers: BinaryIO) -> None:
    for folder in call.confined:
        confinement.confine(folder)
    with _limited(call):
        try:
            content = pickle.dumps(_Result(call.function(*call.args, **call.kwargs)))
        except MemoryError:
            content = pickle.dumps(_Raised(_TooLarge("bounded.memory")))
        except RecursionError:
            content = pickle.dumps(_Raised(Unusable("bounded.fell")))
        except Exception as error:
            if not isinstance(error, UserError | WebError | OSError):  # a mistake of ours: the log is to say where
                error = RuntimeError("".join(traceback.format_exception(error)))
            content = pickle.dumps(_Raised(no_room(error) or error))  # a copy does not have what it was raised from
    answers.write(content)
    answers.flush()


@contextlib.contextmanager
def _limited(call: _Call) -> Iterator[None]:
    """The time and memory of one call, as far as the system can hold them; the server's clock always does."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, call.clock_seconds)
    with contextlib.suppress(ImportError, ValueError, OSError):  # as far as this system knows such limits
        import resource

        latest = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2])) + call.cpu_seconds
        # Where the system counts what is written to, what libraries merely reserve does not matter.
        memory = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
        for kind, most in ((resource.RLIMIT_CPU, latest), (memory, call.memory_bytes), (resource.RLIMIT_CORE, 0)):
            resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))
    yield
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0)
