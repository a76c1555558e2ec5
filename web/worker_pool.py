"""A pool of child processes with limits of time and memory, for work on untrusted files.

The server's threads only copy an uploaded file, hash it, or decode its JSON into typed records; the time for this is
linear in the file's size. Parsing, searching, cutting and drawing are done through ``call``: it runs a function in a
child process and decodes the result from JSON into the function's return type. The server unpickles nothing. A child
process does one task and ends. If the system has ``fork``, the child is forked by a parent process that has imported
heavy modules, has no threads and reads no file; otherwise a spare process waits for the task. The system ends a child
that exceeds its CPU time, clock time or memory. Windows has only the limit of clock time.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, NoReturn, ParamSpec, TypeVar

from media import safe_fs
from web.errors import Busy, Unusable
from web.results import error_json, result_json, result_of

P = ParamSpec("P")
T = TypeVar("T")

CPU_SECONDS, CLOCK_SECONDS = 30, 90.0  # of a task; on a busy machine it gets less than a whole core
MEMORY_BYTES = 2_000_000_000
MAX_WAIT = 30.0  # seconds that a call waits for a free slot

_LARGEST_ANSWER = 300_000_000  # bytes
# Imported once for all tasks. They are named, since the server starts faster without them and they import this module.
_PRELOADED = ("web.correcting.states", "web.review.queue", "web.clips.previews", "filelock", "av", "PIL.Image")

_slots = threading.Semaphore(3)
_started: list[tuple[subprocess.Popen[bytes], socket.socket]] = []  # with the standard input of a parent that forks
_lock = threading.Lock()


def call(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Call ``function`` in a child process and return its result. Raises the errors of ``function``, Unusable if too
    much time or memory was needed or the process crashed, and Busy if too many calls are running."""
    task = pickle.dumps((function, args, kwargs, safe_fs.confined(), CPU_SECONDS, CLOCK_SECONDS, MEMORY_BYTES))
    if not _slots.acquire(timeout=MAX_WAIT):
        raise Busy("worker_pool.busy")
    latest = time.monotonic() + min(CPU_SECONDS, CLOCK_SECONDS) * 0.95
    try:
        return result_of((_by_fork if hasattr(os, "fork") else _by_spare)(task), function)
    except (ValueError, TypeError, KeyError, RecursionError) as error:  # the answer is missing or incomplete
        raise Unusable("worker_pool.time" if time.monotonic() > latest else "worker_pool.fell") from error
    finally:
        _slots.release()


@atexit.register
def end() -> None:
    """End all child processes; the next call starts new ones."""
    with _lock:
        for process, control in _started:
            control.close()  # its standard input; it ends at end of file
            process.communicate()
        _started.clear()


def _by_fork(task: bytes) -> bytes:
    """Run a pickled task in a forked child process. Return the answer as JSON, incomplete if the child crashed."""
    deadline, answer = time.monotonic() + CLOCK_SECONDS + 1, bytearray()
    ours, theirs = socket.socketpair()
    with ours:
        with _lock, theirs:
            if not _started or _started[-1][0].poll() is not None:
                _started.append(_start(fork_tasks))
            socket.send_fds(_started[-1][1], [b"."], [theirs.fileno()])
        with contextlib.suppress(BrokenPipeError, ConnectionResetError, TimeoutError):  # it ended early or is too slow
            ours.settimeout(CLOCK_SECONDS + 1)
            ours.sendall(task)
            while (block := ours.recv(1 << 20)) and len(answer) < _LARGEST_ANSWER:
                answer += block
                ours.settimeout(max(0.001, deadline - time.monotonic()))
    return bytes(answer)


def _by_spare(task: bytes) -> bytes:
    """Run a pickled task in the spare process, return the answer as JSON, and start the next spare process."""
    with _lock:
        process, control = _started.pop() if _started else _start(do_task)
    control.close()
    try:
        return process.communicate(task, CLOCK_SECONDS + 1)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()[0]
    finally:
        with _lock:
            _started.append(_start(do_task))


def _start(main: Callable[[], None]) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Start a process that calls ``main``. Return it, and a socket to the standard input of ``fork_tasks``."""
    known = [str(Path(__file__).resolve().parents[1]), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            # -P: never import from the working folder.
            [sys.executable, "-P", "-X", "utf8", "-c", f"from {__name__} import {main.__name__} as main; main()"],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, known)), "OPENBLAS_NUM_THREADS": "1"},
            stdin=theirs.fileno() if main is fork_tasks else subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
    return process, ours


def do_task() -> None:
    """Read a task from standard input, run it, and write the answer to standard output."""
    with os.fdopen(os.dup(0), "rb") as server, os.fdopen(os.dup(1), "wb") as answers:
        _prepare()
        answers.write(_answer(server))


def fork_tasks() -> None:
    """For each socket received on standard input, fork a child that does the task sent through the socket. At the end
    of input, kill all children."""
    server, children = socket.socket(fileno=os.dup(0)), set[int]()
    _prepare()
    signal.signal(signal.SIGCHLD, lambda *_: _reap(children))
    while descriptors := socket.recv_fds(server, 1, 1)[1]:
        with socket.socket(fileno=descriptors[0]) as channel:
            children.add(os.fork() or _do_task_of(channel, server))
    for pid in list(children):
        _end_group(pid)


def _do_task_of(channel: socket.socket, server: socket.socket) -> NoReturn:
    try:
        server.close()
        os.setpgid(0, 0)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        channel.set_inheritable(False)
        channel.sendall(_answer(channel.makefile("rb")))
    finally:
        os._exit(0)


def _reap(children: set[int]) -> None:
    with contextlib.suppress(ChildProcessError):  # no child is left
        while pid := os.waitpid(-1, os.WNOHANG)[0]:
            _end_group(pid)  # its descendants
            children.discard(pid)


def _end_group(pid: int) -> None:
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)


def _prepare() -> None:
    getattr(os, "nice", int)(5)  # as a user waits for the answer: after the server, level with jobs
    for name in _PRELOADED:
        importlib.import_module(name)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(nothing, descriptor)
    gc.disable()  # a process with one task ends before cycles matter
    gc.freeze()


def _answer(request: BinaryIO) -> bytes:
    """Read a pickled task, run it within its limits, and return the result or error as JSON."""
    function, args, kwargs, confined, cpu_seconds, clock_seconds, memory_bytes = pickle.load(request)
    for folder in confined:
        safe_fs.confine(folder)
    with contextlib.suppress(ImportError, AttributeError):  # Windows has neither
        import resource

        signal.setitimer(signal.ITIMER_REAL, clock_seconds)
        # Linux can count the memory that is written to, without what libraries merely reserve.
        memory = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
        for kind, most in (resource.RLIMIT_CPU, cpu_seconds), (memory, memory_bytes), (resource.RLIMIT_CORE, 0):
            with contextlib.suppress(ValueError, OSError):  # the limit may already be lower
                resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))
    try:
        return result_json(function(*args, **kwargs))
    except Exception as error:
        return error_json(error)
