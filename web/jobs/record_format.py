"""The record of one job as a file holds it: JSON, of which no text is longer than a job's can be."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from aligner.storage.checked_json import convert, decode, shortened
from media.errors import Message, from_facts, to_facts
from web.jobs import seals
from web.jobs.errors import RecordError
from web.jobs.job import Amount, Attempts, Id, Job, JobState, Moment, PastWork, State
from web.jobs.kinds import Kinds, Work

FORMAT, VERSION = "quotecast-job", 2
LARGEST_BYTES = 1 << 18  # a record has a few hundred, and the wording of an audiogram

_LONGEST_TEXT = 4000  # characters of a message
_MOST_TEXTS = 100  # warnings, outputs, ...

_Texts = Annotated[list[str], Meta(max_length=_MOST_TEXTS)]
_Kind = Annotated[str, Meta(pattern=r"^[a-z]{1,20}\Z")]


class _Record(Struct):
    """What a record holds. Version 1 has outputs instead of arguments, and no seal that counts."""

    format: Literal["quotecast-job"]
    version: Literal[1, 2]
    id: Id
    kind: _Kind
    created: Moment
    state: JobState
    started: Moment | None = None
    ended: Moment | None = None
    attempts: Attempts = 0
    before: Annotated[list[State | None], Meta(max_length=_MOST_TEXTS)] | None = None
    stage: str = ""
    done: Amount = 0.0
    total: Amount | None = None
    seconds_left: Amount | None = None
    message: str = ""
    warnings: _Texts = []
    poor: bool = False
    arguments: Any = None
    outputs: _Texts = []
    messages: Annotated[list[dict[str, Any]], Meta(max_length=_MOST_TEXTS + 1)] = []
    seals: _Texts = []


def to_json(job: Job, sealed: list[str]) -> str:
    """The content of the record; the episode is told by where it lies, so that a folder can be renamed. What can be
    translated of its texts has its template in ``messages``, which older records lack."""
    content = {
        "format": FORMAT,
        "version": VERSION,
        "id": job.id,
        "kind": job.kind,
        "arguments": seals.arguments_of(job),
        "created": job.created,
        "state": job.state,
        "started": job.started,
        "ended": job.ended,
        "attempts": job.attempts,
        "before": job.before,
        "stage": job.stage,
        "done": job.done,
        "total": job.total,
        "seconds_left": job.seconds_left,
        "message": job.message,
        "warnings": job.warnings,
        "poor": job.poor,
        "messages": [to_facts(text) for text in (job.message, *job.warnings) if isinstance(text, Message)],
        "seals": sealed,
        "outputs": job.outputs if isinstance(job.work, PastWork) else [],
    }
    return json.dumps(content, indent=1) + "\n"


def from_json(content: bytes, id: str, episode: str, kinds: Kinds) -> tuple[Job, list[str]]:
    """The job and the seals of a record.

    Raises
    ------
    RecordError
        The content is no record of the job ``id``, or something in it cannot be; the message says what.
    """
    try:
        read = decode(content, _Record)
        if read.id != id:
            raise ValueError("the id in it is not that of its name")
        work = _work(read, kinds)
        messages = [from_facts(facts) for facts in read.messages]
    except ValueError as error:
        raise RecordError("damaged record of a job ({detail})", detail=shortened(error)) from error
    job = Job(
        id=read.id,
        work=work,
        episode=episode,
        created=read.created,
        state=read.state,
        started=read.started,
        ended=read.ended,
        attempts=read.attempts,
        before=None if read.before is None else tuple(read.before),
        stage=read.stage[:_LONGEST_TEXT],
        done=read.done,
        total=read.total,
        seconds_left=read.seconds_left,
        message=_told(read.message, messages),
        warnings=tuple(_told(text, messages) for text in read.warnings),
        poor=read.poor,
    )
    return job, read.seals


def _told(text: str, messages: list[str]) -> str:
    """The text as that of the ``messages`` which says so. It is used up: what is read is no longer than the record."""
    return messages.pop(messages.index(text)) if text in messages else text[:_LONGEST_TEXT]


def _work(read: _Record, kinds: Kinds) -> Work | PastWork:
    """Raises ValueError where it is to be done and the arguments are none of its kind's, or an output leads out."""
    if read.version == VERSION and read.kind in kinds:
        try:
            if read.outputs:
                raise ValueError("outputs beside the arguments, which tell them")
            return convert(read.arguments, kinds[read.kind])
        except ValueError:
            if read.state in (JobState.WAITING, JobState.RUNNING):
                raise
    return PastWork(read.kind, tuple(read.outputs))
