"""Sound and pictures of an episode."""

from __future__ import annotations

from flask import Blueprint, jsonify, request, send_file
from flask.typing import ResponseReturnValue

from web.errors import NotFound
from web.here import episode
from web.languages import t

blueprint = Blueprint("media", __name__)


@blueprint.get("/episodes/<episode_id>/audio")
def audio(episode_id: str) -> ResponseReturnValue:
    found = episode(episode_id)
    if found.audio is None:
        raise NotFound(t("error.no_audio"))
    taken = "download" in request.args
    return send_file(found.audio.resolve(), conditional=True, as_attachment=taken, download_name=found.audio.name)


@blueprint.get("/episodes/<episode_id>/peaks")
def peaks(episode_id: str) -> ResponseReturnValue:
    episode(episode_id)
    return jsonify(peaks=None), 202
