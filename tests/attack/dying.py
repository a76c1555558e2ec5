"""Run work in a forked process that is killed or interrupted at a file-system step, finds no room, or has limits.

An audit hook counts every step that can change what is on the disk; the process ends just before the one that is named.
"""

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
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_STEPS = frozenset(
    ["os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod", "os.utime"]
)
_TAKING_ROOM = frozenset(["open", "os.mkdir", "os.link", "os.symlink"])
_LONGEST = 120.0  # seconds of a run
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of prctl(2): processes without a parent become our children


@dataclass(frozen=True, slots=True)
class Death:
    """How a process ends before its time: at ``step``, by ``signal``, or of itself because the disk ``is_full`` from
    there on. ``meanwhile`` is called just before, as if somebody else did it."""

    step: int | None = None
    is_full: bool = False
    meanwhile: Callable[[], object] | None = None
    signal: int = signal.SIGKILL


@dataclass(frozen=True, slots=True)
class End:
    """The ``status`` of a process as ``Popen.returncode`` has it, its number of steps, and its standard error."""

    status: int
    steps: int
    said: str


def run(work: Callable[[], object], death: Death | None = None) -> End:
    """Run ``work`` in a process of its own until it ends or dies, and all that it started has ended too."""
    counter = mmap.mmap(-1, 8)
    with tempfile.TemporaryFile() as said, _adopting():
        pid = os.fork()
        if pid == 0:
            _live(work, death or Death(), counter, said.fileno())
        status = os.waitstatus_to_exitcode(_wait_for(pid))
        with contextlib.suppress(ChildProcessError):  # what it had started ends by itself, for its input is closed
            while True:
                _wait_for(-pid)
        said.seek(0)
        return End(status, int.from_bytes(counter[:], sys.byteorder), said.read().decode("utf-8", "replace"))


def limit(cpu_seconds: int, memory_bytes: int) -> None:
    """Have the system end this process when it takes more, beyond the memory that it has from its parent."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    statm = Path("/proc/self/statm")
    held = int(statm.read_text().split()[5]) * resource.getpagesize() if statm.exists() else 0
    resource.setrlimit(resource.RLIMIT_DATA, (held + memory_bytes,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextlib.contextmanager
def _adopting() -> Iterator[None]:
    """Make what a killed process leaves behind our own children, where the system can."""
    control = ctypes.CDLL(None).prctl if sys.platform == "linux" else lambda *_: None
    control(_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        control(_SUBREAPER, 0, 0, 0, 0)


def _live(work: Callable[[], object], death: Death, counter: mmap.mmap, said: int) -> None:
    """Be the child; never return."""
    status = 70
    try:
        os.setpgid(0, 0)
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        os.dup2(said, 2)
        sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
        _count(counter, death)
        status = int(work() or 0)  # type: ignore[call-overload]
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    except BaseException:
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
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    os.kill(os.getpid(), number)
    time.sleep(60)


def _wait_for(id: int) -> int:
    """Wait for a process, or for one of the group of the negative id; return its status."""
    deadline = time.monotonic() + _LONGEST
    while time.monotonic() < deadline:
        done, status = os.waitpid(id, os.WNOHANG)
        if done:
            return status
        time.sleep(0.002)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(abs(id), signal.SIGKILL)
    raise TimeoutError("a run, or what it had started, did not end")
