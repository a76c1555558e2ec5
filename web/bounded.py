"""A pool of child processes with limits of time and memory, for work on files that came from outside.

A thread of the server does with a sent file only what is linear in its size: it copies, hashes, decodes JSON into typed
records. Whatever reads, searches, cuts, draws or measures goes through ``call``, which runs a function in another
process and decodes its result from JSON into the type that the function's annotation names; nothing is unpickled. A
process does one task and ends; the next one is started beforehand and waits for its task. The system ends one that
overruns its CPU time, clock or memory; on Windows only the server's clock does.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import ParamSpec, TypeVar

from media import safe_fs
from web.errors import Busy, Unusable
from web.results import error_json, result_json, result_of

P = ParamSpec("P")
T = TypeVar("T")

CPU_SECONDS, CLOCK_SECONDS = 30, 90.0  # of a task; a busy machine gives a process less than a whole core
MEMORY_BYTES = 2_000_000_000
PATIENCE = 30.0  # seconds that a call waits for its turn

_LARGEST_ANSWER = 300_000_000  # bytes
_IMPORTED = ["web.app", "aligner.pipeline", "aligner.publishing.clips", "numpy", "av", "PIL.Image"]

# Processes are forked from one without threads, which has imported what is heavy and reads no file.
_processes = multiprocessing.get_context("forkserver" if hasattr(os, "fork") else "spawn")
_processes.set_forkserver_preload(_IMPORTED)
_turns = threading.Semaphore(3)
_waiting: list[tuple[BaseProcess, Connection]] = []


def call(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Return what ``function`` of these arguments returns, run by a child process. Raises UserError, WebError and
    OSError as ``function`` does; Unusable: it took too much time or memory, or crashed; Busy: too many calls are under
    way."""
    known = {name: value for name, value in os.environ.items() if name != "QUOTECAST_PASSWORD"}
    limits = CPU_SECONDS, CLOCK_SECONDS, MEMORY_BYTES
    task = pickle.dumps((function, args, kwargs, known, safe_fs.confined(), limits))
    if not _turns.acquire(timeout=PATIENCE):
        raise Busy("bounded.busy")
    latest = time.monotonic() + min(CPU_SECONDS, CLOCK_SECONDS) * 0.95
    try:
        return result_of(_done(task), function)
    except (ValueError, TypeError, KeyError, RecursionError) as error:  # there is no answer, or not all of it
        raise Unusable("bounded.time" if time.monotonic() > latest else "bounded.fell") from error
    finally:
        _turns.release()


def _done(task: bytes) -> bytes:
    """Have the process that waits do a task; return its answer, empty if there is none."""
    try:
        process, channel = _waiting.pop()
    except IndexError:
        process, channel = _start()
    try:
        with channel, contextlib.suppress(EOFError, OSError):  # it has ended, or its answer is too large
            channel.send_bytes(task)
            _waiting.append(_start())  # while the task is done
            if channel.poll(CLOCK_SECONDS + 1):
                return channel.recv_bytes(_LARGEST_ANSWER)
        return b""
    finally:
        process.kill()
        if hasattr(os, "killpg"):
            with contextlib.suppress(OSError):
                os.killpg(process.pid or 0, signal.SIGKILL)  # what it has started
        process.join()


def _start() -> tuple[BaseProcess, Connection]:
    ours, theirs = _processes.Pipe()
    with theirs:
        process = _processes.Process(target=_do_task, args=(theirs,), daemon=True)  # type: ignore[attr-defined]
        process.start()
    return process, ours


def _do_task(channel: Connection) -> None:
    """Do the one task that comes by ``channel``, reading and printing nothing; end if the server ends."""
    if hasattr(os, "setsid"):
        os.setsid()
        os.nice(5)  # somebody waits for an answer: before jobs, behind the server
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in range(3):
        os.dup2(nothing, descriptor)
    gc.disable()  # a process that does one task need not look for cycles
    task = channel.recv_bytes()
    threading.Thread(target=_end_with_server, daemon=True).start()
    channel.send_bytes(_answer(task))


def _end_with_server() -> None:
    if server := multiprocessing.parent_process():
        wait([server.sentinel])
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _answer(task: bytes) -> bytes:
    """Do a task within its limits; return its result or error as JSON."""
    function, args, kwargs, known, confined, (cpu_seconds, clock_seconds, memory_bytes) = pickle.loads(task)
    os.environ.clear()
    os.environ.update(known)
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
