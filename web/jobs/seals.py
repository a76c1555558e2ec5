"""What makes an open record count: a seal that only the user who asked for the job can have made.

A record that is open makes the server do something; what lies in a library may come from anywhere. So each open job has
a key of its own in the user's configuration. Its record is sealed with that, all of it but what is only shown, in the
place that it lies in; when the job is over the key is thrown away. What was changed, copied, moved to another episode,
sent by somebody or kept from before is not done, whoever made it.

A record that is over is sealed with another key, so that it is known from what somebody else has put beside it.

Conventions
-----------
A record has a seal for each of the ways to know its folder again: by the path, should the folder have been copied back
from elsewhere, and by what the file system calls it, should it have been renamed. One of them is enough.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from aligner.errors import OutputError
from aligner.storage.keys import forget_key, kept_key, users_key, why_none
from aligner.storage.user_folders import config_folder
from media import temporary
from media.confinement import status_of, where
from media.listing import entries
from web.jobs.job import Job, PastWork

KEYS = "jobs"
"""The folder of the keys, in the user's configuration."""

ENDED = "ended"
"""The folder of the keys of jobs that are over."""

PROBE = f"{KEYS}/of-none"
"""The name of a key that is no job's, to find out whether one can be kept."""

_LATER = frozenset(["transcript"])  # arguments that kinds have since
_DOMAIN = "quotecast-job 2"
_KEPT = 90 * 24 * 3600.0  # seconds that the key of something in a library that is gone lies about


def seals(job: Job, folder: Path) -> list[str]:
    """The seals of a job that lies in ``folder``; none where no key can be kept."""
    try:
        return _made(users_key(_name(job)), job, folder)
    except OutputError:  # the server says so at its start
        return []


def is_sealed(job: Job, folder: Path, given: Collection[str]) -> bool:
    """Whether one of the seals that were ``given`` is one of the job's."""
    try:
        key = kept_key(_name(job))
    except OSError:
        return False
    if key is None or isinstance(job.work, PastWork):
        return False
    right = _made(key, job, folder)
    return any(hmac.compare_digest(one.encode("utf-8", "replace"), other.encode()) for one in given for other in right)


def sealed_ids() -> frozenset[str]:
    """The ids of all jobs whose records may be this user's."""
    return frozenset(path.name for folder in (KEYS, ENDED) for path in entries(config_folder() / folder))


def is_over(job: Job) -> bool:
    """Whether the job has ended once, whatever its record says."""
    try:
        return kept_key(f"{ENDED}/{job.id}") is not None
    except OSError:
        return False


def can_seal() -> bool:
    """Whether keys can be kept."""
    return why_none(PROBE) is None


def unseal(job: Job) -> None:
    """No record in which the job is open counts any more."""
    forget_key(f"{KEYS}/{job.id}")


def forget(job: Job) -> None:
    """No record of the job counts any more."""
    unseal(job)
    forget_key(f"{ENDED}/{job.id}")


def sweep() -> None:
    """Throw away the keys of jobs in libraries that were never served again, and of those that were over long ago."""
    oldest = time.time() - _KEPT
    for name in (KEYS, ENDED):
        temporary.sweep(config_folder() / name)
        for path in entries(config_folder() / name):
            with suppress(OSError):  # another server may be at it
                if status_of(path).st_mtime < oldest:
                    forget_key(f"{name}/{path.name}")


def arguments_of(job: Job) -> dict[str, Any]:
    """The arguments of a job's work, as JSON has them; those that earlier versions did not know only where they say
    something, so that what these sealed still counts."""
    arguments: dict[str, Any] = to_builtins(job.work)
    return {name: value for name, value in arguments.items() if value is not None or name not in _LATER}


def _made(key: bytes, job: Job, folder: Path) -> list[str]:
    sealed = (
        *(_DOMAIN, job.id, job.kind, arguments_of(job)),
        *(job.created, job.state, job.started, job.ended, job.attempts),
        *(() if job.before is None else (job.before,)),  # which earlier versions did not know
    )
    return [
        hmac.new(key, json.dumps([*sealed, place], sort_keys=True).encode("ascii"), hashlib.sha256).hexdigest()
        for place in _places(folder)
    ]


def _places(folder: Path) -> list[list[str | int]]:
    try:
        real, found = where(folder), where(folder).stat()
    except OSError:
        return []
    return [["path", str(real)], ["folder", found.st_dev, found.st_ino]]


def _name(job: Job) -> str:
    return f"{KEYS if job.is_open else ENDED}/{job.id}"
