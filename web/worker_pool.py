"""A pool of child processes with limits of time and memory, for work on files that came from outside.

A thread of the server does with a sent file only what is linear in its size: it copies, hashes, decodes JSON into typed
records. Whatever reads, searches, cuts, draws or measures goes through ``call``, which runs a function in another
process and decodes its result from JSON into the type that the function's annotation names; nothing is unpickled. A
process does one task and ends. On systems with ``fork`` it is forked from a parent without threads, which has imported
what is heavy and reads no file; elsewhere a started process waits for its task. The system ends one that overruns its
CPU time, clock or memory; on Windows only the server's clock does.
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

CPU_SECONDS, CLOCK_SECONDS = 30, 90.0  # of a task; a busy machine gives a process less than a whole core
MEMORY_BYTES = 2_000_000_000
PATIENCE = 30.0  # seconds that a call waits for its turn

_LARGEST_ANSWER = 300_000_000  # bytes
_IMPORTED = (
    *("web.correcting.states", "web.review.queue", "web.clips.previews", "aligner.pipeline", "filelock"),
    *("aligner.publishing.clips", "numpy", "av", "PIL.Image"),
)

_turns = threading.Semaphore(3)
_started: list[tuple[subprocess.Popen[bytes], socket.socket]] = []  # with the standard input of one that forks
_lock = threading.Lock()


def call(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Call ``function`` in a child process and return its result. Raises UserError, WebError and OSError as
    ``function`` does; Unusable: it took too much time or memory, or crashed; Busy: too many calls are running."""
    task = pickle.dumps((function, args, kwargs, safe_fs.confined(), CPU_SECONDS, CLOCK_SECONDS, MEMORY_BYTES))
    if not _turns.acquire(timeout=PATIENCE):
        raise Busy("worker_pool.busy")
    latest = time.monotonic() + min(CPU_SECONDS, CLOCK_SECONDS) * 0.95
    try:
        return result_of((_forked if hasattr(os, "fork") else _spared)(task), function)
    except (ValueError, TypeError, KeyError, RecursionError) as error:  # there is no answer, or not all of it
        raise Unusable("worker_pool.time" if time.monotonic() > latest else "worker_pool.fell") from error
    finally:
        _turns.release()


@atexit.register
def end() -> None:
    """End all child processes; the next call starts them again."""
    with _lock:
        for process, control in _started:
            control.close()  # its standard input, at whose end it ends
            process.communicate()
        _started.clear()


def _forked(task: bytes) -> bytes:
    """Have the parent fork a process for a task; return its answer, as far as there is one."""
    deadline, answer = time.monotonic() + CLOCK_SECONDS + 1, bytearray()
    ours, theirs = socket.socketpair()
    with ours:
        with _lock, theirs:
            if not _started or _started[-1][0].poll() is not None:
                _started.append(_start(fork_tasks))
            socket.send_fds(_started[-1][1], [b"."], [theirs.fileno()])
        with contextlib.suppress(BrokenPipeError, ConnectionResetError, TimeoutError):  # it has ended, or is to end
            ours.settimeout(CLOCK_SECONDS + 1)
            ours.sendall(task)
            while (block := ours.recv(1 << 20)) and len(answer) < _LARGEST_ANSWER:
                answer += block
                ours.settimeout(max(0.001, deadline - time.monotonic()))
    return bytes(answer)


def _spared(task: bytes) -> bytes:
    """Hand a task to the process that waits for one; return its answer."""
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


def _start(life: Callable[[], None]) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Start a process that runs ``life``; return it and the socket that is standard input of one that forks."""
    known = [str(Path(__file__).resolve().parents[1]), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    inherited = {name: value for name, value in os.environ.items() if name != "QUOTECAST_PASSWORD"}
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            # -P: nothing is imported from the folder that it is started in.
            [sys.executable, "-P", "-X", "utf8", "-c", f"from {__name__} import {life.__name__} as live; live()"],
            env=inherited | {"PYTHONPATH": os.pathsep.join(filter(None, known)), "OPENBLAS_NUM_THREADS": "1"},
            stdin=theirs.fileno() if life is fork_tasks else subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
    return process, ours


def do_task() -> None:
    """Do the one task that comes by standard input."""
    with os.fdopen(os.dup(0), "rb") as server, os.fdopen(os.dup(1), "wb") as answers:
        _prepare()
        answers.write(_answer(server))


def fork_tasks() -> None:
    """Fork a process for each task that comes by standard input, until the server ends; then end them all."""
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
    with contextlib.suppress(ChildProcessError):  # there are none left
        while pid := os.waitpid(-1, os.WNOHANG)[0]:
            _end_group(pid)  # what it has started
            children.discard(pid)


def _end_group(pid: int) -> None:
    with contextlib.suppress(OSError):
        os.killpg(pid, signal.SIGKILL)


def _prepare() -> None:
    """Read and print nothing, and import what tasks need, so that they need not."""
    getattr(os, "nice", int)(5)  # somebody waits for an answer: before jobs, behind the server
    for name in _IMPORTED:
        importlib.import_module(name)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(nothing, descriptor)
    gc.disable()  # a process that does one task need not look for cycles
    gc.freeze()


def _answer(request: BinaryIO) -> bytes:
    """Do the task that is requested, within its limits; return its result or error as JSON."""
    function, args, kwargs, confined, cpu_seconds, clock_seconds, memory_bytes = pickle.load(request)
    for folder in confined:
        safe_fs.confine(folder)
    with contextlib.suppress(ImportError, AttributeError):  # as far as the system knows limits
        import resource

        signal.setitimer(signal.ITIMER_REAL, clock_seconds)
        # Where the system counts what is written to, what libraries merely reserve does not matter.
        memory = resource.RLIMIT_DATA if sys.platform == "linux" else resource.RLIMIT_AS
        for kind, most in (resource.RLIMIT_CPU, cpu_seconds), (memory, memory_bytes), (resource.RLIMIT_CORE, 0):
            with contextlib.suppress(ValueError, OSError):  # it may have a lower one already
                resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))
    try:
        return result_json(function(*args, **kwargs))
    except Exception as error:
        return error_json(error)
