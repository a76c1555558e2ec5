"""What is known of a job, and its text in ``jobs/ID.json``.

Conventions
-----------
- Times of day are ISO 8601 in UTC with milliseconds. ``done`` and ``total`` are in the stage's own unit, mostly seconds
  of the episode; ``seconds_left`` is how long the stage will still take.
- ``outputs`` are paths relative to the episode's folder, with slashes.
"""

from __future__ import annotations

import json
import math
import os
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

from web.jobs.errors import RecordError

FORMAT, VERSION = "quotecast-job", 1

_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{8}")
_LONGEST_TEXT = 4000  # characters of a message


class State(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Job:
    """A run of ``python -m module arguments...`` in an episode's folder, whose name is ``episode``.

    ``attempts`` counts how often it was started. ``message`` says why it failed, or is what it said at its end.
    ``poor`` marks a job that is done, but whose result needs a look.
    """

    id: str
    kind: str
    episode: str
    module: str
    arguments: tuple[str, ...]
    outputs: tuple[str, ...]
    created: str
    state: State = State.WAITING
    started: str | None = None
    ended: str | None = None
    attempts: int = 0
    stage: str = ""
    done: float = 0.0
    total: float | None = None
    seconds_left: float | None = None
    message: str = ""
    warnings: tuple[str, ...] = ()
    poor: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done, or being done."""
        return self.state in (State.WAITING, State.RUNNING)

    def is_same_work(self, other: Job) -> bool:
        """Whether both do the same thing to the same episode."""
        return _work(self) == _work(other)


def new_id() -> str:
    """An id that no job has, which begins with the time, so that records sort by age."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.urandom(4).hex()}"


def is_id(text: str) -> bool:
    """Whether ``text`` can be the id of a job."""
    return _ID.fullmatch(text) is not None


def now() -> str:
    """This moment as records have it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def sealed_part(job: Job) -> bytes:
    """What of a job decides which command is run, for a seal over it."""
    return json.dumps([job.id, job.kind, job.module, job.arguments, job.outputs]).encode("utf-8")


def to_text(job: Job, seal: str) -> str:
    """The content of the record; the episode is told by where it lies, so that a folder can be renamed."""
    fields = asdict(job)
    del fields["episode"]
    return json.dumps({"format": FORMAT, "version": VERSION, **fields, "seal": seal}, indent=1) + "\n"


def from_text(text: str, id: str, episode: str) -> tuple[Job, str]:
    """The job and the seal of a record.

    Raises
    ------
    RecordError
        The text is no record of the job ``id``, or something in it cannot be; the message says what.
    """
    try:
        data = json.loads(text)
        if not isinstance(data, dict) or data.get("format") != FORMAT or data.get("version") != VERSION:
            raise ValueError(f"expected format {FORMAT!r} version {VERSION}")
        if data["id"] != id or not is_id(id):
            raise ValueError("the id in it is not that of its name")
        return _from_json(data, episode), _text(data["seal"])
    except KeyError as error:
        raise RecordError(f"damaged record of a job ({error} is missing)") from error
    except (ValueError, RecursionError, OverflowError) as error:
        raise RecordError(f"damaged record of a job ({str(error)[:150]})") from error


def _work(job: Job) -> tuple[object, ...]:
    return job.episode, job.kind, job.module, job.arguments


def _from_json(data: dict[str, Any], episode: str) -> Job:
    return Job(
        id=data["id"],
        kind=_text(data["kind"]),
        episode=episode,
        module=_text(data["module"]),
        arguments=_texts(data["arguments"]),
        outputs=tuple(_inside(path) for path in _texts(data["outputs"])),
        created=_moment(data["created"]),
        state=State(data["state"]),
        started=None if data["started"] is None else _moment(data["started"]),
        ended=None if data["ended"] is None else _moment(data["ended"]),
        attempts=_count(data["attempts"]),
        stage=_text(data["stage"]),
        done=_number(data["done"]),
        total=None if data["total"] is None else _number(data["total"]),
        seconds_left=None if data["seconds_left"] is None else _number(data["seconds_left"]),
        message=_text(data["message"])[:_LONGEST_TEXT],
        warnings=_texts(data["warnings"]),
        poor=_flag(data["poor"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} where text was expected")
    return value


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise ValueError(f"{values!r} where a list was expected")
    return tuple(_text(value) for value in values)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise ValueError(f"{value!r} where a number from 0 on was expected")
    return float(value)


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{value!r} where a whole number from 0 on was expected")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} where true or false was expected")
    return value


def _moment(value: object) -> str:
    if datetime.fromisoformat(_text(value)).tzinfo is None:
        raise ValueError(f"{value!r} where a time in UTC was expected")
    return _text(value)


def _inside(path: str) -> str:
    """A path that leads out of the episode's folder is no output of it."""
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or not pure.parts or "\\" in path or "\0" in path:
        raise ValueError(f"{path!r} where a file in the episode's folder was expected")
    return path
