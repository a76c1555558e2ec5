"""The state of a job, and its row in the user's database.

Times are ISO 8601 in UTC with milliseconds; ``outputs`` are paths relative to the episode's folder, with slashes.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import msgspec

from aligner.errors import NO_MEMORY, ExitStatus
from aligner.storage.database import NAME as DATABASE
from aligner.storage.database import StateError, changing, data_folder, library_number
from media.errors import Message, from_facts, to_facts
from web.jobs.kinds import Kinds, Work
from web.jobs.process import Ending, Progress

INTERRUPTED = Message("was interrupted when the server ended; start it again")
"""The message of a job that was still open when its server ended."""

_FACTS = ("id", "episode", "created", "state", "ended", "who")  # the fields of a job that a row stores unchanged

_NO_MEMORY = re.compile(r"[\w.]*MemoryError\b|.*\bbad_alloc\b|.*\ballocate memory\b")  # errors of libraries


class JobState(StrEnum):
    """The state of a job: waiting, running, or how the job ended."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Job:
    """Work that a child process does in an episode's folder, and the state of this work.

    ``episode`` is the folder's name. ``message`` is the reason of a failure, otherwise the last lines that the process
    printed. ``message`` and ``warnings`` of the type ``Message`` can be translated. ``who`` submitted the job, empty if
    unknown.
    """

    id: str
    work: Work
    episode: str
    created: str
    state: JobState = JobState.WAITING
    ended: str | None = None
    progress: Progress = Progress()  # noqa: RUF009, it is frozen
    message: str = ""
    warnings: tuple[str, ...] = ()
    who: str = ""

    @property
    def kind(self) -> str:
        return self.work.kind

    @property
    def outputs(self) -> tuple[str, ...]:
        return self.work.outputs

    @property
    def is_open(self) -> bool:
        """Return whether the job is waiting or running."""
        return self.state in (JobState.WAITING, JobState.RUNNING)


class Rows:
    """The database rows of the jobs of the library at ``root``. All methods raise StateError if the database fails."""

    def __init__(self, root: Path, kinds: Kinds) -> None:
        self._root, self._kinds = root, kinds

    def all(self) -> list[Job]:
        """Return the jobs in the order of submission. Raises StateError also if a row is damaged."""
        with changing() as db:
            sql = "SELECT content FROM job WHERE library = ?"
            rows = db.execute(sql, (library_number(db, self._root),)).fetchall()
        try:
            return sorted((job_in(row["content"], self._kinds) for row in rows), key=lambda job: (job.created, job.id))
        except (KeyError, ValueError, TypeError) as error:
            path = data_folder() / DATABASE
            raise StateError("{path}: cannot be used ({reason})", path=path, reason=f"a job: {error}") from error

    def put(self, job: Job) -> None:
        """Write the row of a job; replace an earlier row with the same id."""
        facts = {name: getattr(job, name) for name in (*_FACTS, "kind")}
        messages = {"message": to_facts(job.message), "warnings": list(map(to_facts, job.warnings))}
        content = json.dumps({**facts, **messages, "work": msgspec.to_builtins(job.work)})
        with changing() as db:
            values = (job.id, library_number(db, self._root), content)
            db.execute("INSERT OR REPLACE INTO job VALUES (?, ?, ?)", values)

    def drop(self, jobs: Iterable[Job]) -> None:
        """Delete the rows of jobs."""
        with changing() as db:
            db.executemany("DELETE FROM job WHERE id = ?", [(job.id,) for job in jobs])


def job_in(content: str, kinds: Kinds) -> Job:
    """Return the job in a row. Raises KeyError, ValueError or TypeError if the row is damaged."""
    row = json.loads(content)
    work = msgspec.convert(row["work"], kinds[row["kind"]])
    message, warnings = from_facts(row["message"]), tuple(map(from_facts, row["warnings"]))
    facts = {name: row[name] for name in _FACTS} | {"state": JobState(row["state"])}
    return Job(work=work, message=message, warnings=warnings, **facts)


def new_id() -> str:
    """Return a new job id, which begins with the current time."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.urandom(4).hex()}"


def now() -> str:
    """Return the current time as ISO 8601 in UTC, so that texts sort by time."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def finished(job: Job, state: JobState, message: str = "") -> Job:
    """Return the job, marked as ended now, with ``state`` and ``message`` and without an estimate of the time left."""
    last = Progress(job.progress.stage, job.progress.done, job.progress.total)
    return replace(job, state=state, message=message, ended=now(), progress=last)


def after(job: Job, ending: Ending) -> Job:
    """Return the job, marked as done or failed according to ``ending``, the result of the job's process."""
    job = replace(job, warnings=ending.warnings)
    if ending.status in (ExitStatus.DONE, ExitStatus.POOR):
        return finished(job, JobState.DONE, "\n".join(ending.printed))
    return finished(job, JobState.FAILED, _reason(ending))


def _reason(ending: Ending) -> str:
    """Return why a process failed: ``NO_MEMORY`` if memory was lacking, else the reported reason or the exit status. A
    lack of memory is looked for in plain text, and of a translatable message only in the value ``detail``: the other
    values may be names, which may contain any text."""
    quoted = ending.reason.values.get("detail") if isinstance(ending.reason, Message) else ending.reason
    if ending.reason == NO_MEMORY or (isinstance(quoted, str) and _NO_MEMORY.match(quoted)):
        return NO_MEMORY
    if ending.status < 0:
        return Message("was ended from outside by signal {signal}; is there enough memory?", signal=-ending.status)
    return ending.reason or Message("ended with status {status}", status=ending.status)
