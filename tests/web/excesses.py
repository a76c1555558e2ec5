"""Functions for child processes that fail or exceed the limits."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from media.errors import DecodeError
from web.errors import Unusable


def mistaken() -> None:
    raise LookupError("a mistake of ours")


def add(one: int, other: int = 1) -> int:
    return one + other


def who() -> tuple[int, int, bytes]:
    """The process, its priority, and what it reads and prints."""
    print("to the terminal?")
    print("to the terminal?", file=sys.stderr)
    return os.getpid(), os.nice(0), sys.stdin.buffer.read()


def for_ever() -> None:
    while True:
        pass


def asleep() -> None:
    time.sleep(3600)


def asleep_with_another(told: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
    told.write_text(f"{child.pid} {os.getpid()}")
    child.wait()


def without_end() -> int:
    return len(bytearray(1 << 40))


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def no_sound(path: Path) -> None:
    raise DecodeError("{path}: has no audio from {start:.1f} s on", path=path, start=2.5)


def no_words() -> None:
    raise Unusable("quote.no_words", "field", first=1, last=2, n=3)


def absent(path: Path) -> None:
    path.read_bytes()
