"""What people say of an episode, shown and changed."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from web.context import align, alignments, episode, incoming, settings
from web.library import edit, labels_of, replace_transcript, row_of
from web.routes.forms import form

blueprint = Blueprint("details", __name__)


@blueprint.get("/episodes/<episode_id>/details")
def show(episode_id: str) -> ResponseReturnValue:
    found = episode(episode_id)
    return render_template(
        "details.html", episode=found, row=row_of(found), labels=labels_of(found), settings=settings()
    )


@blueprint.get("/api/episodes/<episode_id>/details")
def read(episode_id: str) -> ResponseReturnValue:
    return jsonify(asdict(episode(episode_id).details))


@blueprint.post("/api/episodes/<episode_id>/details")
def save(episode_id: str) -> ResponseReturnValue:
    given = form()
    edit(episode(episode_id), given, incoming().staged(given.token).cover if given.token else None)
    if given.token:
        incoming().drop(given.token)
    saved = episode(episode_id)
    if any(job.is_open for job in alignments(saved)):
        align(saved)
    return jsonify(asdict(saved.details))


@blueprint.post("/api/episodes/<episode_id>/transcript/<token>")
def replace(episode_id: str, token: str) -> ResponseReturnValue:
    replace_transcript(episode(episode_id), incoming().staged(token))
    incoming().drop(token)
    return jsonify(job=align(episode(episode_id)).id), 202
