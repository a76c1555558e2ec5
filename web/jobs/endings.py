"""What becomes of a job when its process has ended."""

from __future__ import annotations

from dataclasses import replace

from aligner.errors import ExitStatus
from web.jobs.child import Ending
from web.jobs.job import Job, State, now

MOST_ATTEMPTS = 3  # that the server falls and then the job may be chance; what kills it again would do so for ever

_SIGNALS = 128  # programs that end at a signal in their own way have a status of this and its number


def after(job: Job, ending: Ending, closing: bool) -> Job:
    """The job after its process; ``closing`` when the server itself has ended that."""
    if not job.is_open:  # it was cancelled
        return job
    job = replace(job, warnings=ending.warnings, seconds_left=None)
    if ending.status in (ExitStatus.DONE, ExitStatus.POOR):
        return finished(replace(job, poor=ending.status == ExitStatus.POOR), State.DONE, "\n".join(ending.printed))
    if closing:
        return replace(job, state=State.WAITING, attempts=job.attempts - 1)
    if ending.status < 0 or ending.status > _SIGNALS:
        signal = abs(ending.status) % _SIGNALS
        return cut_off(job, f"ended {MOST_ATTEMPTS} times by signal {signal} from outside; is there enough memory?")
    return finished(job, State.FAILED, ending.complaint or f"ended with status {ending.status}")


def cut_off(job: Job, reason: str) -> Job:
    """A job whose process was killed: waiting again, unless that happened too often; then ``reason`` is told."""
    if job.attempts >= MOST_ATTEMPTS:
        return finished(job, State.FAILED, reason)
    return replace(job, state=State.WAITING, stage="", done=0.0, total=None, seconds_left=None)


def finished(job: Job, state: State, message: str) -> Job:
    """The job, over for good."""
    return replace(job, state=state, message=message, ended=now(), seconds_left=None)
