"""The review of an episode: what is left to look at, and what its sound looks like."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from web.context import alignment_file, episode
from web.errors import NotFound
from web.review.queue import review_at, review_facts
from web.review.spectrogram import spectrogram

blueprint = Blueprint("review", __name__)


@blueprint.get("/api/episodes/<episode_id>/review")
def queue(episode_id: str) -> ResponseReturnValue:
    return jsonify(review_facts(review_at(alignment_file(episode(episode_id)))))


@blueprint.get("/episodes/<episode_id>/spectrogram")
def picture(episode_id: str) -> ResponseReturnValue:
    found = episode(episode_id)
    if found.audio is None:
        raise NotFound("error.no_audio")
    start, end = (request.args.get(name, -1.0, float) for name in ("from", "to"))
    made = spectrogram(found.audio, start, end, request.args.get("columns", 0, int))
    answer = Response(made, mimetype="image/png")
    answer.add_etag()
    return answer.make_conditional(request)
