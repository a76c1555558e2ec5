"""Show, list and cancel jobs, and describe their progress."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aligner.durations import rounded_time_left
from aligner.pins import is_review_removed
from web.context import jobs, library
from web.errors import NotFound
from web.filters import sentence, why
from web.jobs import Job, JobState
from web.jobs.kinds import Prepare
from web.languages import t, translated
from web.library import Episode

blueprint = Blueprint("jobs", __name__)

_SHOWN = ("id", "kind", "episode", "state", "created", "ended", "outputs")
_MOST = 100  # rows of each state on the page
_FAILURES = 10


@blueprint.get("/jobs")
def listed() -> ResponseReturnValue:
    """Show which jobs run and which wait, in the order of submission, and the last failures, newest first."""
    states = (JobState.RUNNING, JobState.WAITING, JobState.FAILED)
    known = {state: [job for job in jobs().all() if job.state is state] for state in states}
    known[JobState.FAILED] = sorted(known[JobState.FAILED], key=lambda job: job.ended or "")[: -_FAILURES - 1 : -1]
    ids, episodes = {folder: id for id, folder in library().folders().items()}, dict[str, Episode]()
    for name in {job.episode for each in known.values() for job in each[:_MOST]}:
        with suppress(KeyError, NotFound):  # it was just removed
            episodes[name] = library().episode(ids[library().root / name])
    return render_template("jobs.html", known=known, most=_MOST, episodes=episodes)


@blueprint.post("/jobs/<job_id>/cancel")
def cancel_listed(job_id: str) -> ResponseReturnValue:
    """Cancel a job, or take a failed one off the list, in browsers with and without scripts."""
    jobs().cancel(job_id)
    return redirect(url_for("jobs.listed"), 303)


@blueprint.get("/api/jobs")
def index() -> ResponseReturnValue:
    """Answer with the jobs whose ids are in the request, by default with all jobs."""
    ids = request.args.getlist("id")
    return jsonify([job_facts(job) for job in jobs().all() if not ids or job.id in ids])


@blueprint.post("/api/jobs/<job_id>/cancel")
def cancel(job_id: str) -> ResponseReturnValue:
    return jsonify(job_facts(jobs().cancel(job_id)))


def job_facts(job: Job) -> dict[str, Any]:
    """Return a job as JSON: ``episode`` is a folder name, ``status`` a sentence about the job's state. If the job
    removed a review, ``review_removed`` is the warning about it."""
    texts = {
        "status": state_of(job),
        "message": why(job),
        "warnings": [translated(warning) for warning in job.warnings],
        "review_removed": next((sentence(warning) for warning in job.warnings if is_review_removed(warning)), None),
    }
    return {name: getattr(job, name) for name in _SHOWN} | asdict(job.progress) | texts


@blueprint.app_template_filter()
def state_of(job: Job) -> str:
    """Return a phrase about a job's state; for a running job, with stage, percentage and time left."""
    if job.state is JobState.FAILED:
        return t("work.failed", why=why(job))
    if job.state is not JobState.RUNNING:
        return t(f"work.{job.state}")
    progress = job.progress
    if not progress.stage:
        return t("work.preparing" if job.kind == Prepare.kind else "work.running")
    stage = t(f"work.{progress.stage}" if t.knows(f"work.{progress.stage}") else "work.other")
    if not progress.run_done:
        return stage
    percent = math.floor(100 * progress.run_done)
    if progress.run_seconds_left is None:
        return t("work.stage", stage=stage, percent=percent)
    return t("work.left", stage=stage, percent=percent, time=time_left(progress.run_seconds_left))


def time_left(seconds: float) -> str:
    """Return a duration in rounded words, such as "2 h 5 min"."""
    hours, minutes, rest = rounded_time_left(seconds)
    if hours:
        return t("js.left.hours.minutes", h=hours, min=minutes) if minutes else t("js.left.hours", h=hours)
    if minutes:
        return t("js.left.minute") if minutes == 1 else t("js.left.minutes", min=minutes)
    return t("js.left.moment") if rest < 10 else t("js.left.seconds", s=rest)
