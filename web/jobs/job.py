"""What is known of a job, and what becomes of it when its process has ended.

Conventions
-----------
- Times of day are ISO 8601 in UTC with milliseconds. ``done`` and ``total`` are in the stage's own unit, mostly seconds
  of the episode; ``seconds_left`` is how long the stage will still take. ``run_done``, from 0 to
  1, and ``run_seconds_left`` are of all its stages, told while it runs.
- ``outputs`` are paths relative to the episode's folder, with slashes.
"""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Annotated, ClassVar

from msgspec import Meta

from aligner.errors import NO_MEMORY, ExitStatus
from media.errors import Message
from web.jobs.kinds import Work

MOST_ATTEMPTS = 3  # that the server falls and then the job may be chance; what kills it again would do so for ever

FELL = Message("fell {times} times with the server before it was done; start it again", times=MOST_ATTEMPTS)
"""Why a job is given up that ran whenever its server was killed."""

_SIGNALS = 128  # programs that end at a signal in their own way have a status of this and its number

_NO_MEMORY = re.compile(r"[\w.]*MemoryError\b|.*\bbad_alloc\b|.*\ballocate memory\b")  # as our libraries say it

# What a record may hold; it is checked where one is read.
Id = Annotated[str, Meta(pattern=r"^[0-9]{8}-[0-9]{6}-[0-9a-f]{8}\Z")]
Moment = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z\Z")]
Amount = Annotated[float, Meta(ge=0, le=1e12)]
Attempts = Annotated[int, Meta(ge=0, le=1_000)]
State = tuple[int, int]  # of a file: its size in bytes, and the time of its last change in nanoseconds since 1970


class JobState(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class PastWork:
    """What a job did that is only shown: its record is of an earlier version, or of a kind that is not known here."""

    kind: str
    outputs: tuple[str, ...]
    sources: ClassVar[tuple[str, ...]] = ()
    heavy: ClassVar[bool] = False
    memory_bytes: ClassVar[int | None] = None

    def __post_init__(self) -> None:
        for path in self.outputs:
            pure = PurePosixPath(path)
            if pure.is_absolute() or ".." in pure.parts or not pure.parts or "\\" in path or "\0" in path:
                raise ValueError(f"{path!r} where a file in the episode's folder was expected")

    def command(self) -> list[str]:
        raise ValueError(f"work of the kind {self.kind!r} is not done any more")


@dataclass(frozen=True, slots=True)
class Job:
    """Work in an episode's folder, whose name is ``episode``, done by a process of its own.

    ``attempts`` counts how often it was started. ``before`` are the states, when it was asked for or last started, of
    the files by which ``overtaking`` tells whether it is still to be done; None where an earlier version asked.
    ``message`` says why it failed, or is what it said at its end; it and
    the ``warnings`` can be translated where they are of type Message.
    ``poor`` marks a job that is done, but whose result needs a look.
    """

    id: str
    work: Work | PastWork
    episode: str
    created: str
    state: JobState = JobState.WAITING
    started: str | None = None
    ended: str | None = None
    attempts: int = 0
    before: tuple[State | None, ...] | None = None
    stage: str = ""
    done: float = 0.0
    total: float | None = None
    seconds_left: float | None = None
    run_done: float | None = None
    run_seconds_left: float | None = None
    message: str = ""
    warnings: tuple[str, ...] = ()
    poor: bool = False

    @property
    def kind(self) -> str:
        return self.work.kind

    @property
    def outputs(self) -> tuple[str, ...]:
        return self.work.outputs

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done, or being done."""
        return self.state in (JobState.WAITING, JobState.RUNNING)

    def is_same_work(self, other: Job) -> bool:
        """Whether both do the same thing to the same episode."""
        return (self.episode, self.work) == (other.episode, other.work)


@dataclass(frozen=True, slots=True)
class Ending:
    """How a job's process ended: its exit status, or the negative number of the signal; the last lines it printed, its
    last word on standard error on why it ended, its warnings, and the class of its error, where it told that."""

    status: int
    printed: tuple[str, ...]
    complaint: str
    warnings: tuple[str, ...]
    kind: str = ""


def unheard(reason: str) -> Ending:
    """The ending of a process that could not be listened to."""
    return Ending(1, (), Message("its process could not be followed ({reason}); start it again", reason=reason), ())


def new_id() -> str:
    """An id that no job has, which begins with the time, so that records sort by age."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.urandom(4).hex()}"


def newest_id() -> str:
    """What no id that was made by now sorts after, on a machine whose clock is right to the day."""
    return f"{datetime.now(UTC) + timedelta(days=1):%Y%m%d-%H%M%S-g}"


def now() -> str:
    """This moment as records have it."""
    return as_moment(time.time())


def as_moment(seconds: float) -> str:
    """A time of the system's clock as records have it, which sorts by time."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def after(job: Job, ending: Ending, closing: bool) -> Job:
    """The job after its process; ``closing`` when the server itself has ended that."""
    if not job.is_open:  # it was cancelled
        return job
    job = _nothing_told(replace(job, warnings=ending.warnings))
    if ending.status in (ExitStatus.DONE, ExitStatus.POOR):
        return finished(replace(job, poor=ending.status == ExitStatus.POOR), JobState.DONE, "\n".join(ending.printed))
    if closing:
        return replace(job, state=JobState.WAITING, attempts=job.attempts - 1)
    if _lacked_memory(ending.complaint):
        return finished(job, JobState.FAILED, NO_MEMORY)  # which it would again
    if ending.status < 0 or ending.status > _SIGNALS:
        signal = abs(ending.status) % _SIGNALS
        return cut_off(
            job,
            Message(
                "ended {times} times by signal {signal} from outside; is there enough memory?",
                times=MOST_ATTEMPTS,
                signal=signal,
            ),
        )
    return finished(
        job, JobState.FAILED, ending.complaint or Message("ended with status {status}", status=ending.status)
    )


def _lacked_memory(complaint: str) -> bool:
    """Whether a process ended for want of memory, by its last word: a traceback's last line, or what an error of ours
    says that a library said; the name of a file in it may be any."""
    said = complaint.values.get("detail") if isinstance(complaint, Message) else complaint
    return isinstance(said, str) and bool(_NO_MEMORY.match(said))


def cut_off(job: Job, reason: str) -> Job:
    """A job whose process was killed: waiting again, unless that happened too often; then ``reason`` is told."""
    if job.attempts >= MOST_ATTEMPTS:
        return finished(job, JobState.FAILED, reason)
    return _nothing_told(replace(job, state=JobState.WAITING, stage="", done=0.0, total=None))


def finished(job: Job, state: JobState, message: str) -> Job:
    """The job, over for good."""
    return _nothing_told(replace(job, state=state, message=message, ended=now()))


def cancelled(job: Job) -> Job:
    """The job, which nobody wants any more."""
    return finished(job, JobState.CANCELLED, "")


def _nothing_told(job: Job) -> Job:
    """The job without what its process told of the time it takes."""
    return replace(job, seconds_left=None, run_done=None, run_seconds_left=None)
