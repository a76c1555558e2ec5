"""The review of an episode: what is left to look at, what its audio looks like, and who may be speaking."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from aligner.model import Span
from aligner.storage.alignment_json import read_alignment
from web.context import alignment_file, asked_stretch, episode, episode_audio
from web.errors import WebError
from web.review.queue import review_facts
from web.worker_pool import call

blueprint = Blueprint("review", __name__)

_LONGEST = 60.0  # seconds of a spectrogram; what is longer is looked at in parts
_MOST_COLUMNS = 3000


@blueprint.get("/api/episodes/<episode_id>/review")
def queue(episode_id: str) -> ResponseReturnValue:
    return jsonify(review_facts(alignment_file(episode(episode_id))))


@blueprint.get("/api/episodes/<episode_id>/voice")
def voice(episode_id: str) -> ResponseReturnValue:
    """Answer with the name of who speaks ``around`` a passage, null if several do."""
    found = episode(episode_id)
    start, end = asked_stretch()
    if not 0 <= start < end < float("inf"):
        raise WebError("error.400")
    speaker, by = call(_speaker, alignment_file(found), start, end)
    return jsonify(speaker=speaker, by=by)


@blueprint.get("/episodes/<episode_id>/spectrogram")
def spectrogram(episode_id: str) -> ResponseReturnValue:
    audio = episode_audio(episode(episode_id))
    (start, end), columns = asked_stretch(), request.args.get("columns", 0, int)
    if not (0 <= start < end and end - start <= _LONGEST):
        raise WebError("spectrogram.none", seconds=int(_LONGEST))
    if not 0 < columns <= _MOST_COLUMNS:
        raise WebError("stretch.columns", most=_MOST_COLUMNS)
    answer = Response(call(_drawn, audio, start, end, columns), mimetype="image/png")
    answer.add_etag()
    return answer.make_conditional(request)


def _drawn(audio: Path, start: float, end: float, columns: int) -> bytes:
    from media.waveform import as_mask, spectrogram_between

    return as_mask(spectrogram_between(audio, start, end, columns))


def _speaker(path: Path, start: float, end: float) -> tuple[str | None, str | None]:
    from aligner.corrections.text import speaker_around

    alignment = read_alignment(path)
    if start >= (end := min(end, alignment.audio.duration)):
        return None, None
    speaker = speaker_around(alignment, Span(start, end))
    return speaker, "around" if speaker else None
