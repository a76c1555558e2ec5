"""Jobs as programs see them: listed, followed while they run, cancelled."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from web.here import jobs
from web.jobs import Job

blueprint = Blueprint("jobs", __name__)


@blueprint.get("/api/jobs")
def every() -> ResponseReturnValue:
    return jsonify([_shown(job) for job in jobs().all()])


@blueprint.get("/api/jobs/<job_id>")
def one(job_id: str) -> ResponseReturnValue:
    return jsonify(_shown(jobs().get(job_id)))


@blueprint.get("/api/jobs/events")
def events() -> ResponseReturnValue:
    return Response(_events(jobs().listen()), mimetype="text/event-stream", headers={"Cache-Control": "no-store"})


@blueprint.post("/api/jobs/<job_id>/cancel")
def cancel(job_id: str) -> ResponseReturnValue:
    return jsonify(_shown(jobs().cancel(job_id)))


def _events(news: Iterator[list[Job]]) -> Iterator[str]:
    """Server-sent events: a list of jobs each, a comment as a sign of life, ``end`` when no job is open any more."""
    for changed in news:
        yield f"data: {json.dumps([_shown(job) for job in changed])}\n\n" if changed else ": \n\n"
    yield "event: end\ndata: []\n\n"


def _shown(job: Job) -> dict[str, Any]:
    """What a page shows of a job; ``episode`` is the name of its folder."""
    fields = ("id", "kind", "episode", "state", "stage", "done", "total", "seconds_left", "message", "outputs", "poor")
    return {name: getattr(job, name) for name in fields}
