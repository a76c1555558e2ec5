"""Running a piece of work in a process that dies: at a file-system step that is counted, at a moment, for want of room;
or that is interrupted there, or finds no room from then on, and ends by itself.

Every step that can change what is on the disk is counted by an audit hook, and the process dies just before it. It is
forked, so that a run takes no longer than its work; what it starts and leaves behind is waited for.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import mmap
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_STEPS = frozenset(
    ["os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.utime"]
)
_TAKING_ROOM = frozenset(["open", "os.mkdir", "os.link", "os.symlink"])
_LONGEST = 120.0  # seconds of a run
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of prctl(2): who loses its parent is ours to reap


@dataclass(frozen=True, slots=True)
class Death:
    """How a process is to end before its time: at ``step``, or ``after`` seconds by ``signal``, which what it has
    started gets instead where ``to_children``; or at a file of more than ``largest_bytes``. Where ``is_full``, it goes
    on at ``step`` with a disk that has no room; ``meanwhile`` is what somebody else does just before."""

    step: int | None = None
    is_full: bool = False
    meanwhile: Callable[[], object] | None = None
    after: float | None = None
    signal: int = signal.SIGKILL
    to_children: bool = False
    largest_bytes: int | None = None


NONE = Death()


@dataclass(frozen=True, slots=True)
class End:
    """``status`` as ``Popen.returncode`` has it; the ``steps`` that were taken; what was ``said`` on standard error."""

    status: int
    steps: int
    seconds: float
    said: str


def run(work: Callable[[], object], death: Death = NONE, longest: float = _LONGEST) -> End:
    """Run ``work`` in a process of its own until it ends or dies, and all that it has started has ended too."""
    counter = mmap.mmap(-1, 8)
    with tempfile.TemporaryFile() as said:
        began, pid = time.monotonic(), os.fork()
        if pid == 0:
            _live(work, death, counter, said.fileno())
        if death.after is not None:
            time.sleep(death.after)
            _send(pid, death)
        status = os.waitstatus_to_exitcode(_wait(pid, longest))
        seconds = time.monotonic() - began
        _wait_for_orphans(pid)
        said.seek(0)
        return End(status, int.from_bytes(counter[:], sys.byteorder), seconds, said.read().decode("utf-8", "replace"))


def adopt_orphans() -> None:
    """Let who loses its parent be ours to wait for, where the system can."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


def _live(work: Callable[[], object], death: Death, counter: mmap.mmap, said: int) -> None:
    """The child's life; it never returns."""
    status = 70
    try:
        os.setpgid(0, 0)
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        os.dup2(said, 2)
        sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
        if death.largest_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (death.largest_bytes, resource.RLIM_INFINITY))
        _count(counter, death)
        status = int(work() or 0)  # type: ignore[call-overload]
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.flush()
        os._exit(status)


def _count(counter: mmap.mmap, death: Death) -> None:
    steps, is_watching = 0, True

    def step(takes_room: bool) -> None:
        nonlocal steps, is_watching
        if not is_watching:
            return
        steps += 1
        counter[:] = steps.to_bytes(8, sys.byteorder)
        if steps - 1 == death.step:
            is_watching = False
            if death.meanwhile:
                death.meanwhile()
            is_watching = True
            if not death.is_full:
                _die(death.signal)
        if death.is_full and death.step is not None and steps > death.step and takes_room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def watch(event: str, arguments: Any) -> None:
        if event in _STEPS or (event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING):
            step(event in _TAKING_ROOM)

    fsync = os.fsync

    def counted_fsync(descriptor: int) -> None:  # which has no event
        step(takes_room=True)
        fsync(descriptor)

    os.fsync = counted_fsync
    sys.addaudithook(watch)


def _die(number: int) -> None:
    """By that signal; by one that interrupts, the work ends here with KeyboardInterrupt."""
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    os.kill(os.getpid(), number)
    time.sleep(60)


def _send(pid: int, death: Death) -> None:
    import psutil

    with contextlib.suppress(psutil.Error, ProcessLookupError):  # it has ended already
        if death.to_children:
            for child in psutil.Process(pid).children(recursive=True):
                child.send_signal(death.signal)
        else:
            os.kill(pid, death.signal)


def _wait(pid: int, longest: float) -> int:
    deadline = time.monotonic() + longest
    while time.monotonic() < deadline:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return status
        time.sleep(0.002)
    os.killpg(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    raise TimeoutError("a run did not end")


def _wait_for_orphans(group: int) -> None:
    """What a killed process had started ends by itself, for its input is closed."""
    with contextlib.suppress(ChildProcessError):
        deadline = time.monotonic() + _LONGEST
        while time.monotonic() < deadline:
            done, _ = os.waitpid(-group, os.WNOHANG)
            if not done:
                time.sleep(0.005)
        raise TimeoutError("what a run had started did not end")


def told_until_killed(work: Callable[[IO[str]], object], kill: Callable[[int], object]) -> tuple[list[str], int]:
    """The lines that ``work`` told in a process of its own, and that process' status. Once the first is there, ``kill``
    gets its id; whatever ends it then ends the work."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        os.close(reading)
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        try:
            with os.fdopen(writing, "w") as told:
                work(told)
        except BaseException:
            traceback.print_exc()
        os._exit(70)
    os.close(writing)
    with os.fdopen(reading) as told:
        first = told.readline()
        kill(pid)
        _, status = os.waitpid(pid, 0)
        return [first.strip(), *told.read().splitlines()], os.waitstatus_to_exitcode(status)
