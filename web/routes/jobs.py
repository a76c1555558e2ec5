"""Jobs as programs see them: listed, followed while they run, cancelled."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, jsonify, stream_with_context
from flask.typing import ResponseReturnValue

from aligner.settled import is_taken_off
from web.access.limits import Places
from web.context import jobs, limits
from web.filters import sentence, why
from web.jobs import Job
from web.languages import translated

blueprint = Blueprint("jobs", __name__)

_SHOWN = ("id", "kind", "episode", "state", "created", "ended", "outputs", "poor")
_RETRY_MS = 3000  # how long a browser waits before it asks for a stream again


@blueprint.get("/api/jobs")
def every() -> ResponseReturnValue:
    return jsonify([job_facts(job) for job in jobs().all()])


@blueprint.get("/api/jobs/<job_id>")
def one(job_id: str) -> ResponseReturnValue:
    return jsonify(job_facts(jobs().get(job_id)))


@blueprint.get("/api/jobs/events")
def events() -> ResponseReturnValue:
    told = stream_with_context(_events(jobs().listen(), limits().streams))
    return Response(told, mimetype="text/event-stream", headers={"Cache-Control": "no-store"})


@blueprint.post("/api/jobs/<job_id>/cancel")
def cancel(job_id: str) -> ResponseReturnValue:
    return jsonify(job_facts(jobs().cancel(job_id)))


def job_facts(job: Job) -> dict[str, Any]:
    """A job as the reader's pages see it; ``episode`` is the name of its folder, ``taken_off`` tells that a signature
    was."""
    texts = {
        "message": why(job),
        "warnings": [translated(warning) for warning in job.warnings],
        "taken_off": next((sentence(warning) for warning in job.warnings if is_taken_off(warning)), None),
    }
    return {name: getattr(job, name) for name in _SHOWN} | asdict(job.progress) | texts


def _events(told: Iterable[list[Job]], streams: Places) -> Iterator[str]:
    """Server-sent events: a list of jobs each, a comment as a sign of life, ``end`` when no job is open any more."""
    give_back = streams.take()
    try:
        yield f"retry: {_RETRY_MS}\n\n"
        for changed in told:
            yield f"data: {json.dumps([job_facts(job) for job in changed])}\n\n" if changed else ": still here\n\n"
            if give_back is None:  # it has heard how things are, and comes back for more
                return
        yield "event: end\ndata: []\n\n"
    finally:
        if give_back:
            give_back()
