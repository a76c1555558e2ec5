"""What makes an open record count: a seal that only the user who asked for the job can have made.

A record that is open makes the server do something; what lies in a library may come from anywhere. So each open job has
a key of its own in the user's configuration. Its record is sealed with that, all of it but what is only shown, in the
place that it lies in; when the job is over the key is thrown away. What was changed, copied, moved to another episode,
sent by somebody or kept from before is not done, whoever made it.

Conventions
-----------
A record has a seal for each of the ways to know its folder again: by the path, should the folder have been copied back
from elsewhere, and by what the file system calls it, should it have been renamed. One of them is enough.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from aligner.errors import OutputError
from media.confinement import where
from web.access.keys import forget_key, kept_key, names_of_keys, new_key, sweep_keys, why_none
from web.jobs.job import Job, PastWork

KEYS = "jobs"
"""The folder of the keys, in the user's configuration."""

PROBE = f"{KEYS}/of-none"
"""The name of a key that is no job's, to find out whether one can be kept."""

_DOMAIN = "quotecast-job 2"


def seals(job: Job, folder: Path) -> list[str]:
    """The seals of a job that is open and lies in ``folder``; none where no key can be kept."""
    try:
        key = kept_key(_name(job)) or new_key(_name(job))
    except (OSError, OutputError):  # the server says so at its start
        return []
    return _made(key, job, folder)


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
    """The ids of all jobs whose records may count."""
    return names_of_keys(KEYS)


def can_seal() -> bool:
    """Whether keys can be kept."""
    return why_none(PROBE) is None


def unseal(job: Job) -> None:
    """No record of the job counts any more."""
    forget_key(_name(job))


def sweep() -> None:
    """Throw away the keys of jobs in libraries that were never served again."""
    sweep_keys(KEYS)


def arguments_of(job: Job) -> dict[str, Any]:
    """The arguments of a job's work, as JSON has them."""
    arguments: dict[str, Any] = to_builtins(job.work)
    return arguments


def _made(key: bytes, job: Job, folder: Path) -> list[str]:
    sealed = (
        *(_DOMAIN, job.id, job.kind, arguments_of(job)),
        *(job.created, job.state, job.started, job.ended, job.attempts),
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
    return f"{KEYS}/{job.id}"
