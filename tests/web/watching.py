"""The processes of jobs, seen from outside."""

import time
from collections.abc import Callable
from pathlib import Path

import psutil

from web.jobs import Job, Jobs


def pids(folder: Path, name: str = "begun") -> list[int]:
    path = folder / name
    return [int(pid) for pid in path.read_text(encoding="utf-8").split()] if path.exists() else []


def alive(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def until(holds: Callable[[], object], seconds: float = 60.0) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.02)


def over(jobs: Jobs, id: str) -> Job:
    """Wait until a job is over and its processes are gone; return it."""
    until(lambda: jobs._is_over(id), 300)
    return jobs.get(id)
