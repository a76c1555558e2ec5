"""Where the folders of jobs are: people rename them and move them while a server runs.

A folder is known again by what the file system calls it, and by the record of the job in it: the system may give the
number of a folder that was removed to a new one, and a copy of a folder holds its records too.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from media.confinement import changeable, is_folder, is_regular
from web.jobs.job import Job

JOBS = "jobs"

_Number = tuple[int, int]  # of the file system, and of the folder in it


class Homes:
    """The folders in which jobs have their records."""

    def __init__(self) -> None:
        self._numbers: dict[str, _Number] = {}

    def settle(self, job: Job, folder: Path) -> None:
        """From now on ``folder`` is the job's, by whatever name."""
        self.forget(job)
        if number := _number(folder):
            self._numbers[job.id] = number

    def forget(self, job: Job) -> None:
        """Nothing is to be known of the job any more."""
        self._numbers.pop(job.id, None)

    def of(self, folder: Path, jobs: Iterable[Job]) -> list[Job]:
        """Those of the ``jobs`` that have their records in ``folder``, as far as its number tells."""
        number = _number(folder)
        return [job for job in jobs if number and self._numbers.get(job.id) == number]

    def is_at(self, job: Job, folder: Path) -> bool:
        """Whether the job, which is called after ``folder``, belongs to what has that name now."""
        number = self._numbers.get(job.id)
        return number is None or number == _number(folder) or holds(folder, job)

    def find(self, job: Job, named: Path, others: Iterable[Path]) -> Path | None:
        """The job's folder: the one that it is called after, or which of the ``others`` that is now; None where it has
        gone."""
        number = self._numbers.get(job.id)
        if is_folder(named) and number in (None, _number(named)):
            return named
        found = [folder for folder in (named, *others) if holds(folder, job)]
        return next((folder for folder in found if _number(folder) == number), next(iter(found), None))


def record_path(folder: Path, job: Job) -> Path:
    """Where the record of a job lies in its folder."""
    return folder / JOBS / f"{job.id}.json"


def holds(folder: Path, job: Job) -> bool:
    """Whether the record of the job lies in ``folder``."""
    return is_regular(record_path(folder, job))


def _number(folder: Path) -> _Number | None:
    try:
        found = changeable(folder).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
