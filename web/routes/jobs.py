"""Jobs as programs see them: listed, followed while they run, cancelled."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from aligner.settled import is_taken_off
from web.context import jobs
from web.filters import sentence, state_of, why
from web.jobs import Job
from web.languages import translated

blueprint = Blueprint("jobs", __name__)

_SHOWN = ("id", "kind", "episode", "state", "created", "ended", "outputs", "poor")


@blueprint.get("/api/jobs")
def every() -> ResponseReturnValue:
    """List the jobs that the address names by their ``id``, or all."""
    ids = request.args.getlist("id")
    return jsonify([job_facts(job) for job in jobs().all() if not ids or job.id in ids])


@blueprint.get("/api/jobs/<job_id>")
def one(job_id: str) -> ResponseReturnValue:
    return jsonify(job_facts(jobs().get(job_id)))


@blueprint.post("/api/jobs/<job_id>/cancel")
def cancel(job_id: str) -> ResponseReturnValue:
    return jsonify(job_facts(jobs().cancel(job_id)))


def job_facts(job: Job) -> dict[str, Any]:
    """Return a job as pages see it: ``episode`` is the name of its folder, ``said`` how the job stands in a sentence,
    ``taken_off`` that a review was removed by it."""
    texts = {
        "said": state_of(job),
        "message": why(job),
        "warnings": [translated(warning) for warning in job.warnings],
        "taken_off": next((sentence(warning) for warning in job.warnings if is_taken_off(warning)), None),
    }
    return {name: getattr(job, name) for name in _SHOWN} | asdict(job.progress) | texts
