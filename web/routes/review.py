"""The review of an episode: what is left to look at, and what its sound looks like."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from web.bounded import call
from web.context import alignment_file, asked_stretch, episode
from web.errors import NotFound, WebError
from web.review.queue import review_at, review_facts

blueprint = Blueprint("review", __name__)

_LONGEST = 60.0  # seconds of a spectrogram; what is longer is looked at in parts
_MOST_COLUMNS = 3000


@blueprint.get("/api/episodes/<episode_id>/review")
def queue(episode_id: str) -> ResponseReturnValue:
    return jsonify(review_facts(review_at(alignment_file(episode(episode_id)))))


@blueprint.get("/episodes/<episode_id>/spectrogram")
def spectrogram(episode_id: str) -> ResponseReturnValue:
    found = episode(episode_id)
    if found.audio is None:
        raise NotFound("error.no_audio")
    (start, end), columns = asked_stretch(), request.args.get("columns", 0, int)
    if not (0 <= start < end and end - start <= _LONGEST):
        raise WebError("spectrogram.none", seconds=int(_LONGEST))
    if not 0 < columns <= _MOST_COLUMNS:
        raise WebError("stretch.columns", most=_MOST_COLUMNS)
    answer = Response(call(_drawn, found.audio, start, end, columns), mimetype="image/png")
    answer.add_etag()
    return answer.make_conditional(request)


def _drawn(sound: Path, start: float, end: float, columns: int) -> bytes:
    from media.spectrogram import as_mask, spectrogram_between

    return as_mask(spectrogram_between(sound, start, end, columns))
