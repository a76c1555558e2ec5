"""Adding an episode: its files on their way, the transcript as it is understood, and the episode made of them."""

from __future__ import annotations

import sys
from dataclasses import asdict
from urllib.parse import unquote

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from web.context import align, incoming, library, settings
from web.library import create, look_at, preview
from web.routes.forms import form

blueprint = Blueprint("adding", __name__)


@blueprint.get("/add")
def add() -> ResponseReturnValue:
    return render_template("add.html", settings=settings(), labels={})


@blueprint.post("/api/incoming")
def begin() -> ResponseReturnValue:
    return jsonify(token=incoming().open()), 201


@blueprint.put("/api/incoming/<token>/<kind>")
def receive(token: str, kind: str) -> ResponseReturnValue:
    request.max_content_length = sys.maxsize  # the limit of its kind counts, and is told with both sizes
    name = unquote(request.headers.get("X-File-Name", ""))
    path = incoming().receive(token, kind, name, request.stream, request.content_length)
    return jsonify(name=path.name, **(asdict(look_at(path)) if kind == "audio" else {}))


@blueprint.get("/api/incoming/<token>/preview")
def understood(token: str) -> ResponseReturnValue:
    return jsonify(asdict(preview(incoming().transcript(token))))


@blueprint.post("/api/incoming/<token>/create")
def make(token: str) -> ResponseReturnValue:
    made = create(library(), incoming(), token, form())
    return jsonify(id=made.id, job=align(made).id), 201
