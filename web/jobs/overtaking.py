"""Jobs that were left open and that something later has overtaken: doing them now would write over what is newer.

Records normally tell of nothing of the kind, for who asks for the same again ends the first. But a record may be older
than its folder: it comes out of a backup, or could not be written when the job was over.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from media.confinement import status_of
from media.errors import Message
from web.jobs.job import Job, JobState, PastWork, State, finished
from web.jobs.kinds import Work

_COARSEST = 2.0  # seconds; the times of no file system are less exact


def states(work: Work | PastWork, folder: Path) -> tuple[State | None, ...]:
    """The states of the files that tell whether a job in ``folder`` is still to be done: of its last output, which it
    makes when all others are there, and of its sources; None for what is not there."""
    return tuple(_state(folder / name) for name in _telling(work))


def overtaken(job: Job, others: Iterable[Job], folder: Path) -> Job | None:
    """How a job of the episode in ``folder`` is over that was left open; None where it is still to be done.

    ``others`` are the episode's, as far as this user's servers have written their records. A job whose last output is
    another one than when it was last started is done, by itself or by hand.
    """
    later = [other for other in others if (other.created, other.id) > (job.created, job.id)]
    if any(set(other.outputs) & set(job.outputs) for other in later):
        return finished(job, JobState.CANCELLED, Message("was asked for once more later, and is not done again"))
    changed = _changed(job, folder)
    if made := changed.intersection(job.outputs):
        name = made.pop()
        return finished(job, JobState.DONE, Message("{name} is newer than this, and not made again", name=name))
    if changed:
        reason = Message("{name} has changed since this was asked for; start it again", name=min(changed))
        return finished(job, JobState.FAILED, reason)
    return None


def _telling(work: Work | PastWork) -> tuple[str, ...]:
    return (*work.outputs[-1:], *work.sources)


def _changed(job: Job, folder: Path) -> set[str]:
    """Those of the files that are others now. A record of an earlier version does not say what they were, and they are
    told by their times."""
    names = _telling(job.work)
    if job.before is None:
        return {name for name in names if _is_newer(folder / name, job)}
    now = dict(zip(names, states(job.work, folder), strict=True))
    return {name for name, before in zip(names, job.before, strict=False) if now[name] not in (None, before)}


def _state(path: Path) -> State | None:
    try:
        status = status_of(path)
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def _is_newer(path: Path, job: Job) -> bool:
    try:
        since = datetime.fromisoformat(job.started or job.created).timestamp() + _COARSEST
        return since < status_of(path).st_mtime <= time.time()  # what is yet to come tells of nothing
    except (OSError, OverflowError, ValueError):  # ValueError: a moment that no calendar has
        return False
