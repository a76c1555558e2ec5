"""Looking at jobs from outside: their processes and records."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from web.jobs import Job


def pids(folder: Path, name: str = "begun") -> list[int]:
    path = folder / name
    return [int(pid) for pid in path.read_text(encoding="utf-8").split()] if path.exists() else []


def alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def record(folder: Path, job: Job) -> dict[str, object]:
    return dict(json.loads((folder / "jobs" / f"{job.id}.json").read_text(encoding="utf-8")))


def until(holds: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.02)
